# Sourced by tests that wait for others. How long that may take is generous: only what will never come takes so long.

# until_there SECONDS FILE PROCESS: waits until the file is there, which the process is to bring about.
until_there() {
    local i
    for ((i = 0; i < $1 * 50; i++)); do
        [ ! -s "$2" ] || return 0
        kill -0 "$3" 2>/dev/null || fail "process $3 ended before there was ${2##*/}"
        sleep 0.02
    done
    fail "there is no ${2##*/} after $1 s"
}

# wait_until SECONDS COMMAND...: until the command succeeds.
wait_until() {
    local i
    for ((i = 0; i < $1 * 50; i++)); do
        ! "${@:2}" || return 0
        sleep 0.02
    done
    fail "after $1 s it is still not so: ${*:2}"
}
