#!/usr/bin/env bash
# `ballast trace fetch --demand` of any metric, all that CloudWatch keeps of it: as finely as it is kept, page by page, and after calls
# that failed what it is without.
set -euo pipefail
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
shown="*.err *.out refused"
python3 "$BALLAST_SOURCE_DIR/tests/e2e/trace_fetch_metric.py" "$folder" 2>"$folder/server.err" &
server=$!
. "$BALLAST_SOURCE_DIR/tests/e2e/waiting.bash"
until_there 300 "$folder/port" "$server"
attempt() { # DATABASE argument...
    env -i HOME="$folder" AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b AWS_MAX_ATTEMPTS=1 \
        "$BALLAST" trace fetch --into "$folder/$1" --endpoint-url "http://127.0.0.1:$(cat "$folder/port")" --namespace Shop "${@:2}" \
        >"$folder/fetch.out" 2>"$folder/fetch.err"
}
fetch() { # EXIT CODE DATABASE argument...
    local code=0
    attempt "${@:2}" || code=$?
    [ "$code" -eq "$1" ] || fail "fetch ${*:2}: $code, not $1"
}
orders=(--demand Orders --dimension Queue=all --dimension "Region=eu west" --demand-name orders)
# What AWS keeps moves with the hour: both series are to be fetched in one.
both() {
    local attempts=0
    rm -f "$folder"/*.db
    fetch 0 whole.db "${orders[@]}"
    [ ! -s "$folder/refused" ] || fail "asked for what AWS does not answer"
    touch "$folder/broken"
    until attempt broken.db "${orders[@]}"; do
        attempts=$((attempts + 1))
        [ "$attempts" -lt 100 ] || fail "it does not go on"
    done
    [ "$attempts" -gt 5 ] || fail "no more than $attempts calls failed"
    rm "$folder/broken"
    fetch 0 broken.db "${orders[@]}"
}
hour=
until [ "$hour" = $(($(date +%s) / 3600)) ]; do
    hour=$(($(date +%s) / 3600))
    both
done
python3 - "$folder" <<'TEXT' || fail "another series"
import sqlite3, sys
whole, broken = (sqlite3.connect(f"{sys.argv[1]}/{name}.db").execute("SELECT time_s, required_micro FROM demand ORDER BY 1").fetchall()
                 for name in ("whole", "broken"))
end = whole[-1][0]
assert whole == [row for row in broken if row[0] <= end], "broken"
assert all(micro == (time_s // 86400 % 50 + 1) * 1000000 for time_s, micro in whole)
apart = [b[0] - a[0] for a, b in zip(whole, whole[1:])]
assert apart == sorted(apart, reverse=True) and set(apart) == {3600, 300, 60}, "not ever finer, and without a gap"
days = lambda period: apart.count(period) * period / 86400
assert 391 < days(3600) < 393 and 47 < days(300) < 49 and 14.8 < days(60) < 15, [days(period) for period in (3600, 300, 60)]
TEXT
fetch 2 none.db --demand Ordres --dimension Queue=all --dimension "Region=eu west"
grep -q 'no point of Shop Ordres by Queue all' "$folder/fetch.err" || fail "it does not say what there is not"
