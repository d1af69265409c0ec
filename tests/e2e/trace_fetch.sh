#!/usr/bin/env bash
# `ballast trace fetch` from a twin: the scenario's prices to the record, only what is new when asked again, and after an
# interruption the rest.
# labels: robust
set -euo pipefail
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
. "$BALLAST_SOURCE_DIR/tests/e2e/twin.bash"
twin market "$BALLAST_SOURCE_DIR/examples/quickstart/scenario.json" --speed step
step market 864000
fetch() { # EXIT CODE DATABASE argument...
    local code=0
    env -i HOME="$folder" AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=twin AWS_SECRET_ACCESS_KEY=twin AWS_MAX_ATTEMPTS=2 \
        "$BALLAST" trace fetch --into "$folder/$2" --clock twin --endpoint-url "$(said market endpoint)" "${@:3}" \
        >"$folder/fetch.out" 2>"$folder/fetch.err" || code=$?
    [ "$code" -eq "$1" ] || fail "fetch ${*:2}: $code, not $1"
}
prices() { # DATABASE
    python3 - "$folder/$1" <<'TEXT'
import sqlite3, sys
for row in sqlite3.connect(sys.argv[1]).execute("SELECT zone, instance_type, product, time_s, micro_usd_per_hour FROM price"
                                                " JOIN market USING (market) ORDER BY 1, 2, 3, 4"):
    print(*row)
TEXT
}
fetch 0 a.db c4.xlarge c4.2xlarge
prices a.db >"$folder/a.txt"
[ "$(cut -d' ' -f1,2 "$folder/a.txt" | sort -u | wc -l)" -eq 4 ] || fail "not the four markets"
fetch 0 a.db c4.xlarge c4.2xlarge
grep -q '^0 taken' "$folder/fetch.out" || fail "what was there is taken again"

# Later there is more; in one piece it is the same.
step market 432000
fetch 0 a.db c4.xlarge c4.2xlarge
! grep -q '^0 taken' "$folder/fetch.out" || fail "nothing new in five days"
fetch 0 b.db c4.xlarge c4.2xlarge
cmp <(prices a.db) <(prices b.db) || fail "fetched in two pieces it is another history"

# Throttled once it waits and goes on; without an end it gives up, keeps what it has, and goes on from there.
control market throttle '{"calls":1,"operation":"DescribeSpotPriceHistory"}'
fetch 0 c.db c4.xlarge
control market throttle '{"calls":1000,"operation":"DescribeSpotPriceHistory"}'
fetch 3 c.db c4.2xlarge
control market throttle '{"calls":0,"operation":"DescribeSpotPriceHistory"}'
fetch 0 c.db c4.xlarge c4.2xlarge
cmp <(prices c.db) <(prices b.db) || fail "after an interruption it is another history"
fetch 2 c.db c4.xlarge --since yesterday
fetch 2 c.db c4.xlagre
grep -q 'no price of c4.xlagre (Linux/UNIX) in us-east-1' "$folder/fetch.err" || fail "a type that there is not"
fetch 2 c.db c4.xlarge --product Linux

# On a terminal it says how far it is.
env -i HOME="$folder" AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=twin AWS_SECRET_ACCESS_KEY=twin python3 - "$BALLAST" trace fetch c4.xlarge \
    --into "$folder/d.db" --clock twin --endpoint-url "$(said market endpoint)" <<'TEXT' || fail "no word of progress"
import os, pty, sys
said = b""
child, terminal = pty.fork()
if child == 0:
    os.execv(sys.argv[1], sys.argv[1:])
while True:
    try:
        more = os.read(terminal, 65536)
    except OSError:  # it has ended
        break
    if not more:
        break
    said += more
_, status = os.waitpid(child, 0)
assert status == 0 and b"c4.xlarge: 60 of 90 days, about " in said and said.count(b"days, about") == 89, said[-300:]
TEXT
