# How tests of the program begin. Source it: fail WORDS... ends the test, $folder is one to work in, gone with the test.
fail() {
    printf 'FAILED: %s\n' "$*"
    exit 1
}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
