#!/usr/bin/env bash
# `ballast live … --record`: every evaluation is there once, whenever the daemon is killed; nothing is done that cannot be recorded.
set -euo pipefail
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
python3 "$BALLAST_SOURCE_DIR/tests/e2e/live_account.py" "$folder" 2>/dev/null &
. "$BALLAST_SOURCE_DIR/tests/e2e/waiting.bash"
until_there 300 "$folder/port" $!
account() { # JSON: what the account looks like from now on
    printf '%s' "$1" >"$folder/world.tmp"
    mv "$folder/world.tmp" "$folder/world"
}
calls() {
    grep -c "^SetDesiredCapacity\b" "$folder/calls" || true
}
live() { # COMMAND argument...; to be run in a subshell
    exec env -i HOME="$folder" PATH="$PATH" AWS_REGION=us-east-1 AWS_ENDPOINT_URL="http://127.0.0.1:$(cat "$folder/port")" \
        AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=hush-hush AWS_MAX_ATTEMPTS=1 "$BALLAST" live "$1" \
        --fleet sfr-1 --group grp --every 1 "${@:2}" 2>>"$folder/error"
}
guards=(--apply --max-step 4 --max-desired 10 --stale-after 600 --stop-file "$folder/stop" --state "$folder/state")
sql() { # FILE QUERY
    python3 -c 'import sqlite3,sys; db=sqlite3.connect(sys.argv[1]); print(*["|".join(map(str,r)) for r in db.execute(sys.argv[2])], sep="\n"); db.commit()' "$@"
}

# Shadow, then applied: what was read, decided and done.
account '{"pending": 16, "target": 32, "desired": 0}'
(live once --record "$folder/one.db" --state "$folder/shadow") >"$folder/line" || fail "once ended with $?"
[ "$(sql "$folder/one.db" "SELECT mode, action, desired_capacity, outcome, failed_calls FROM evaluation")" = "shadow|set-desired|4|dry-run|0" ] ||
    fail "a shadow evaluation is not recorded"
sleep 1.1
(live once --record "$folder/one.db" "${guards[@]}") >"$folder/line" || fail "once ended with $?"
[ "$(sql "$folder/one.db" "SELECT outcome FROM evaluation WHERE mode='apply'")" = accepted ] || fail "an outcome is not recorded"
[ "$(sql "$folder/one.db" "SELECT count(*) FROM evaluation_read WHERE metric='PendingCapacity' AND answer LIKE '[[%,16]%'")" = 2 ] ||
    fail "the points are not recorded"
"$BALLAST" dump "$folder/one.db" >"$folder/dump"
[ "$(grep -c '^evaluation|' "$folder/dump")" -eq 2 ] || fail "the dump does not tell them"
! grep -q hush "$folder/dump" || fail "a key was written down"

# Decided again: the same policy does the same, another one does not, and what was not recorded is said not to be.
replay() { # EXIT CODE FILE argument...: output in FOLDER/line
    local code=0
    "$BALLAST" live replay "${@:2}" >"$folder/line" 2>"$folder/error" || code=$?
    [ "$code" -eq "$1" ] || fail "replay ${*:2} ended with $code"
}
replay 0 "$folder/one.db"
grep -q '^0 decided otherwise$' "$folder/line" || fail "a replay decides otherwise"
replay 0 "$folder/one.db" --each
python3 -c 'import json,sys; assert all(line["recorded"] == line["replayed"] for line in map(json.loads, open(sys.argv[1])))' "$folder/line" ||
    fail "a replay says something else"
