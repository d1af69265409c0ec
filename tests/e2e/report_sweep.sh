#!/usr/bin/env bash
# `ballast report` of a sweep or of what was tuned: figures are those the commands print, and no name and no value that was
# varied breaks out of page or picture.
set -euo pipefail
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
command -v gnuplot >/dev/null || { echo "SKIP: gnuplot is not installed"; exit 77; }
cd "$folder"
page() { python3 "$BALLAST_SOURCE_DIR/tests/e2e/page.py" "$@" || fail "$1 is not what it should be"; }
bad='</text></svg><script>alert(1)</script>`touch broken`$(touch broken); system \"touch broken\"'
scenario="$BALLAST_SOURCE_DIR/examples/quickstart/scenario.json"
quick="--set to=2016-05-16"

# Two dimensions: heat maps. One is made of hostile words.
"$BALLAST" sweep "$scenario" $quick --db two.db --vary "name=\"$bad\",\"Zq0Z'&amp;\"" \
    --vary backup_group.group.DefaultCooldown=0,300,2700 >printed
[ "$("$BALLAST" report two.db)" = report.html ] || fail "it does not say what it wrote"
page report.html 4 4
[ ! -e broken ] || fail "a value was run"
grep -qF '&lt;/text&gt;&lt;/svg&gt;&lt;script&gt;' report.html && grep -qF 'Zq0Z&#39;&amp;amp;' report.html || fail "the values are not there"
grep -qE 'Zq[0-9]+q*Z<' report.html && fail "a stand-in was left"
cost=$(awk '/^Least cost/ { getline; getline; print $1; exit }' printed)
grep -qF "<b>$cost USD</b>" report.html || fail "the least cost is not $cost"
"$BALLAST" report two.db --x DefaultCooldown -o - >again.html
grep -qF 'least of both' report.html || grep -qF 'least cost' report.html || fail "no front"
"$BALLAST" report two.db --x DefaultCooldown -o - | cmp - again.html || fail "the same sweep has another page"

# One: lines. A second sweep in the file has to be named; so has one beside a run.
"$BALLAST" sweep "$scenario" $quick --db two.db --vary backup_group.group.DefaultCooldown=0:2700:300 >printed
"$BALLAST" report two.db --sweep 2 -o line.html >out
page line.html 4 4
grep -qF "<b>$(awk '/^Least cost/ { getline; getline; print $1; exit }' printed) USD</b>" line.html || fail "another least cost"

# What was tuned: points in their windows, put together as tune does it.
"$BALLAST" tune "$scenario" $quick --db tune.db --minimize cost.total_micro_usd --seeds 2 --bootstrap 0 --json \
    --vary backup_group.group.DefaultCooldown=0,2700 --vary account.join_delay_s=60,240 --vary policy=pending-capacity,none >tune.json
"$BALLAST" report tune.db -o tune.html >out
page tune.html 4 4
python3 - <<'PY' || fail "other figures than tune's"
import json
page = open("tune.html", encoding="utf-8").read()
best = json.load(open("tune.json", encoding="utf-8"))["front"][0]
assert f"{best['cost_micro_usd'] / 1e6:,.2f} USD</b>, unfulfilled <b>" in page, best
assert "the sum over 2 spans, the mean of 2 seeds" in page
PY

# What was asked of tune, what it found, and what does not meet it.
"$BALLAST" tune "$scenario" --set to=2016-07-01 --db limits.db --policy target-headroom --minimize cost.total_micro_usd --bootstrap 0 \
    --subject-to 'capacity.unfulfilled_unit_s <= 6000' --vary policy.parameters.headroom_percent=0,5,20 --json >limits.json
"$BALLAST" report limits.db -o limits.html >out
page limits.html 4 4
python3 - <<'PY' || fail "the page does not tell what was asked"
import json, re
text = re.sub(r"\s+", " ", re.sub(r"<svg.*?</svg>|<[^>]*>", "", open("limits.html", encoding="utf-8").read(), flags=re.S))
told = json.load(open("limits.json", encoding="utf-8"))
values = ", ".join(" = ".join(pair) for pair in told["best"]["varied"].items())
assert "Asked for was the least of cost.total_micro_usd, subject to capacity.unfulfilled_unit_s &lt;= 6000, in 8 windows." in text, text[:3000]
assert (told["recommended"] is None) == ("Nothing is recommended: " in text)
assert f"{'Recommended' if told['recommended'] else 'Best in these worlds'} is {values}; {told['episodes']} independent" in text, text[:3000]
walk = told["out_of_sample"]
gap = (walk["got"]["objectives"][0] / walk["promised"]["objectives"][0] - 1) * 100
assert f"Judged on {walk['judged']} window" in text and f"came to {gap:+.2f} % to what was promised and " in text, (gap, text[:3000])
beyond = [point["varied"] for point in told["front"] if not point["meets"]]
assert 0 < len(beyond) < len(told["front"]) and beyond[0] == told["front"][0]["varied"], told["front"]
assert "(beyond the limits)" in text and "least cost, beyond the limits" in text.lower()
page = open("limits.html", encoding="utf-8").read()
assert len(re.findall(r"<td>[a-z ]*,? ?beyond the limits</td>", page)) == len(beyond) and len(re.findall(r"<td>[a-z ]*,? ?best</td>", page)) == 1
PY

refused() { # CODE WORDS arguments...
    local code=0 wanted=$1 words=$2
    shift 2
    "$BALLAST" report "$@" >out 2>error || code=$?
    [ $code -eq "$wanted" ] && [ "$(wc -l <error)" -eq 1 ] && grep -qF -- "$words" error || fail "$*: code $code: $(cat error)"
}
refused 2 "holds 2 sweeps: say which with --sweep" two.db
refused 2 "holds no sweep 7: there are 2" two.db --sweep 7
refused 2 "--y nothing: names nothing of what was varied" two.db --sweep 2 --y nothing
refused 2 "ask for one of them" two.db 1 --median
refused 2 "no run" two.db 1
mkdir empty
code=0
env PATH="$folder/empty" "$BALLAST" report tune.db >out 2>error || code=$?
[ $code -eq 3 ] && [ "$(wc -l <error)" -eq 1 ] && grep -q 'gnuplot is not installed' error || fail "without gnuplot: code $code: $(cat error)"
