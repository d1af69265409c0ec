#!/usr/bin/env bash
# `ballast trace fetch --interruptions` and `--demand` from a twin: who was interrupted and what the target was, as the simulated account
# had it, in pieces as in one, and a run over all that was fetched.
# labels: robust
set -euo pipefail
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
. "$BALLAST_SOURCE_DIR/tests/e2e/twin.bash"
. "$BALLAST_SOURCE_DIR/tests/e2e/killed.bash"
world() { # FILE: twelve days; scaled in, interrupted, after more than two days too
    python3 - "$1" <<'TEXT'
import json, sys
moment = lambda hour: f"2021-03-{1 + hour // 24:02}T{hour % 24:02}:00:00Z"
zones = ("us-east-1a", "us-east-1b")
lost = lambda hour, zone, count: {"at": moment(hour), "zone": zone, "type": "c5.xlarge", "instances": count}
specification = lambda zone: {"InstanceType": "c5.xlarge", "WeightedCapacity": 4, "Placement": {"AvailabilityZone": zone}}
json.dump({
    "name": "to be fetched", "from": moment(0), "to": moment(480), "seed": 3,
    "spot_fleet": {"Type": "maintain", "AllocationStrategy": "diversified", "SpotPrice": "1", "TargetCapacity": 32,
                   "LaunchSpecifications": [specification(zone) for zone in zones]},
    "backup_group": {"group": {"AutoScalingGroupName": "spot-backup", "MinSize": 0, "MaxSize": 20, "DesiredCapacity": 0,
                               "DefaultCooldown": 300, "AvailabilityZones": ["us-east-1a"]},
                     "launch": {"InstanceType": "m4.xlarge"}, "units_per_instance": 4},
    "on_demand_usd_per_hour": {"c5.xlarge": 0.17, "m4.xlarge": 0.2},
    "demand": {"series": [[moment(0), 32], [moment(55), 24], [moment(80), 40], [moment(300), 30], [moment(440), 44]]},
    "modify_spot_fleet": "follow-demand", "policy": {"name": "none"}, "interruptions": {"source": "trace"},
    "traces": [{"prices": {f"{zone}/c5.xlarge": [[moment(24 * day), round(0.07 + day / 1000, 3)] for day in range(20)] for zone in zones},
                "interruptions": [lost(53, zones[0], 2), lost(70, zones[1], 1), lost(100, zones[0], 3), lost(445, zones[1], 2)]}]},
    open(sys.argv[1], "w", encoding="utf-8"))
TEXT
}
world "$folder/world.json"
twin world "$folder/world.json" --speed step
fleet=$(said world fleet)
fetch() { # EXIT CODE DATABASE argument...
    local code=0
    env -i HOME="$folder" AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=twin AWS_SECRET_ACCESS_KEY=twin AWS_MAX_ATTEMPTS=2 \
        "$BALLAST" trace fetch --into "$folder/$2" --clock twin --endpoint-url "$(said world endpoint)" "${@:3}" \
        >"$folder/fetch.out" 2>"$folder/fetch.err" || code=$?
    [ "$code" -eq "$1" ] || fail "fetch ${*:2}: $code, not $1"
}
says() { # FILE PATTERN
    grep -q -- "$2" "$folder/$1" || fail "$1 does not say: $2"
}
rows() { # DATABASE SQL
    python3 -c 'import sqlite3, sys; [print(*row) for row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2])]' "$folder/$1" "$2"
}
interruptions="SELECT datetime(time_s, 'unixepoch'), zone, instances FROM interruption ORDER BY time_s"
demand="SELECT time_s, required_micro FROM demand ORDER BY 1"

# The request was made an hour ago: nobody was interrupted, and nothing is known of the time before.
step world 3600
fetch 0 a.db --fleet "$fleet" --interruptions
says fetch.out 'known from 2021-03-01T00:00:00Z to 2021-03-01T00:57:30Z'
says fetch.out '^0 taken'

# A day and a half later, and one more: instances that were launched more than two days before are placed, for they were seen.
step world 129600
fetch 0 a.db --fleet "$fleet" --interruptions
step world 129600
fetch 0 a.db --fleet "$fleet" --interruptions
step world 129600
fetch 0 a.db --fleet "$fleet" --interruptions
cat >"$folder/wanted" <<TEXT
2021-03-03 05:00:00 us-east-1a 2
2021-03-03 22:00:00 us-east-1b 1
2021-03-05 04:00:00 us-east-1a 3
TEXT
rows a.db "$interruptions" | diff "$folder/wanted" - || fail "others were interrupted"
[ "$(rows a.db 'SELECT min(first_s), max(end_s), count(DISTINCT zone) FROM coverage')" = '1614556800 1614949050 2' ] ||
    fail "known of another time: $(rows a.db 'SELECT * FROM coverage')"
