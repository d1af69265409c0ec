#!/usr/bin/env bash
# `ballast tune`: the answer is that of a slow exhaustive check; a choice that does not hold out of sample is shown to; what nobody can know is not
# recommended; what changes nothing is not preferred; killed, with other numbers of threads and after a sweep the bytes are the same.
# labels: robust
set -euo pipefail
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
. "$BALLAST_SOURCE_DIR/tests/e2e/killed.bash"
. "$BALLAST_SOURCE_DIR/tests/e2e/waiting.bash"
check=$BALLAST_SOURCE_DIR/tests/e2e/tune.py
world=$folder/world.json
space=(--vary policy.parameters.instances=0,1,2 --vary backup_group.group.DefaultCooldown=300,900)
cost=(--shortfall-cost 1.5)
tune() { # DATABASE ARGUMENTS...
    local db=$1
    shift
    "$BALLAST" tune "$world" --db "$folder/$db.db" --windows day "${space[@]}" "$@"
}
python3 "$check" MAKE "$world" 3

# The answer, for one thread and for four; what is known is not computed again.
tune one "${cost[@]}" --threads 1 --json >"$folder/one.json"
tune four "${cost[@]}" --threads 4 --json >"$folder/four.json"
cmp "$folder/one.json" "$folder/four.json" || fail "another number of threads gave other bytes"
"$BALLAST" dump "$folder/one.db" >"$folder/one.dump"
"$BALLAST" dump "$folder/four.db" | cmp - "$folder/one.dump" || fail "another number of threads left another dump"
[ "$(grep -c '^point|' "$folder/one.dump")" = 36 ] || fail "not every point is there"
tune one "${cost[@]}" --json | sed 's/"computed":0,/"computed":36,/' | cmp - "$folder/one.json" || fail "a second time it says something else"

# The past had no spikes, and so the choice did not hold: that is shown. What changes nothing has no preference.
tune one "${cost[@]}" >"$folder/table"
grep -q '^Recommended$' "$folder/table" || fail "nothing is recommended: $(cat "$folder/table")"
grep -q 'policy.parameters.instances  *2$' "$folder/table" || fail "the base is not two: $(cat "$folder/table")"
grep -q 'DefaultCooldown  *300  no preference: all 2 that were tried come to the same$' "$folder/table" || fail "the cooldown is preferred"
grep -q 'got, out of sample; gap to in sample .* +[1-9][0-9][0-9.]* %$' "$folder/table" || fail "no gap is shown: $(cat "$folder/table")"
grep -q '^Independent shortage episodes behind this: 18$' "$folder/table" || fail "not 18 episodes"
grep -q 'instances  *0  to 2, [0-9.]* %$' "$folder/table" || fail "no interval of the base: $(cat "$folder/table")"
grep -q 'DefaultCooldown  *[0-9,.]*  the same with every value$' "$folder/table" || fail "the cooldown matters: $(cat "$folder/table")"
grep -q 'instances  *[0-9,.]* with 2, [0-9,.]* with 0: +[0-9.]* %$' "$folder/table" || fail "the base does not matter"
tr '\n' ' ' <"$folder/table" | grep -qF 'intervals are made of 6 runs' || fail "too few windows are not said"
tune one "${cost[@]}" --bootstrap-seed 2 --json >"$folder/other.json"
[ "$(grep -o '"chosen":{[^}]*}' "$folder/other.json")" != "$(grep -o '"chosen":{[^}]*}' "$folder/one.json")" ] || fail "another seed draws the same"
tune one "${cost[@]}" --bootstrap 0 --json | grep -qF '"bootstrap":null' || fail "resamples without --bootstrap"

