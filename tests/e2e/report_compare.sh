#!/usr/bin/env bash
# `ballast report --compare`: two recorded runs over each other; figures and the place where they part are those of `ballast compare`.
set -euo pipefail
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
command -v gnuplot >/dev/null || { echo "SKIP: gnuplot is not installed"; exit 77; }
cd "$folder"
name='</title></svg><script>fetch("http://x.invalid")</script> \$(touch broken) `touch broken`'
scenario="$BALLAST_SOURCE_DIR/examples/faulty-week.json"
hostile=$(python3 -c 'import json,sys; print(json.dumps(sys.argv[1]))' "$name")
"$BALLAST" run "$scenario" --policy none --set "name=$hostile" --db results.db --quiet
"$BALLAST" run "$scenario" --policy pending-capacity --set "name=$hostile" --db results.db --quiet
"$BALLAST" run "$scenario" --policy pending-capacity --set to=2015-06-02 --db other.db --quiet
"$BALLAST" report --compare results.db#1 results.db#2 -o two.html >out
[ "$(cat out)" = two.html ] || fail "it says: $(cat out)"
python3 "$BALLAST_SOURCE_DIR/tests/e2e/page.py" two.html 5 4 || fail "the page is not what it should be"
[ ! -e broken ] || fail "a name was run"
grep -qF '&lt;/title&gt;&lt;/svg&gt;&lt;script&gt;' two.html || fail "the name is not there"
"$BALLAST" compare results.db#1 results.db#2 --json >compared.json
python3 - <<'PY' || fail "the page says otherwise than ballast compare"
import html, json
page = html.unescape(open("two.html", encoding="utf-8").read()).replace("<wbr>", "")
compared = json.load(open("compared.json", encoding="utf-8"))
world = compared["worlds"][0]
sides = world["old"], world["new"]
cost = [side["cost"]["total_micro_usd"] / 1e6 for side in sides]
missing = [side["capacity"]["unfulfilled_unit_s"] / 3600 for side in sides]
for side in range(2):
    assert f"Cost <b>{cost[side]:,.2f} USD</b>, unfulfilled <b>{missing[side]:,.2f} unit-hours</b>" in page, side
assert f">cost.total, USD</td><td>{cost[0]:,.2f}</td><td>{cost[1]:,.2f}</td><td>+{cost[1] - cost[0]:,.2f}</td>" in page
assert f"<td>−{missing[0] - missing[1]:,.2f}</td>" in page
divergence = compared["divergence"]
assert "part at " + divergence["at"] in page and divergence["new"]["reason"] in page
PY
"$BALLAST" report --compare results.db#2 results.db#2 -o - >same.html
grep -qF 'Value by value, both scenarios are the same' same.html && grep -qF 'At no time is there a difference' same.html || fail "a run is not as itself"

refused() { # CODE WORDS arguments...
    local code=0 wanted=$1 words=$2
    shift 2
    "$BALLAST" report --compare "$@" >out 2>error || code=$?
    [ $code -eq "$wanted" ] && [ "$(wc -l <error)" -eq 1 ] && grep -qF -- "$words" error || fail "$*: code $code: $(cat error)"
}
refused 2 "--compare goes with two runs" results.db#1
refused 2 "hold 2 pairs of runs: say which" results.db results.db
refused 2 "these are different worlds" results.db#1 other.db
refused 2 "is no results database" "$scenario" results.db#1
refused 2 'no run "9"' results.db#1 results.db#9
refused 2 "ask for one of them" results.db#1 results.db#2 --median
mkdir empty
code=0
env PATH="$folder/empty" "$BALLAST" report --compare results.db#1 results.db#2 >out 2>error || code=$?
[ $code -eq 3 ] && [ "$(wc -l <error)" -eq 1 ] && grep -q 'gnuplot is not installed' error || fail "without gnuplot: code $code: $(cat error)"
