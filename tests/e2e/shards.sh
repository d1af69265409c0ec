#!/usr/bin/env bash
# `ballast sweep --shard` and `ballast merge`: the shards of a sweep, in whatever order and however often they are joined, come to the dump of the sweep
# made in one piece; what does not belong together is one line and exit code 2, and changes nothing.
set -euo pipefail
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
cd "$folder"
quick=$BALLAST_SOURCE_DIR/examples/quickstart/scenario.json
space=(--set to=2016-05-04 --vary policy=none,pending-capacity --vary account.join_delay_s=60,120,180 --threads 1)
sweep() { # DATABASE ARGUMENTS...
    local db=$1
    shift
    "$BALLAST" sweep "$quick" --db "$db" "${space[@]}" "$@"
}

sweep whole.db >/dev/null
"$BALLAST" dump whole.db >whole
sweep 1.db --shard 1/4 >words
grep -q 'shard 1 of 4 is complete in 1.db, 2 of all 6 points computed now' words || fail "$(cat words)"
SLURM_ARRAY_TASK_ID=2 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=4 SLURM_ARRAY_TASK_COUNT=4 sweep 2.db --shard auto --json >json
grep -qF '"shard":2,"shards":4,"listed":6,"computed":2}' json || fail "$(cat json)"
AWS_BATCH_JOB_ARRAY_INDEX=2 AWS_BATCH_JOB_ARRAY_SIZE=4 sweep 3.db --shard auto >/dev/null
JOB_COMPLETION_INDEX=3 sweep 4.db --shard auto/4 >/dev/null
AWS_BATCH_JOB_ARRAY_INDEX=2 AWS_BATCH_JOB_ARRAY_SIZE=4 sweep 3.db --shard auto --json | grep -qF '"computed":0}' ||
    fail "a shard that is there is computed again"

# Without --shard a task that knows its number and how many there are takes its shard by itself, into a database of its own, and says so.
in_slurm=(env SLURM_ARRAY_TASK_ID=2 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=4 SLURM_ARRAY_TASK_COUNT=4)
in_batch=(env AWS_BATCH_JOB_ARRAY_INDEX=2 AWS_BATCH_JOB_ARRAY_SIZE=4)
itself() { # DATABASE WORDS ENVIRONMENT... -- ARGUMENTS... : what a task alone runs into sweep.db or the database named before
    local db=$1 words=$2 run=()
    shift 2
    while [ "$1" != -- ]; do
        run+=("$1")
        shift
    done
    shift
    "${run[@]}" "$BALLAST" sweep "$quick" "${space[@]}" "$@" >out 2>err || fail "$words: $(cat err)"
    [ "$(cat err)" = "ballast sweep: $words, into $db; --shard 1/1 computes all 6 points" ] || fail "$(cat err)"
    "$BALLAST" dump "$db" >itself.dump || fail "$words: no $db"
}
mkdir itself
itself itself/sweep.2-of-4.db 'SLURM_ARRAY_TASK_ID=2: shard 2 of 4' "${in_slurm[@]}" -- --db itself/sweep.db
"$BALLAST" dump 2.db | cmp - itself.dump || fail "taken by itself it is another shard"
itself itself/3.2-of-4.db 'SLURM_ARRAY_TASK_ID=2: shard 2 of 4' "${in_slurm[@]}" -- --db itself/3.db
itself itself/sweep.3-of-4.db 'AWS_BATCH_JOB_ARRAY_INDEX=2: shard 3 of 4' "${in_batch[@]}" -- --db itself/sweep.db --json
grep -qF '"shard":3,"shards":4,"listed":6,"computed":1}' out || fail "$(cat out)"
itself itself/task-002.db 'AWS_BATCH_JOB_ARRAY_INDEX=2: shard 3 of 4' "${in_batch[@]}" -- --db itself/task-002.db
"$BALLAST" dump 3.db | cmp - itself.dump || fail "a database named after the task is another shard"
itself itself/sweep.4-of-4.db 'JOB_COMPLETION_INDEX=3: shard 4 of 4' env JOB_COMPLETION_INDEX=3 BALLAST_SHARDS=4 -- --db itself/sweep.db
itself itself/sweep.1-of-4.db 'SLURM_ARRAY_TASK_ID=1: shard 1 of 4' \
    env SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=3 SLURM_ARRAY_TASK_COUNT=2 BALLAST_SHARDS=4 -- --db itself/sweep.db