# Limits, on the whole span, in the windows too; a walk with few windows; several objectives.
tune one "${cost[@]}" --subject-to 'capacity.unfulfilled_unit_s <= 70000' --train 2 --json >"$folder/limit.json"
python3 "$check" CHECK "$world" "$folder/one.json" 1000000000 0 "$folder/limit.json" 70000 2
# A choice that serves less than it promised is cheap, and so both are told; and with which values no point meets the limits.
tune one --minimize cost.total_micro_usd --subject-to 'capacity.unfulfilled_unit_s <= 70000' >"$folder/limited"
grep -q '(beyond the limits)$' "$folder/limited" || fail "which choices did not hold is not said: $(cat "$folder/limited")"
[ "$(grep -c 'got, out of sample; gap to in sample' "$folder/limited")" = 2 ] || fail "what was missing out of sample is not told: $(cat "$folder/limited")"
grep -q 'instances .* with 2; none meets the limits with 0, 1$' "$folder/limited" || fail "values without a point are not named: $(cat "$folder/limited")"
status=0
tune one "${cost[@]}" --subject-to 'capacity.unfulfilled_unit_s < 0' >"$folder/none" 2>"$folder/err" || status=$?
[ "$status" = 1 ] || fail "no point meets the limit: exit code $status"
grep -q '^Nothing is recommended: no point meets' "$folder/none" || fail "$(cat "$folder/none")"
tune one --minimize cost.total_micro_usd --minimize capacity.unfulfilled_unit_s --json >"$folder/both.json"
[ "$(grep -o '"objectives":\[[0-9]*,[0-9]*\]' "$folder/both.json" | wc -l)" -gt 3 ] || fail "two objectives are not told: $(cat "$folder/both.json")"

# Too few shortages: nothing is recommended, and why.
python3 "$check" MAKE "$world" 1
tune few "${cost[@]}" >"$folder/few"
grep -q '^Nothing is recommended: 6 independent shortage episodes' "$folder/few" || fail "six episodes were enough: $(cat "$folder/few")"
tune few "${cost[@]}" --json | grep -qF '"recommended":null,"why_not":"6 independent' || fail "JSON recommends"

# A point that is short all the time joins what the others show apart: then those of the point that shows most count.
python3 "$check" MAKE "$world" 3
tune short "${cost[@]}" --vary spot_fleet.TargetCapacity=4,8 >"$folder/short"
grep -q '^Recommended$' "$folder/short" && grep -q '^Independent shortage episodes behind this: 24$' "$folder/short" || fail "one that is always short hides what the others show: $(cat "$folder/short")"
# What follows a varied value follows it, as in a sweep: a cap of the fleet is that of its specifications, which have none of their own.
tune cap "${cost[@]}" --vary spot_fleet.SpotPrice=0.03,0.2 >"$folder/cap"
! grep 'SpotPrice .*no preference' "$folder/cap" || fail "the cap changes nothing"
for price in 0.03 0.2; do
    tune cap "${cost[@]}" --set spot_fleet.SpotPrice=$price --json | grep -qF '"computed":0,' || fail "a point with the cap $price is not the scenario with it set"
done
# So does what follows two values together: metrics come every minute where each specification is monitored.
watched=(--set 'spot_fleet.LaunchSpecifications[0].Monitoring.Enabled=false' --set 'spot_fleet.LaunchSpecifications[1].Monitoring.Enabled=false'
    --vary 'spot_fleet.LaunchSpecifications[0].Monitoring.Enabled=false,true' --vary 'spot_fleet.LaunchSpecifications[1].Monitoring.Enabled=false,true')
"$BALLAST" sweep "$BALLAST_SOURCE_DIR/examples/quickstart/scenario.json" --db "$folder/watched.db" --set to=2016-05-20 "${watched[@]}" >/dev/null
"$BALLAST" tune "$BALLAST_SOURCE_DIR/examples/quickstart/scenario.json" --db "$folder/watched.db" --set to=2016-05-20 "${watched[@]}" --in-sample \
    --minimize cost.total_micro_usd --json | grep -qF '"computed":0,' || fail "points of a sweep are others in a tuning"

# A scenario that is another while points are run, of which each is read anew: no answer is made of both. The policy waits at its second run.
cat >"$folder/waits.sh" <<'SH'
echo >>starts
if [ "$(wc -l <starts)" -eq 2 ]; then
    echo >reached
    until [ -e open ] || ! kill -0 $PPID 2>/dev/null; do sleep 0.02; done
