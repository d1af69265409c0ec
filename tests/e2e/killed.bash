# Sourced by tests of what is left of a command that is killed.

# killed_while_writing BYTES COMMAND...: the command, which leaves a file of so many bytes when it comes to its end, is begun again and again, each
# time allowed to make files somewhat larger: the system ends it in the middle of the write that goes beyond, however fast or slow the machine is.
killed_while_writing() {
    local bytes=$1 eighths status
    shift
    for eighths in 1 2 4 6 7; do
        status=0
        { (ulimit -c 0 && ulimit -f $((bytes * eighths / 8 / 1024)) && exec "$@") >/dev/null 2>&1; } 2>/dev/null || status=$?
        [ "$status" -eq $((128 + $(kill -l XFSZ))) ] || fail "with room for $eighths eighths of $bytes bytes it was not killed, but ended with $status: $*"
    done
}
