#!/usr/bin/env bash
# `ballast tune --narrow`: what it adds and chooses is what a second implementation adds and chooses, each past by itself; it finds the best of the
# full grid; no fold chooses a point that only later windows led to; other numbers of threads, a kill and a space that was tuned before leave the same bytes.
# labels: robust
set -euo pipefail
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
. "$BALLAST_SOURCE_DIR/tests/e2e/killed.bash"
check=$BALLAST_SOURCE_DIR/tests/e2e/tune.py
world=$folder/world.json
space=(--vary policy.parameters.instances=0,4,8 --vary backup_group.group.DefaultCooldown=300,900)
cost=(--shortfall-cost 1.5)
tune() { # DATABASE ARGUMENTS...
    local db=$1
    shift
    "$BALLAST" tune "$world" --db "$folder/$db.db" --windows day "$@"
}
python3 "$check" MAKE "$world" 3

# The choices, found again; for one thread and for four.
tune one "${space[@]}" "${cost[@]}" --narrow 2 --threads 1 --json >"$folder/one.json"
tune four "${space[@]}" "${cost[@]}" --narrow 2 --threads 4 --json >"$folder/four.json"
cmp "$folder/one.json" "$folder/four.json" || fail "another number of threads gave other bytes"
"$BALLAST" dump "$folder/one.db" >"$folder/one.dump"
"$BALLAST" dump "$folder/four.db" | cmp - "$folder/one.dump" || fail "another number of threads left another dump"
python3 "$check" NARROW "$world" "$folder/one.json" 0
tune one "${space[@]}" "${cost[@]}" --narrow 2 --train 1 --json >"$folder/train.json"
python3 "$check" NARROW "$world" "$folder/train.json" 1

# Only the grid's points say what a value can reach: beside the best there are more of its own.
tune one "${space[@]}" "${cost[@]}" --narrow 2 >"$folder/table"
grep -q '^narrowed in 2 rounds: 6 points of the grid, 9 beside the best ones$' "$folder/table" || fail "not told: $(cat "$folder/table")"
grep -q 'policy.parameters.instances  *2$' "$folder/table" || fail "the base is not two: $(cat "$folder/table")"
grep -q 'DefaultCooldown  *[0-9,.]*  the same with every value$' "$folder/table" || fail "the cooldown matters: $(cat "$folder/table")"
tr '\n' ' ' <"$folder/table" | grep -qF 'and do not narrow anew' || fail "the resamples' narrowness is not said"

# With limits that no point of the grid meets in calm days, and one in spiky ones: the calm fold does not get what the spiky days led to.
limits=(--subject-to 'cost.total_micro_usd <= 100000000'
    --subject-to 'cost.total_micro_usd + capacity.unfulfilled_unit_s * 1500000 / 3600 >= 50000000')
tune one "${space[@]}" "${cost[@]}" "${limits[@]}" --narrow 2 >"$folder/table"
grep -q '2015-06-04 to 2015-06-05  *-  *-  none met the limits before$' "$folder/table" || fail "the calm fold looked ahead: $(cat "$folder/table")"
grep -q '2015-06-06 to 2015-06-07 .*instances=2, ' "$folder/table" || fail "the spiky fold did not narrow: $(cat "$folder/table")"

# Numbers: whole where all are, strictly between, in order; words stay; what the scenario refuses is left out.
values() { python3 -c 'import json, sys; print(*(at["value"] for of in json.load(open(sys.argv[1]))["parameters"] for at in of["reached"]))' "$folder/$1.json"; }
tune one --vary policy.parameters.instances=3,2,1 "${cost[@]}" --narrow 5 --json >"$folder/whole.json"
grep -qF '"narrowed":{"rounds":0,"grid":3,"added":0,"left_out":0}' "$folder/whole.json" || fail "whole numbers were parted: $(cat "$folder/whole.json")"
"$BALLAST" tune "$world" --db "$folder/one.db" --vary spot_fleet.SpotPrice=0.045,0.054 --vary policy=none,static-base "${cost[@]}" \
    --narrow 2 --in-sample --json >"$folder/parts.json"
[[ $(values parts) == "0.045 0.04725 0.0495 0.054 none static-base" ]] || fail "SpotPrice: $(values parts)"
tune one --vary account.metric_period_s=60,120 "${cost[@]}" --narrow 3 --json >"$folder/refused.json"
grep -qF '"narrowed":{"rounds":0,"grid":2,"added":0,"left_out":1}' "$folder/refused.json" || fail "not left out: $(cat "$folder/refused.json")"

# After the grid alone only what is added is run; killed while it writes, then again.
tune again "${space[@]}" "${cost[@]}" >/dev/null
tune again "${space[@]}" "${cost[@]}" --narrow 2 --json | sed 's/"computed":54,/"computed":90,/' | cmp - "$folder/one.json" || fail "the grid was run again"
killed_while_writing "$(stat -c %s "$folder/four.db")" "$BALLAST" tune "$world" --db "$folder/killed.db" --windows day "${space[@]}" "${cost[@]}" --narrow 2
tune killed "${space[@]}" "${cost[@]}" --narrow 2 >/dev/null
"$BALLAST" dump "$folder/killed.db" | cmp - "$folder/one.dump" || fail "killed and resumed it leaves another dump"

refused() { # WORDS ARGUMENTS...
    local words=$1 status=0
    shift
    tune refused "${cost[@]}" "$@" >"$folder/out" 2>"$folder/err" || status=$?
    [ "$status" = 2 ] || fail "tune $*: exit code $status, not 2"
    grep -qF -- "$words" "$folder/err" || fail "tune $*: $(cat "$folder/err")"
    [ ! -e "$folder/refused.db" ] || fail "tune $*: it left a database"
}
refused "--narrow 41: write a whole number" "${space[@]}" --narrow 41
refused "nothing to go between" --vary policy=none,static-base --vary policy.parameters.instances=2 --narrow 1