fi
while read -r line; do echo '{"desired": null, "reason": "none"}'; done
SH
python3 "$check" MAKE "$folder/changing.json" 3
(
    cd "$folder"
    exec "$BALLAST" tune changing.json --db changing.db --windows day --policy "exec:sh $folder/waits.sh" --set policy.parameters.time_limit_s=3600 \
        --vary spot_fleet.SpotPrice=0.03,0.2 "${cost[@]}" --bootstrap 0 --threads 1 >/dev/null 2>err
) &
tuner=$!
until_there 300 "$folder/reached" "$tuner"
python3 "$check" MAKE "$folder/changing.json" 1
touch "$folder/open"
status=0
wait "$tuner" || status=$?
[ "$status" = 2 ] && grep -q '^ballast tune: changing.json: it, or a file it names, was changed while the tuning ran: run the command again$' "$folder/err" ||
    fail "a file is changed: exit code $status: $(cat "$folder/err")"

# Of numbers that come to the same three in a row are told as a stretch, two as they are.
"$BALLAST" tune "$BALLAST_SOURCE_DIR/examples/quickstart/scenario.json" --db "$folder/stretch.db" --in-sample --shortfall-cost 1 \
    --vary backup_group.group.DefaultCooldown=0,60,900,1200,1500,1800 >"$folder/stretch"
grep -q 'DefaultCooldown  *900  the same come from 1200 to 1800$' "$folder/stretch" || fail "no stretch of values: $(cat "$folder/stretch")"
"$BALLAST" tune "$BALLAST_SOURCE_DIR/examples/quickstart/scenario.json" --db "$folder/stretch.db" --in-sample --shortfall-cost 1 \
    --vary backup_group.group.DefaultCooldown=0,60,900,1200,1800 >"$folder/stretch"
grep -q 'DefaultCooldown  *900  the same come from 1200, 1800$' "$folder/stretch" || fail "a stretch of two values: $(cat "$folder/stretch")"

# A best value at the end of what was tried is said to be, unless no value beyond it would be taken.
edge() { # POLICY VARY BEST [OBJECTIVE]
    "$BALLAST" tune "$BALLAST_SOURCE_DIR/examples/quickstart/scenario.json" --db "$folder/edge.db" --in-sample --policy "$1" \
        --vary "$2" --minimize "${4:-cost.total_micro_usd}" --json >"$folder/edge"
    grep -qF "\"best\":{\"point\":0,\"varied\":{\"${2%%=*}\":\"$3\"}" "$folder/edge" || fail "not the best of $2: $(cat "$folder/edge")"
    grep -qF 'the best value is at the end of what was tried' "$folder/edge"
}
edge target-headroom policy.parameters.headroom_units=8,12,16 8 || fail "an end is not said"
edge pending-capacity spot_fleet.TargetCapacity=8,12,16 8 || fail "an end of the fleet is not said"
edge none controller.every_s=300,120,60 300 events.evaluations || fail "an end of a coarse grid is not said"
! edge target-headroom policy.parameters.headroom_units=0,8,16 0 || fail "there is less than no headroom"
! edge pending-capacity spot_fleet.TargetCapacity=0,8,16 0 || fail "a fleet of nothing could be smaller"

python3 "$check" MAKE "$world" 1
# In sample only: the runs are those of a sweep. Seeds: a world without luck is the same for each.
"$BALLAST" sweep "$world" --db "$folder/swept.db" "${space[@]}" >/dev/null
"$BALLAST" tune "$world" --db "$folder/swept.db" "${space[@]}" "${cost[@]}" --in-sample --json >"$folder/swept.json"
grep -qF '"computed":0,' "$folder/swept.json" || fail "a sweep's points were computed again"
grep -qF 'nothing was judged out of sample' "$folder/swept.json" || fail "in sample is not said"
python3 "$check" MAKE "$world" 3
tune seeds "${cost[@]}" --seeds 2 --json >"$folder/seeds.json"
[ "$(grep -o '"best":.*"warnings"' "$folder/seeds.json")" = "$(grep -o '"best":.*"warnings"' "$folder/one.json")" ] || fail "two seeds of one world differ"
grep -qF '"seeds":[1,2],"episodes":18,' "$folder/seeds.json" || fail "one market counted twice: $(cat "$folder/seeds.json")"

