#!/usr/bin/env bash
# A fleet that rebalances its capacity, through the program: it misses less, the database and `explain` say why it launched
# what it launched, and without the setting nothing of it is recorded.
# labels: robust
set -euo pipefail
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
example=$BALLAST_SOURCE_DIR/examples/capacity-rebalance.json
off=spot_fleet.SpotMaintenanceStrategies=null
unfulfilled() { # OPTION...
    "$BALLAST" run "$example" --json "$@" | python3 -c 'import json, sys; print(int(json.load(sys.stdin)["capacity"]["unfulfilled_unit_s"]))'
}
[ "$(unfulfilled)" -lt "$(unfulfilled --set $off)" ] || fail "replacing early missed no less"

"$BALLAST" run "$example" --quiet --db "$folder/on.db"
"$BALLAST" run "$example" --quiet --db "$folder/off.db" --set $off
"$BALLAST" dump "$folder/on.db" >"$folder/on"
"$BALLAST" dump "$folder/off.db" >"$folder/off"
grep -q '^rebalance|' "$folder/off" && fail "recorded without capacity rebalancing"
ended=$(grep -c '^instance|.*|end="rebalance"|' "$folder/on") || fail "no instance was replaced"
[ "$(grep -cE '^rebalance\|instance=[0-9]+\|recommended_s=[0-9]+\|released_s=[0-9]+\|' "$folder/on")" -ge "$ended" ] ||
    fail "instances ended that were never released"
grep -qE '^rebalance\|instance=[0-9]+\|recommended_s=\|released_s=\|replacement=1$' "$folder/on" || fail "no replacement"

# A minute after the first release some instance is marked, is to end, and has its replacement.
released=$(sed -nE 's/^rebalance.*released_s=([0-9]+).*/\1/p' "$folder/on" | sort -n | head -n 1)
at=$(date -u -d "@$((released + 60))" +%Y-%m-%dT%H:%M:%SZ)
"$BALLAST" explain 1 --db "$folder/on.db" --at "$at" >"$folder/words"
grep -qE 'capacity rebalancing: marked [1-9][0-9]*, of them to end [1-9][0-9]*; launched as replacements [1-9]' "$folder/words" ||
    fail "explain does not tell of it: $(cat "$folder/words")"
"$BALLAST" explain 1 --db "$folder/off.db" --at "$at" | grep -q 'capacity rebalancing' && fail "explain tells of what is off"

# Refused as AWS would, with the place.
sed 's/"TerminationDelay": 300/"TerminationDelay": 30/' "$example" >"$folder/short.json"
status=0
"$BALLAST" run "$folder/short.json" 2>"$folder/error" || status=$?
[ "$status" -eq 2 ] || fail "a delay that is too short: exit $status"
grep -qE 'short.json:[0-9]+:[0-9]+: spot_fleet.SpotMaintenanceStrategies.CapacityRebalance.TerminationDelay: 30 is out of range: 120 to 7200' \
    "$folder/error" || fail "$(cat "$folder/error")"
echo "$ended instances were replaced before they were interrupted"
