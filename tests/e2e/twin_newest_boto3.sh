#!/usr/bin/env bash
# The newest boto3 there is, unmodified, against `ballast twin`: it speaks to CloudWatch in JSON, and in CBOR when told to.
# It is fetched into a virtual environment in the build folder, once; where it cannot be, this test is skipped.
# labels: slow
set -euo pipefail
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
environment=$BALLAST_BUILD_DIR/boto3
if [ ! -f "$environment/complete" ]; then
    rm -rf "$environment"
    { python3 -m venv "$environment" &&
        timeout 300 "$environment/bin/pip" install -q --disable-pip-version-check boto3 &&
        touch "$environment/complete"; } >/dev/null 2>&1 ||
        { echo "SKIP: the newest boto3 could not be fetched"; exit 77; }
fi
. "$BALLAST_SOURCE_DIR/tests/e2e/twin.bash"
twin p6 "$BALLAST_SOURCE_DIR/examples/p6-cooldown-restarts.json" --speed step --set account.spot_launch_delay_s=30
twin p7 "$BALLAST_SOURCE_DIR/examples/p7-reservation-feedback.json" --speed step
"$environment/bin/python" "$BALLAST_SOURCE_DIR/tests/e2e/twin_calls.py" "$folder/p6.line" "$folder/p7.line" || fail "the calls"
