#!/usr/bin/env bash
# The real histories of 2015, where they are at hand: what is imported, how long prices stood above on-demand, and the figures
# of docs/real-2015.md. Skipped where they are not.
set -euo pipefail
data=${BALLAST_DATA:-$BALLAST_SOURCE_DIR/../shared/data}
[ -r "$data/prices-us-east-1-2015/c3.xlarge.json.gz" ] ||
    { echo "SKIP: the histories are not at $data"; exit 77; }
fail() {
    printf 'FAILED: %s\n' "$*"
    exit 1
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp "$BALLAST_SOURCE_DIR"/examples/c3-2015/* "$folder"
prices=$(realpath "$data/prices-us-east-1-2015")
modern=$(realpath "$data/prices-us-east-1-2021")
cd "$folder"

import() { "$BALLAST" trace import "$@" --into traces.db --json; }
import "$prices/c3.xlarge.json.gz" | grep -q '"taken":79873,"duplicate":0,"refused":0' || fail "c3.xlarge"
import "$prices/r3.large.txt.gz" | grep -q '"taken":38633,"duplicate":0,"refused":0' || fail "r3.large"
import "$prices/c3.xlarge.json.gz" | grep -q '"taken":0,"duplicate":79873' || fail "c3.xlarge again"
import "$prices/r3.large.txt.gz" | grep -q '"taken":0,"duplicate":38633' || fail "r3.large again"

"$BALLAST" trace show traces.db --type c3.xlarge --from 2015-03-12 --to 2015-08-31 --above 0.210 >shown
grep -q '803.84 h' shown || fail "us-east-1a above on-demand: $(cat shown)"
grep -q '12.06 h' shown || fail "us-east-1b above on-demand: $(cat shown)"

# figure SCENARIO POLICY: total, unfulfilled, shortfall, interruptions, scale-ins refused
figure() {
    "$BALLAST" run "$1" --policy "$2" --json | python3 -c '
import json, sys
r = json.load(sys.stdin)
print(r["cost"]["total_micro_usd"], r["capacity"]["unfulfilled_unit_s"], r["capacity"]["shortfall_s"],
      r["events"]["spot_interruptions"], r["events"]["scale_in_refused"])'
}
expect() { # SCENARIO POLICY FIGURES
    local got
    got=$(figure "$1" "$2")
    [ "$got" = "$3" ] || fail "$1 $2: $got, expected $3"
}
expect c3.json none "1247372009 1170432 36576 568 0"
expect c3.json pending-capacity "1289708009 78752 2461 568 439"
expect c3.json pending-capacity:seed "1289708009 78752 2461 568 439"
expect c3-r3.json none "1279920292 75602 4294 238 0"
expect c3-r3.json pending-capacity "1311672292 65480 3568 238 1207"
expect c3-r3.json pending-capacity:seed "1311672292 65480 3568 238 1207"

# Prices of 2021 do not tell who was interrupted.
"$BALLAST" trace import "$modern/c5.xlarge.json.gz" --into modern.db >/dev/null
sed -i 's/c3.xlarge/c5.xlarge/' spot-fleet-c3.json
sed 's/traces.db/modern.db/; s/2015-03-12/2021-03-10/; s/2015-08-31/2021-05-30/; s/c3.xlarge/c5.xlarge/' c3.json >modern.json
code=0
"$BALLAST" run modern.json >out 2>err || code=$?
[ "$code" = 2 ] && grep -q 'no-interruptions' err || fail "2021 prices were not refused: $(cat err)"
"$BALLAST" run modern.json --no-interruptions | grep -q 'SWITCHED OFF' || fail "2021 prices are not marked"
echo "the real histories give what is written down"
