#!/usr/bin/env bash
# `ballast dump --table`: CSV and JSON hold what the database holds, and intervals sum up to the figures.
set -euo pipefail
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
cd "$folder"
examples=$BALLAST_SOURCE_DIR/examples
"$BALLAST" run "$examples/faulty-week.json" --set 'name="=1+1, \"x\""' --db results.db --quiet
"$BALLAST" run "$examples/quickstart/scenario.json" --set to=2016-05-20 --set 'measure={"from":"2016-05-04T05:06:07Z","to":"2016-05-19T00:00:00Z"}' \
    --bounds --db results.db --quiet
"$BALLAST" run "$examples/capacity-rebalance.json" --db results.db --quiet
"$BALLAST" sweep "$examples/faulty-week.json" --vary backup_group.group.DefaultCooldown=0,2700 --db results.db >/dev/null

python3 - <<'PY' || fail "see above"
import csv, io, json, os, sqlite3, subprocess
from decimal import Decimal

def dump(*arguments):
    return subprocess.run([os.environ["BALLAST"], "dump", "results.db", *arguments], check=True, capture_output=True, text=True).stdout

def table(name, *more):
    """The rows of a table, which all three forms agree on."""
    array = json.loads(dump("--table", name, "--format", "json", *more), parse_float=Decimal)
    lines = [json.loads(line, parse_float=Decimal) for line in dump("--table", name, "--format", "jsonl", *more).splitlines()]
    read = list(csv.reader(io.StringIO(dump("--table", name, *more), newline="")))
    assert array == lines, name
    assert [list(row) for row in array] == [read[0]] * len(array), (name, read[0])
    shown = [["" if value is None else value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
              if isinstance(value, dict) else str(value) for value in row.values()] for row in array]
    assert shown == read[1:], (name, shown[:1], read[1:2])
    return array

database = sqlite3.connect("results.db")
database.row_factory = sqlite3.Row
names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type='table' AND name NOT IN ('local')")]
assert len(names) > 15, names
for name in names:
    rows = table(name)
    stored = [dict(row) for row in database.execute(f"SELECT * FROM {name}")]
    assert len(rows) == len(stored), name
    for row in rows:
        for key, value in row.items():
            row[key] = float(value) if isinstance(value, Decimal) else json.dumps(value, separators=(",", ":")) if key == "varied" else value
    key = lambda row: repr(sorted(row.items()))
    assert sorted(rows, key=key) == sorted(stored, key=key), name
assert len(table("instance", "--run", "1")) < len(table("instance"))

figures = table("figures")
assert [row["run"] for row in figures] == [1, 2, 3] and figures[0]["name"] == '=1+1, "x"', figures
points = table("points")
assert [row["varied"] for row in points] == [{"backup_group.group.DefaultCooldown": "0"}, {"backup_group.group.DefaultCooldown": "2700"}], points
for row in figures:
    exact = json.loads(database.execute("SELECT figures FROM run WHERE run=?", (row["run"],)).fetchone()[0], parse_float=Decimal)
    for group, members in exact.items():
        for leaf, value in members.items():
            assert row[f"{group}_{leaf}"] == value, (group, leaf)
    for every, seconds in (("1h", 3600), ("25000", 25000), ("1000d", 86400000)):
        intervals = table("intervals", "--run", str(row["run"]), "--every", every)
        assert intervals[0]["to_s"] - intervals[0]["from_s"] <= seconds
        assert all(a["to_s"] == b["from_s"] and a["to_s"] - a["from_s"] == seconds for a, b in zip(intervals, intervals[1:]))
        for column in intervals[0]:
            if column.split("_")[0] in ("cost", "capacity", "events"):
                total = sum(interval[column] for interval in intervals)
                assert total == row[column], (row["run"], every, column, total, row[column])
assert any(row["events_scale_in_refused"] for row in figures) and any(row["events_spot_interruptions"] for row in figures)
PY

"$BALLAST" dump results.db --table figures -o figures.csv && "$BALLAST" dump results.db --table figures | cmp - figures.csv || fail "-o"
"$BALLAST" dump results.db -o all.txt && "$BALLAST" dump results.db | cmp - all.txt || fail "-o of the canonical dump"
refused() { # CODE WORDS arguments...
    local code=0 wanted=$1 words=$2
    shift 2
    "$BALLAST" dump results.db "$@" >out 2>error || code=$?
    [ $code -eq "$wanted" ] && [ "$(wc -l <error)" -eq 1 ] && grep -qF -- "$words" error || fail "$*: code $code: $(cat error)"
}
refused 2 'there is no table "local": there are figures' --table local -o none.csv
[ ! -e none.csv ] || fail "a file of a table that is none"
refused 2 'is of a --table' --format csv
refused 2 'write csv, json or jsonl' --table figures --format xml
refused 2 'is of one run' --table intervals
refused 2 'not of runs' --table point --run 1
refused 2 'is of --table intervals' --table figures --every 1h
refused 2 'write a time of at least 60 s' --table intervals --run 1 --every 59
refused 2 'write a time of at least 60 s' --table intervals --run 1 --every 5x
refused 2 'is a database, which is not written over' --table figures -o results.db
refused 2 'there is no folder none' --table figures -o none/figures.csv
"$BALLAST" dump results.db --table decision >/dev/full 2>error && fail "a full disk is no error" || [ $? -eq 3 ]
