#!/usr/bin/env bash
# A policy of a user's own: built as docs/your-own-policy.md says, against what is installed; run, shown, compared, explained
# and replayed; and everything that is no such policy is refused in one line.
# labels: robust
set -euo pipefail
command -v pkg-config >/dev/null || { echo "SKIP: pkg-config is not installed"; exit 77; }
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
cmake --install "$BALLAST_BUILD_DIR" --prefix "$folder/usr" >"$folder/out" 2>&1 || fail "$(cat "$folder/out")"
PKG_CONFIG_PATH=$(dirname "$(find "$folder/usr" -name ballast.pc)")
export PKG_CONFIG_PATH
mkdir "$folder/work" "$folder/work/sub+1"
cd "$folder/work"
cp "$BALLAST_SOURCE_DIR"/examples/own-policy/mine.c .

# The guide's own lines, and its first policy; both compile without a warning.
grep -m1 -A1 '^cat >mine.c' "$BALLAST_SOURCE_DIR/docs/your-own-policy.md" >/dev/null || fail "the guide has no first file"
sed -n '/^cat >mine.c <</,/^END$/p' "$BALLAST_SOURCE_DIR/docs/your-own-policy.md" | sed 's/>mine.c/>first.c/' >first.sh
bash first.sh
build=$(grep -m1 '^cc \$(pkg-config' "$BALLAST_SOURCE_DIR/docs/your-own-policy.md") || fail "the guide has no line that builds"
bash -c "$build" || fail "the example does not compile: $build"
for source in first mine; do
    # shellcheck disable=SC2046
    cc -std=c11 -Wall -Wextra -Wpedantic -Wconversion -Werror $(pkg-config --cflags ballast) -shared -fPIC \
        -o $source.so $source.c || fail "$source.c does not compile"
done
cp mine.so "sub+1/mine"

scenario=$BALLAST_SOURCE_DIR/examples/faulty-week.json
run() {
    "$BALLAST" run "$scenario" --set to=2015-06-03T00:00:00Z "$@"
}

"$BALLAST" policy show ./mine.so >shown
grep -q '^preset mine:half' shown || fail "it is not shown"
"$BALLAST" policy show mine.so:half+grace --json | python3 -c 'import json,sys; json.load(sys.stdin)' || fail "it is not shown as JSON"
run --policy first.so --json >first.json || fail "the first policy does not run"
run --policy ./mine.so --json --db runs.db >one.json || fail "it does not run"
run --policy "sub+1/mine:half+grace" --json >two.json || fail "it does not compose"
python3 - <<'PY' || fail "the runs are not what they should be"
import json
first, one, two = (json.load(open(name + ".json")) for name in ("first", "one", "two"))
assert two["run"]["policy"].endswith("sub+1/mine:half+grace"), two["run"]["policy"]
cost = [run["cost"]["total_micro_usd"] for run in (first, two, one)]
assert cost[0] < cost[1] < cost[2], cost
PY

# What was compiled for the version before is asked as well.
sed 's/\.abi = BALLAST_POLICY_ABI/.abi = 1/' mine.c >before.c
# shellcheck disable=SC2046
cc $(pkg-config --cflags ballast) -shared -fPIC -o before.so before.c
cmp -s before.so mine.so && fail "it is of no other version"
run --policy ./before.so --json >before.json || fail "version 1 of the contract does not run"
python3 - <<'PY' || fail "version 1 of the contract runs otherwise"
import json
before, one = (json.load(open(name + ".json")) for name in ("before", "one"))
assert all(before[part] == one[part] for part in ("cost", "capacity", "events"))
PY

