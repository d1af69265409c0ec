#!/usr/bin/env bash
# `ballast check`: the shipped suite holds against its committed baseline (the gate over our own policies); a change that looks harmless is caught;
# the verdict in every form; --update; names that could break out; what is refused.
set -euo pipefail
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
cp -r "$BALLAST_SOURCE_DIR/examples/gate" "$folder/gate"
cd "$folder/gate"
code() { # EXPECTED COMMAND...: output in out, errors in err
    local expected=$1 got=0
    shift
    "$@" >out 2>err || got=$?
    [ "$got" -eq "$expected" ] || fail "$* ended with $got, not $expected: $(cat out err)"
    [ "$expected" -eq 0 ] || [ "$(wc -l <err)" -eq 1 ] || fail "$*: not one line of error: $(cat err)"
}
says() { # FILE TEXT
    grep -qF -- "$2" "$1" || fail "$1 does not say \"$2\": $(cat "$1")"
}
suite=(hands-off.json many-markets.json spikes-in-a-pack.json)

# Our own policies against what was agreed upon.
code 0 "$BALLAST" check "${suite[@]}"
cp out one
code 0 "$BALLAST" check "${suite[@]}" --threads 1
cmp one out || fail "another number of threads gave another verdict"

# A cooldown of five minutes in the place of 45 looks harmless.
harmless=(--set backup_group.group.DefaultCooldown=300)
code 1 "$BALLAST" check "${suite[@]}" "${harmless[@]}" --junit junit.xml --markdown summary.md
says out "✗ cost.total_micro_usd <= baseline * 1.01: 20239333 <= 14333246.33 does not hold"
says out "✓ capacity.shortfall_s <= 3600: 990 <= 3600"
says out "is   2015-06-01T13:19:30Z: SetDesiredCapacity(0), honouring the cooldown: accepted"
says out "178730272 <= 148118379.36 does not hold (mean of 20 worlds)"
says out "3 scenarios, 2 breached"
says junit.xml '<testsuites name="ballast check" tests="7" failures="4">'
says summary.md '## Ballast: 2 of 3 scenarios breached'
code 1 "$BALLAST" check "${suite[@]}" "${harmless[@]}" --json
python3 - <<'PY' || fail "the verdict in JSON or XML is not what it should be"
import json, xml.etree.ElementTree as tree
verdict = json.load(open("out"))
assert not verdict["holds"] and [each["holds"] for each in verdict["scenarios"]] == [True, False, False]
gate = verdict["scenarios"][2]["gates"][0]
assert gate == {"condition": "cost.total_micro_usd <= baseline * 1.01", "holds": False, "left": 20239333, "relation": "<=",
                "right": 14333246.33}, gate
assert verdict["scenarios"][2]["first_call_that_differs"]["is"].startswith("2015-06-01T13:19:30Z: ")
root = tree.parse("junit.xml").getroot()
assert sum(int(suite.get("failures")) for suite in root) == len(root.findall(".//failure")) == 4
PY

# A world of a gate is what a run with that seed is.
total=0
for seed in 1 2 3; do
    cost=$("$BALLAST" run many-markets.json --set seed="$seed" --json | grep -o '"total_micro_usd":[0-9]*')
    total=$((total + ${cost#*:}))
done
code 0 "$BALLAST" check many-markets.json --set "gates=[{\"condition\":\"cost.total_micro_usd == $total\",\"seeds\":3,\"of\":\"total\"}]"

# Without gates every figure counts; what is not in the baseline is told.
code 1 "$BALLAST" check hands-off.json --policy static-base
says out "✗ cost.on_demand_micro_usd: was 0, is "
code 1 "$BALLAST" check hands-off.json --policy static-base --json
says out '"differences":[{"figure":"cost.on_demand_micro_usd","holds":false,"was":0,'
code 2 "$BALLAST" check hands-off.json --set name=another
says err 'has no scenario "another": add it with --update'
code 2 "$BALLAST" check hands-off.json --baseline nowhere.json
says err "nowhere.json: there is no such baseline"
code 2 "$BALLAST" check hands-off.json hands-off.json
says err 'are both named "a calm day"'

# A gate that names no baseline needs none.
mkdir bare && cd bare
code 0 "$BALLAST" check ../hands-off.json --set 'gates=["capacity.unfulfilled_unit_s == 0"]'
code 2 "$BALLAST" check ../hands-off.json --set 'gates=["capacity.unfulfilled_unit_s == baseline"]'
cd ..

# --update: what changes is said, the others stay; then it holds.
cp ballast-baseline.json before.json
code 0 "$BALLAST" check spikes-in-a-pack.json "${harmless[@]}" --update
says out "  cost.total_micro_usd: 14191333 -> 20239333"
code 0 "$BALLAST" check spikes-in-a-pack.json "${harmless[@]}"
code 0 "$BALLAST" check hands-off.json many-markets.json
code 0 "$BALLAST" check spikes-in-a-pack.json --update
cmp before.json ballast-baseline.json || fail "the baseline did not come back to its bytes"
code 2 "$BALLAST" check spikes-in-a-pack.json --update --json
for cut in 1 100 5000; do
    head -c "$cut" before.json >cut.json
    code 2 "$BALLAST" check spikes-in-a-pack.json --baseline cut.json
done
sed 's/"cost.spot_micro_usd": "/&x/' before.json >wrong.json
code 2 "$BALLAST" check spikes-in-a-pack.json --baseline wrong.json
says err "wrong.json:7:9: scenarios.a calm day.figures.cost.spot_micro_usd"

# Neither a name nor a baseline can break out of any form.
hostile='a </testsuite> "b" | `c` <script> & d'
python3 - "$hostile" <<'PY'
import json, sys
made = json.load(open("hands-off.json"))
made["name"], made["policy"]["name"] = sys.argv[1], "always-on-demand"
json.dump(made, open("hostile.json", "w"))
baseline = json.load(open("before.json"))
entry = baseline["scenarios"][sys.argv[1]] = baseline["scenarios"]["a calm day"]
entry["calls"] = ["\x1b[2J</failure><script>\n## e"]
json.dump(baseline, open("hostile-baseline.json", "w"))
PY
code 1 "$BALLAST" check hostile.json --baseline hostile-baseline.json --junit junit.xml --markdown summary.md
! grep -q $'\x1b' out junit.xml summary.md || fail "an escape sequence came through"
! grep -q '<script>' summary.md junit.xml || fail "markup came through"
! grep -q '^## e' summary.md out || fail "a line of its own came through"
python3 -c 'import xml.etree.ElementTree as tree; assert len(tree.parse("junit.xml").getroot()) == 1' || fail "the XML broke"

for gate in '["cost.totl_micro_usd <= 5"]' '["1"]' '[3]' '{}' '[{"condition":"1<=2"}]' '[{"condition":"1<=2","seeds":1}]' \
    '[{"condition":"1<=2","seeds":2,"of":"mode"}]' '["1/0<=2"]' '["cost.regret_micro_usd <= 1"]'; do
    code 2 "$BALLAST" check hands-off.json --set "gates=$gate"
done
# Gates that name no baseline need none, and nothing is said of one.
mkdir alone && cp hands-off.json spot-fleet.json backup-group.json alone && cd alone
code 1 "$BALLAST" check hands-off.json --set 'gates=["cost.total_micro_usd < 1"]'
! grep -q baseline out || fail "a baseline is spoken of where there is none: $(cat out)"
cd ..
code 2 "$BALLAST" check hands-off.json --junit "$folder/none/junit.xml"
