#!/usr/bin/env bash
# A policy out of a file and one that is a command go wherever a policy is named, as the guides say: shown, run, compared, swept, tuned and
# checked, by --policy and as a value of --vary, from another folder too, with the same run wherever it is asked for; and where a file's policy
# changes the fleet, tuning that stops points early chooses what all points would.
set -euo pipefail
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
mkdir -p "$folder/include/ballast" "$folder/away" "$folder/world"
cp "$BALLAST_SOURCE_DIR/policy/policy.h" "$folder/include/ballast"
cp "$BALLAST_SOURCE_DIR"/examples/exec-policy/*.py "$folder"
cp "$BALLAST_SOURCE_DIR"/examples/quickstart/* "$folder/world"
build() { # NAME, C on stdin
    cc -std=c11 -I"$folder/include" -shared -fPIC -o "$folder/$1" -x c - || fail "$1 does not compile"
}
build mine.so <"$BALLAST_SOURCE_DIR/examples/own-policy/mine.c"
cd "$folder/away"
scenario=../world/scenario.json
short=(--set to=2016-05-02T02:00:00Z)
file=../mine.so
command="exec:python3 $folder/policy.py"
ask() { # FILE ARGUMENTS...
    local out=$1
    shift
    "$BALLAST" "$@" >"$out" 2>"$folder/error" || fail "ballast $*"
}

for policy in "$file:half+grace" "grace+$command"; do
    rm -f ./*.db ./*.json
    ask shown policy show "$policy"
    grep -q '^parameters$' shown || fail "$policy is not shown: $(cat shown)"
    ask shown.json policy show "$policy" --json
    ask run.json run "$scenario" "${short[@]}" --policy "$policy" --json
    ask swept.json sweep "$scenario" "${short[@]}" --policy "$policy" --vary backup_group.group.DefaultCooldown=300 --db swept.db --json
    ask varied.json sweep "$scenario" "${short[@]}" --vary "policy=none,$policy" --vary backup_group.group.DefaultCooldown=300 --db swept.db --json
    ask tuned.json tune "$scenario" "${short[@]}" --windows 1h --policy "$policy" --shortfall-cost 1 --db tuned.db --json --narrow 1 \
        --vary backup_group.group.DefaultCooldown=300,900 --stop-early best
    ask both.json tune "$scenario" "${short[@]}" --windows 1h --vary "policy=none,$policy" --shortfall-cost 1 --db tuned.db --json
    "$BALLAST" compare "$scenario" "${short[@]}" --windows 1h --policy-a none --policy-b "$policy" --json >compared.json 2>"$folder/error" ||
        [ $? -eq 1 ] || fail "$policy is not compared"
    ask checked check "$scenario" "${short[@]}" --policy "$policy" --baseline baseline.json --update
    ask checked check "$scenario" "${short[@]}" --policy "$policy" --baseline baseline.json
    python3 - "$policy" <<'PY' || fail "$policy: it is not the same everywhere"
import json, sys
def told(name):
    return json.load(open(name + ".json", encoding="utf-8"))
run, points = told("run"), told("swept")["points"] + told("varied")["points"]
assert [point["varied"].get("policy") for point in points] == [None, "none", sys.argv[1]], points
for point in (points[0], points[2]):
    assert all(point[group] == run[group] for group in ("cost", "capacity", "events")), (point, run)
assert told("varied")["computed"] == 1, "what was swept by --policy is computed again by --vary"
assert told("tuned")["runs"] + told("tuned")["stopped_early"]["runs_left_out"] == 6 and told("both")["points"] == 2
assert told("compared")["new"]["policy"].endswith(sys.argv[1].removeprefix("../")), told("compared")["new"]
PY
done

# A comma of a command among values.
ask comma sweep "$scenario" --set to=2016-05-02T00:30:00Z --vary "policy=none,$command \"a,b\"" --db comma.db
grep -q ': 2 points in ' comma || fail "a comma within double quotes parts: $(cat comma)"

# A policy out of a file that changes the fleet's target: its spot instances are not those of others.
build target.so <<'END'
#include <ballast/policy.h>
static const struct ballast_parameter parameters[] = {{"units", BALLAST_INTEGER, "units", 4, 0, 100, 0, "what the fleet shall have"}};
static const struct ballast_reason reasons[] = {{"target", "the fleet's target is set"}};
static struct ballast_decision decide(const struct ballast_observation *seen, const int64_t *values, void *state)
{
    (void)state;
    return (struct ballast_decision){
        .action = BALLAST_HOLD, .set_fleet_target = true, .fleet_target = values[0], .valid_until_s = seen->now_s};
}
static const struct ballast_policy policy = {.abi = BALLAST_POLICY_ABI, .name = "target", .description = "sets the fleet's target", .source = "a test",
                                             .parameters = parameters, .parameter_count = 1, .reasons = reasons, .reason_count = 1, .decide = decide};
const struct ballast_policy *const ballast_policy_v1 = &policy;
END
tune() {
    "$BALLAST" tune "$scenario" --set to=2016-05-04T00:00:00Z --windows 3h --policy ../target.so --vary policy.parameters.units=4,8,16,32 \
        --shortfall-cost 0.001 --db target.db --json "$@"
}
tune --stop-early best >early.json
tune >whole.json
python3 - <<'PY' || fail "stopped early, a policy that changes the fleet is judged otherwise"
import json
whole, early = (json.load(open(name + ".json", encoding="utf-8")) for name in ("whole", "early"))
assert early["stopped_early"]["points"] > 0, early["stopped_early"]
assert (whole["best"], whole["out_of_sample"]) == (early["best"], early["out_of_sample"]), (whole["best"], early["best"])
assert whole["best"]["varied"]["policy.parameters.units"] == "4", whole["best"]
PY
echo "a file and a command go wherever a policy is named"
