#!/usr/bin/env bash
# `ballast run --alternatives`: every row is what a plain run of that scenario gives; the same bytes whatever the number of
# threads; on-demand alone launches no spot instance, spot alone no other.
# labels: robust
set -euo pipefail
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
p8=$BALLAST_SOURCE_DIR/examples/p8-hold-under-per-second-billing.json
figures() { # the figures of a plain run, as they stand in its JSON
    "$BALLAST" run "$p8" "$@" --json | grep -o '"cost":{.*"events":{[^}]*}'
}
group() { # BASE PERCENT: the same as a plain run
    figures --policy none --set backup_group.group.MinSize=0 --set backup_group.group.MaxSize=10000 \
        --set "instances_distribution={\"OnDemandBaseCapacity\":$1,\"OnDemandPercentageAboveBaseCapacity\":$2}"
}

"$BALLAST" run "$p8" --alternatives --against pending-capacity --mix 4:50 --mix 0:25 --json --threads 1 >"$folder/one.json"
"$BALLAST" run "$p8" --alternatives --against pending-capacity --mix 4:50 --mix 0:25 --json --threads 5 >"$folder/five.json"
cmp "$folder/one.json" "$folder/five.json" || fail "another number of threads gave other bytes"

holds() { # WHAT TEXT
    grep -qF -- "$2" "$folder/one.json" || fail "$1 is not what a plain run gives"
}
holds "the policy" "{\"kind\":\"policy\",\"name\":\"pending-capacity:seed\",$(figures)}"
holds "the other policy" "{\"kind\":\"policy\",\"name\":\"pending-capacity\",$(figures --policy pending-capacity)}"
holds "spot alone" "{\"kind\":\"spot\",\"name\":\"spot alone\",$(figures --policy none)}"
mixed() { # KIND NAME BASE PERCENT
    holds "$2" "{\"kind\":\"$1\",\"name\":\"$2\",\"instances_distribution\":{\"OnDemandBaseCapacity\":$3,\"OnDemandPercentageAboveBaseCapacity\":$4},$(group "$3" "$4")}"
}
mixed on-demand "on-demand alone" 0 100
mixed mixed "mixed, 4 and 50 %" 4 50
mixed mixed "mixed, 0 and 25 %" 0 25
[[ $(group 0 100) == *'"spot_micro_usd":0,'* ]] || fail "on-demand alone paid for spot instances"
[[ $(group 0 0) == *'"on_demand_micro_usd":0,'* ]] || fail "spot alone paid for on-demand instances"

"$BALLAST" run "$p8" --alternatives >"$folder/table"
for row in "pending-capacity:seed " "spot alone " "on-demand alone " "mixed, 0 and 50 % "; do
    grep -q "^$row" "$folder/table" || fail "the table has no row \"$row\""
done

refused() { # WORDS ARGUMENTS...
    local words=$1 status=0
    shift
    "$BALLAST" run "$p8" "$@" >"$folder/out" 2>"$folder/err" || status=$?
    [ "$status" = 2 ] || fail "run $*: exit code $status, not 2"
    grep -qF -- "$words" "$folder/err" || fail "run $*: $(cat "$folder/err")"
    [ ! -s "$folder/out" ] || fail "run $*: it printed something all the same"
}
refused "--mix goes with --alternatives" --mix 0:50
refused "ask one at a time" --alternatives --assumptions
for mix in 5 5: :5 -1:5 0:101 10001:5 0:5x; do
    refused "write BASE:PERCENT" --alternatives --mix="$mix"
done
refused "unknown policy" --alternatives --against nnone
echo "alternatives: each is what a plain run gives"
