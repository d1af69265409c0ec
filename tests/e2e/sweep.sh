#!/usr/bin/env bash
# `ballast sweep`: killed again and again, stopped, with one thread and with four, the database comes to the same dump; a point is what `ballast run`
# says with its values set; what cannot be meant is one line, exit code 2, and leaves no file.
# labels: robust
set -euo pipefail
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
. "$BALLAST_SOURCE_DIR/tests/e2e/killed.bash"
. "$BALLAST_SOURCE_DIR/tests/e2e/waiting.bash"
quick=$BALLAST_SOURCE_DIR/examples/quickstart/scenario.json
space=(--set to=2016-05-06 --vary policy=none,pending-capacity --vary account.join_delay_s=60:600:60)
sweep() { # DATABASE ARGUMENTS...
    local db=$1
    shift
    "$BALLAST" sweep "$quick" --db "$folder/$db.db" "$@"
}
dump() { "$BALLAST" dump "$folder/$1.db"; }

sweep one "${space[@]}" --threads 1 >"$folder/table"
grep -q '20 points in .*, 20 of them computed now$' "$folder/table" || fail "$(cat "$folder/table")"
grep -q '^Pareto front' "$folder/table" || fail "no Pareto front"
! grep -q '^Note:' "$folder/table" || fail "points of one world are said to be of several: $(cat "$folder/table")"
dump one >"$folder/one"
sweep worlds --set to=2016-05-06 --vary policy=none,pending-capacity --vary seed=1,2 >"$folder/table"
grep -q '^Note: points of another seed are of another world' "$folder/table" || fail "that seeds are worlds is not said: $(cat "$folder/table")"
[ "$(grep -c '^point|' "$folder/one")" = 20 ] || fail "not every point is there"
sweep four "${space[@]}" --threads 4 --json >"$folder/json"
dump four | cmp - "$folder/one" || fail "four threads come to another dump"
figures=$("$BALLAST" run "$quick" --set to=2016-05-06 --policy pending-capacity --set account.join_delay_s=240 --json |
    grep -o '"cost":{[^}]*},"capacity":{[^}]*},"events":{[^}]*}')
grep -qF '"varied":{"policy":"pending-capacity","account.join_delay_s":"240"},'"$figures" "$folder/json" ||
    fail "a point's figures are not those of ballast run: $figures"

# Fleets, too: one in fewer pools looks for fewer markets than the scenario's own, whose prices the others share.
python3 - "${quick%/*}/spot-fleet.json" >"$folder/one-pool.json" <<'PY'
import json, sys

fleet = json.load(open(sys.argv[1]))
fleet.get("SpotFleetRequestConfig", fleet)["LaunchSpecifications"][1:] = []
print(json.dumps(fleet))
PY
sweep fleets --set to=2016-05-06 --vary "spot_fleet=spot-fleet.json,$folder/one-pool.json" --vary spot_fleet.TargetCapacity=16,32 --json >"$folder/json"
for fleet in spot-fleet.json "$folder/one-pool.json"; do
    "$BALLAST" run "$quick" --set to=2016-05-06 --set "spot_fleet=$fleet" --set spot_fleet.TargetCapacity=16 --db "$folder/fleet.db" --json >"$folder/run"
    figures=$(grep -o '"cost":{[^}]*},"capacity":{[^}]*},"events":{[^}]*}' "$folder/run")
    grep -qF "\"spot_fleet\":\"$fleet\",\"spot_fleet.TargetCapacity\":\"16\"},$figures" "$folder/json" || fail "a point with $fleet is not what ballast run says"
done
diff <("$BALLAST" dump "$folder/fleet.db" | grep -o 'trace_hash="[0-9a-f]*"' | sort) <(dump fleets | grep -o 'trace_hash="[0-9a-f]*"' | sort) ||
    fail "points are not of the traces of their runs"

python3 - "$folder/one.db" <<'PY' || fail "figures of a point are not the JSON that they are said to be"
import json, sqlite3, sys

for figures, cost in sqlite3.connect(sys.argv[1]).execute("SELECT figures, cost_total_micro_usd FROM point"):
    assert json.loads(figures)["cost"]["total_micro_usd"] == cost
PY

