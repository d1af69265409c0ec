#!/usr/bin/env bash
# The daemon as a service: what it tells the service manager, the monitoring and people, and that what is installed for
# them is well formed.
set -euo pipefail
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
shown="error told *.prom"
python3 "$BALLAST_SOURCE_DIR/tests/e2e/live_account.py" "$folder" 2>/dev/null &
account=$!
# The service manager: what arrives on its socket, one datagram a line.
python3 - "$folder" <<'TEXT' &
import socket, sys
manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
manager.bind(sys.argv[1] + "/notify")
while True:
    text = manager.recv(4096).decode()
    with open(sys.argv[1] + "/told", "a", encoding="utf-8") as file:
        print(text, file=file)
TEXT
. "$BALLAST_SOURCE_DIR/tests/e2e/waiting.bash"
until_there 300 "$folder/port" "$account"
wait_until 300 [ -S "$folder/notify" ]
account() { # JSON: what the account looks like from now on
    printf '%s' "$1" >"$folder/world.tmp"
    mv "$folder/world.tmp" "$folder/world"
}
live() { # COMMAND argument...; to be run in a subshell
    exec env -i HOME="$folder" PATH="$PATH" AWS_REGION=us-east-1 AWS_ENDPOINT_URL="http://127.0.0.1:$(cat "$folder/port")" \
        AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=hush-hush AWS_MAX_ATTEMPTS=1 NOTIFY_SOCKET="$folder/notify" \
        WATCHDOG_USEC=1000000 "$BALLAST" live "$1" --fleet sfr-1 --group grp --metrics "$folder/ballast.prom" \
        --on-demand-price 0.5 --state "$folder/state" "${@:2}" >>"$folder/lines" 2>>"$folder/error"
}
told() { # TEXT: how many lines of what the service manager was told begin so
    { cat "$folder/told" 2>/dev/null || true; } | grep -c "^$1" || true
}
figure() { # NAME[{LABEL}]: its values, each once; nothing where it is not there
    local name=${1%%\{*} label=
    [ "$name" = "$1" ] || label=${1#*\{} label=${label%\}}
    sed -n "s/^ballast_$name{fleet=\"sfr-1\",group=\"grp\".*$label} //p" "$folder/ballast.prom" | sort -u
}
is() { # FIGURE VALUE
    [ "$(figure "$1")" = "$2" ] || fail "$1 is \"$(figure "$1")\", not $2"
}

status() { # EXIT CODE PATTERN argument...: what `live status` says of FOLDER/r.db
    local code=0
    "$BALLAST" live status "$folder/r.db" "${@:3}" >"$folder/status" 2>&1 || code=$?
    [ "$code" -eq "$1" ] && grep -q -- "$2" "$folder/status" || fail "status ${*:3}: $code: $(cat "$folder/status")"
}

# Cron's command counts on where the one before ended.
account '{"pending": 16, "target": 32, "desired": 1}'
(live once) || fail "once ended with $?"
(live once --record "$folder/r.db" --watch-every 0 --metrics "$folder/other.prom") || fail "once ended with $?"
status 0 'SetDesiredCapacity(4), dry-run'
status 0 'all is well'
status 1 'no evaluation for .* one is due every 60 s' --now 2100-01-01T00:00:00Z
status 0 '"age_s":[0-9]*,"mode":"shadow".*"desired_capacity":4,.*"of":"PendingCapacity","status":"ok".*"value":16}.*"day_evaluations":1,"day_failed":0,"day_missed":0,"day_calls":1,"day_refused":0,"problems":\[\]}\]' --json
status 2 'no such fleet' --fleet sfr-2
is evaluations_total 1
is 'decisions_total{action="set-desired"}' 1
is 'set_desired_capacity_total{outcome="dry-run"}' 1
is pending_units 16
is backup_desired_instances 1
is 'read_ok{of="PendingCapacity"}' 1
is applying 0
is 'spend_usd_per_hour{kind="on-demand"}' 0
is last_evaluation_due_timestamp_seconds "$(($(figure last_evaluation_timestamp_seconds) / 60 * 60))"
[ "$(figure 'data_age_seconds{of="PendingCapacity"}')" -lt 240 ] || fail "the data are older than they are"
account '{"fail": 503}'
code=0
(live once) || code=$?
[ "$code" -eq 3 ] || fail "a failure ended with $code"
is evaluations_total 2
is failed_evaluations_total 1
is 'read_ok{of="PendingCapacity"}' 0
is pending_units ''
is 'data_age_seconds{of="PendingCapacity"}' ''
[ "$(figure failed_calls_total)" -ge 2 ] || fail "failed calls are not counted"
sleep 1
code=0
(live once --every 1 --record "$folder/r.db" --watch-every 0 --metrics "$folder/other.prom") || code=$?
[ "$code" -eq 3 ] || fail "a failure ended with $code"
status 1 'the backup group could not be described'
status 1 'PendingCapacity: error HTTP 503'
status 1 '2 evaluations, 1 failed'
[ ! -e "$folder/told" ] || fail "live once speaks to the service manager"

# The daemon is ready, feeds its watchdog between and during evaluations, says how they went, and when it ends.
account '{"pending": 16, "target": 32, "desired": 0, "refuse": "ScalingActivityInProgress"}'
(live daemon --every 1 --apply --max-step 4 --max-desired 10 --stale-after 600 --stop-file "$folder/stop" --record "$folder/d.db" --watch-every 0) &
daemon=$!
evaluated() { # so often
    [ "$(told STATUS=)" -ge "$1" ]
}
ends_with() { # LINE
    [ "$(tail -1 "$folder/told")" = "$1" ]
}
wait_until 300 evaluated 2
touch "$folder/stop"
wait_until 300 evaluated $(($(told STATUS=) + 2))
kill "$daemon"
wait "$daemon" || fail "the daemon ended with $?"
[ "$(head -1 "$folder/told")" = READY=1 ] || fail "its begin is not told"
wait_until 60 ends_with STOPPING=1
grep -q '^STATUS=the evaluation of 20.*Z went well$' "$folder/told" || fail "the status is not told"
[ "$(told WATCHDOG=1)" -ge "$(told STATUS=)" ] || fail "the watchdog starves"
[ "$(figure 'set_desired_capacity_total{outcome="ScalingActivityInProgress"}')" -ge 1 ] || fail "a refusal is not counted"
mv "$folder/d.db" "$folder/r.db"
status 1 'nothing is changed: stopped by stop-file'
python3 -c 'import json,sys; line, = json.load(open(sys.argv[1])); assert line["day_refused"] >= 1 and line["mode"] == "stopped", line' <("$BALLAST" live status "$folder/r.db" --json) ||
    fail "refusals are not counted"
is stopped 1
is applying 0
# A file that cannot be written is warned about, and stops nothing.
account '{"pending": 0, "target": 32, "desired": 0}'
(live once --metrics "$folder/nowhere/x.prom") || fail "metrics that cannot be written stop an evaluation"
grep -q 'nowhere/x.prom: cannot be written' "$folder/error" || fail "nobody is told of it"

# The passed over: a file of an evaluation half an hour ago.
python3 - "$folder/ballast.prom" <<'TEXT'
import re, sys
text = open(sys.argv[1], encoding="utf-8").read()
text = re.sub(r"(ballast_last_evaluation_due_timestamp_seconds\{.*\}) (\d+)", lambda m: f"{m[1]} {int(m[2]) // 60 * 60 - 1800}", text)
text = re.sub(r"(ballast_missed_evaluations_total\{.*\}) (\d+)", r"\1 7", text)
open(sys.argv[1], "w", encoding="utf-8").write(text)
TEXT
(live once) || fail "once ended with $?"
missed=$(figure missed_evaluations_total)
[ "$missed" -ge 36 ] && [ "$missed" -le 38 ] || fail "$missed missed evaluations, not 36"

# What is installed: every figure that alerts and dashboard name is one that is written.
python3 - "$folder/ballast.prom" "$BALLAST_SOURCE_DIR/examples/monitoring" <<'TEXT' || fail "a figure that nobody writes"
import json, re, sys
written = set(re.findall(r"^# TYPE (\w+) (?:counter|gauge)$", open(sys.argv[1], encoding="utf-8").read(), re.M))
assert "ballast_spend_usd_per_hour" in written and len(written) > 20, written
rules = open(sys.argv[2] + "/alerts.yml", encoding="utf-8").read()
expressions = re.findall(r"expr: (.*)", rules)
for panel in json.load(open(sys.argv[2] + "/dashboard.json", encoding="utf-8"))["panels"]:
    expressions += [target["expr"] for target in panel["targets"]]
for expression in expressions:
    names = re.findall(r"\bballast_\w+", expression)
    assert names and set(names) <= written, (expression, set(names) - written)
TEXT
cmake --install "$BALLAST_BUILD_DIR" --prefix "$folder/usr" >"$folder/install" 2>&1 || fail "$(cat "$folder/install")"
unit=$folder/usr/lib/systemd/system/ballast-live@.service
[ -f "$unit" ] && [ -f "$folder/usr/lib/sysusers.d/ballast.conf" ] || fail "no unit was installed"
grep -q "^ExecStart=$folder/usr/bin/ballast live daemon " "$unit" || fail "the unit starts another program"
skipped=
if command -v systemd-analyze >/dev/null; then
    said=$(systemd-analyze verify "${unit%.service}x.service" 2>&1 | grep -F ballast-live || true)
    [ -z "$said" ] || fail "the unit: $said"
else
    skipped+=" systemd-analyze"
fi
if command -v promtool >/dev/null; then
    promtool check rules "$BALLAST_SOURCE_DIR/examples/monitoring/alerts.yml" >"$folder/rules" 2>&1 || fail "$(cat "$folder/rules")"
    said=$(promtool check metrics <"$folder/ballast.prom" 2>&1 || true)
    [ -z "$said" ] || fail "the figures: $said"
else
    skipped+=" promtool"
fi
[ -z "$skipped" ] || { echo "SKIP: not installed, all else went well:$skipped"; exit 77; }
