#!/usr/bin/env bash
# `ballast live --clock twin`: the twin's time is watched or stepped, and nobody else's is mistaken for it.
set -euo pipefail
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
. "$BALLAST_SOURCE_DIR/tests/e2e/twin.bash"
scenario=$BALLAST_SOURCE_DIR/examples/p6-cooldown-restarts.json
live() { # COMMAND argument...
    env -i HOME="$folder" PATH="$PATH" AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=twin AWS_SECRET_ACCESS_KEY=twin AWS_MAX_ATTEMPTS=1 \
        "$BALLAST" live "$1" --fleet "$fleet" --group "$group" --state "$folder/state" "${@:2}" >"$folder/live.out" 2>"$folder/live.err"
}
refused() { # EXIT CODE TEXT COMMAND argument...
    local code=0
    live "${@:3}" || code=$?
    [ "$code" -eq "$1" ] && grep -q -- "$2" "$folder/live.err" || fail "live ${*:3}: $code"
}
times() { # the simulated times of the lines
    python3 -c 'import json,sys; print(*[json.loads(line)["time"][11:19] for line in open(sys.argv[1])])' "$folder/live.out"
}

# Stepped: once looks, the daemon steps to each evaluation, and goes on where it was.
twin step "$scenario" --speed step
url=$(said step endpoint) fleet=$(said step fleet) group=$(said step group)
step step 100
live once --clock twin --endpoint-url "$url" --record "$folder/r.db" --metrics "$folder/x.prom" || fail "once ended with $?"
python3 - "$folder/r.db" "$folder/x.prom" <<'TEXT' || fail "the spend rate is not what the running instances cost"
import decimal, re, sqlite3, sys
rows = sqlite3.connect(sys.argv[1]).execute(
    "SELECT (SELECT micro_usd_per_hour FROM watch_price p WHERE p.zone=i.zone AND p.instance_type=i.instance_type"
    " AND p.product='Linux/UNIX' ORDER BY time_s DESC LIMIT 1) FROM watch_instance i").fetchall()
told = re.search(r'^ballast_spend_usd_per_hour{.*kind="spot"} (\S+)$', open(sys.argv[2], encoding="utf-8").read(), re.M)
assert rows and decimal.Decimal(told[1]) * 1000000 == sum(row[0] for row in rows) > 0, (rows, told)
TEXT
[ "$(times)" = 00:01:40 ] || fail "once is not in the twin's time: $(times)"
live daemon --clock twin --advance --phase 30 --until 2017-11-01T00:05:30Z --endpoint-url "$url" --record "$folder/r.db" ||
    fail "the daemon ended with $?"
[ "$(times)" = '00:02:30 00:03:30 00:04:30' ] || fail "the daemon did not step: $(times)"
live daemon --clock twin --advance --phase 30 --every 300 --until 2017-11-01T00:12:00Z --endpoint-url "$url" --record "$folder/r.db" ||
    fail "the daemon ended with $?"
[ "$(times)" = '00:05:30 00:10:30' ] || fail "the daemon did not go on: $(times)"
"$BALLAST" live replay "$folder/r.db" >"$folder/live.out" || fail "the replay ended with $?"
refused 3 'the scenario ends' daemon --clock twin --advance --every 86400 --endpoint-url "$url"

# A policy that goes by whether its rows of prices are pools of their own is told the same of a recording as of the account.
mkdir -p "$folder/include/ballast"
cp "$BALLAST_SOURCE_DIR/policy/policy.h" "$folder/include/ballast"
cc -std=c11 -I"$folder/include" -shared -fPIC -o "$folder/rows.so" -x c - <<'END'
#include <ballast/policy.h>
static const struct ballast_read reads[] = {{.kind = BALLAST_READ_SPOT_PRICES}};
static const struct ballast_reason reasons[] = {{"unknown", "rows may be of one pool"}, {"distinct", "each row is a pool"}};
static struct ballast_decision decide(const struct ballast_observation *seen, const int64_t *values, void *state)
{
    (void)values;
    (void)state;
    return (struct ballast_decision){.action = BALLAST_HOLD, .reason = seen->pools_distinct, .valid_until_s = seen->now_s};
}
static const struct ballast_policy policy = {.abi = BALLAST_POLICY_ABI, .name = "rows", .description = "looks at rows", .source = "a test",
    .reads = reads, .read_count = 1, .reasons = reasons, .reason_count = 2, .decide = decide};
const struct ballast_policy *const ballast_policy_v1 = &policy;
END
twin rows "$scenario" --speed step
url=$(said rows endpoint) fleet=$(said rows fleet) group=$(said rows group)
step rows 100
rm -f "$folder/state"
live once --clock twin --endpoint-url "$url" --policy "$folder/rows.so" --record "$folder/rows.db" || fail "once ended with $?: $(cat "$folder/live.err")"
grep -q '"reason":"distinct"' "$folder/live.out" || fail "the account's rows are not told apart: $(cat "$folder/live.out")"
"$BALLAST" live replay "$folder/rows.db" --policy "$folder/rows.so" >"$folder/live.out" || fail "a recording's rows are: $(cat "$folder/live.out")"

# Its own pace: ten minutes a second, watched. Where that is too fast for what else the machine has to do, for longer.
twin fast "$scenario" --speed 600
url=$(said fast endpoint)
for until in 00:14 00:44 02:14 06:44 20:14; do
    live daemon --clock twin --phase 30 --until "2017-11-01T$until:30Z" --endpoint-url "$url" --record "$folder/fast.db" || fail "watching ended with $?"
    [ "$(wc -l <"$folder/live.out")" -lt 2 ] || break
done
[ "$(wc -l <"$folder/live.out")" -ge 2 ] || fail "hardly an evaluation"
python3 - "$folder/fast.db" <<'TEXT' || fail "a minute was decided twice, or neither decided nor missed"
import sqlite3, sys
rows = sqlite3.connect(sys.argv[1])
due = [row[0] for row in rows.execute("SELECT due_s FROM evaluation")]
for first, last in rows.execute("SELECT first_s, last_s FROM missed"):
    due.extend(range(first, last + 1, 60))
assert sorted(due) == list(range(min(due), max(due) + 1, 60)), due
assert rows.execute("SELECT count(*) FROM recording WHERE clock='twin'").fetchone() == (1,)
TEXT

# No twin, no such clock.
refused 2 'AWS has no such clock' once --clock twin
refused 2 'neither wall nor twin' once --clock sun
refused 2 'needs --clock twin' daemon --advance
refused 2 '--until tomorrow: the time is not ISO 8601' daemon --until tomorrow
kill "${twins[@]}"
wait
refused 3 "the twin's clock" once --clock twin --endpoint-url "$url"
