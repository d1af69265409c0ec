#!/usr/bin/env bash
# Golden runs: every figure of every shipped scenario under every policy is what it was when it was last looked at.
#
# A change that is meant is written down with: GOLDEN_UPDATE=1 BALLAST=build/ballast BALLAST_SOURCE_DIR=. tests/e2e/golden.sh
# and the difference belongs into the commit that causes it, with the reason in its message.
set -euo pipefail
cd "$BALLAST_SOURCE_DIR"
BALLAST=$(realpath "$BALLAST")
expected=tests/data/golden.txt
found=$(mktemp)
trap 'rm -f "$found"' EXIT

figures() { # SCENARIO OPTION...
    local scenario=$1
    shift
    "$BALLAST" run "$scenario" --json "$@" | python3 -c '
import json, sys
run = json.load(sys.stdin)
print("==", sys.argv[1], *sys.argv[2:])
for group in ("cost", "capacity", "events"):
    for name, value in run[group].items():
        print(f"{group}.{name}", "null" if value is None else value)
' "$scenario" "$@"
}

for scenario in examples/p*.json examples/faulty-week.json examples/quickstart/scenario.json; do
    figures "$scenario"
    for policy in none pending-capacity; do
        figures "$scenario" --policy "$policy"
    done
done >"$found"
figures examples/quickstart/scenario.json --set spot_fleet.AllocationStrategy=lowestPrice >>"$found"
figures examples/quickstart/scenario.json --set start=cold --set account.preset=slow >>"$found"
figures examples/quickstart/scenario.json --set account.preset=late --set controller.jitter_s=7 >>"$found"
figures examples/quickstart/scenario.json --set billing=per-second \
    --set 'account.on_demand_launch_delay_s={"distribution":"exponential","min_s":20,"mean_s":90}' >>"$found"

[ "$(grep -c '^== ' "$found")" -ge 28 ] || { echo "FAILED: too few runs"; exit 1; }
if [ "${GOLDEN_UPDATE:-}" = 1 ]; then
    cp "$found" "$expected"
    echo "$expected written: look at its difference before you commit it"
    exit 0
fi
# What is recorded is the same when every evaluation is made as when those are skipped that need not be.
folder=$(mktemp -d)
trap 'rm -rf "$found" "$folder"' EXIT
for scenario in examples/p*.json examples/faulty-week.json examples/quickstart/scenario.json; do
    for way in skipping stepping; do
        rm -f "$folder/run.db"
        "$BALLAST" run "$scenario" --db "$folder/run.db" --quiet $([ $way = skipping ] || echo --stepping)
        "$BALLAST" dump "$folder/run.db" >"$folder/$way.txt"
    done
    cmp "$folder/stepping.txt" "$folder/skipping.txt" || { echo "FAILED: $scenario is recorded otherwise"; exit 1; }
done
diff -u "$expected" "$found" || { echo "FAILED: figures have changed"; exit 1; }
echo "$(grep -c '^== ' "$found") runs as they were"