[ "$(wc -l <"$folder/line")" -eq 2 ] || fail "not each was replayed"
replay 0 "$folder/one.db" --policy none --json
python3 - "$folder/line" <<'TEXT' || fail "what another policy does is not told"
import json, sys
told = json.load(open(sys.argv[1], encoding="utf-8"))
first = told["first_difference"]
assert told["differences"] == 2 and not told["recorded_policy"] and told["outcomes_after_first_difference"] == "unknown"
assert first["recorded"]["desired_capacity"] == 4 and first["replayed"]["action"] == "hold" and first["outcome"] == "dry-run"
assert first["replayed"]["backup"]["desired_capacity"] == 0
assert [stretch["evaluations"] for stretch in told["stretches"]] == [2], told["stretches"]
TEXT
replay 0 "$folder/one.db" --set units_per_instance=8
grep -q 'replayed: SetDesiredCapacity(2), ignoring the cooldown' "$folder/line" || fail "the first difference is not explained"
grep -q 'PendingCapacity: .* points, the newest 16 at' "$folder/line" || fail "what it saw is not told"
grep -q 'is unknown from the first difference on' "$folder/line" || fail "what is unknown is not said"
replay 0 "$folder/one.db" --set window_s=7200
grep -q 'reads were not recorded' "$folder/line" || fail "what was not recorded is not said to be"
cp "$folder/one.db" "$folder/changed.db"
sql "$folder/changed.db" "UPDATE evaluation_read SET answer=replace(answer,',16]',',20]')" >/dev/null
replay 1 "$folder/changed.db"
sql "$folder/changed.db" "UPDATE evaluation_read SET answer='[[1,'" >/dev/null
replay 2 "$folder/changed.db"
sql "$folder/changed.db" "DELETE FROM evaluation" >/dev/null
replay 2 "$folder/changed.db"
replay 2 "$folder/one.db" --fleet sfr-2
# Modifiers too: what was decided with them around the policy is decided so again, memory and all.
(live once --policy pending-capacity+grace --record "$folder/grace.db" --state "$folder/grace") >"$folder/line" || fail "once with a modifier ended with $?"
grep -q '"reason":"grace"' "$folder/line" || fail "the modifier held nothing"
replay 0 "$folder/grace.db"
grep -q '^0 decided otherwise$' "$folder/line" || fail "a replay with a modifier decides otherwise"
replay 0 "$folder/grace.db" --policy pending-capacity+grace
grep -q ', as recorded' "$folder/line" || fail "the policy with its modifier is not known as the recorded one"
replay 0 "$folder/grace.db" --set grace_s=0
grep -q 'replayed: SetDesiredCapacity(4), ignoring the cooldown' "$folder/line" || fail "a modifier's parameter changes nothing"
# A policy of the user's own is recorded by name and hash, acts, and is decided again by the same file only.
mkdir "$folder/ballast"
cp "$BALLAST_SOURCE_DIR/policy/policy.h" "$folder/ballast"
cc -I "$folder" -shared -fPIC -o "$folder/mine.so" "$BALLAST_SOURCE_DIR/examples/own-policy/mine.c"
(live once --policy "$folder/mine.so:half+grace" --record "$folder/own.db" "${guards[@]}" --state "$folder/own") >"$folder/line" ||
    [ -s "$folder/line" ] || fail "once with a policy of one's own ended with $?"
sql "$folder/own.db" "SELECT policy FROM recording" | grep -qE '^mine@[0-9a-f]{64}:half[+]grace$' || fail "it is not recorded by its hash"
replay 2 "$folder/own.db"
grep -q 'name that file with --policy' "$folder/error" || fail "what to do is not said"
replay 0 "$folder/own.db" --policy "$folder/mine.so:half+grace"
grep -q ', as recorded' "$folder/line" || fail "the same file is not known as the recorded policy"
replay 0 "$folder/own.db" --policy "$folder/mine.so+grace"
! grep -q ', as recorded' "$folder/line" || fail "without its preset it is taken for the recorded policy"
replay 2 "$folder/one.db" --policy nobody
replay 2 "$folder/one.db" --set nothing=1

# What production asked for becomes the demand of a simulation.
"$BALLAST" trace import "$folder/one.db" --into "$folder/traces.db" --demand-name yesterday >"$folder/line" ||
    fail "a recording cannot be imported"
grep -q 'one.db: recording: 1[0-9] taken, 0 duplicate, 0 refused' "$folder/line" || fail "not ten minutes and more of demand"
"$BALLAST" trace import "$folder/one.db" --into "$folder/traces.db" --demand-name yesterday | grep -q 'imported before' ||
    fail "imported twice"
