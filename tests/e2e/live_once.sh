#!/usr/bin/env bash
# `ballast live once` against a small account that speaks AWS's protocols and checks every signature by itself.
set -euo pipefail
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
shown="line error"

. "$BALLAST_SOURCE_DIR/tests/e2e/waiting.bash"
start_account() { # [CERTIFICATE]: leaves the port in FOLDER/port
    rm -f "$folder/port"
    python3 "$BALLAST_SOURCE_DIR/tests/e2e/live_account.py" "$folder" "$@" 2>/dev/null &
    until_there 300 "$folder/port" $!
}
start_account
url=http://127.0.0.1:$(cat "$folder/port")

account() { # JSON: what the account looks like from now on
    printf '%s' "$1" >"$folder/world.tmp"
    mv "$folder/world.tmp" "$folder/world"
}
calls() { # how often this operation was called
    grep -c "^$1\b" "$folder/calls" || true
}
once() { # argument...; with AWS_CONFIG=FILE that config file
    env -i HOME="$folder" PATH="$PATH" AWS_CONFIG_FILE="${AWS_CONFIG:-$folder/none}" AWS_REGION=us-east-1 AWS_ENDPOINT_URL="$url" AWS_ACCESS_KEY_ID=AKIDEXAMPLE \
        AWS_SECRET_ACCESS_KEY=hush-hush AWS_MAX_ATTEMPTS=1 "$BALLAST" live once --fleet sfr-1 --group grp "$@" \
        >"$folder/line" 2>"$folder/error"
}
says() { # PYTHON EXPRESSION over `line`
    python3 -c "import json,sys; line=json.load(open(sys.argv[1])); sys.exit(not ($2))" "$folder/line" ||
        fail "$1: not $2"
}
guards=(--max-step 4 --max-desired 10 --stale-after 600 --stop-file "$folder/stop" --state "$folder/state")

# Shadow: 16 units are missing, four instances are wanted, and nothing is called.
account '{"pending": 16, "target": 32, "desired": 0}'
once --state "$folder/shadow" || fail "shadow ended with $?"
says shadow "line['mode'] == 'shadow' and line['action'] == 'set-desired' and line['desired_capacity'] == 4"
says shadow "line['outcome'] == 'dry-run' and line['failed_calls'] == 0 and line['backup']['max_size'] == 20"
[ "$(calls SetDesiredCapacity)" -eq 0 ] || fail "shadow changed the account"
[ ! -s "$folder/error" ] || fail "shadow has something to say on stderr"
[ "$(wc -l <"$folder/line")" -eq 1 ] || fail "not one line"