# It keeps the contract; with a mistake it does not, and one world shows it again.
"$BALLAST" policy test ./mine.so --worlds 40 >tested || fail "it does not pass: $(cat tested)"
[ "$(grep -c '✓' tested)" -eq 10 ] || fail "not all checks are kept: $(cat tested)"
sed 's/^    const struct ballast_group \*group = &seen->group;$/&\n    static int calls;\n    if (++calls % 5 == 0) return (struct ballast_decision){.valid_until_s = seen->now_s};/' mine.c >counts.c
# shellcheck disable=SC2046
cc $(pkg-config --cflags ballast) -shared -fPIC -o counts.so counts.c
code=0
"$BALLAST" policy test ./counts.so:half+grace --worlds 40 >tested 2>error || code=$?
[ $code -eq 1 ] && grep -q '✗ purity' tested || fail "a static counter is not found: code $code: $(cat tested)"
again=$(sed -n "s/^ *again: ballast policy test '.*' //p" tested | head -1)
code=0
# shellcheck disable=SC2086
"$BALLAST" policy test ./counts.so:half+grace $again --json >tested 2>error || code=$?
[ $code -eq 1 ] || fail "the world alone does not show it: code $code"
python3 - <<'PY' || fail "the JSON is not what it should be: $(cat tested)"
import json
tested = json.load(open("tested"))
checks = {check["name"]: check for check in tested["checks"]}
assert tested["passed"] is False and tested["worlds"] == 1
assert [name for name, check in checks.items() if check["verdict"] == "broken"] == ["purity"], checks
assert checks["purity"]["breach"]["observation"]["answers"][0]["api"] == "DescribeSpotFleetRequests"
PY
# What would give another answer only on another day is found by what the code calls.
{
    printf '#include <math.h>\n#include <time.h>\n'
    sed 's/^    (void)state;$/&\n    if (seen->now_s < 0) return (struct ballast_decision){.valid_until_s = time(NULL) + (int64_t)log2((double)seen->now_s)};/' first.c
} >clock.c
# shellcheck disable=SC2046
cc $(pkg-config --cflags ballast) -shared -fPIC -o clock.so clock.c -lm
code=0
"$BALLAST" policy test ./clock.so --worlds 5 >tested 2>error || code=$?
[ $code -eq 1 ] && [ "$(grep -c '✗' tested)" -eq 1 ] && grep -q 'it calls .*time (a clock)' tested &&
    grep -q 'log2 (floating-point' tested || fail "a clock is not found: code $code: $(cat tested)"
for usage in "--worlds 0" "--seed x" "--worlds 2000000"; do
    code=0
    # shellcheck disable=SC2086
    "$BALLAST" policy test ./mine.so $usage >out 2>error || code=$?
    [ $code -eq 2 ] && [ "$(wc -l <error)" -eq 1 ] || fail "$usage: exit code $code"
done

# In a scenario the path is relative to it, and its hash may be demanded; a resolved scenario has both.
sed "s/\"policy\": *{[^}]*}/\"policy\": {\"name\": \".\/mine.so\"}/" "$scenario" >"$folder/scenario.json"
grep -q 'mine.so' "$folder/scenario.json" || fail "the scenario was not made"
cp mine.so "$folder/mine.so"
(cd / && "$BALLAST" scenario show "$folder/scenario.json" --json >"$folder/resolved.json") || fail "it is not relative to the scenario"
hash=$(sha256sum mine.so | cut -d' ' -f1)
grep -q "\"sha256\":\"$hash\"" "$folder/resolved.json" || fail "its hash is not in the resolved scenario"

# The same file makes the same run, another one another; what was recorded is told without the file.
key() {
    python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["run"]["key"])' "$1"
}
mv mine.so kept.so
sed 's/a share of what/a part of what/' mine.c >other.c
# shellcheck disable=SC2046
cc $(pkg-config --cflags ballast) -shared -fPIC -o mine.so other.c
run --policy ./mine.so --json >other.json
[ "$(key one.json)" != "$(key other.json)" ] || fail "a changed file is taken for the same run"
at=2015-06-02T20:00:00Z
"$BALLAST" explain 1 --at "$at" --db runs.db >told || fail "a run is not explained beside a changed file"
grep -q "cannot be shown again.*another file now" <(tr -s '\n ' ' ' <told) || fail "a changed file is not noticed"
grep -q "the fleet lacks" told || fail "the decision is not told in words"
rm mine.so
"$BALLAST" explain 1 --at "$at" --db runs.db >told || fail "a run is not explained without the file"
grep -q "the fleet lacks" told || fail "the decision is not told in words without the file"
"$BALLAST" dump runs.db >told
grep -q "the fleet lacks" told || fail "dump does not say decisions in words"
mv kept.so mine.so
"$BALLAST" explain 1 --at "$at" --db runs.db >told
grep -q "^Seen at" told || fail "what was seen is not shown again"
"$BALLAST" compare "$scenario" --policy-a pending-capacity --policy-b ./mine.so --seeds 2 --json >compared.json 2>error ||
    [ $? -eq 1 ] || fail "it is not compared"