python3 - "$folder" "$BALLAST_SOURCE_DIR/examples/quickstart" <<'TEXT'
import datetime, json, os, sqlite3, sys
folder, quickstart = sys.argv[1:]
first, = sqlite3.connect(os.path.join(folder, "traces.db")).execute("SELECT min(time_s) FROM demand").fetchone()
scenario = json.load(open(os.path.join(quickstart, "scenario.json"), encoding="utf-8"))
moment = lambda s: datetime.datetime.fromtimestamp(s, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
scenario.update({"from": moment(first), "to": moment(first + 600), "demand": {"trace": "yesterday"}, "modify_spot_fleet": "follow-demand"})
scenario["traces"].append("traces.db")
for key, file in (("spot_fleet", scenario["spot_fleet"]), ("group", scenario["backup_group"]["group"])):
    (scenario if key == "spot_fleet" else scenario["backup_group"])[key] = os.path.join(quickstart, file)
json.dump(scenario, open(os.path.join(folder, "scenario.json"), "w", encoding="utf-8"))
TEXT
"$BALLAST" run "$folder/scenario.json" --no-interruptions --json >"$folder/line" 2>"$folder/error" || fail "a run of it ended with $?"
says() {
    python3 -c "import json,sys; line=json.load(open(sys.argv[1])); sys.exit(not ($1))" "$folder/line" || fail "not $1"
}
says "line['capacity']['required_unit_s'] == 32 * 600 and line['events']['evaluations'] == 10"

# One evaluation of each due time: a second one does nothing.
before=$(calls)
code=0
daily=(--every 86400 --phase $((($(date +%s) + 43200) % 86400))) # due half a day ago
(live once "${daily[@]}" --record "$folder/two.db" "${guards[@]}") >"$folder/line" || code=$?
[ "$code" -eq 0 ] || fail "the day's evaluation ended with $code"
code=0
(live once "${daily[@]}" --record "$folder/two.db" "${guards[@]}") >"$folder/line" || code=$?
[ "$code" -eq 3 ] && grep -q 'nothing is done twice' "$folder/error" && [ ! -s "$folder/line" ] || fail "decided twice: $code"
[ "$(calls)" -eq $((before + 1)) ] || fail "acted twice"

# What cannot be recorded is not done.
sql "$folder/two.db" "CREATE TRIGGER full BEFORE INSERT ON evaluation_read BEGIN SELECT RAISE(FAIL, 'full'); END" >/dev/null
before=$(calls)
code=0
(live once --record "$folder/two.db" "${guards[@]}") >"$folder/line" || code=$?
[ "$code" -eq 3 ] && grep -q '"outcome":"dry-run","stopped_by":"recording"' "$folder/line" || fail "unrecorded: $code"
[ "$(calls)" -eq "$before" ] || fail "acted without a record"

# Killed while its call is under way, and anywhere else.
before=$(calls)
called() { # more often than SEEN
    [ "$(calls)" -gt "$1" ]
}
for moment in call call 0.15 call 0.7; do
    seen=$(calls)
    : >"$folder/line"
    case $moment in
    call) account '{"pending": 16, "target": 32, "desired": 0, "slow": 60}' ;; # longer than it waits for an answer
    *) account '{"pending": 16, "target": 32, "desired": 0, "slow": 0.3}' ;;
    esac
    [ "$moment" != 0.7 ] || sleep 2.1 # so that at least one is missed
    live daemon --record "$folder/many.db" "${guards[@]}" >"$folder/line" &
    daemon=$!
    case $moment in
    call) wait_until 300 called "$seen" ;;
    *)
        until_there 300 "$folder/line" "$daemon" # one evaluation is over
        sleep "$moment"
        ;;
    esac
    kill -KILL "$daemon"
    wait "$daemon" 2>/dev/null || true
done
python3 - "$folder/many.db" "$(($(calls) - before))" <<'TEXT' || fail "a decision was lost"
import sqlite3, sys
rows = sqlite3.connect(sys.argv[1])
due = [row[0] for row in rows.execute("SELECT due_s FROM evaluation ORDER BY ordinal")]
outcomes = [row[0] for row in rows.execute("SELECT outcome FROM evaluation")]
for first, last, times in rows.execute("SELECT first_s, last_s, times FROM missed"):
    assert last - first + 1 == times
    due.extend(range(first, last + 1))
assert sorted(due) == list(range(min(due), max(due) + 1)), sorted(due)
assert set(outcomes) <= {"accepted", "unknown"} and outcomes.count("unknown") >= 3 and outcomes.count("accepted") >= 2, outcomes
assert len(due) > len(outcomes), "none was missed"
assert int(sys.argv[2]) <= len(outcomes), "a call that no record tells of"
TEXT
