#!/usr/bin/env bash
# A policy that is a command: the example decides as pending-capacity does; it is simulated, tested, recorded in shadow and
# replayed, never applied; and what goes wrong with it is said in one line, with nothing left behind.
set -euo pipefail
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
. "$BALLAST_SOURCE_DIR/tests/e2e/twin.bash"
quickstart=$BALLAST_SOURCE_DIR/examples/quickstart/scenario.json
cp "$BALLAST_SOURCE_DIR"/examples/exec-policy/*.py "$folder"
cd "$folder"
example="exec:python3 $folder/policy.py"
run() {
    "$BALLAST" run "$quickstart" --set to=2016-05-03T06:00:00Z "$@"
}

# The same decisions: every call, its answer, and every figure. The last world has failing calls and late points.
cat >same.py <<'PY'
import json, sqlite3
one, two = (json.load(open(name + ".json")) for name in ("one", "two"))
assert one["cost"] == two["cost"] and one["capacity"] == two["capacity"], (one["cost"], two["cost"])
rows = sqlite3.connect("runs.db")
def calls(run):
    return [(time, *row[2:]) for row in rows.execute(
        "SELECT first_s, last_s, desired_capacity, honor_cooldown, outcome FROM decision WHERE run=? AND action='set-desired'"
        " ORDER BY first_s", (run,)) for time in range(row[0], row[1] + 1, 60)]
assert calls(1) == calls(2) and calls(1), (calls(1)[:5], calls(2)[:5])
PY
for world in p6-cooldown-restarts:2017-11-01T12 faulty-week:2015-06-02T14; do
    name=${world%%:*}
    rm -f runs.db
    same=("$BALLAST_SOURCE_DIR/examples/$name.json" --set "to=${world#*:}:00:00Z" --json --db runs.db)
    "$BALLAST" run "${same[@]}" --policy "$example" >one.json || fail "$name does not run"
    "$BALLAST" run "${same[@]}" --policy pending-capacity >two.json
    python3 same.py || fail "$name: it does not decide as pending-capacity does"
done
"$BALLAST" explain 1 --at 2015-06-02T11:00:00Z --db runs.db >told || fail "a run is not explained"
tr -s '\n ' ' ' <told | grep -q "what a database names is not run" || fail "it was run again: $(cat told)"

# Its text and its file are the run's.
key() {
    run --set to=2016-05-02T01:00:00Z --policy "$1" --json | python3 -c 'import json,sys; print(json.load(sys.stdin)["run"]["key"])'
}
first=$(key "$example")
[ "$first" = "$(key "$example")" ] || fail "the same command has two keys"
[ "$first" != "$(key "$example ")" ] || fail "another command has the same key"
echo "# changed" >>policy.py
[ "$first" != "$(key "$example")" ] || fail "a changed file has the same key"
run --set to=2016-05-02T01:00:00Z --policy "grace+$example" --set policy.parameters.grace_s=60 --json >/dev/null || fail "it does not compose"

# In random worlds: it keeps the contract; one that remembers by itself does not.
"$BALLAST" policy test "$example" --worlds 6 >tested || fail "it does not pass: $(cat tested)"
printf 'import sys\nn = 0\nfor line in sys.stdin:\n    n += 1\n    print(\x27{"desired": null, "reason": "{0}", "figures": [%%d]}\x27 %% n, flush=True)\n' >counts.py
code=0
"$BALLAST" policy test "exec:python3 counts.py" --worlds 4 >tested 2>error || code=$?
[ $code -eq 1 ] && grep -q '✗ purity' tested || fail "a counter is not found: $(cat tested)"

# In shadow, recorded and replayed; never applied.
twin shadow "$BALLAST_SOURCE_DIR/examples/p6-cooldown-restarts.json" --speed step
live() {
    env -i HOME="$folder" PATH="$PATH" AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=twin AWS_SECRET_ACCESS_KEY=twin AWS_MAX_ATTEMPTS=1 \
        "$BALLAST" live "$1" --fleet "$(said shadow fleet)" --group "$(said shadow group)" --clock twin \
        --endpoint-url "$(said shadow endpoint)" "${@:2}" >live.out 2>live.err
}
live daemon --advance --until 2017-11-01T00:10:00Z --policy "$example" --state state --record r.db || fail "no shadow: $(cat live.err)"
[ "$(wc -l <live.out)" -ge 8 ] || fail "hardly an evaluation in shadow"
"$BALLAST" live replay r.db --policy "$example" >told || fail "the replay decides otherwise: $(cat told)"
grep -q "exec:" <("$BALLAST" dump r.db) && fail "a recording names the command"
code=0
live once --apply --policy "$example" --state state --max-step 1 --max-desired 5 --stale-after 600 --stop-file stop || code=$?
[ $code -eq 2 ] && grep -q "only simulates and shadows" live.err || fail "it is applied: code $code"
kill "${twins[@]}"
wait

# What it does instead of answering.
refused() { # COMMAND WORDS
    local code=0
    timeout 300 "$BALLAST" run "$quickstart" --set to=2016-05-02T01:00:00Z --policy "exec:$1" >out 2>error || code=$?
    [ $code -eq 3 ] || fail "$1: exit code $code"
    [ "$(grep -c '^ballast run: ' error)" -eq 1 ] && [ ! -s out ] || fail "$1: not one line: $(cat error)"
    tr '\n' ' ' <error | grep -q "line [0-9]*, the evaluation at 2016-05-02T00:.*$2" || fail "$1: does not say \"$2\": $(cat error)"
}
refused "no-such-command-here" "exit code 127"
refused 'for i in 1 2; do read -r l; echo "{\"desired\":null,\"reason\":\"x\"}"; done' "exit code 0"
grep -q 'line 3, ' error || fail "the line is not counted: $(cat error)"
refused "echo no" "JSON"
refused "echo []" "no JSON object"
refused "echo '{\"reason\":\"x\"}'" "has no .desired"
refused "echo '{\"desired\":1}'" "has no .reason"
refused "echo '{\"desired\":\"1\",\"reason\":\"x\"}'" "desired"
refused "echo '{\"desired\":-1,\"reason\":\"x\"}'" "desired"
refused "echo '{\"desired\":1,\"reason\":\"x\",\"capacity\":2}'" "capacity: is no field"
refused "echo '{\"desired\":1,\"reason\":\"x\",\"valid_until\":7}'" "valid_until"
refused "yes '{\"desired\":null,\"reason\":\"x\"}'" "more than one line"
refused "echo passed-on >&2; exit 3" "passed-on.*exit code 3\|exit code 3"
grep -q '^passed-on$' error || fail "its standard error is not passed on"
for limit in 1 5 30; do # until it came so far as to be left behind
    code=0
    run --policy "exec:echo \$\$ >held; exec sleep 171" --set policy.parameters.time_limit_s=$limit >out 2>error || code=$?
    [ $code -eq 3 ] && grep -q "within $limit s" error || fail "a command that is silent is waited for: $code"
    [ ! -s held ] || break
done
[ -s held ] && [ ! -d "/proc/$(cat held)" ] || fail "it was left behind"
code=0
"$BALLAST" run "$quickstart" --policy "exec: " >out 2>error || code=$?
[ $code -eq 2 ] || fail "no command: exit code $code"
echo "the example decides as pending-capacity does"