fetch 0 a.db --fleet "$fleet" --interruptions
says fetch.out '^0 taken, 0 duplicate, 0 refused'

# Fetched for the first time only now, whoever had run for more than two days is in no place that AWS tells: what was before is not known.
step world 14400
fetch 0 late.db --fleet "$fleet" --interruptions
says fetch.out 'known from 2021-03-05T04:00:01Z'
"$BALLAST" trace list "$folder/late.db" >"$folder/list.out"
says list.out '^known  *interruptions of us-east-1b/c5.xlarge: 1 rows, 2021-03-05T04:00:01Z to 2021-03-05T16:57:30Z'
"$BALLAST" trace list "$folder/a.db" >"$folder/list.out"
says list.out '^known  *interruptions of us-east-1a/c5.xlarge: 4 rows, 2021-03-01T00:00:00Z to 2021-03-05T12:57:30Z'
says fetch.err '3 instances were interrupted by 2021-03-05T04:00:00Z of which AWS no longer says where'
[ "$(rows late.db 'SELECT count(*) FROM interruption')" = 0 ] || fail "interrupted in a place that nobody told"

# The target as demand: older points stand for longer, and what is there is not asked for again.
changes="SELECT datetime(time_s, 'unixepoch'), required_micro / 1000000 FROM (SELECT time_s, required_micro, lag(required_micro) OVER
    (ORDER BY time_s) AS before FROM demand WHERE name='target') WHERE before IS NOT required_micro AND before IS NOT NULL ORDER BY 1"
fetch 0 a.db --fleet "$fleet" --demand TargetCapacity --demand-name target
says fetch.out 'demand "target": asked for from 2019-12-06T19:00:00Z to 2021-03-05T16:50:00Z'
cat >"$folder/wanted" <<TEXT
2021-03-03 07:00:00 24
2021-03-04 08:00:00 40
TEXT
rows a.db "$changes" | diff "$folder/wanted" - || fail "another demand"
fetch 0 a.db --fleet "$fleet" --demand TargetCapacity --demand-name target
says fetch.out '^0 taken, 0 duplicate, 0 refused'
step world 7200
fetch 0 a.db --fleet "$fleet" --demand TargetCapacity --demand-name target
says fetch.out '^24 taken, 0 duplicate, 0 refused'

# A run over all that was fetched.
fetch 0 a.db c5.xlarge --fleet "$fleet" --interruptions
python3 - "$folder" <<'TEXT'
import json, sys
scenario = json.load(open(sys.argv[1] + "/world.json", encoding="utf-8"))
scenario.update({"traces": ["a.db"], "demand": {"trace": "target"}, "from": "2021-03-01T12:00:00Z", "to": "2021-03-05T18:00:00Z"})
json.dump(scenario, open(sys.argv[1] + "/fetched.json", "w", encoding="utf-8"))
scenario.update({"traces": json.load(open(sys.argv[1] + "/world.json", encoding="utf-8"))["traces"],
                 "demand": {"series": [["2021-03-01T12:00:00Z", 32], ["2021-03-03T07:00:00Z", 24], ["2021-03-04T08:00:00Z", 40]]}})
json.dump(scenario, open(sys.argv[1] + "/same.json", "w", encoding="utf-8"))
TEXT
for scenario in fetched same; do
    "$BALLAST" run "$folder/$scenario.json" --json >"$folder/$scenario.run" 2>"$folder/run.err" || fail "no run over $scenario.json"
done
figures() { python3 -c 'import json, sys; run = json.load(open(sys.argv[1])); print(run["run"]["trace_hash"], run["cost"], run["capacity"], run["events"])' "$1"; }
cmp <(figures "$folder/fetched.run") <(figures "$folder/same.run") || fail "fetched it is another world"
grep -q '"spot_interruptions":6' "$folder/fetched.run" || fail "not the six who were interrupted"

# Killed while it writes, it goes on from there, and ends with what it has in one piece; throttled it waits, or gives up and goes on later.
fetch 0 whole.db --fleet "$fleet" --demand FulfilledCapacity --demand-name have
killed_while_writing "$(stat -c %s "$folder/whole.db")" env -i HOME="$folder" AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=twin AWS_SECRET_ACCESS_KEY=twin \
    "$BALLAST" trace fetch --into "$folder/killed.db" --clock twin --endpoint-url "$(said world endpoint)" --fleet "$fleet" --demand FulfilledCapacity \
    --demand-name have
