#!/usr/bin/env bash
# Yesterday's production becomes tonight's what-if: a daemon records a twin's account in which prices move and instances are interrupted, the
# recording becomes traces, and a simulation of them alone meets the same prices and the same interruptions in the same seconds.
set -euo pipefail
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
cd "$folder"
cat >world.py <<'TEXT'
import json
moment = lambda minutes: f"2019-03-04T{minutes // 60:02}:{minutes % 60:02}:00Z"
specification = lambda zone: {"InstanceType": "c3.xlarge", "WeightedCapacity": 4, "Placement": {"AvailabilityZone": zone}}
place = {"type": "c3.xlarge"}
world = {
    "name": "production", "from": moment(0), "to": moment(240), "seed": 5,
    "spot_fleet": {"Type": "maintain", "AllocationStrategy": "diversified", "SpotPrice": "0.0525", "TargetCapacity": 32,
                   "LaunchSpecifications": [specification("us-east-1a"), specification("us-east-1b")]},
    "backup_group": {"group": {"AutoScalingGroupName": "spot-backup", "MinSize": 0, "MaxSize": 20, "DesiredCapacity": 0,
                               "DefaultCooldown": 300, "AvailabilityZones": ["us-east-1a"]},
                     "launch": {"InstanceType": "m4.xlarge"}, "units_per_instance": 4},
    "on_demand_usd_per_hour": {"c3.xlarge": 0.21, "m4.xlarge": 0.2},
    "demand": {"units": 32}, "policy": {"name": "none"}, "interruptions": {"source": "trace"},
    "traces": [{"prices": {"us-east-1a/c3.xlarge": [[moment(minute), usd] for minute, usd in ((0, 0.04), (47, 0.041), (48, 0.045), (171, 0.038))],
                           "us-east-1b/c3.xlarge": [[moment(0), 0.05], [moment(100), 0.049]]},
                "interruptions": [dict(place, at=moment(61), zone="us-east-1a", instances=3), dict(place, at=moment(125), zone="us-east-1b", instances=2),
                                  dict(place, at=moment(126), zone="us-east-1a", instances=1)]}],
}
json.dump(world, open("world.json", "w", encoding="utf-8"), indent=1)
world.update({"name": "tonight", "from": moment(2), "to": moment(220), "demand": {"trace": "yesterday"}, "modify_spot_fleet": "follow-demand",
              "traces": ["traces.db"]})
json.dump(world, open("tonight.json", "w", encoding="utf-8"), indent=1)
TEXT
python3 world.py
"$BALLAST" run world.json --db world.db >/dev/null 2>error || fail "the world cannot be simulated"
"$BALLAST" twin world.json --speed step >twin 2>error &
. "$BALLAST_SOURCE_DIR/tests/e2e/waiting.bash"
until_there 300 twin $!
read -r endpoint fleet group < <(python3 -c 'import json; t=json.load(open("twin")); print(t["endpoint"], t["fleet"], t["group"])')
daemon() { # UNTIL [argument...]
    env -i HOME="$folder" AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=twin AWS_SECRET_ACCESS_KEY=twin "$BALLAST" live daemon --clock twin --advance --until "$1" \
        --endpoint-url "$endpoint" --fleet "$fleet" --group "$group" --record production.db "${@:2}" >lines 2>error
}
daemon 2019-03-04T02:00:00Z --state state || fail "the daemon ended with $?"
# Another policy, another set of settings: one account all the same.
daemon 2019-03-04T03:50:00Z --policy none || fail "the second daemon ended with $?"
[ ! -s error ] || fail "the daemon has something to say"
sql() { # FILE QUERY
    python3 -c 'import sqlite3,sys; print(*["|".join(map(str,r)) for r in sqlite3.connect(sys.argv[1]).execute(sys.argv[2])], sep="\n")' "$@"
}
[ "$(sql production.db "SELECT count(*), count(DISTINCT status) FROM watch")" = "46|1" ] || fail "not watched every five minutes: $(sql production.db "SELECT count(*), group_concat(DISTINCT status) FROM watch")"
"$BALLAST" live replay production.db --policy none >/dev/null || fail "a replay ended with $?"

"$BALLAST" trace import production.db --into traces.db --demand-name yesterday >imported 2>error || fail "the recording cannot be imported"
[ "$(sql traces.db "SELECT zone, time_s - 1551657600, instances FROM interruption ORDER BY time_s")" = "$(printf 'us-east-1a|3660|3\nus-east-1b|7500|2\nus-east-1a|7560|1')" ] ||
    fail "other interruptions: $(sql traces.db "SELECT zone, time_s - 1551657600, instances FROM interruption")"
prices=$(sql traces.db "SELECT zone, time_s - 1551657600, micro_usd_per_hour FROM price JOIN market USING(market) ORDER BY zone, time_s")
[ "$prices" = "$(printf '%s\n' 'us-east-1a|0|40000' 'us-east-1a|2820|41000' 'us-east-1a|2880|45000' 'us-east-1a|10260|38000' 'us-east-1b|0|50000' 'us-east-1b|6000|49000')" ] ||
    fail "other prices: $prices"
[ "$(sql traces.db "SELECT count(*), max(end_s) - 1551657600 FROM coverage WHERE what=0")" = "2|$((226 * 60 - 150))" ] ||
    fail "known of another time: $(sql traces.db "SELECT what, zone, first_s - 1551657600, end_s - 1551657600 FROM coverage")"
"$BALLAST" run tonight.json --db tonight.db >/dev/null 2>error || fail "tonight ended with $?"
lost="SELECT i.notice_s, zone, count(*) FROM interruption i JOIN instance USING(run, instance) WHERE i.cause='capacity' GROUP BY 1, 2 ORDER BY 1, 2"
[ -n "$(sql world.db "$lost")" ] && [ "$(sql world.db "$lost")" = "$(sql tonight.db "$lost")" ] || fail "interrupted otherwise: $(sql tonight.db "$lost")"
"$BALLAST" run tonight.json --policy pending-capacity >/dev/null 2>error || fail "tonight with another policy ended with $?"

# Not watched when told not to; and a look that fails (no such fleet) is told and recorded, and no failing evaluation.
rm -f production.db
daemon 2019-03-04T03:53:00Z --watch-every 0 --policy none || fail "the third daemon ended with $?"
[ "$(sql production.db "SELECT count(*) FROM watch")" = 0 ] || fail "watched though told not to"
fleet=sfr-00000000-0000-0000-0000-000000000000
daemon 2019-03-04T03:56:00Z --policy none || fail "the fourth daemon ended with $?"
[ "$(sql production.db "SELECT count(*), min(status <> 'ok') FROM watch")" = "1|1" ] || fail "a look that failed is not recorded"
[ "$(sql production.db "SELECT sum(failed_calls), count(*) FROM evaluation WHERE time_s >= 1551671580")" = "0|3" ] || fail "a look that failed counts"
[ "$(grep -c 'prices and events are not recorded' error)" = 1 ] || fail "a look that failed is not told"
