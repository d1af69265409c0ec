#!/usr/bin/env bash
# `ballast compare`: each figure is what plain runs give, judged as another implementation judges it; a side against itself
# differs in nothing, sides exchanged mirror; what too little stands behind is said.
set -euo pipefail
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
examples=$BALLAST_SOURCE_DIR/examples
quick=$examples/quickstart/scenario.json
days=(--set to=2016-05-08) # of the half year: six days
check=$BALLAST_SOURCE_DIR/tests/e2e/compare.py
compare() { "$BALLAST" compare "$@"; }

# Over seeds: the figures are those of plain runs, and judged rightly; threads change nothing.
compare "$quick" "${days[@]}" --policy-a none --policy-b pending-capacity --seeds 3..9 --json --threads 1 >"$folder/one.json"
compare "$quick" "${days[@]}" --policy-a none --policy-b pending-capacity --seeds 3..9 --json --threads 5 >"$folder/five.json"
cmp "$folder/one.json" "$folder/five.json" || fail "another number of threads gave other bytes"
for policy in none pending-capacity; do
    figures=$("$BALLAST" run "$quick" "${days[@]}" --policy "$policy" --set seed=4 --json | grep -o '"cost":{.*"events":{[^}]*}')
    grep -qF -- "$figures" "$folder/one.json" || fail "$policy of seed 4 has other figures than a plain run"
done
python3 "$check" CHECK "$folder/one.json"
compare "$quick" "${days[@]}" --policy-a pending-capacity --policy-b none --seeds 3..9 --json >"$folder/back.json"
python3 "$check" MIRROR "$folder/one.json" "$folder/back.json"
grep -q '"figure":"cost.total_micro_usd","n":7,.*"significant":true' "$folder/one.json" || fail "the backup costs nothing?"

# Two sweeps over the same seeds: the same figures, judged the same.
for policy in none pending-capacity; do
    "$BALLAST" sweep "$quick" "${days[@]}" --policy "$policy" --vary seed=3:9:1 --db "$folder/$policy.db" >/dev/null
done
compare "$folder/none.db" "$folder/pending-capacity.db" --json >"$folder/swept.json"
python3 - "$folder/one.json" "$folder/swept.json" <<'PY' || fail "two sweeps are compared otherwise than the same runs"
import json, sys
runs, swept = (json.load(open(name)) for name in sys.argv[1:])
assert runs["figures"] == swept["figures"], (runs["figures"], swept["figures"])
assert [world["name"] for world in runs["worlds"]] == [world["name"] for world in swept["worlds"]]
assert swept["divergence"] is None and swept["shortage_episodes"] is None and not swept["one_market"]
PY

# A side against itself: nothing but ~.
compare "$quick" "${days[@]}" --seeds 6 >"$folder/itself"
grep -q '^old and new are the same' "$folder/itself" || fail "the same differs from itself"
grep -q '^No figure differs in any world.$' "$folder/itself" || fail "the same is claimed to differ from itself"
[ "$(grep -c ' ~ *the same *6$' "$folder/itself")" -gt 10 ] || fail "not all is ~: $(cat "$folder/itself")"
compare "$quick" "${days[@]}" --seeds 6 --json >"$folder/itself.json"
python3 "$check" CHECK "$folder/itself.json"
grep -q '"tested":0,' "$folder/itself.json" || fail "figures were tested that do not differ"

# One world, and too few: told, not claimed. Choosing figures.
compare "$quick" "${days[@]}" --policy-a none --policy-b pending-capacity --figures 'cost.*' --figures events.scale_out >"$folder/single"
grep -q '^Warning: one world: ' "$folder/single" || fail "one world is not said"
grep -q '^cost.total, USD .* +[0-9.]* % * 1$' "$folder/single" || fail "one world has no delta: $(cat "$folder/single")"
grep -q '^events.scale_out ' "$folder/single" || fail "a figure asked for is missing"
! grep -q '^capacity' "$folder/single" || fail "a figure not asked for is there"
compare "$quick" "${days[@]}" --policy-a none --policy-b pending-capacity --seeds 5 >"$folder/five"
grep -q '^Warning: 5 worlds: too few for any claim' "$folder/five" || fail "five worlds are not said to be too few"

# Seeds that change nothing are one world, not eight: a recorded market without luck.
compare "$examples/p8-hold-under-per-second-billing.json" --policy-b none --seeds 8 >"$folder/copies"
grep -q '^Warning: 7 of 8 worlds came out as another one did' "$folder/copies" || fail "copies were counted: $(cat "$folder/copies")"
# ... and with luck in the delays only, one market is said to be one.
compare "$examples/p8-hold-under-per-second-billing.json" --policy-b none --seeds 8 \
    --set 'account.spot_launch_delay_s={"distribution":"uniform","min_s":10,"max_s":300}' >"$folder/shared"
grep -q '^Warning: all 8 worlds share one market' "$folder/shared" || fail "one market is not said: $(cat "$folder/shared")"

