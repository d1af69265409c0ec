#!/usr/bin/env bash
# `ballast report`: a recorded run as one page that needs nothing else, whatever its names are.
set -euo pipefail
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
command -v gnuplot >/dev/null || { echo "SKIP: gnuplot is not installed"; exit 77; }
cd "$folder"
name='</title></svg><script>fetch("http://x.invalid")</script> "q" '"'s' \$(touch broken) \`touch broken\`"
"$BALLAST" run "$BALLAST_SOURCE_DIR/examples/quickstart/scenario.json" --set "name=$(python3 -c 'import json,sys; print(json.dumps(sys.argv[1]))' "$name")" \
    --set to=2016-06-01 --db results.db --quiet
"$BALLAST" report results.db >out || fail "it ended with $?"
[ "$(cat out)" = report.html ] || fail "it says: $(cat out)"
python3 "$BALLAST_SOURCE_DIR/tests/e2e/page.py" report.html 4 4 || fail "the page is not what it should be"
grep -qF '&lt;/title&gt;&lt;/svg&gt;&lt;script&gt;' report.html && grep -qF 'touch broken' report.html || fail "its name is not there"
[ ! -e broken ] || fail "a name was run"
"$BALLAST" report results.db 1 --output - >again.html
cmp report.html again.html || fail "the same run has another page"

"$BALLAST" run "$BALLAST_SOURCE_DIR/examples/faulty-week.json" --db results.db --quiet
"$BALLAST" report results.db 2 -o week.html >/dev/null && [ -s week.html ] || fail "another run has no page"
# Prices are those of the traces, as `trace show` counts them; without these traces the page says so.
synth() { # SEED
    "$BALLAST" trace synth --seed "$1" --from 2016-05-02 --to 2016-06-01 --into traces.db >/dev/null \
        --market=us-east-1{a,b}/c4.{xlarge=0.209,2xlarge=0.419}
}
synth 1
cp "$BALLAST_SOURCE_DIR"/examples/quickstart/* .
"$BALLAST" run scenario.json --set to=2016-06-01 --set 'traces=["traces.db"]' --db traced.db --json >run.json
"$BALLAST" report traced.db -o traced.html >/dev/null
# `trace show` compares with the catalogue of the zone's region, also where zones are named by their ids, as `run` does.
printf 'zone,type,price,time\nus-west-2-lax-1a,c4.xlarge,0.3,2016-05-02T00:00:00Z\nuse1-az4,c4.xlarge,0.3,2016-05-02T00:00:00Z\n' >ids.csv
printf 'region,instance_type,linux_on_demand_usd_per_hour\nus-east-1,c4.xlarge,0.209\nus-west-2,c4.xlarge,0.2\n' >catalogue.csv
"$BALLAST" trace import ids.csv catalogue.csv --into ids.db >/dev/null
"$BALLAST" trace show ids.db --json >ids.json
python3 - <<'PY' || fail "zones do not find their region's catalogue: $(cat ids.json)"
import json
shown = {market["zone"]: market["threshold_micro_usd"] for market in json.load(open("ids.json"))}
assert shown == {"us-west-2-lax-1a": 200000, "use1-az4": 209000}, shown
PY
"$BALLAST" trace show traces.db --type c4.xlarge --zone us-east-1a --from 2016-05-02 --to 2016-06-01 --above 0.189 >shown
python3 - <<'PY' || fail "the prices are not those of the traces: $(cat shown)"
import json, re
rows = re.findall(r"<tr><td>(us-east-1. c4\.\w+)</td>(.*?)</tr>", open("traced.html").read())
pools = {name: [cell.replace(",", "") for cell in re.findall(r"<td>([^<]*)</td>", "<td>" + rest.split("<td>", 1)[1])] for name, rest in rows}
assert len(pools) == 4, pools
weight, cap, lowest, mean, highest, above, interrupted = pools["us-east-1a c4.xlarge"]
assert (weight, cap) == ("4", "0.189") and float(lowest) < float(mean) < float(highest), pools
shown = open("shown").read()
assert re.search(r"\b%s h" % re.escape(above), shown), (above, shown)
interruptions = sum(int(cells[-1]) for cells in pools.values())
assert interruptions == json.load(open("run.json"))["events"]["spot_interruptions"] > 0, pools
PY
"$BALLAST" plot traced.db prices --size 600x300 -o low.png >out 2>error && fail "four strips in 300 pixels" || [ $? -eq 2 ]
grep -q '4 pools, one above another, need a height of 334' error || fail "$(cat error)"
mv traces.db elsewhere.db
"$BALLAST" report traced.db -o traced.html >/dev/null || fail "without its traces: $?"
grep -q '<p>Not drawn: the traces of the run are not where they were.</p>' traced.html || fail "it does not say that the traces are gone"
synth 2
"$BALLAST" report traced.db -o traced.html >/dev/null || fail "with other traces: $?"
grep -q '<p>Not drawn: the traces of the run have changed since.</p>' traced.html || fail "it does not say that the traces have changed"
code=0
"$BALLAST" plot traced.db prices >out 2>error || code=$?
[ $code -eq 2 ] && [ "$(wc -l <error)" -eq 1 ] && grep -q 'have changed since' error || fail "plot: code $code: $(cat error)"

refused() { # CODE WORDS arguments...
    local code=0 wanted=$1 words=$2
    shift 2
    "$BALLAST" report "$@" >out 2>error || code=$?
    [ $code -eq "$wanted" ] && [ "$(wc -l <error)" -eq 1 ] && grep -qF -- "$words" error || fail "$*: code $code: $(cat error)"
}
refused 2 'no run "7"' results.db 7
refused 2 "holds 2 runs: say which" results.db
refused 2 "unknown option -x" results.db -x
refused 2 "needs a value" results.db -o
refused 2 "none.db" none.db
refused 2 "there is no folder none" results.db 1 --output none/report.html
mkdir empty
code=0
env PATH="$folder/empty" "$BALLAST" report results.db 1 >out 2>error || code=$?
[ $code -eq 3 ] && [ "$(wc -l <error)" -eq 1 ] && grep -q 'gnuplot is not installed' error || fail "without gnuplot: code $code: $(cat error)"
