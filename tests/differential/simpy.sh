#!/usr/bin/env bash
# The model of tests/bench/simpy, which ./dev bench measures beside the program, simulates what the program does: the
# same figures of the same scenarios, to the micro-USD and the second. Skipped where SimPy 4 is not and cannot be fetched.
set -euo pipefail
python=$(bash "$BALLAST_SOURCE_DIR/tests/bench/simpy/python.bash" "$BALLAST_BUILD_DIR") ||
    { echo "SKIP: SimPy 4 is not installed and could not be fetched"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
exec "$python" "$BALLAST_SOURCE_DIR/tests/differential/beside_simpy.py" "$folder"
