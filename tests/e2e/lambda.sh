#!/usr/bin/env bash
# The Lambda function: asked through Lambda's runtime API, against the small account and, as it is uploaded, a twin.
set -euo pipefail
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
. "$BALLAST_SOURCE_DIR/tests/e2e/twin.bash"
program=$BALLAST_BUILD_DIR/ballast-lambda
python3 "$BALLAST_SOURCE_DIR/tests/e2e/live_account.py" "$folder" 2>/dev/null &
twins+=($!)
until_there 300 "$folder/port" "${twins[-1]}"
account() { # JSON: what the account looks like from now on
    printf '%s' "$1" >"$folder/world.tmp"
    mv "$folder/world.tmp" "$folder/world"
}
url=http://127.0.0.1:$(cat "$folder/port") fleet=sfr-1 group=grp key=AKIDEXAMPLE secret=hush-hush
serve() { # EVENTS VARIABLE=VALUE...: what came of it in FOLDER/told
    printf '%s' "$1" >"$folder/events"
    env -i PATH="$PATH" TMPDIR="$folder" AWS_REGION=us-east-1 AWS_ENDPOINT_URL="$url" AWS_ACCESS_KEY_ID=$key AWS_SECRET_ACCESS_KEY=$secret \
        AWS_MAX_ATTEMPTS=1 BALLAST_FLEET="$fleet" BALLAST_GROUP="$group" BALLAST_STATE="$folder/state" "${@:2}" \
        python3 "$BALLAST_SOURCE_DIR/tests/e2e/lambda_runtime.py" "$program" "$folder/events" >"$folder/told" 2>"$folder/lambda.err"
}
says() { # PYTHON EXPRESSION over `told` and its `answers`
    python3 -c "import json,sys; told=json.load(open(sys.argv[1])); answers=told['answers']; bodies=[a['body'] for a in answers]; sys.exit(not ($1))" \
        "$folder/told" || fail "not $1: $(cat "$folder/told" "$folder/lambda.err")"
}
guards=(BALLAST_APPLY=true BALLAST_MAX_STEP=4 BALLAST_MAX_DESIRED=10 BALLAST_STALE_AFTER=600 BALLAST_STOP_FILE="$folder/stop")
calls() {
    grep -c "^SetDesiredCapacity\b" "$folder/calls" || true
}

# The schedule's event and the alarm's, and what is neither; one failure does not end the function.
alarm='{"Records": [{"EventSource": "aws:sns", "Sns": {"Subject": "ALARM", "Message":
  "{\"AlarmName\":\"pending\",\"NewStateValue\":\"ALARM\",\"Trigger\":{\"MetricName\":\"PendingCapacity\",\"Dimensions\":[{\"value\":\"sfr-1\",\"name\":\"FleetRequestId\"}]}}"}}]}'
account '{"pending": 16, "target": 32, "desired": 0}'
serve "[{\"event\": {\"fleetID\": \"sfr-1\"}}, {\"event\": $alarm}, {\"event\": {\"fleetID\": \"sfr-2\"}}, {\"event\": {\"detail\": 1}}, {\"text\": \"{\"}, {\"event\": {\"source\": \"aws.events\"}}]" \
    "${guards[@]}"
says "[a['path'] for a in answers] == ['response', 'response', 'error', 'error', 'error', 'response'] and told['exit'] is None"
says "all(b['mode'] == 'apply' and b['desired_capacity'] == 4 and b['outcome'] == 'accepted' for b in (bodies[0], bodies[1], bodies[5]))"
says "all(a['type'] == a['body']['errorType'] == 'Ballast.BadEvent' for a in answers[2:5]) and 'sfr-2' in bodies[2]['errorMessage']"
[ "$(calls)" -eq 3 ] || fail "$(calls) calls, not 3"
! grep -q hush "$folder/told" "$folder/lambda.err" || fail "a key was told"