# Killed while it writes, wherever that is; what is there is not computed again.
killed_while_writing "$(stat -c %s "$folder/one.db")" "$BALLAST" sweep "$quick" --db "$folder/killed.db" "${space[@]}"
sweep killed "${space[@]}" >/dev/null
dump killed | cmp - "$folder/one" || fail "killed and resumed it comes to another dump"
sweep killed "${space[@]}" --json >"$folder/json"
grep -qF '"computed":0,' "$folder/json" || fail "what was known was computed again"

# Killed, stopped, or with a file changed among its points: the policy is a command that at its fifth run waits until it is let go on. Its third takes
# longer than what is computed stays uncommitted.
cat >"$folder/gate.sh" <<'SH'
echo >>starts
case $(wc -l <starts) in
3) [ -e open ] || sleep 1.1 ;;
5)
    echo >reached
    until [ -e open ] || ! kill -0 $PPID 2>/dev/null; do sleep 0.02; done
    ;;
esac
while read -r line; do echo '{"desired": null, "reason": "none"}'; done
SH
points() { # DATABASE
    dump "$1" | grep -c '^point|' || true
}
kills=${BALLAST_KILLS:-2} # as often as wanted, each time after more was committed (the longer proof: BALLAST_KILLS=50)
cd "$folder"
cp -r "$BALLAST_SOURCE_DIR/examples/quickstart" "$folder/changing"
gated=("$BALLAST" sweep "$folder/changing/scenario.json" --db "$folder/gated.db" --policy "exec:sh $folder/gate.sh" --set policy.parameters.time_limit_s=3600
    --set to=2016-05-02T00:30:00Z --vary "account.join_delay_s=1:$((4 * kills + 20)):1" --threads 1)
begun() { # sets sweeper once it waits among its points
    rm -f starts reached open
    (
        trap '' TERM
        exec "${gated[@]}" >/dev/null 2>"$folder/err"
    ) &
    sweeper=$!
    until_there 300 "$folder/reached" "$sweeper"
}
ended() { # EXIT CODE
    local status=0
    { touch open && wait "$sweeper" || status=$?; } 2>/dev/null
    [ "$status" = "$1" ] || fail "exit code $status, not $1: $(cat "$folder/err")"
}
before=0
for ((i = 0; i < kills; i++)); do
    begun
    kill -KILL "$sweeper"
    ended 137
    after=$(points gated)
    [ "$after" -gt "$before" ] || fail "killed it left $after points, and $before before"
    before=$after
done
printf 'killed %d times, with %d of %d points there after the last\n' "$kills" "$before" $((4 * kills + 20))

# SIGTERM: exit code 3, one line.
begun
kill -TERM "$sweeper"
ended 3
[ "$(wc -l <"$folder/err")" = 1 ] && grep -q 'the same command goes on from there' "$folder/err" || fail "stopped: $(cat "$folder/err")"

# A file that is another: one line, exit code 2; what was computed by then is of the file as it was.
begun
sed -i 's/"TargetCapacity": [0-9]*/"TargetCapacity": 31/' "$folder/changing/spot-fleet.json"
ended 2
[ "$(wc -l <"$folder/err")" = 1 ] && grep -q 'was changed while the sweep ran: run the command again' "$folder/err" || fail "a file is changed: $(cat "$folder/err")"
cp "$BALLAST_SOURCE_DIR/examples/quickstart/spot-fleet.json" "$folder/changing"

before=$(points gated)
"${gated[@]}" --json >"$folder/json"
grep -qF "\"computed\":$((4 * kills + 20 - before))," "$folder/json" || fail "with $before points there, what was known was computed again: $(cat "$folder/json")"
"${gated[@]}" --db "$folder/ungated.db" >/dev/null
dump gated >"$folder/gated"
dump ungated | cmp - "$folder/gated" || fail "killed $kills times, stopped and with a file changed it comes to another dump"
cd - >/dev/null

# Some points are known from another sweep: half of the space first, then all of it.
sweep half --set to=2016-05-06 --vary policy=none --vary account.join_delay_s=60:600:60 >/dev/null
sweep half "${space[@]}" --json >"$folder/json"
grep -qF '"computed":10,' "$folder/json" || fail "points of another sweep were computed again"