# What stands in a results database is compared as what is run here.
"$BALLAST" run "$quick" "${days[@]}" --policy none --db "$folder/a.db" --quiet
"$BALLAST" run "$quick" "${days[@]}" --policy pending-capacity --db "$folder/b.db" --quiet
"$BALLAST" run "$quick" "${days[@]}" --policy pending-capacity --set seed=2 --db "$folder/b.db" --quiet
"$BALLAST" run "$quick" --set to=2016-05-09 --policy none --db "$folder/b.db" --quiet
tail_of() { grep -o '"worlds":.*"shortage_episodes":.*' "$1" | sed 's/"run":[0-9]*,//g'; }
compare "$quick" "${days[@]}" --policy-a none --policy-b pending-capacity --json | tail_of - >"$folder/made"
compare "$folder/a.db" "$folder/b.db#1" --json | tail_of - >"$folder/recorded"
cmp "$folder/made" "$folder/recorded" || fail "recorded runs compare otherwise than runs made here"
compare "$folder/a.db" "$quick" "${days[@]}" --json 2>"$folder/err" >/dev/null && fail "--set with a recorded run was accepted"
grep -q "is recorded as it is" "$folder/err" || fail "$(cat "$folder/err")"
compare "$folder/a.db" "$quick" --set-b to=2016-05-08 --policy-b pending-capacity --json | tail_of - >"$folder/mixed"
cmp "$folder/made" "$folder/mixed" || fail "a recorded run and one made here compare otherwise"

