#!/usr/bin/env bash
# `ballast compare` over worlds that are not the same, and with what cannot be meant: one line, exit code 2, nothing printed.
# What may be compared is, with and without databases, here under the sanitizers too.
# labels: robust
set -euo pipefail
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
quick=$BALLAST_SOURCE_DIR/examples/quickstart/scenario.json
days=(--set to=2016-05-06) # of the half year: four days
compare() { "$BALLAST" compare "$@"; }
run() { # DATABASE ARGUMENTS...
    local db=$1
    shift
    "$BALLAST" run "$quick" "${days[@]}" "$@" --db "$folder/$db.db" --quiet
}
run a --policy none
run b
run b --set seed=2
run b --policy none --set to=2016-05-07
run points --set account.join_delay_s=60
run points --set account.join_delay_s=300
run seeds --set seed=2
run seeds --set seed=3

compare "$quick" "${days[@]}" --policy-a none --seeds 3 --json >"$folder/json"
compare "$quick" "${days[@]}" --policy-a none --windows day >"$folder/table"
compare "$folder/a.db" "$folder/b.db" >"$folder/table" # the one pair there is
grep -q '^in 1 recorded world (1 pair of runs), from seed 1 to seed 1$' "$folder/table" || fail "$(cat "$folder/table")"
grep -q '^Warning: 2 of 3 runs of ' "$folder/table" || fail "what has no counterpart is not said"
grep -q '^Warning: in new, but not in the other, runs differ in more than their worlds:' "$folder/table" ||
    fail "$(cat "$folder/table")"
compare "$folder/points.db" "$folder/points.db" --json >"$folder/json"

refused() { # WORDS ARGUMENTS...
    local words=$1 status=0
    shift
    compare "$@" >"$folder/out" 2>"$folder/err" || status=$?
    [ "$status" = 2 ] || fail "compare $*: exit code $status, not 2"
    grep -qF -- "$words" "$folder/err" || fail "compare $*: $(cat "$folder/err")"
    [ "$(wc -l <"$folder/err")" = 1 ] || fail "compare $*: more than one line"
    [ ! -s "$folder/out" ] || fail "compare $*: it printed something all the same"
}
refused "different worlds: to is 2016-10-31T00:00:00Z in old and 2016-05-09T00:00:00Z in new" "$quick" --set-b to=2016-05-09
refused "different worlds: measure.from" "$quick" --set-b measure.from=2016-05-03
refused "different worlds: the seed is 1 in old and 7 in new" "$quick" --set-b seed=7
refused "do not have the same demand" "$quick" "${days[@]}" --set-b demand.units=33
refused "do not have the same traces for the same pools" "$quick" "${days[@]}" --set-b 'traces[0].synth.noise=0.03'
# Sweeps too; where an older file does not tell the traces, that is said.
swept() { # DATABASE NOISE
    "$BALLAST" sweep "$quick" "${days[@]}" --set "traces[0].synth.noise=$2" --vary seed=1,2 --db "$folder/$1.db" >/dev/null
}
swept calm 0.02
swept noisy 0.03
refused "seed 1: old and new do not have the same traces for the same pools" "$folder/calm.db" "$folder/noisy.db"
python3 - "$folder/noisy.db" <<'PY'
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as database:
    database.executescript("DROP TABLE sweep_traces; DROP TABLE tuning; PRAGMA user_version=7")
PY
compare "$folder/calm.db" "$folder/noisy.db" | tr '\n' ' ' | grep -q 'older version recorded keeps no hash of its  *traces' || fail "what is not known of an older sweep is not said"
swept noisy 0.03 # the same command, which brings the file up, adds them
refused "do not have the same traces" "$folder/calm.db" "$folder/noisy.db"

# A single value that was varied is the point's all the same: other pools have other traces and may be compared; what is refused is refused for its own reason.
single() { # DATABASE ARGUMENTS...
    local db=$1
    shift
    "$BALLAST" sweep "$quick" "${days[@]}" --policy none "$@" --db "$folder/$db.db" >/dev/null
}
type='spot_fleet.LaunchSpecifications[0].InstanceType'
single large --vary "$type=c4.xlarge"
single larger --vary "$type=c4.2xlarge"
single noisier --vary "$type=c4.xlarge" --set 'traces[0].synth.noise=0.03'
compare "$folder/large.db" "$folder/larger.db" --json >"$folder/json"
grep -qF '"path":"'"$type"'","old":"\"c4.xlarge\"","new":"\"c4.2xlarge\""' "$folder/json" && grep -qF '"point":""' "$folder/json" ||
    fail "what was varied does not differ: $(cat "$folder/json")"
