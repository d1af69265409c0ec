#!/usr/bin/env bash
# Debian's AWS CLI and `ballast live once`, unmodified, against `ballast twin`.
set -euo pipefail
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
. "$BALLAST_SOURCE_DIR/tests/e2e/twin.bash"
twin p6 "$BALLAST_SOURCE_DIR/examples/p6-cooldown-restarts.json" --speed step --set account.spot_launch_delay_s=30
url=$(said p6 endpoint) fleet=$(said p6 fleet) group=$(said p6 group)
client=(env -i PATH="$PATH" HOME="$folder" AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=twin
    AWS_SECRET_ACCESS_KEY=twin AWS_PAGER= AWS_MAX_ATTEMPTS=1)

# A whole evaluation, while spot is short and after: what the simulated controller would have done.
once() {
    "${client[@]}" "$BALLAST" live once --fleet "$fleet" --group "$group" --endpoint-url "$url" --state "$folder/state" \
        --apply --max-step 8 --max-desired 20 --stale-after 900 --stop-file "$folder/stop" >"$folder/once.out" \
        2>"$folder/once.err"
}
says() { # PYTHON EXPRESSION over `line`
    python3 -c "import json,sys; line=json.load(open(sys.argv[1])); sys.exit(not ($1))" "$folder/once.out" || fail "not: $1"
}
step p6 3630
once || fail "an evaluation in peace ended with $?"
says "line['action'] == 'hold' and line['failed_calls'] == 0"
step p6 3900 # five minutes after 02:00, when the price took everything
once || fail "an evaluation without spot ended with $?"
says "line['desired_capacity'] == 8 and line['outcome'] == 'accepted'"
says "line['reads'][0]['newest']['value'] == 32"
step p6 60
once || fail "an evaluation with backup ended with $?"
says "line['backup']['in_service'] == 8 and line['backup']['desired_capacity'] == 8"

[ -x /usr/bin/aws ] || { echo "SKIP: the AWS CLI is not installed; live once was tested"; exit 77; }
"${client[@]}" /usr/bin/aws --endpoint-url "$url" sts get-caller-identity >"$folder/cli.out" 2>"$folder/cli.err" ||
    fail "the CLI ended with $?"
# Debian's CLI is Python: all other calls in one process.
"${client[@]}" /usr/bin/python3 "$BALLAST_SOURCE_DIR/tests/e2e/twin_cli_calls.py" "$url" "$fleet" "$group" || fail "the calls"

# It ends when told to, and says nothing.
kill "${twins[0]}"
wait "${twins[0]}" || fail "the twin ended with $?"
[ ! -s "$folder/p6.err" ] || fail "the twin has something to say"
twins=()
for wrong in '--speed 0' '--speed fast' '--listen nowhere' '--listen 127.0.0.1' '--listen 127.0.0.1:port'; do
    code=0
    # shellcheck disable=SC2086
    "$BALLAST" twin "$BALLAST_SOURCE_DIR/examples/p6-cooldown-restarts.json" $wrong >"$folder/wrong.out" 2>"$folder/wrong.err" || code=$?
    [ "$code" -eq 2 ] && [ "$(wc -l <"$folder/wrong.err")" -eq 1 ] || fail "$wrong ended with $code"
done