# Points that load their own traces: two samples with one seed are the same.
sweep own --vary 'from,to=2016-05-01..2016-05-04:1d' --vary seed=1:3:1 --sample lhs:3 --threads 3 >/dev/null 2>"$folder/err"
grep -qF -- '--set traces[0].synth.from=TIME --set traces[0].synth.to=TIME makes one market' "$folder/err" || fail "that the market moves along is not said"
sweep one --set 'traces[0].synth.from=2016-04-30' --set 'traces[0].synth.to=2016-11-01' --vary 'from,to=2016-05-01..2016-05-04:1d' >/dev/null 2>"$folder/err"
[ ! -s "$folder/err" ] || fail "a market that stays is warned of: $(cat "$folder/err")"
sweep again --vary 'from,to=2016-05-01..2016-05-04:1d' --vary seed=1:3:1 --sample lhs:3 --threads 1 >/dev/null
[ "$(dump own)" = "$(dump again)" ] || fail "a sample depends on the number of threads"

# On a terminal a line tells how far it is, first of the reading and then of the runs; elsewhere there is none. Looked at until it comes: the sweeps are
# far too long to be over before.
far=(--set to=2016-05-03 --vary account.join_delay_s=1:60:1 --vary backup_group.group.DefaultCooldown=1:80:1)
terminal() { # COLUMNS PATTERN ARGUMENTS...
    local columns=$1 pattern=$2
    shift 2
    python3 - "$columns" "$pattern" "$BALLAST" sweep "$quick" --db "$folder/terminal.db" --threads 1 "$@" <<'PY' || fail "no line like this is told: $pattern"
import fcntl, os, pty, re, signal, struct, sys, termios
pid, master = pty.fork()
if pid == 0:
    fcntl.ioctl(2, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0))
    os.execv(sys.argv[3], sys.argv[3:])
told = b""
try:
    while data := os.read(master, 65536):
        told += data
        if re.search(sys.argv[2].encode(), told):
            os.kill(pid, signal.SIGKILL)
            sys.exit(0)
except OSError:
    pass
print(told[-600:])
sys.exit(1)
PY
}
terminal 120 'ballast sweep: [0-9]+ of 90000 points read, [0-9]+ a minute, about [0-9]+ s left' --vary account.join_delay_s=1:300:1 --vary backup_group.group.DefaultCooldown=1:300:1
terminal 0 'ballast sweep: [0-9]+ of 900 runs, [0-9]+ a minute, about [0-9]+ s left, best so far [0-9.,]+ USD' --stepping --vary account.join_delay_s=1:900:1
# It is cut where the terminal ends: a wrapped one could not be taken away again.
terminal 30 '\r\x1b\[Kballast sweep: [^\r]{14}\r' --vary account.join_delay_s=1:301:1 --vary backup_group.group.DefaultCooldown=1:300:1
sweep plain "${far[@]}" >/dev/null 2>"$folder/err"
[ ! -s "$folder/err" ] || fail "a line where there is no terminal: $(head -c 200 "$folder/err")"

refused() { # WORDS ARGUMENTS...
    local words=$1 status=0
    shift
    sweep refused --set to=2016-05-04 "$@" >"$folder/out" 2>"$folder/err" || status=$?
    [ "$status" = 2 ] || fail "sweep $*: exit code $status, not 2"
    grep -qF -- "$words" "$folder/err" || fail "sweep $*: $(cat "$folder/err")"
    [ "$(wc -l <"$folder/err")" = 1 ] || fail "sweep $*: more than one line"
    [ ! -e "$folder/refused.db" ] || fail "sweep $*: it left a database"
}
refused "nothing is varied"
refused "--vary account.join_delay_s=-5: " --vary account.join_delay_s=60,-5
refused "policy=nonsense: " --vary policy=none,nonsense
refused 'unknown key "nothing"' --vary nothing.here=1
refused "includes its end" --vary account.join_delay_s=1:10:4
refused "varied twice" --vary seed=1 --vary seed=2
refused "--sample-seed goes with --sample" --vary seed=1 --sample-seed 2
refused "--sample half" --vary seed=1,2 --sample half
refused "--threads x" --vary seed=1,2 --threads x
