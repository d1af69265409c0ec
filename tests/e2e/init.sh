#!/usr/bin/env bash
# `ballast init`: from a fleet's, a group's and prices' files to a scenario that runs; and what is missing is said.
# labels: robust
set -euo pipefail
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
cd "$folder"
quick=$BALLAST_SOURCE_DIR/examples/quickstart
python3 - <<'PY'
import datetime, json
begin = datetime.datetime(2016, 5, 2, 0, 10)
rows = []
for zone, late in (("us-east-1a", 0), ("us-east-1b", 90)):
    for type, usd in (("c4.xlarge", 0.05), ("c4.2xlarge", 0.11)):
        for hour in range(48):
            at = begin + datetime.timedelta(hours=hour, minutes=late)
            rows.append({"AvailabilityZone": zone, "InstanceType": type, "ProductDescription": "Linux/UNIX",
                         "SpotPrice": f"{usd + hour % 5 / 1000:.6f}", "Timestamp": at.strftime("%Y-%m-%dT%H:%M:%SZ")})
json.dump({"SpotPriceHistory": rows}, open("prices.json", "w"))
PY
files=(--spot-fleet "$quick/spot-fleet.json" --group "$quick/backup-group.json" --prices prices.json --launch-type m4.xlarge)
subnets=(--subnet subnet-0a1b2c3d=us-east-1a --subnet subnet-4e5f6a7b=us-east-1b)
dollars=(--on-demand c4.xlarge=0.209 --on-demand c4.2xlarge=0.419 --on-demand m4.xlarge=0.239)

# Without what nobody can know it says what to add, and what is there can be mended by hand.
code=0
"$BALLAST" init "${files[@]}" --into half >out 2>error || code=$?
[ $code -eq 2 ] && [ "$(wc -l <error)" -eq 1 ] && grep -q 'subnet "subnet-' error || fail "code $code: $(cat error)"
code=0
"$BALLAST" init "${files[@]}" "${subnets[@]}" --into half --force >out 2>error || code=$?
[ $code -eq 2 ] && grep -q 'on_demand_usd_per_hour' error || fail "no price is asked for: code $code: $(cat error)"

# With all of it the next command runs, over the whole hours that all pools have prices for, the same as without comments.
"$BALLAST" init "${files[@]}" "${subnets[@]}" "${dollars[@]}" --name "it's \"mine\"" --into mine >out 2>error || fail "$(cat error)"
eval "$(grep -A1 'Go on with' out | tail -1 | sed "s|^ *ballast|'$BALLAST'|") --json" >run.json || fail "what it says does not run"
python3 - <<'PY' || fail "the scenario is not what it should be"
import json
scenario = json.load(open("mine/scenario.json"))
assert scenario["name"] == "it's \"mine\"" and "//policy" in scenario
assert (scenario["from"], scenario["to"]) == ("2016-05-02T02:00:00Z", "2016-05-03T23:00:00Z"), (scenario["from"], scenario["to"])
json.dump({key: value for key, value in scenario.items() if not key.startswith("//")}, open("mine/plain.json", "w"))
PY
"$BALLAST" run mine/plain.json --json >plain.json
cmp run.json plain.json || fail "comments change the run"
sed 's|"//policy"|"/policy"|' mine/scenario.json >mine/wrong.json
code=0
"$BALLAST" run mine/wrong.json >out 2>error || code=$?
[ $code -eq 2 ] && grep -q 'unknown key "/policy"' error || fail "a wrong key is no comment: $(cat error)"
if python3 -c 'import jsonschema' 2>/dev/null; then
    "$BALLAST" scenario schema >schema.json
    python3 -c 'import json, jsonschema; jsonschema.validate(json.load(open("mine/scenario.json")), json.load(open("schema.json")))' ||
        fail "the schema refuses what init writes"
fi

# Nothing is written over unasked; wrong input is one line.
refused() { # WORDS arguments...
    local words=$1 code=0
    shift
    "$BALLAST" init "$@" >out 2>error || code=$?
    [ $code -eq 2 ] && [ "$(wc -l <error)" -eq 1 ] && grep -qF -- "$words" error || fail "$*: code $code: $(cat error)"
}
refused "is there already" "${files[@]}" "${subnets[@]}" "${dollars[@]}" --into mine
mkdir theirs && echo '{"AutoScalingGroupName": "another"}' >theirs/backup-group.json
refused "theirs/backup-group.json: is there already" "${files[@]}" "${subnets[@]}" "${dollars[@]}" --into theirs
grep -q another theirs/backup-group.json && [ ! -e theirs/scenario.json ] || fail "a request file was written over"
refused "are needed" --spot-fleet "$quick/spot-fleet.json"
refused "none.json" --spot-fleet none.json --group "$quick/backup-group.json" --prices prices.json --launch-type m4.xlarge --into a
refused "no spot prices" --spot-fleet "$quick/spot-fleet.json" --group "$quick/backup-group.json" --prices <(printf 'time,units\n2016-05-02,3\n') --launch-type m4.xlarge --into b
refused "NAME=VALUE" "${files[@]}" --subnet subnet-0a1b2c3d --into c
refused "spot-fleet.json" --spot-fleet prices.json --group "$quick/backup-group.json" --prices prices.json --launch-type m4.xlarge --into d
