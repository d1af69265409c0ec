#!/usr/bin/env bash
# `ballast demo`: runs on nothing but itself, says that its market is generated, says where the result lies, gives the
# same again, and what it leaves behind can be gone on with.
# labels: robust
set -euo pipefail
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
cd "$folder"

"$BALLAST" demo >first.txt 2>errors.txt || fail "demo ended with $?: $(cat errors.txt)"
[ ! -s errors.txt ] || fail "demo wrote to stderr: $(cat errors.txt)"
grep -qi synthetic first.txt || fail "the demo does not say that its market is synthetic"
grep -q 'ballast-demo/results.db' first.txt || fail "the demo does not say where the result lies"
[ -s ballast-demo/results.db ] || fail "there is no result where the demo says"
[ "$("$BALLAST" dump ballast-demo/results.db | grep -c '"cost_total_micro_usd"\|cost.total_micro_usd\|^run')" -gt 0 ] ||
    fail "the demo's database holds no run"

"$BALLAST" explain 2 --db ballast-demo/results.db --at 2016-06-01T00:00:30Z >explained.txt
grep -q '^With perfect knowledge, serving all that was required' explained.txt &&
    grep -q '^  32 units serve now, by$' explained.txt && grep -q '^  [0-9]* spot c4' explained.txt ||
    fail "it is not said what perfect knowledge would have done: $(cat explained.txt)"
"$BALLAST" run ballast-demo/scenario.json --set to=2016-05-16T00:00:00Z --bounds --json --db bounds.db >bounds.json
python3 - <<'PY' || fail "the schedules are not what they should be"
import json, sqlite3
run = json.load(open("bounds.json"))
rows = sqlite3.connect("bounds.db").execute(
    "SELECT sum(instances * cost_micro_usd_s) FROM schedule WHERE bound = 'lower'").fetchone()[0]
lower = run["schedules"]["lower"]
assert lower["gap_micro_usd"] >= 0 and lower["cost_micro_usd"] - lower["gap_micro_usd"] == run["cost"]["lower_bound_micro_usd"]
assert abs(rows / 3600 - lower["cost_micro_usd"]) <= 1, (rows, lower)
PY

# Half a year of bounds takes long under the sanitizers, and they would see nothing new.
if ! grep -q __asan_init "$BALLAST"; then
    "$BALLAST" demo >second.txt
    cmp first.txt second.txt || fail "the second demo differs from the first"
fi

figure() { # POLICY NAME
    "$BALLAST" run ballast-demo/scenario.json --policy "$1" --json |
        python3 -c 'import json, sys
value = json.load(sys.stdin)
for name in sys.argv[1].split("."):
    value = value[name]
print(value)' "$2"
}
[ "$(figure none cost.on_demand_micro_usd)" = 0 ] || fail "without a backup, on-demand cost something"
missing_without=$(figure none capacity.unfulfilled_unit_s)
missing_with=$(figure pending-capacity capacity.unfulfilled_unit_s)
python3 -c 'import sys; sys.exit(not float(sys.argv[1]) > float(sys.argv[2]) >= 0)' "$missing_without" "$missing_with" ||
    fail "the backup saves nothing in the demo: $missing_without without, $missing_with with"
