#!/usr/bin/env bash
# The real histories, where they are at hand: what is imported, how long prices stood above on-demand, and the figures
# of docs/real-2015.md and docs/real-2021-2023.md, and some of docs/policies-compared.md; and every policy, skipping and
# in batches, against stepping. Skipped where they are not.
set -euo pipefail
data=${BALLAST_DATA:-$BALLAST_SOURCE_DIR/../shared/data}
[ -r "$data/prices-us-east-1-2015/c3.xlarge.json.gz" ] ||
    { echo "SKIP: the histories are not at $data"; exit 77; }
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
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
expect c3.json pending-capacity+backoff "1291724009 39712 1241 568 103"
expect c3-r3.json none "1279920292 75602 4294 238 0"
expect c3-r3.json pending-capacity "1311672292 65480 3568 238 1207"
expect c3-r3.json pending-capacity:seed "1311672292 65480 3568 238 1207"

# In batches and skipping, every policy comes to what it comes to evaluation by evaluation.
policies=none,static-base,always-on-demand,pending-capacity,pending-capacity:seed,hysteresis,dynamic-fallback,n-plus-one,spot-hedge
policies+=,target-headroom,forecast,target-headroom+stabilise,pending-capacity+billing-hour,hysteresis+backoff,n-plus-one+rate-limit
same() { # NAME OPTIONS...
    local name=$1
    shift
    for way in stepping skipping; do
        "$BALLAST" sweep c3.json --db "$name.$way.db" $([ $way = skipping ] || echo --stepping) "$@" \
            --vary policy=$policies --vary backup_group.group.DefaultCooldown=0,900,2700 >/dev/null
        "$BALLAST" dump "$name.$way.db" >"$name.$way"
    done
    [ "$(grep -c '^point|' "$name.stepping")" = 45 ] || fail "$name: not all points"
    cmp "$name.stepping" "$name.skipping" || fail "$name: stepping comes to another dump"
}
demand='demand={"shape":{"mean":32,"noise_permille":150,"every_s":900}}'
same constant
same stays --set "$demand"
same follows --set "$demand" --set modify_spot_fleet='"follow-demand"'

# Prices of 2021 do not tell who was interrupted.
"$BALLAST" trace import "$modern/c5.xlarge.json.gz" --into modern.db >/dev/null
sed -i 's/c3.xlarge/c5.xlarge/' spot-fleet-c3.json
sed 's/traces.db/modern.db/; s/2015-03-12/2021-03-10/; s/2015-08-31/2021-05-30/; s/c3.xlarge/c5.xlarge/' c3.json >modern.json
code=0
"$BALLAST" run modern.json >out 2>err || code=$?
[ "$code" = 2 ] && grep -q 'no-interruptions' err || fail "2021 prices were not refused: $(cat err)"
"$BALLAST" run modern.json --no-interruptions | grep -q 'SWITCHED OFF' || fail "2021 prices are not marked"

# Two pulls of sa-east-1 with a silence between them, and four products of which one is run.
for file in "$(realpath "$data/prices-sa-east-1-2020")"/m5.xlarge.*; do
    "$BALLAST" trace import "$file" --into silent.db >/dev/null
done
cat >silent.json <<'JSON'
{
  "name": "a silence between two pulls", "from": "2020-03-20T00:00:00Z", "to": "2020-04-10T00:00:00Z", "traces": ["silent.db"],
  "spot_fleet": {"TargetCapacity": 4, "LaunchSpecifications": [{"InstanceType": "m5.xlarge", "Placement": {"AvailabilityZone": "sa-east-1a"}, "Monitoring": {"Enabled": true}}]},
  "backup_group": {"group": {"MinSize": 0, "MaxSize": 4, "AvailabilityZones": ["sa-east-1b"]}, "launch": {"InstanceType": "m4.xlarge"}, "units_per_instance": 1},
  "on_demand_usd_per_hour": {"m5.xlarge": 0.306, "m4.xlarge": 0.318}, "interruptions": {"source": "none"}, "policy": {"name": "none"}
}
JSON
"$BALLAST" run silent.json >out
grep -q 'sa-east-1a are silent for 35 h' out || fail "a silence of 35 h passes in silence"
spot() { "$BALLAST" run silent.json --set product="$1" --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["cost"]["spot_micro_usd"])'; }
linux=$(spot Linux/UNIX) suse=$(spot 'SUSE Linux')
# SUSE's surcharge is 0.1 USD an hour: four instances over 504 hours.
[ $((suse - linux)) = 201600000 ] || fail "products are mixed up: $linux, $suse"

# The worlds of docs/real-2021-2023.md.
shared=$(realpath "$data")
mkdir cluster v100
cp "$BALLAST_SOURCE_DIR"/examples/cluster-2021/* cluster
cp "$BALLAST_SOURCE_DIR"/examples/v100-2023/* v100
cd cluster
for type in c5.xlarge c5.2xlarge m5.xlarge r5.xlarge c4.2xlarge; do import "$modern/$type.json.gz" >/dev/null; done
import "$shared/demand/worldcup98-requests-per-minute.csv.gz" --demand-name worldcup98 >/dev/null
import "$shared/catalog/ec2-us-east-1-2022-06.csv" --catalog-name us-east-1-2022-06 >/dev/null
import "$shared/spot-advisor/spot-advisor-data-2021-02.json.gz" --advisor-name spot-advisor-2021-02 >/dev/null
expect scenario.json none "3037693150 266205 8940 4 0"
expect scenario.json pending-capacity "3037693150 266205 8940 4 0"
expect scenario.json pending-capacity:seed "3037693150 266205 8940 4 0"
cd ../v100
import "$shared/availability/availability_16-node_aws-08-27-2023_us-west-2a_v100_1.json" --zone us-west-2a \
    --type p3.2xlarge --start 2023-08-27T00:00:00Z --polarity available --probed 16 >/dev/null
expect scenario.json none "2101592700 12612210 806220 1393 0"
expect scenario.json pending-capacity "13435845450 171105 18510 1393 1312"
expect scenario.json pending-capacity:seed "4929733950 9472515 800340 1393 1077"
expect scenario.json dynamic-fallback "13933490700 115440 12480 1393 1084"
cd ..
echo "the real histories give what is written down"
