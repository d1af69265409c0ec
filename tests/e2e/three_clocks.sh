#!/usr/bin/env bash
# labels: slow
# The same decisions, one by one, by three clocks: in simulation, over HTTP against the twin (live daemon, recorded), and in replay of
# that recording. Four scenarios of BALLAST_PROOF_HOURS each (6; ./dev soak takes two weeks).
set -euo pipefail
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
hours=${BALLAST_PROOF_HOURS:-6}
# In memory where that can be had: each evaluation is flushed to the disk.
folder=$(mktemp -d -p "$([ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")")
cleanup() {
    local job
    for job in $(jobs -p); do
        kill "$job" 2>/dev/null || true
    done
    wait
    rm -rf "$folder"
}
trap cleanup EXIT
fail() {
    printf 'FAILED: %s\n' "$*"
    exit 1
}
. "$BALLAST_SOURCE_DIR/tests/e2e/waiting.bash"
helper=$BALLAST_SOURCE_DIR/tests/e2e/three_clocks.py
cd "$folder"
# The daemon writes its lines into a pipe, which holds some of them: it cannot be over while it is looked at, however fast it is.
watch() { # PROCESS FILE: its descriptors and KiB of memory, each ten lines that it writes, while it lasts
    local line lines=0
    while read -r line; do
        [ $((++lines % 10)) -ne 0 ] || [ ! -d "/proc/$1/fd" ] ||
            printf '%d %d\n' "$(ls "/proc/$1/fd" 2>/dev/null | wc -l)" "$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$1/status" 2>/dev/null)" >>"$2"
    done
}
prove() { # NAME
    local name=$1 server daemon status=0
    "$BALLAST" run "$name.json" --db "$name.sim.db" >/dev/null 2>"$name.error" || return 1
    "$BALLAST" run "$name.json" --set seed=2 --db "$name.other.db" >/dev/null 2>>"$name.error" || return 1
    "$BALLAST" twin "$name.json" --speed step >"$name.twin" 2>>"$name.error" &
    server=$!
    until_there 120 "$name.twin" "$server"
    local region endpoint fleet group to policy
    read -r region endpoint fleet group to policy < <(python3 "$helper" settings "$name" "$folder")
    mkfifo "$name.lines"
    # shellcheck disable=SC2086
    env -i HOME="$folder" PATH="$PATH" AWS_REGION="$region" AWS_ACCESS_KEY_ID=twin AWS_SECRET_ACCESS_KEY=twin AWS_MAX_ATTEMPTS=1 \
        "$BALLAST" live daemon --clock twin --advance --until "$to" --phase 30 --endpoint-url "$endpoint" --fleet "$fleet" --group "$group" \
        $policy --record "$name.live.db" --state "$name.state" --apply --max-step 10000 --max-desired 10000 --stale-after 86400 \
        --stop-file "$folder/stop" --stop-after 100000 >"$name.lines" 2>"$name.warnings" &
    daemon=$!
    watch "$daemon" "$name.watched" <"$name.lines"
    wait "$daemon" || status=$?
    kill "$server"
    wait "$server" || true
    [ "$status" -eq 0 ] || { tail -2 "$name.warnings"; return 1; }
    "$BALLAST" live replay "$name.live.db" --each >"$name.each" 2>>"$name.error" || return 1
    python3 "$helper" compare "$name" "$folder"
}
names=$(python3 "$helper" scenarios "$folder" "$hours")
proofs=()
for name in $names; do
    (prove "$name" || { echo "FAILED: $name"; tail -3 "$name.error"; exit 1; }) &
    proofs+=($!)
done
failed=0
for proof in "${proofs[@]}"; do
    wait "$proof" || failed=1
done
exit "$failed"