# How AWS behaves is nobody's choice: said, in the table and in JSON, of these values and no others.
tune account "${cost[@]}" --vary account.join_delay_s,account.metric_delay_s=60..120,15..30 --json >"$folder/account.json"
grep -qF '"account.join_delay_s, account.metric_delay_s: nobody can choose how AWS behaves: ' "$folder/account.json" || fail "not said: $(cat "$folder/account.json")"
tune account "${cost[@]}" --vary account.join_delay_s,account.metric_delay_s=60..120,15..30 >"$folder/account"
[ "$(grep -c 'nobody can choose' "$folder/account")" = 1 ] || fail "not said: $(cat "$folder/account")"
! grep -qF 'nobody can choose' "$folder/one.json" || fail "said of what can be chosen"

# Killed while it writes, then again.
killed_while_writing "$(stat -c %s "$folder/four.db")" "$BALLAST" tune "$world" --db "$folder/killed.db" --windows day "${space[@]}" "${cost[@]}"
tune killed "${cost[@]}" >/dev/null
"$BALLAST" dump "$folder/killed.db" | cmp - "$folder/one.dump" || fail "killed and resumed it leaves another dump"

refused() { # WORDS ARGUMENTS...
    local words=$1 status=0
    shift
    "$BALLAST" tune "$world" --db "$folder/refused.db" "$@" >"$folder/out" 2>"$folder/err" || status=$?
    [ "$status" = 2 ] || fail "tune $*: exit code $status, not 2"
    grep -qF -- "$words" "$folder/err" || fail "tune $*: $(cat "$folder/err")"
    [ "$(wc -l <"$folder/err")" = 1 ] || fail "tune $*: more than one line"
    [ ! -e "$folder/refused.db" ] || fail "tune $*: it left a database"
}
refused "say what is best" "${space[@]}"
refused "one of them" "${space[@]}" "${cost[@]}" --minimize cost.total_micro_usd
refused "--minimize events.scale_in: stands twice" "${space[@]}" --minimize events.scale_in --minimize cost.total_micro_usd --minimize events.scale_in
refused "--minimize cost.totl_micro_usd: column 1: unknown figure" "${space[@]}" --minimize cost.totl_micro_usd
refused "--minimize cost.total_micro_usd <= 5: column 22: nothing may follow here" "${space[@]}" --minimize 'cost.total_micro_usd <= 5'
refused "there is no baseline here" "${space[@]}" "${cost[@]}" --subject-to 'cost.total_micro_usd <= baseline'
refused "--shortfall-cost x: write USD" "${space[@]}" --shortfall-cost x
refused "--shortfall-cost 1e9: write USD" "${space[@]}" --shortfall-cost 1e9
refused "nothing is varied" "${cost[@]}"
refused "the span is not a choice" --vary to=2015-06-02,2015-06-03 "${cost[@]}"
refused "luck is not a choice" --vary seed=1,2 "${cost[@]}"
refused "1 window in the measured span" --windows 4d "${space[@]}" "${cost[@]}"
refused "walking forward needs 7" --windows day --train 6 "${space[@]}" "${cost[@]}"
refused "--in-sample makes no windows" --in-sample --train 6 "${space[@]}" "${cost[@]}"
refused "--bootstrap 100001: write a whole number" --bootstrap 100001 "${space[@]}" "${cost[@]}"
refused "--train 0" --train 0 "${space[@]}" "${cost[@]}"
refused "instances=-1, 2015-06-01 to 2015-06-02: " --windows day --vary policy.parameters.instances=0,-1 "${cost[@]}"
status=0
tune one --minimize cost.regret_micro_usd >/dev/null 2>"$folder/err" || status=$?
[ "$status" = 2 ] && grep -qF 'cost.regret_micro_usd has no value (null)' "$folder/err" || fail "regret without bounds: $(cat "$folder/err")"