refused "seed 1: old and new do not have the same traces for the same pools" "$folder/large.db" "$folder/noisier.db"
single seed1 --vary seed=1
single seed2 --vary seed=2
refused "different worlds: the seed is 1 in old and 2 in new" "$folder/seed1.db" "$folder/seed2.db"
single later --vary from=2016-05-03
refused "different worlds: from is 2016-05-02T00:00:00Z in old and 2016-05-03T00:00:00Z in new" "$folder/seed1.db" "$folder/later.db"
single noise2 --vary 'traces[0].synth.noise=0.02'
single noise3 --vary 'traces[0].synth.noise=0.03'
refused "seed 1: old and new do not have the same traces for the same pools" "$folder/noise2.db" "$folder/noise3.db"
sed 's/"SubnetId": "[^"]*"/"Placement": {"AvailabilityZone": "us-east-1b"}/' "$(dirname "$quick")/spot-fleet.json" >"$folder/fleet.json"
single file --vary "spot_fleet=$folder/fleet.json"
compare "$folder/seed1.db" "$folder/file.db" >"$folder/table" || fail "another fleet is not compared"
rm "$folder/fleet.json"
refused "do not have the same traces, and whether they have the same pools is not known: what was varied in new cannot be read again: " "$folder/seed1.db" "$folder/file.db"

refused "the seed is 1 in old and 2 in new" "$folder/a.db" "$folder/b.db#2"
refused "different worlds: to is" "$folder/a.db" "$folder/b.db#3"
refused "holds 3 runs: beside a scenario file say which, as FILE#RUN" "$folder/b.db" "$quick"
refused "runs 1 and 2 are both of one world, so it is open which is new" "$folder/a.db" "$folder/points.db"
refused "no run of $folder/a.db is of the same world" "$folder/a.db" "$folder/seeds.db"
refused 'no run "9"' "$folder/a.db" "$folder/b.db#9"
refused "--seeds goes with scenario files" "$folder/a.db" "$folder/b.db#1" --seeds 3
refused "no figure has such a name" "$quick" "${days[@]}" --figures 'costs.*'
refused "standard input can be read once" -
for seeds in 0 x 5..3 1..100001 -1 .. 1.. 99999999999999999999; do
    refused "write how many" "$quick" --seeds="$seeds"
done
for windows in 0d 5 weeks 1x -1d 1.5h; do
    refused "write day, week, month, or a duration" "$quick" --windows="$windows"
done
refused "write a duration such as" "$quick" --windows=day --lead=x
refused "--lead goes with --windows" "$quick" --lead=1d
refused "ask for one of them" "$quick" --windows=day --seeds=3
refused "not one lies in the span" "$quick" "${days[@]}" --windows week
refused "makes more than" "$quick" --windows 1s
refused "--windows goes with scenario files" "$folder/a.db" "$folder/b.db#1" --windows day
refused "old has modify_spot_fleet" "$quick" --windows day --set-a 'modify_spot_fleet=[{"at":"2016-05-04T00:00:00Z","TargetCapacity":40}]' \
    --set 'demand.units=32'
refused "new: --policy nnone: name: unknown policy" "$quick" --policy-b nnone
refused "old: --set sead=1: " "$quick" --set-a sead=1
refused "No such file" "$folder/none.json" "$quick"
"$BALLAST" sweep "$quick" --set to=2016-05-03 --vary seed=1,2 --db "$folder/sweep.db" >/dev/null
refused "compare like with like" "$folder/sweep.db" "$folder/a.db"
refused "no run is recorded in it" "$folder/sweep.db" "$quick"
refused 'no run is recorded in it (of a sweep' "$folder/sweep.db#1" "$quick"
"$BALLAST" sweep "$quick" --set to=2016-05-03 --vary seed=1,2 --vary policy.parameters.window_s=300,600 --db "$folder/wide.db" >/dev/null
refused "sweep both over the same values" "$folder/sweep.db" "$folder/wide.db"
"$BALLAST" sweep "$quick" --set to=2016-05-03 --vary seed=7,8 --db "$folder/others.db" >/dev/null
refused "is of the same world" "$folder/sweep.db" "$folder/others.db"
"$BALLAST" sweep "$quick" --set to=2016-05-03 --vary seed=7,9 --db "$folder/others.db" >/dev/null
refused "more than one sweep" "$folder/sweep.db" "$folder/others.db"
printf 'SQLite format 3\0 and nothing more' >"$folder/broken.db"
refused "broken.db" "$folder/broken.db" "$folder/a.db"

echo "compare: what cannot be compared is refused"
