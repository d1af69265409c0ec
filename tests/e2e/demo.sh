#!/usr/bin/env bash
# `ballast demo`: runs on nothing but itself, says that its market is generated, says where the result lies, gives the
# same again, and what it leaves behind can be gone on with.
# labels: robust
set -euo pipefail
fail() {
    printf 'FAILED: %s\n' "$*"
    exit 1
}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

"$BALLAST" demo >first.txt 2>errors.txt || fail "demo ended with $?: $(cat errors.txt)"
[ ! -s errors.txt ] || fail "demo wrote to stderr: $(cat errors.txt)"
grep -qi synthetic first.txt || fail "the demo does not say that its market is synthetic"
grep -q 'ballast-demo/results.db' first.txt || fail "the demo does not say where the result lies"
[ -s ballast-demo/results.db ] || fail "there is no result where the demo says"
[ "$("$BALLAST" dump ballast-demo/results.db | grep -c '"cost_total_micro_usd"\|cost.total_micro_usd\|^run')" -gt 0 ] ||
    fail "the demo's database holds no run"

"$BALLAST" demo >second.txt
cmp first.txt second.txt || fail "the second demo differs from the first"

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