# Kept from one execution environment to the next where the state lies, and gone on without where it is lost.
account '{"fail": 503}'
serve '[{"event": {"fleetID": "sfr-1"}}]' BALLAST_POLICY=pending-capacity+grace
says "answers[0]['type'] == 'Ballast.EvaluationFailed' and 'calls failed' in bodies[0]['errorMessage']"
account '{"pending": 16, "target": 32, "desired": 0, "refuse": "AccessDenied"}'
serve '[{"event": {"fleetID": "sfr-1"}}]' "${guards[@]}" BALLAST_STOP_AFTER=1
grep -q '"mode":"stopped".*"stopped_by":"failures"' "$folder/lambda.err" || fail "the failure before was forgotten"
rm "$folder/state"
account '{"pending": 16, "target": 32, "desired": 0}'
serve '[{"event": {"fleetID": "sfr-1"}}]' "${guards[@]}" BALLAST_STOP_AFTER=1
says "bodies[0]['desired_capacity'] == 4 and bodies[0]['outcome'] == 'accepted' and bodies[0]['failures_in_a_row'] == 0"

# The deadline: an answer before it, whatever the account does; nothing is begun that has no time. Where the machine itself stood still, once more.
account '{"pending": 16, "target": 32, "desired": 0, "slow": 5}'
for _ in 1 2 3 4 5; do
    serve '[{"event": {"fleetID": "sfr-1"}, "deadline_s": 2}, {"event": {"fleetID": "sfr-1"}, "deadline_s": 0.2}]' "${guards[@]}"
    ! python3 -c 'import json,sys; sys.exit(json.load(open(sys.argv[1]))["answers"][0]["s"] >= 2)' "$folder/told" || break
done
says "answers[0]['path'] == 'error' and answers[0]['s'] < 2 and 'nothing was done' in bodies[1]['errorMessage']"

# What it is set to wrongly is told before the first event.
for wrong in BALLAST_APPLY=true BALLAST_APPLY=yes BALLAST_MAX_STEPS=4 BALLAST_POLICY=nobody BALLAST_GROUP=; do
    serve '[{"event": {"fleetID": "sfr-1"}}]' "$wrong"
    says "told['init']['type'] == 'Ballast.BadSettings' and told['exit'] == 2 and not answers and told['start_s'] is None"
done
serve '[{"event": {"fleetID": "sfr-1"}}]' BALLAST_SET='units_per_instance=8 window_s=600'
says "bodies[0]['desired_capacity'] == 2 and bodies[0]['mode'] == 'shadow'"

# As it is uploaded: nothing but what is in the zip, against a twin.
cmake -DPROGRAM="$program" -DBOOTSTRAP="$BALLAST_SOURCE_DIR/lambda/bootstrap" -DOUT="$folder/f.zip" -P "$BALLAST_SOURCE_DIR/cmake/lambda_zip.cmake" \
    >"$folder/zip.out" 2>&1 || fail "no zip"
mkdir "$folder/task"
python3 - "$folder/f.zip" "$folder/task" <<'TEXT' || fail "the zip is not one for Lambda"
import os, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as zipped:
    for info in zipped.infolist():
        path = zipped.extract(info, sys.argv[2])
        if not info.is_dir():
            assert not (info.external_attr >> 16) & 0o020000, info  # no links
            os.chmod(path, (info.external_attr >> 16) & 0o777)
assert os.access(sys.argv[2] + "/bootstrap", os.X_OK) and os.access(sys.argv[2] + "/ballast-lambda", os.X_OK)
assert os.path.getsize(sys.argv[1]) < 50 << 20
TEXT
twin market "$BALLAST_SOURCE_DIR/examples/quickstart/scenario.json"
url=$(said market endpoint) fleet=$(said market fleet) group=$(said market group) key=twin secret=twin program=$folder/task/bootstrap
serve "[{\"event\": {\"fleetID\": \"$fleet\"}}, {\"event\": {\"fleetID\": \"$fleet\"}}]" BALLAST_STATE="$folder/new" LAMBDA_TASK_ROOT="$folder/task"
says "len(answers) == 2 and all(b['backup']['status'] == 'ok' and b['mode'] == 'shadow' for b in bodies)"
python3 -c 'import json,sys; told=json.load(open(sys.argv[1])); print("start %.0f ms, evaluations" % (1000 * told["start_s"]), *["%.0f ms" % (1000 * a["s"]) for a in told["answers"]])' "$folder/told"