control world throttle '{"calls":1,"operation":"GetMetricData"}'
fetch 0 killed.db --fleet "$fleet" --demand FulfilledCapacity --demand-name have
cmp <(rows whole.db "$demand") <(rows killed.db "$demand") || fail "killed, it is another demand"
control world throttle '{"calls":1000,"operation":"DescribeSpotFleetRequestHistory"}'
fetch 3 killed.db --fleet "$fleet" --interruptions
says fetch.err 'RequestLimitExceeded'
control world throttle '{"calls":0}'
fetch 0 killed.db --fleet "$fleet" --interruptions

# What AWS does not let or know, and what makes no sense.
for operation in DescribeSpotFleetRequestHistory DescribeInstances DescribeSpotFleetRequests; do
    control world deny "{\"operation\":\"$operation\"}"
    fetch 3 b.db --fleet "$fleet" --interruptions
    says fetch.err "UnauthorizedOperation.*: allow .*ec2:$operation"
done
control world deny '{"operation":"GetMetricData"}'
fetch 3 b.db --fleet "$fleet" --demand TargetCapacity
says fetch.err 'AccessDenied.*: allow cloudwatch:GetMetricData'
control world deny '{"operation":""}'
fetch 2 b.db --fleet sfr-00000000-0000-0000-0000-000000000000 --interruptions
says fetch.err 'InvalidSpotFleetRequestId.*see --fleet and --region'
fetch 2 b.db --fleet "$fleet" --demand TargetCapazity
says fetch.err 'CloudWatch in us-east-1 has no point of AWS/EC2Spot TargetCapazity by FleetRequestId'
fetch 2 b.db --fleet "$fleet"
fetch 2 b.db --interruptions
fetch 2 b.db --demand TargetCapacity
fetch 2 b.db --fleet "$fleet" --demand TargetCapacity --statistic p99
fetch 2 b.db --demand Orders --namespace Shop --dimension Name
fetch 2 b.db --fleet "$fleet" --demand CPUUtilization --cluster prod
fetch 2 b.db --fleet "$fleet" --interruptions --demand-name x
[ "$(rows b.db 'SELECT count(*) FROM source')" = 0 ] || fail "a fetch that failed left something behind"

# Not asked for three days, it has lost what AWS has forgotten: it says so, and a run cannot reach across.
step world 259200
fetch 0 a.db c5.xlarge --fleet "$fleet" --interruptions --demand TargetCapacity --demand-name target
says fetch.err "what happened to $fleet from 2021-03-05T18:57:30Z to 2021-03-06T19:00:00Z is lost"
[ "$("$BALLAST" trace list "$folder/a.db" | grep -c '^known .* us-east-1a/c5.xlarge')" = 2 ] || fail "the gap is not listed"
sed 's/"to": "2021-03-05T18:00:00Z"/"to": "2021-03-07T18:00:00Z"/' "$folder/fetched.json" >"$folder/across.json"
code=0
"$BALLAST" run "$folder/across.json" >"$folder/run.out" 2>"$folder/run.err" || code=$?
[ "$code" = 2 ] || fail "a run across what is not known: $code"
says run.err 'do not say which instances were interrupted of c5.xlarge in us-east-1a at 2021-03-05T18:57:30Z'

# The cluster's reservation, of what the fleet has: three quarters of 32 units, and nothing while nothing is registered.
twin world "$BALLAST_SOURCE_DIR/examples/p7-reservation-feedback.json" --speed step
fleet=$(said world fleet)
step world 12000
fetch 0 p7.db --fleet "$fleet" --cluster "$(said world cluster)" --demand CPUReservation --since 2017-11-01T00:00:00Z
[ "$(rows p7.db "SELECT name, min(required_micro), count(*) < 190 FROM demand WHERE time_s < 1509501600 + 7200")" = "CPUReservation of $(said world cluster) 24000000 1" ] ||
    fail "another reservation: $(rows p7.db 'SELECT name, min(required_micro), max(required_micro), count(*) FROM demand')"
fetch 2 p7.db --fleet "$fleet" --cluster nobody --demand CPUReservation --since 2017-11-01T00:00:00Z
says fetch.err 'no point of AWS/ECS CPUReservation by ClusterName nobody'
