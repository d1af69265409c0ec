#!/usr/bin/env bash
# `ballast live validate`: a daemon leads a twin's account and records it, and bills are written of what the account's instances cost, by another
# implementation of the billing rules (live_validate.py). The hindcast then is right to a hundredth of a cent; and of one thing that is made wrong, in
# the bill, the recording or the scenario, the source is named.
set -euo pipefail
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm # each evaluation is flushed to the disk
. "$BALLAST_SOURCE_DIR/tests/e2e/twin.bash"
helper=$BALLAST_SOURCE_DIR/tests/e2e/live_validate.py
cd "$folder"
python3 "$helper" world
"$BALLAST" run world.json --db world.db >/dev/null 2>run.err || fail "the world cannot be simulated"
twin production world.json --speed step
env -i HOME="$folder" AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=twin AWS_SECRET_ACCESS_KEY=twin "$BALLAST" live daemon --clock twin --advance --phase 30 \
    --until 2019-03-04T03:50:00Z --endpoint-url "$(said production endpoint)" --fleet "$(said production fleet)" --group "$(said production group)" \
    --policy pending-capacity --record production.db --state state --apply --max-step 100 --max-desired 100 --stale-after 86400 --stop-file stop \
    >lines 2>daemon.err || fail "the daemon ended with $?"

bill() { # KIND FILE [CHANGE...]
    python3 "$helper" bill world.db "$@"
}
validate() { # EXIT-CODE argument...
    local expected=$1 code=0
    shift
    "$BALLAST" live validate "$@" --json >told.out 2>told.err || code=$?
    [ "$code" -eq "$expected" ] || fail "exit code $code, not $expected: $*"
}
says() { # what holds of the JSON: error(NAME) in millionths, source(NAME) in micro-USD, largest(COMPONENT)
    python3 - "$1" told.out <<'TEXT' || fail "not $1"
import json, sys
told = json.load(open(sys.argv[2], encoding="utf-8"))
component = {one["name"]: one for one in told["components"]}
error = lambda name: component[name]["error_ppm"]
source = lambda name: [one["micro_usd"] for one in told["sources"] if one["name"] == name][0]
largest = lambda name: max((one for one in told["sources"] if one["component"] == name), key=lambda one: abs(one["micro_usd"]))["name"]
for name in ("spot_cost", "on_demand_cost"):
    parts = sum(one["micro_usd"] for one in told["sources"] if one["component"] == name)
    if component[name]["actual"] is not None:
        assert abs(parts - component[name]["simulated"] + component[name]["actual"]) <= 10, "the sources do not add up"
sys.exit(not eval(sys.argv[1]))
TEXT
}

# Right, by each of the three forms.
bill cur cur.csv.gz
bill cur2 cur2.csv
bill feed feed.gz
for form in cur.csv.gz cur2.csv; do
    validate 0 production.db --scenario scenario.json --billing $form --tolerance 0.01
    says 'all(abs(one["error_ppm"]) < 100 for one in told["components"]) and told["within"] and told["minutes"]["equal"] == 120'
    says 'told["from"] == "2019-03-04T01:00:00Z" and told["to"] == "2019-03-04T03:00:00Z" and told["policy"] == "pending-capacity"'
    says 'component["on_demand_instances"]["actual"] == 6 and component["spot_interruptions"]["actual"] == 6 and component["spot_launches"]["actual"] == 8'
done
validate 0 production.db --scenario scenario.json --billing feed.gz --tolerance 0.01
says 'component["on_demand_cost"]["actual"] is None and abs(error("spot_cost")) < 100'
validate 0 production.db --scenario scenario.json --billing feed.gz --billing cur.csv.gz --tolerance 0.01
validate 0 production.db --scenario scenario.json
says 'component["spot_cost"]["actual"] is None and error("spot_running") == 0 and told["minutes"]["equal"] == told["minutes"]["compared"]'
# What scaled the fleet came to the recorded target, and is left out.
python3 - <<'TEXT'
import json
scenario = json.load(open("scenario.json", encoding="utf-8"))
scenario["scaling"] = {"target": {"MinCapacity": 4, "MaxCapacity": 64}, "policies": [{"PolicyName": "up", "StepScalingPolicyConfiguration": {
    "AdjustmentType": "ChangeInCapacity", "StepAdjustments": [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 4}]}}]}
json.dump(scenario, open("scaled.json", "w", encoding="utf-8"))
TEXT
validate 0 production.db --scenario scaled.json --billing feed.gz --tolerance 0.01