# Where they part: the first call of the one that calls; the same from databases, also without what could show it again.
moment=$(python3 - "$folder/b.db" <<'PYTHON'
import datetime, sqlite3, sys
rows = sqlite3.connect(sys.argv[1]).execute("SELECT min(first_s) FROM decision WHERE run=1 AND action='set-desired'")
print(datetime.datetime.fromtimestamp(rows.fetchone()[0], datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"))
PYTHON
)
parting() { sed -n '/^Old and new /,$p'; }
compare "$quick" "${days[@]}" --policy-a none --policy-b pending-capacity | parting >"$folder/parting"
grep -q "^Old and new part at $moment:$" "$folder/parting" || fail "not at $moment: $(cat "$folder/parting")"
grep -q "^  old: hold ($moment)$" "$folder/parting" || fail "old does not hold: $(cat "$folder/parting")"
grep -q "^  new: SetDesiredCapacity(2), ignoring the cooldown: accepted$" "$folder/parting" || fail "$(cat "$folder/parting")"
grep -q "^       because 8 units pending need 2 instances, the group wants 0: more at once$" "$folder/parting" || fail "no reason"
grep -q "^  PendingCapacity, Maximum over 900 s$" "$folder/parting" || fail "what was seen is not told"
compare "$folder/a.db" "$folder/b.db#1" | parting >"$folder/parting.db"
cmp "$folder/parting" "$folder/parting.db" || fail "recorded runs part otherwise"
compare "$quick" "${days[@]}" | parting | grep -q '^Old and new never decide otherwise' || fail "the same parts from itself"
compare "$quick" "${days[@]}" --set-b backup_group.group.DefaultCooldown=300 | parting >"$folder/outcome"
grep -q ': the same call, answered otherwise$' "$folder/outcome" || fail "another answer is not told: $(cat "$folder/outcome")"
grep -q '^Both saw the same. Seen at ' "$folder/outcome" || fail "the same sight is told twice"
compare "$quick" "${days[@]}" --set-b account.spot_launch_delay_s=90 | parting >"$folder/accounts"
grep -q '^Their accounts differ before that, from ' "$folder/accounts" || fail "other accounts are not told: $(cat "$folder/accounts")"
compare "$quick" "${days[@]}" --policy none --set-b account.spot_launch_delay_s=90 | parting >"$folder/accounts"
grep -q '^But their accounts differ, from ' "$folder/accounts" || fail "other accounts are not told: $(cat "$folder/accounts")"

# Windows: each is a plain run of its own; what fills none is said, whatever comes at a time is refused.
"$BALLAST" trace synth --regime bid-era --market us-east-1a/c4.xlarge=0.209 --market us-east-1b/c4.xlarge=0.209 \
    --market us-east-1a/c4.2xlarge=0.419 --market us-east-1b/c4.2xlarge=0.419 --from 2016-05-01 --to 2016-05-09 --seed 1 \
    --into "$folder/traces.db" >/dev/null
traces=(--set "traces=[\"$folder/traces.db\"]")
compare "$quick" "${traces[@]}" --set to=2016-05-08T12:00:00Z --policy-a none --windows day --lead 6h --json >"$folder/windows.json"
python3 "$check" CHECK "$folder/windows.json"
figures=$("$BALLAST" run "$quick" "${traces[@]}" --set from=2016-05-03T18:00:00Z --set to=2016-05-05 --set measure.from=2016-05-04 \
    --json | grep -o '"cost":{.*"events":{[^}]*}')
grep -qF -- "\"name\":\"2016-05-04 to 2016-05-05\",\"point\":\"\",\"world\":2,\"seed\":1,\"from\":\"2016-05-04T00:00:00Z\",\"to\":\"2016-05-05T00:00:00Z\"" \
    "$folder/windows.json" || fail "the third window is missing"
grep -qF -- "$figures" "$folder/windows.json" || fail "a window has other figures than a plain run"
grep -q '"counted":6,' "$folder/windows.json" || fail "six days are not six windows: $(grep -o '"counted":[0-9]*' "$folder/windows.json")"
compare "$quick" "${traces[@]}" --set to=2016-05-08T12:00:00Z --policy-a none --windows 2d >"$folder/windows"
grep -q '^in 3 windows, each a run of its own: 2016-05-02T00:00:00Z to 2016-05-08T00:00:00Z$' "$folder/windows" || fail "$(cat "$folder/windows")"
grep -q '^left out, for it fills no window: 12 h$' "$folder/windows" || fail "what is left out is not said"
compare "$quick" --set to=2016-07-02 --policy none --windows month --figures events.evaluations --json >"$folder/months"
[ "$(grep -o '"name":"2016-[^"]*"' "$folder/months" | tr '\n' ' ')" = '"name":"2016-06-01 to 2016-07-01" ' ] ||
    fail "months: $(grep -o '"name":"2016-[^"]*"' "$folder/months")"

# A side that is short all the time joins what the other shows apart: then those of the other count.
compare "$quick" --set-a spot_fleet.TargetCapacity=24 --windows week >"$folder/short"
grep -q '^Shortage episodes: .* 28 in new; independent ones of both: 27\.$' "$folder/short" || fail "one that is always short hides what the other shows: $(grep '^Shortage' "$folder/short")"
! grep -q '^Warning: only .* shortage episode' "$folder/short" || fail "27 episodes are said to be few"

# A recorded run whose traces are gone is told from what is stored.
for policy in none pending-capacity; do
    "$BALLAST" run "$quick" "${days[@]}" "${traces[@]}" --policy $policy --db "$folder/gone.db" --quiet
done
rm "$folder/traces.db"
compare "$folder/gone.db#1" "$folder/gone.db#2" | parting >"$folder/gone"
grep -q "^  new: SetDesiredCapacity(.*: accepted$" "$folder/gone" || fail "what is stored is not told: $(cat "$folder/gone")"
grep -q "what was seen cannot be shown again: " "$folder/gone" || fail "why it cannot be shown is not told"

# Whole databases are paired by their worlds, and by what varies in both; what is left over is said.
for seed in 2 3 4 5 6 7; do
    "$BALLAST" run "$quick" "${days[@]}" --policy none --set seed=$seed --db "$folder/none.db" --quiet
done
for seed in 8 7 6 5 4 3 2; do
    "$BALLAST" run "$quick" "${days[@]}" --policy pending-capacity --set seed=$seed --db "$folder/seeds.db" --quiet
done
compare "$folder/none.db" "$folder/seeds.db" --json | tail_of - >"$folder/paired"
compare "$quick" "${days[@]}" --policy-a none --policy-b pending-capacity --seeds 2..7 --json | tail_of - >"$folder/made"
strip() { sed 's/,"warnings":.*//' "$1"; }
[ "$(strip "$folder/paired")" = "$(strip "$folder/made")" ] || fail "recorded runs of six seeds compare otherwise than those made here"
compare "$folder/none.db" "$folder/seeds.db" >"$folder/paired"
grep -q '^in 6 recorded worlds (6 pairs of runs), from seed 2 to seed 7$' "$folder/paired" || fail "$(cat "$folder/paired")"
grep -q "^Warning: 1 of 7 runs of " "$folder/paired" || fail "a run without a counterpart is not said"
for wait in 60 300; do
    for seed in 1 2; do
        "$BALLAST" run "$quick" "${days[@]}" --set seed=$seed --set account.join_delay_s=$wait --db "$folder/points.db" --quiet
        "$BALLAST" run "$quick" "${days[@]}" --policy none --set seed=$seed --set account.join_delay_s=$wait --db "$folder/points.none.db" --quiet
    done
done
compare "$folder/points.none.db" "$folder/points.db" --json >"$folder/points.json"
[ "$(grep -o '"point":"account.join_delay_s=[0-9]*","world":[0-9]' "$folder/points.json" | tr '\n' ' ')" = \
    '"point":"account.join_delay_s=300","world":0 "point":"account.join_delay_s=60","world":0 "point":"account.join_delay_s=300","world":1 "point":"account.join_delay_s=60","world":1 ' ] ||
    fail "points are paired otherwise: $(grep -o '"point":"[^"]*","world":[0-9]' "$folder/points.json")"
python3 "$check" CHECK "$folder/points.json"

# Another account is compared, and said.
compare "$quick" "${days[@]}" --set-b account.join_delay_s=120 >"$folder/account"
grep -q '^Warning: the sides differ not only in what is decided.*' "$folder/account" || fail "another account is not said"
compare - "$quick" "${days[@]}" --figures cost.total_micro_usd <"$quick" >/dev/null 2>"$folder/err" ||
    grep -q "spot-fleet.json" "$folder/err" || fail "standard input: $(cat "$folder/err")"
echo "compare: found again, and mirrored"
