#!/usr/bin/env bash
# What is no request, and what is too much of one, against `ballast twin`: it answers or hangs up, and goes on.
# labels: robust
set -euo pipefail
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
. "$BALLAST_SOURCE_DIR/tests/e2e/twin.bash"
twin p6 "$BALLAST_SOURCE_DIR/examples/p6-cooldown-restarts.json" --speed step
python3 "$BALLAST_SOURCE_DIR/tests/e2e/twin_bad_requests.py" "$(said p6 endpoint)" || fail "the requests"
kill "${twins[0]}"
wait "${twins[0]}" || fail "the twin ended with $?"
twins=()
[ ! -s "$folder/p6.err" ] || fail "the twin has something to say: $(cat "$folder/p6.err")"

# A port that is taken, and an output nobody reads.
code=0
twin p6 "$BALLAST_SOURCE_DIR/examples/p6-cooldown-restarts.json" --speed step
address=$(said p6 endpoint)
"$BALLAST" twin "$BALLAST_SOURCE_DIR/examples/p6-cooldown-restarts.json" --listen "${address#http://}" >"$folder/second.out" \
    2>"$folder/second.err" || code=$?
[ "$code" -eq 3 ] && [ "$(wc -l <"$folder/second.err")" -eq 1 ] || fail "a second twin at one port ended with $code"
code=0
"$BALLAST" twin "$BALLAST_SOURCE_DIR/examples/p6-cooldown-restarts.json" >/dev/full 2>"$folder/full.err" || code=$?
[ "$code" -eq 3 ] || fail "a twin whose line cannot be written ended with $code"