# All else is refused: in one line that names the file, code 2, and nothing is left behind.
refused() { # NAME WORDS
    local code=0
    timeout 300 "$BALLAST" policy show "$1" >out 2>error || code=$?
    [ "$code" -eq 2 ] || fail "$1: exit code $code"
    [ "$(wc -l <error)" -eq 1 ] && [ ! -s out ] || fail "$1: not one line"
    grep -qF -- "$2" error || fail "$1: does not say \"$2\""
}
: >empty.so
echo "int main(void) { return 0; }" >text.so
for size in 3 40 64 700 4096 9000; do
    head -c $size mine.so >cut-$size.so
    code=0
    timeout 300 "$BALLAST" policy show ./cut-$size.so >out 2>error || code=$?
    [ $code -eq 2 ] && [ "$(wc -l <error)" -eq 1 ] || fail "cut off at $size: exit code $code"
done
{ head -c 18 mine.so; printf '\x08\x00'; tail -c +21 mine.so; } >mips.so
{ head -c 4 mine.so; printf '\x01'; tail -c +6 mine.so; } >narrow.so
mkfifo pipe.so
refused ./missing.so "No such file"
refused . "unknown policy"
refused ./ "directory"
refused ./empty.so "is empty"
refused text.so "no shared object"
refused ./mips.so "another kind of machine"
refused ./narrow.so "another kind of machine"
refused ./pipe.so "no file but"
refused ./mine.so:quarter "has no preset"
refused ./mine.so+sleepy "unknown modifier"
make() { # NAME, C on stdin
    cc -x c -w -shared -fPIC $(pkg-config --cflags ballast) -o "$1" - || fail "$1 does not compile"
}
cc -x c -c -o object.so - <<<'int x;'
refused ./object.so "an object or a program"
make bare.so <<<'int x;'
refused ./bare.so "exports no ballast_policy_v1"
make function.so <<<'int ballast_policy_v1(void) { return 1; }'
refused ./function.so "no pointer to a policy"
make null.so <<<'const void *ballast_policy_v1;'
refused ./null.so "is NULL"
make odd.so <<<'const void *ballast_policy_v1 = (void *)12345;'
refused ./odd.so "points to where no policy can be"
make wild.so <<<'const void *ballast_policy_v1 = (void *)12352;'
refused ./wild.so "crashes when it is loaded: that ended by signal 11"
make crash.so <<<'__attribute__((constructor)) static void begin(void) { __builtin_trap(); }'
refused ./crash.so "crashes when it is loaded"
make leaves.so <<<'#include <stdlib.h>
__attribute__((constructor)) static void begin(void) { exit(0); }'
refused ./leaves.so "left the process with exit code 0"
make needs.so <<<'extern int nowhere(void); int call(void) { return nowhere(); }'
refused ./needs.so "nowhere"
make abi.so <<<'const unsigned only[1] = {7}; const void *ballast_policy_v1 = only;'
refused ./abi.so "version 7 of the policy contract"
sed 's/\.name = "mine"/.name = "none"/' mine.c | make named.so
refused ./named.so "that of a built-in policy"
sed 's/\.max = 200/.max = 20/' mine.c | make bounds.so
refused ./bounds.so "share_percent: its default 100"
make period.so <<'END'
#include <ballast/policy.h>
static const struct ballast_parameter parameters[] = {
    {"period_s", BALLAST_DURATION, "s", 60, 60, 600, 0, "of the metric"}};
static const struct ballast_read reads[] = {{.kind = BALLAST_READ_METRIC, .metric = "PendingCapacity",
                                             .lookback_s = 900, .period_parameter = BALLAST_PARAMETER(0)}};
static const struct ballast_reason reasons[] = {{"none", "none"}};
static struct ballast_decision decide(const struct ballast_observation *seen, const int64_t *values, void *state)
{
    return (struct ballast_decision){.valid_until_s = seen->now_s};
}
static const struct ballast_policy policy = {BALLAST_POLICY_ABI, "period", "none", "none", parameters, 1, 0, 0,
                                             reads, 1, reasons, 1, 0, 0, 0, decide};
const struct ballast_policy *const ballast_policy_v1 = &policy;
END
code=0
"$BALLAST" live once --fleet sfr-1 --group g --policy ./period.so --set period_s=90 >out 2>error || code=$?
[ $code -eq 2 ] && grep -q "not a multiple of 60" error || fail "live takes a period of 90 s: code $code"
sed 's/^    \.decide = decide,$//' mine.c | make mute.so
refused ./mute.so 'no function "decide"'
echo "one shared object is a policy, $(find . -name '*.so' | wc -l) files were tried"
