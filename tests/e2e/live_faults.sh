#!/usr/bin/env bash
# `ballast live daemon` through a simulated day of failing calls, throttling, late and missing metrics, killed again and again:
# every minute is decided once or recorded as missed, no call is unrecorded, and nothing is scaled in on missing data.
set -euo pipefail
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm # each evaluation is flushed to the disk
. "$BALLAST_SOURCE_DIR/tests/e2e/twin.bash"
python3 "$BALLAST_SOURCE_DIR/tests/e2e/three_clocks.py" scenarios "$folder" 24 >/dev/null
python3 - "$folder/faulty.json" <<'TEXT'
import json, sys
scenario = json.load(open(sys.argv[1], encoding="utf-8"))
hours = lambda start, end: {"from": f"2015-06-01T{start}:00Z", "to": f"2015-06-01T{end}:00Z"}
scenario["controller"]["faults"] = [
    {"kind": "api-error", "permille": 100},
    {"kind": "api-error", "call": "SetDesiredCapacity", "after_effect": True, "permille": 100},
    {"kind": "missing-metrics", **hours("00:40", "01:00")}, {"kind": "late-metrics", "delay_s": 600, **hours("01:40", "02:20")},
    {"kind": "missing-metrics", "metric": "TargetCapacity", **hours("03:00", "03:20")}]
json.dump(scenario, open(sys.argv[1], "w", encoding="utf-8"))
TEXT
twin faulty "$folder/faulty.json" --speed step
daemon() {
    exec env -i HOME="$folder" PATH="$PATH" AWS_REGION="$(said faulty region)" AWS_ACCESS_KEY_ID=twin AWS_SECRET_ACCESS_KEY=twin AWS_MAX_ATTEMPTS=1 \
        "$BALLAST" live daemon --clock twin --advance --until 2015-06-02T00:00:30Z --phase 30 --endpoint-url "$(said faulty endpoint)" \
        --fleet "$(said faulty fleet)" --group "$(said faulty group)" --policy pending-capacity:seed --set lookback_s=300 --set on_missing=assume \
        --record "$folder/r.db" --state "$folder/state" --apply --max-step 100 --max-desired 100 --stale-after 120 --stop-after 5 \
        --stop-file "$folder/stop" >"$folder/pipe" 2>>"$folder/warnings"
}
# Killed some milliseconds after it has said so many lines. The pipe holds few of the day's 1440: it cannot be over before, however fast it is.
mkfifo "$folder/pipe"
kills=0
for moment in '120 0' '90 0.002' '150 0.005' '70 0.011' '200 0.03' never; do
    control faulty throttle '{"calls":7}'
    daemon &
    process=$!
    said=0
    while read -r line; do
        printf '%s\n' "$line" >>"$folder/lines"
        said=$((said + 1))
        if [ "$said" = "${moment% *}" ]; then
            sleep "${moment#* }"
            kill -KILL "$process"
            kills=$((kills + 1))
        fi
    done <"$folder/pipe"
    status=0
    { wait "$process" || status=$?; } 2>/dev/null
    [ "$status" -eq "$([ "$moment" = never ] && echo 0 || echo 137)" ] || fail "the daemon ended with $status"
done
python3 - "$folder" "$kills" <<'TEXT' || fail "after $kills kills"
import os, sqlite3, sys
folder, kills = sys.argv[1], int(sys.argv[2])
rows = sqlite3.connect(os.path.join(folder, "r.db"))
due = [row[0] for row in rows.execute("SELECT due_s FROM evaluation")]
decided = len(due)
for first, last in rows.execute("SELECT first_s, last_s FROM missed"):
    due.extend(range(first, last + 1, 60))
assert sorted(due) == list(range(min(due), max(due) + 1, 60)), "a minute is decided twice, or neither decided nor missed"
assert max(due) == 1433203170, max(due)
unknown, = rows.execute("SELECT count(*) FROM evaluation WHERE outcome='unknown'").fetchone()
assert unknown <= kills, f"{unknown} outcomes unknown"
missing = rows.execute("SELECT e.action, e.desired_capacity, e.group_desired FROM evaluation e WHERE EXISTS (SELECT 1 FROM evaluation_read r"
                       " WHERE r.recording=e.recording AND r.ordinal=e.ordinal AND r.status<>'ok')").fetchall()
assert len(missing) > 20, f"only {len(missing)} evaluations without all data"
assert not [row for row in missing if row[0] == "set-desired" and row[2] is not None and row[1] < row[2]], "scaled in on missing data"
assert rows.execute("SELECT count(*) FROM evaluation WHERE guard='stale_after_s'").fetchone()[0] > 0, "the guard was never needed"
accepted, = rows.execute("SELECT count(*) FROM evaluation WHERE outcome='accepted'").fetchone()
assert accepted > 0, "nothing was ever scaled"
lines = sum(1 for _ in open(os.path.join(folder, "lines"), encoding="utf-8"))
assert decided - kills <= lines <= decided, f"{lines} lines of {decided} evaluations"
print(f"{decided} decided, {len(due) - decided} missed, {unknown} outcomes unknown, {kills} kills, {len(missing)} without all data")
TEXT
"$BALLAST" live replay "$folder/r.db" >"$folder/replay.out" || fail "the replay ended with $?"