"$BALLAST" merge itself/sweep.*-of-4.db --into itself/sweep.db >/dev/null
"$BALLAST" dump itself/sweep.db | cmp - whole || fail "shards that tasks took by themselves come to another dump"
"${in_slurm[@]}" "$BALLAST" sweep "$quick" "${space[@]}" --shard 1/1 --db all.db >/dev/null 2>err
[ ! -s err ] || fail "--shard 1/1 in an array job: $(cat err)"
"$BALLAST" dump all.db | cmp - whole || fail "--shard 1/1 in an array job is not all points"
# Where the number of tasks is not known each computes all: that is said.
JOB_COMPLETION_INDEX=0 sweep alone.db >/dev/null 2>err
grep -qF 'JOB_COMPLETION_INDEX is set, but not of how many tasks (BALLAST_SHARDS, or --shard auto/n): each computes all 6 points' err || fail "$(cat err)"
"$BALLAST" dump alone.db | cmp - whole || fail "a task that does not know of how many does not compute all"
# Nothing else splits.
"${in_slurm[@]}" "$BALLAST" tune "$quick" "${space[@]}" --in-sample --minimize cost.total_micro_usd --db tuned.db --json >out 2>err || fail "$(cat err)"
! grep -q shard err && [ -e tuned.db ] || fail "a tune in an array job: $(cat err)"

chmod a-w 4.db
"$BALLAST" merge 4.db 2.db --into joined.db >words
grep -q '3 of 6 points, 3 of them added now' words && grep -q '^3 are missing' words || fail "$(cat words)"
"$BALLAST" merge 1.db 2.db 3.db 4.db --into joined.db --json >json
grep -qxF '{"points":6,"computed":6,"added":3,"missing":0}' json || fail "$(cat json)"
"$BALLAST" dump joined.db | cmp - whole || fail "joined it comes to another dump"
"$BALLAST" merge 3.db 1.db --into joined.db --json | grep -qF '"added":0,' || fail "joined again it adds something"
"$BALLAST" dump joined.db | cmp - whole || fail "joined again it comes to another dump"
# A shard of an older version, which lacks tables and the braces around figures, is joined too, and again.
cp 1.db older.db
python3 -c 'import sqlite3; sqlite3.connect("older.db").executescript("DROP TABLE sweep_traces; DROP TABLE tuning; DROP TABLE sweep_stopped; UPDATE point SET figures = substr(figures, 2, length(figures) - 2); PRAGMA user_version=6")'
"$BALLAST" merge older.db 2.db 3.db 4.db --into again.db >/dev/null
"$BALLAST" dump again.db | cmp - whole || fail "with an older shard it comes to another dump"
"$BALLAST" merge older.db --into again.db --json | grep -qF '"added":0,' || fail "an older shard joined again adds something"
cp older.db up.db
sweep up.db --shard 1/4 --json | grep -qF '"computed":0}' || fail "what an older file has is computed again"
"$BALLAST" merge up.db 2.db 3.db 4.db --into up-again.db >/dev/null
"$BALLAST" dump up-again.db | cmp - whole || fail "an older file that was brought up comes to another dump"
sweep joined.db --json | grep -qF '"computed":0,' || fail "what was joined is computed again"
# What a lost shard left out the sweep itself computes.
"$BALLAST" merge 4.db 1.db 3.db --into lost.db >/dev/null
sweep lost.db --json | grep -qF '"computed":2,' || fail "not just the lost shard is computed"
"$BALLAST" dump lost.db | cmp - whole || fail "with a lost shard computed it comes to another dump"

