#!/usr/bin/env bash
# Debian's boto3, unmodified, against `ballast twin`: every call, its pages, and the exceptions it makes of errors.
set -euo pipefail
/usr/bin/python3 -c 'import boto3' 2>/dev/null || { echo "SKIP: Debian's python3-boto3 is not installed"; exit 77; }
. "$BALLAST_SOURCE_DIR/tests/e2e/twin.bash"
twin p6 "$BALLAST_SOURCE_DIR/examples/p6-cooldown-restarts.json" --speed step --set account.spot_launch_delay_s=30
twin p7 "$BALLAST_SOURCE_DIR/examples/p7-reservation-feedback.json" --speed step
/usr/bin/python3 "$BALLAST_SOURCE_DIR/tests/e2e/twin_calls.py" "$folder/p6.line" "$folder/p7.line" || fail "the calls"