# One thing wrong in the bill.
wrong() { # CHANGE COMPONENT SOURCE
    bill cur wrong.csv "$1"
    validate 1 production.db --scenario scenario.json --billing wrong.csv --tolerance 1
    says "largest('$2') == '$3' and abs(error('$2')) > 10000 and error('spot_running') == 0"
}
wrong dearer spot_cost prices
wrong hourly spot_cost billing_rule
says 'largest("on_demand_cost") == "on_demand_billed_time"'
wrong first-hour spot_cost billing_rule
wrong lost spot_cost not_billed
wrong discount on_demand_cost on_demand_price
validate 0 production.db --scenario scenario.json --billing wrong.csv --set prices.on_demand_discount_permille=100 --tolerance 0.01
bill feed wrong.feed hourly
validate 1 production.db --scenario scenario.json --billing wrong.feed
says 'largest("spot_cost") == "billing_rule"'

# In the recording: an interruption that nobody saw.
cp production.db cut.db
python3 -c 'import sqlite3
rows = sqlite3.connect("cut.db")
assert rows.execute("DELETE FROM watch_event WHERE sub_type=\"terminated\" AND instance=\"i-00000000000000002\"").rowcount == 1
rows.commit()'
validate 1 cut.db --scenario scenario.json --billing cur.csv.gz
says 'largest("spot_cost") == "end_not_seen"'

# In the scenario: slower launches, another strategy, another policy.
validate 1 production.db --scenario scenario.json --billing cur.csv.gz --set account.spot_launch_delay_s=600
says 'largest("spot_cost") == "launch_time" and largest("on_demand_cost") == "decisions"'
validate 1 production.db --scenario scenario.json --billing cur.csv.gz --set spot_fleet.AllocationStrategy=lowestPrice
says 'source("pools") < -10000'
validate 1 production.db --scenario scenario.json --billing cur.csv.gz --policy none
says 'error("on_demand_cost") == -1000000 and largest("on_demand_cost") == "decisions" and error("spot_cost") < 100'
validate 0 production.db --scenario scenario.json --billing cur.csv.gz --policy none --tolerance 100

# A recording that only looked on: whoever led the group is the scenario's.
cp production.db shadow.db
python3 -c 'import sqlite3
rows = sqlite3.connect("shadow.db")
rows.execute("UPDATE evaluation SET mode=\"shadow\"")
rows.commit()'
validate 1 shadow.db --scenario scenario.json --billing cur.csv.gz
says 'told["policy"] == "none" and error("on_demand_cost") == -1000000'
validate 0 shadow.db --scenario scenario.json --billing cur.csv.gz --policy pending-capacity --set controller.alarm=false --tolerance 0.01

# People read the same.
"$BALLAST" live validate production.db --scenario scenario.json --billing cur.csv.gz >told.out || fail "for people it ended with $?"
grep -q '^spot, USD  *0.7620  *0.7620  *0.00 %  *5.00 %$' told.out || fail "no line of spot"
grep -q 'under 0.0001: running_before' told.out || fail "no sources"
grep -q 'tagged aws:autoscaling:groupName = spot-backup' told.out || fail "what it rests on is not said"
"$BALLAST" live validate production.db --scenario scenario.json --minutes >told.out || fail "by the minute it ended with $?"
grep -q '^2019-03-04T01:27:00Z,20,20,0,0$' told.out || fail "not the minute of the interruptions"
# A folder stands for the files in it, and costs are told by the hour too.
mkdir -p folder/2019-03 && cp cur.csv.gz folder/2019-03 && echo '{}' >folder/manifest.json
"$BALLAST" live validate production.db --scenario scenario.json --billing folder --hours >told.out || fail "by the hour it ended with $?"
[ "$(sed 1d told.out)" = "$(printf '%s\n' 2019-03-04T01:00:00Z,343567,343600,55000,55000 2019-03-04T02:00:00Z,418425,418425,78333,78333)" ] || fail "other hours"

# What cannot be compared is refused in a line.
refused() { # TEXT argument...
    local text=$1
    shift
    validate 2 production.db "$@"
    [ "$(wc -l <told.err)" -eq 1 ] && grep -q "$text" told.err || fail "not refused for '$text'"
}
refused 'the same file was given before' --scenario scenario.json --billing cur.csv.gz --billing cur.csv.gz
refused 'is billed twice for the hour that begins at 2019-03-04T00:00:00Z' --scenario scenario.json --billing cur.csv.gz --billing cur2.csv
mkdir empty
refused 'no file in the folder' --scenario scenario.json --billing empty
refused 'name a scenario' --billing cur.csv.gz
refused 'neither a Cost and Usage Report' --scenario scenario.json --billing world.json
sed 's/i-0000/i-000f/' cur2.csv >stranger.csv
refused 'no line is about any' --scenario scenario.json --billing stranger.csv
sed 's/2019-03-04/2019-03-05/g' cur2.csv >late.csv
refused 'no whole hour in common' --scenario scenario.json --billing late.csv
sed '3s/1\.0000000000/one/' cur2.csv >bad.csv
refused 'bad.csv:3: lineItem/UsageAmount: not a number' --scenario scenario.json --billing bad.csv
refused 'no such component' --scenario scenario.json --tolerance nothing=3