refused() { # WORDS COMMAND...
    local words=$1 status=0
    shift
    "$BALLAST" "$@" >out 2>err || status=$?
    [ "$status" = 2 ] || fail "$*: exit code $status, not 2: $(cat err)"
    grep -qF -- "$words" err || fail "$*: $(cat err)"
    [ "$(wc -l <err)" = 1 ] || fail "$*: more than one line"
}
space=(--set to=2016-05-05 "${space[@]:2}")
sweep other.db --shard 2/4 >/dev/null
"$BALLAST" run "$quick" --set to=2016-05-03 --db run.db >/dev/null
cp 2.db both.db
"$BALLAST" run "$quick" --set to=2016-05-03 --db both.db >/dev/null
cp 2.db wrong.db
python3 - <<'PYTHON'
import sqlite3
with sqlite3.connect("wrong.db") as database:
    database.execute("UPDATE point SET figures = replace(figures, '\"cost\"', ' \"cost\"')")
PYTHON
# What lacks a table or a column, or has a page of its points' table overwritten, is the file that is named, whichever of the two it is.
python3 - <<'PYTHON'
import shutil
import sqlite3

def page_of(name):
    with sqlite3.connect("1.db") as database:
        return database.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]

for name, source in (("torn.db", "1.db"), ("torn-into.db", "joined.db")):
    shutil.copy(source, name)
    with open(name, "r+b") as file:
        file.seek((page_of("point") - 1) * 4096)
        file.write(b"\xff" * 4096)
for table in ("point", "sweep_point", "sweep_traces", "run"):
    shutil.copy("1.db", f"no-{table}.db")
    with sqlite3.connect(f"no-{table}.db") as database:
        database.execute(f"DROP TABLE {table}")
shutil.copy("1.db", "no-column.db")
with sqlite3.connect("no-column.db") as database:
    database.execute("ALTER TABLE point DROP COLUMN cost_spot_micro_usd")
PYTHON
echo "no database" >text.db
refused "other.db: holds other sweeps than 1.db" merge 1.db other.db --into new.db
cp other.db into.db
refused "into.db: holds other sweeps than 1.db" merge 1.db --into into.db
"$BALLAST" dump other.db >other
"$BALLAST" dump into.db | cmp - other || fail "a refused merge changed what it should join into"
refused "run.db: holds runs" merge run.db --into new.db
refused "both.db: holds runs or recordings too" merge 1.db both.db --into new.db
refused "text.db: " merge text.db --into new.db
refused "gone.db: no such results database" merge 1.db gone.db --into new.db
for table in point sweep_point sweep_traces run; do
    refused "ballast merge: no-$table.db: is damaged (it has no table $table)" merge 2.db "no-$table.db" --into new.db
    refused "ballast dump: no-$table.db: is damaged (it has no table $table)" dump "no-$table.db"
done
lacks="no-column.db: is damaged (its table point has no column cost_spot_micro_usd)"
refused "ballast merge: $lacks" merge 2.db no-column.db --into new.db
refused "ballast merge: $lacks" merge 2.db --into no-column.db
refused "ballast report: $lacks" report no-column.db --output no-column.html
refused "ballast sweep: $lacks" sweep "$quick" --db no-column.db "${space[@]}"
refused "ballast dump: $lacks" dump no-column.db
refused "ballast merge: torn.db: is damaged" merge torn.db --into joined.db
refused "ballast merge: torn-into.db: is damaged" merge 2.db --into torn-into.db
refused "--into FILE is needed" merge 1.db 2.db
[ ! -e new.db ] || fail "a refused merge left a database"
refused "wrong.db: point " merge wrong.db --into joined.db
refused "joined.db: is what is joined into" merge joined.db --into joined.db
"$BALLAST" dump joined.db | cmp - whole || fail "a refused merge changed what it should join into"
refused "--shard 5/4: must be i/n" sweep "$quick" --db new.db --vary seed=1,2 --shard 5/4
refused "in no array job" sweep "$quick" --db new.db --vary seed=1,2 --shard auto/4
BALLAST_SHARDS=four JOB_COMPLETION_INDEX=1 refused "BALLAST_SHARDS=four: must be a whole number from 1" sweep "$quick" --db new.db --vary seed=1,2
BALLAST_SHARDS=2 JOB_COMPLETION_INDEX=2 refused "more tasks than shards" sweep "$quick" --db new.db --vary seed=1,2
