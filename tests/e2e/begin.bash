# How tests of the program begin. Source it: fail WORDS... ends the test, with the last lines of the files `shown` of $folder; $folder is one to work
# in, gone with the test, as is what still runs in its background.
shown=error
fail() {
    printf 'FAILED: %s\n' "$*"
    # shellcheck disable=SC2086
    (cd "$folder" && tail -n 20 $shown 2>/dev/null) || true
    exit 1
}

folder=$(mktemp -d)
cleanup() {
    local running
    running=$(jobs -p)
    # shellcheck disable=SC2086
    [ -z "$running" ] || kill -KILL $running 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$folder"
}
trap cleanup EXIT