# --apply demands its guards, each.
for missing in max-step max-desired stale-after stop-file state; do
    given=()
    for ((i = 0; i < ${#guards[@]}; i += 2)); do
        [ "${guards[i]}" = "--$missing" ] || given+=("${guards[i]}" "${guards[i + 1]}")
    done
    code=0
    once --apply "${given[@]}" || code=$?
    [ "$code" -eq 2 ] && grep -q -- "--$missing is missing" "$folder/error" || fail "--apply without --$missing: $code"
done
[ "$(calls SetDesiredCapacity)" -eq 0 ] || fail "--apply without guards changed the account"

# Applied, and shortened by a guard.
once --apply "${guards[@]}" || fail "apply ended with $?"
says apply "line['mode'] == 'apply' and line['outcome'] == 'accepted' and line['desired_capacity'] == 4"
grep -q '^SetDesiredCapacity 4 false$' "$folder/calls" || fail "not four without regard to the cooldown"
account '{"pending": 32, "target": 32, "desired": 0}'
once --apply "${guards[@]}" || fail "apply ended with $?"
says guard "line['guard'] == 'max_step_instances' and line['desired_capacity'] == 4"

# The kill switch.
touch "$folder/stop"
before=$(calls SetDesiredCapacity)
once --apply "${guards[@]}" || fail "stopped ended with $?"
says stop "line['mode'] == 'stopped' and line['stopped_by'] == 'stop-file' and line['outcome'] == 'dry-run'"
[ "$(calls SetDesiredCapacity)" -eq "$before" ] || fail "the stop file did not stop it"
rm "$folder/stop"

# A refused scale-in is normal. (The fleet's target has been the same for long: nothing was scaled.)
account '{"pending": 0, "target": 32, "desired": 5, "refuse": "ScalingActivityInProgress"}'
once --apply "${guards[@]}" || fail "a refused scale-in ended with $?"
says refused "line['outcome'] == 'ScalingActivityInProgress' and line['failures_in_a_row'] == 0"

# Missing metrics never scale in; nor do calls that fail.
account '{"desired": 5, "target": 32}'
before=$(calls SetDesiredCapacity)
once --apply "${guards[@]}" || fail "without points ended with $?"
says missing "line['action'] == 'hold'"
account '{"desired": 5, "target": 32, "fail": 503}'
for i in 1 2 3; do
    code=0
    once --apply --stop-after 3 "${guards[@]}" || code=$?
    [ "$code" -eq 3 ] || fail "failing calls ended with $code"
    says failing "line['action'] == 'hold' and line['failures_in_a_row'] == $i"
done
[ "$(calls SetDesiredCapacity)" -eq "$before" ] || fail "it acted on missing data"

# After so many failures in a row one good evaluation must come first.
account '{"pending": 16, "target": 32, "desired": 0}'
once --apply --stop-after 3 "${guards[@]}" || fail "after failures ended with $?"
says stopped "line['mode'] == 'stopped' and line['stopped_by'] == 'failures' and line['failures_in_a_row'] == 0"
[ "$(calls SetDesiredCapacity)" -eq "$before" ] || fail "it acted though it had stopped"
once --apply --stop-after 3 "${guards[@]}" || fail "going on ended with $?"
says on "line['mode'] == 'apply' and line['outcome'] == 'accepted'"

# Keys that are wrong are said to be, and appear nowhere.
code=0
env -i HOME="$folder" AWS_REGION=us-east-1 AWS_ENDPOINT_URL="$url" AWS_ACCESS_KEY_ID=AKIDEXAMPLE \
    AWS_SECRET_ACCESS_KEY=wrong-hush "$BALLAST" live once --fleet sfr-1 --group grp --state "$folder/wrong" \
    >"$folder/line" 2>"$folder/error" || code=$?
[ "$code" -eq 3 ] && grep -q SignatureDoesNotMatch "$folder/error" || fail "wrong keys ended with $code"
! grep -q hush "$folder/line" "$folder/error" "$folder"/state* "$folder"/wrong* || fail "a key was written down"

# A group that is not there is a failure that is told.
account '{"pending": 16, "target": 32, "desired": 0}'
code=0
once --group nobody --state "$folder/nobody" || code=$?
[ "$code" -eq 3 ] && grep -q 'no Auto Scaling group "nobody" in us-east-1' "$folder/error" || fail "no group: $code"
says nobody "line['action'] == 'hold' and line['backup']['status'] == 'empty'"

# The daemon: every second here, one of it at a time, and SIGTERM ends it in good order.
daemon() {
    exec env -i HOME="$folder" AWS_REGION=us-east-1 AWS_ENDPOINT_URL="$url" AWS_ACCESS_KEY_ID=AKIDEXAMPLE \
        AWS_SECRET_ACCESS_KEY=hush-hush "$BALLAST" live daemon --fleet sfr-1 --group grp --every 1 \
        --state "$folder/daemon-state"
}
daemon >"$folder/lines" 2>"$folder/error" &
daemon=$!
said_thrice() {
    [ "$(wc -l <"$folder/lines")" -ge 3 ]
}
wait_until 300 said_thrice
# One controller per fleet and group, whatever its state and whether it acts.
for other in "--state $folder/daemon-state" "--state $folder/other-state" "--policy none" "--apply ${guards[*]}"; do
    code=0
    # shellcheck disable=SC2086
    once $other || code=$?
    [ "$code" -eq 3 ] && grep -q "another evaluation of this fleet is going on (process $daemon)" "$folder/error" && [ ! -s "$folder/line" ] ||
        fail "a second one with $other: $code"
done
once --fleet sfr-2 --policy none || fail "another fleet is kept away"
kill -TERM "$daemon"
code=0
wait "$daemon" || code=$?
[ "$code" -eq 0 ] || fail "the daemon ended with $code"
python3 - "$folder/lines" <<'TEXT' || fail "the daemon's lines are not right"
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
assert len(lines) >= 3 and all(line["mode"] == "shadow" and line["desired_capacity"] == 4 for line in lines)
assert len({line["time"] for line in lines}) == len(lines)
TEXT
once --state "$folder/daemon-state" || fail "what the daemon left behind cannot be gone on with"
daemon >"$folder/lines" 2>"$folder/error" &
daemon=$!
until_there 300 "$folder/lines" "$daemon"
kill -KILL "$daemon"
wait "$daemon" 2>/dev/null || true
once --state "$folder/daemon-state" || fail "a killed daemon keeps others away"

# Usage.
for arguments in "--fleet a" "--group a" "--fleet a --group b --policy nobody" "--fleet a --group b --policy none --set x=1" \
    "--fleet a --group b" "--fleet a --group b --policy none --time-limit 0" \
    "--fleet a --group b --policy none --region not/one"; do
    code=0
    # shellcheck disable=SC2086
    env -i HOME="$folder" AWS_ACCESS_KEY_ID=A AWS_SECRET_ACCESS_KEY=B "$BALLAST" live once $arguments >"$folder/line" \
        2>"$folder/error" || code=$?
    [ "$code" -eq 2 ] && [ "$(wc -l <"$folder/error")" -eq 1 ] || fail "live once $arguments: $code"
done

# TLS: only who is trusted is spoken to.
command -v openssl >/dev/null || { echo "SKIP: openssl is not installed, so TLS was not tried (the rest passed)"; exit 77; }
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
    -keyout "$folder/key.pem" -out "$folder/bundle.pem" 2>/dev/null
cat "$folder/bundle.pem" "$folder/key.pem" >"$folder/both.pem"
start_account "$folder/both.pem"
tls=https://localhost:$(cat "$folder/port")
account '{"pending": 16, "target": 32, "desired": 0}'
code=0
once --state "$folder/tls" --endpoint-url "$tls" || code=$?
[ "$code" -eq 3 ] && grep -qi certificate "$folder/error" || fail "a stranger was trusted: $code"
[ "$(calls DescribeAutoScalingGroups)" -eq 0 ] || fail "a stranger was asked"
printf '[default]\nca_bundle = %s\n' "$folder/bundle.pem" >"$folder/config"
AWS_CONFIG=$folder/config once --state "$folder/tls" --endpoint-url "$tls" || fail "a bundle of its own: $?"
says tls "line['failed_calls'] == 0 and line['desired_capacity'] == 4"
