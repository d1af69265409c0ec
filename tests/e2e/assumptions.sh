#!/usr/bin/env bash
# `ballast run --assumptions`: each value that is assumed is tried at its ends and nothing else is; every number is what a
# plain run with that value gives; the same bytes whatever the number of threads; a ranking that turns is said.
# labels: robust
set -euo pipefail
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
examples=$BALLAST_SOURCE_DIR/examples
p8=$examples/p8-hold-under-per-second-billing.json
figures() { # the figures of a plain run, as they stand in its JSON
    "$BALLAST" run "$p8" "$@" --json | grep -o '"cost":{.*"events":{[^}]*}'
}

"$BALLAST" run "$p8" --assumptions --against none --json --threads 1 >"$folder/one.json"
"$BALLAST" run "$p8" --assumptions --against none --json --threads 5 >"$folder/five.json"
cmp "$folder/one.json" "$folder/five.json" || fail "another number of threads gave other bytes"

own='"policy":"pending-capacity:seed",'
for set in account.metric_delay_s=120 controller.phase_s=0 account.join_delay_s=300 'account.replace_on="notice"' \
    'controller.jitter_s={"distribution":"uniform","min_s":0,"max_s":59}'; do
    end="{\"value\":${set#*=},\"results\":[{$own$(figures --set "$set")},{\"policy\":\"none\",$(figures --set "$set" --policy none)}]}"
    grep -qF "$end" "$folder/one.json" || fail "at $set the table has other figures than a plain run"
    grep -qF "\"path\":\"${set%%=*}\"" "$folder/one.json" || fail "$set is not listed"
done
grep -qF "\"given\":[{$own$(figures)},{\"policy\":\"none\",$(figures --policy none)}]" "$folder/one.json" ||
    fail "as given it has other figures than a plain run"

# What the user says is no assumption.
"$BALLAST" run "$p8" --set account.join_delay_s=60 --assumptions >"$folder/user"
! grep -q join_delay_s "$folder/user" || fail "a value of the user's was tried"
grep -q '^account.metric_delay_s is 15:$' "$folder/user" || fail "a default that is assumed was not"
grep -q '^These change nothing: ' "$folder/user" || fail "it does not say what changes nothing"

# The seed's function costs more for nothing in P1, but not if metrics came every minute.
"$BALLAST" run "$examples/p1-empty-window.json" --assumptions --against pending-capacity --json >"$folder/p1.json"
grep -qF '"ranking":[{"against":"pending-capacity","given":"worse","other":[{"path":"account.metric_period_s","value":60,"verdict":"equal"}]}]' \
    "$folder/p1.json" || fail "a ranking that turns is not said"
"$BALLAST" run "$examples/p1-empty-window.json" --assumptions --against pending-capacity >"$folder/p1"
grep -q '  if account.metric_period_s is 60:' "$folder/p1" || fail "the table does not say what turns the ranking"

# A value that this scenario cannot have is said and passed over.
"$BALLAST" run "$p8" --set controller.every_s=20 --assumptions >"$folder/impossible"
grep -q '^Not possible here: ' "$folder/impossible" || fail "an impossible value is not said"

refused() { # WORDS ARGUMENTS...
    local words=$1 status=0
    shift
    "$BALLAST" run "$@" >"$folder/out" 2>"$folder/err" || status=$?
    [ "$status" = 2 ] || fail "run $*: exit code $status, not 2"
    grep -qF -- "$words" "$folder/err" || fail "run $*: $(cat "$folder/err")"
    [ ! -s "$folder/out" ] || fail "run $*: it printed something all the same"
}
refused "--against goes with --assumptions" "$p8" --against none
refused "--threads goes with --assumptions" "$p8" --threads 2
refused "leave out --db" "$p8" --assumptions --db "$folder/x.db"
refused "unknown policy" "$p8" --assumptions --against nnone
refused "must be a whole number" "$p8" --assumptions --threads -1
echo "assumptions: tried, compared with plain runs, and ranked"
