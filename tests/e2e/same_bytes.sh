#!/usr/bin/env bash
# The same inputs give the same bytes: of --json and of the dump, run after run, in whatever order runs are recorded,
# and recorded twice or once.
# labels: robust
set -euo pipefail
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
cp -r "$BALLAST_SOURCE_DIR/examples/quickstart" "$folder/a"
cp -r "$BALLAST_SOURCE_DIR/examples/quickstart" "$folder/b"
cd "$folder"
run() { # FOLDER POLICY DATABASE
    "$BALLAST" run "$1/scenario.json" --policy "$2" --db "$3" --json
}

run a none one.db >none-1.json
run a pending-capacity one.db >policy-1.json
run b pending-capacity other.db >policy-2.json
run b none other.db >none-2.json
cmp none-1.json none-2.json || fail "--json differs (none)"
cmp policy-1.json policy-2.json || fail "--json differs (pending-capacity)"
! cmp -s none-1.json policy-1.json || fail "two policies gave the same answer: nothing was compared"

"$BALLAST" dump one.db >one.txt
"$BALLAST" dump other.db >other.txt
[ -s one.txt ] || fail "the dump is empty"
cmp one.txt other.txt || fail "the dumps of the same runs, recorded in another order, differ"

run a none one.db >/dev/null
"$BALLAST" dump one.db >again.txt
cmp one.txt again.txt || fail "recording a run again changed the dump"

"$BALLAST" run a/scenario.json --policy none --set seed=99 --json >seed.json
! cmp -s none-1.json seed.json || fail "another seed gave the same answer"
