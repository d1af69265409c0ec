#!/usr/bin/env bash
# Random worlds by the thousand, as fast as the program that is shipped is: stepping against skipping, and runs alone against runs in batches
# (tests/property/skipping_test.c, batch_test.c). Some mistakes show in one world of a thousand.
set -euo pipefail
programs=$BALLAST_BUILD_DIR/tests
for thing in skipping batch; do
    program=$programs/property_${thing}_test
    [ -x "$program" ] || { echo "SKIP: $program is not built"; exit 77; }
    BALLAST_WORLDS=${BALLAST_WORLDS:-3000} "$program"
done
