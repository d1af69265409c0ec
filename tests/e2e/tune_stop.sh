#!/usr/bin/env bash
# `ballast tune --stop-early`: in random worlds what is chosen is what every point in every window would choose, and with `front` the front too;
# points are stopped, and said to be; a point that was stopped is recorded as such, run on where it is asked for, and the bytes are the same for
# other numbers of threads, after a kill and after a tuning without it; what cannot be stopped is refused.
# labels: robust
set -euo pipefail
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
. "$BALLAST_SOURCE_DIR/tests/e2e/killed.bash"
check=$BALLAST_SOURCE_DIR/tests/e2e/tune_stop.py
python3 "$check" "${BALLAST_SEED:-1}" "${BALLAST_WORLDS:-6}"

world=$folder/world.json
python3 "$check" MAKE 1 >"$world"
space=(--vary policy.parameters.instances=0,1,2,4,8 --vary backup_group.group.DefaultCooldown=300,900)
tune() { # DATABASE ARGUMENTS...
    local db=$1
    shift
    "$BALLAST" tune "$world" --db "$folder/$db.db" --windows day "${space[@]}" --bootstrap 20 "$@"
}
cost=(--shortfall-cost 0.1)
early=("${cost[@]}" --stop-early best)
tune one "${early[@]}" --threads 1 --json >"$folder/one.json"
tune four "${early[@]}" --threads 4 --json >"$folder/four.json"
cmp "$folder/one.json" "$folder/four.json" || fail "another number of threads gave other bytes"
"$BALLAST" dump "$folder/one.db" >"$folder/one.dump"
"$BALLAST" dump "$folder/four.db" | cmp - "$folder/one.dump" || fail "another number of threads left another dump"
killed_while_writing "$(stat -c %s "$folder/four.db")" "$BALLAST" tune "$world" --db "$folder/killed.db" --windows day "${space[@]}" "${early[@]}" --bootstrap 20
tune killed "${early[@]}" >/dev/null
"$BALLAST" dump "$folder/killed.db" | cmp - "$folder/one.dump" || fail "killed and resumed it leaves another dump"

# What is listed ran, and what was stopped is listed apart, with the point that beats it; every run is there.
python3 - "$folder" <<'PY' || fail "the database is not what it should be"
import json, sqlite3, sys
told = json.load(open(f"{sys.argv[1]}/one.json"))
rows = sqlite3.connect(f"{sys.argv[1]}/one.db")
stops = rows.execute("SELECT point, varied, runs, worlds, beaten_by FROM sweep_stopped ORDER BY point").fetchall()
assert len(stops) == told["stopped_early"]["points"] > 0, stops
assert sum(worlds - runs for _, _, runs, worlds, _ in stops) == told["stopped_early"]["runs_left_out"]
listed = [point for point, in rows.execute("SELECT point FROM sweep_point ORDER BY point")]
assert len(listed) == told["runs"] == told["computed"], (len(listed), told["runs"])
assert rows.execute("SELECT count(*) FROM sweep_point LEFT JOIN point USING(key) WHERE point.key IS NULL").fetchone() == (0,)
for point, varied, runs, worlds, beaten_by in stops:
    assert worlds == 8 and 0 < runs < 8 and sum(at // 8 == point for at in listed) == runs, (point, runs)
    assert sum(at // 8 == beaten_by for at in listed) == 8, beaten_by
    assert set(json.loads(varied)) == {"policy.parameters.instances", "backup_group.group.DefaultCooldown"}, varied
PY
tune one "${early[@]}" >"$folder/table"
grep -q '^stopped early: [1-9][0-9]* points that can no longer be chosen; [1-9][0-9]* runs left out$' "$folder/table" || fail "not told: $(cat "$folder/table")"
grep -q 'instances .* with .*, at least [0-9,.]* with 8: +[0-9.]* %$' "$folder/table" || fail "the least is told as what it comes to: $(cat "$folder/table")"
tr -s '\n ' ' ' <"$folder/table" | grep -qF 'are of the points that ran in every window' || fail "whose front it is, is not said: $(cat "$folder/table")"

# Without it only the rest is run; and after that it stops the same points.
tune whole "${cost[@]}" --json >"$folder/whole.json"
left=$(grep -o '"runs_left_out":[0-9]*' "$folder/one.json" | cut -d: -f2)
tune four "${cost[@]}" --json | sed "s/\"computed\":$left,/\"computed\":80,/" | cmp - "$folder/whole.json" || fail "what was stopped does not go on"
tune whole "${early[@]}" --json | sed "s/\"computed\":0,/\"computed\":$((80 - left)),/" | cmp - "$folder/one.json" || fail "it stops others where all are known"
"$BALLAST" merge "$folder/one.db" --into "$folder/merged.db" >/dev/null
"$BALLAST" dump "$folder/merged.db" | cmp - "$folder/one.dump" || fail "merge loses what was stopped"

refused() { # WORDS ARGUMENTS...
    local words=$1 status=0
    shift
    tune refused "$@" >"$folder/out" 2>"$folder/err" || status=$?
    [ "$status" = 2 ] || fail "tune $*: exit code $status, not 2"
    grep -qF -- "$words" "$folder/err" || fail "tune $*: $(cat "$folder/err")"
    [ "$(wc -l <"$folder/err")" = 1 ] || fail "tune $*: more than one line"
    [ ! -e "$folder/refused.db" ] || fail "tune $*: it left a database"
}
refused "--stop-early knee: write best or front" "${cost[@]}" --stop-early knee
refused "may fall as windows are added" --minimize 'cost.total_micro_usd - cost.on_demand_micro_usd' --stop-early best
refused "may fall as windows are added" --minimize 'capacity.unfulfilled_unit_s / cost.total_micro_usd' --stop-early front
status=0
"$BALLAST" tune "$world" --db "$folder/refused.db" "${space[@]}" "${early[@]}" --in-sample 2>"$folder/err" || status=$?
[ "$status" = 2 ] && grep -qF "stops between the runs of a point" "$folder/err" || fail "in sample: $(cat "$folder/err")"
