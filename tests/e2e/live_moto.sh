#!/usr/bin/env bash
# `ballast live once` against moto's server, an account that others wrote. Where moto is not installed it is fetched into
# a virtual environment in the build folder, once; where it cannot be, this test is skipped.
# labels: slow
set -euo pipefail
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
environment=$BALLAST_BUILD_DIR/moto
python=python3
if ! python3 -c 'import moto.server, flask, boto3' 2>/dev/null; then
    if [ ! -f "$environment/complete" ]; then
        rm -rf "$environment"
        { python3 -m venv "$environment" &&
            timeout 300 "$environment/bin/pip" install -q --disable-pip-version-check \
                'moto[server,ec2,autoscaling,cloudwatch,sts]==5.2.1' boto3 &&
            touch "$environment/complete"; } >/dev/null 2>&1 ||
            { echo "SKIP: moto is not installed and could not be fetched"; exit 77; }
    fi
    python=$environment/bin/python
fi
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
shown="line error"

"$python" "$BALLAST_SOURCE_DIR/tests/e2e/live_moto.py" "$folder" >"$folder/moto" 2>&1 &
server=$!
for _ in $(seq 600); do
    [ -s "$folder/ready" ] && break
    kill -0 "$server" 2>/dev/null || fail "moto ended: $(tail -n 3 "$folder/moto")"
    sleep 0.2
done
[ -s "$folder/ready" ] || fail "moto did not get ready: $(tail -n 3 "$folder/moto")"
read -r port fleet <"$folder/ready"

once() { # argument...
    env -i HOME="$folder" AWS_REGION=us-east-1 AWS_ENDPOINT_URL="http://127.0.0.1:$port" AWS_ACCESS_KEY_ID=a \
        AWS_SECRET_ACCESS_KEY=b "$BALLAST" live once --fleet "$fleet" --group grp --state "$folder/state" "$@" \
        >"$folder/line" 2>"$folder/error"
}
says() { # PYTHON EXPRESSION over `line`
    python3 -c "import json,sys; line=json.load(open(sys.argv[1])); sys.exit(not ($1))" "$folder/line" || fail "not: $1"
}

# 12 units pending, 4 to an instance; the group wants 2.
once || fail "shadow ended with $?"
says "line['action'] == 'set-desired' and line['desired_capacity'] == 3 and line['outcome'] == 'dry-run'"
says "line['backup']['desired_capacity'] == 2 and line['backup']['in_service'] == 2 and line['failed_calls'] == 0"
once --apply --max-step 5 --max-desired 9 --stale-after 600 --stop-file "$folder/stop" || fail "apply ended with $?"
says "line['outcome'] == 'accepted'"
once || fail "afterwards: $?"
says "line['backup']['desired_capacity'] == 3 and line['action'] == 'hold'"
