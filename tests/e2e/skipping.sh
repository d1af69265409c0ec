#!/usr/bin/env bash
# What is recorded of a run, and of the points of a sweep, is byte for byte the same whether every evaluation is made, or those are skipped and those points
# computed together that can be: under every policy that is built in, every modifier and policies out of a file, with a target that stays and one that moves.
set -euo pipefail
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
quick=$BALLAST_SOURCE_DIR/examples/quickstart/scenario.json
mkdir -p "$folder/include/ballast"
cp "$BALLAST_SOURCE_DIR/policy/policy.h" "$folder/include/ballast"
cd "$folder"
cc -std=c11 -Iinclude -shared -fPIC -o mine.so "$BALLAST_SOURCE_DIR/examples/own-policy/mine.c"
# It asks for another target of the fleet as long as that has none of 20 or 28 units, by what the fleet has, and promises that it asks for nothing else.
cc -std=c11 -Iinclude -shared -fPIC -o reach.so -x c - <<'END'
#include <ballast/policy.h>
static const struct ballast_read reads[] = {{.kind = BALLAST_READ_FLEET}};
static const struct ballast_reason reasons[] = {{"as-it-is", "the fleet has its target"}, {"target", "the fleet's target is set"}};
static struct ballast_decision decide(const struct ballast_observation *seen, const int64_t *values, void *state)
{
    (void)values;
    (void)state;
    const struct ballast_answer *fleet = &seen->answers[0];
    if (fleet->status != BALLAST_OK)
        return (struct ballast_decision){.action = BALLAST_HOLD, .valid_until_s = BALLAST_FOREVER};
    int64_t want = fleet->fleet->fulfilled_micro >= 24000000 ? 20 : 28;
    bool has = fleet->fleet->target_micro == want * 1000000;
    return (struct ballast_decision){.action = BALLAST_HOLD, .reason = has ? 0 : 1, .set_fleet_target = !has, .fleet_target = want,
                                     .valid_until_s = BALLAST_FOREVER};
}
static const struct ballast_policy policy = {.abi = BALLAST_POLICY_ABI, .name = "reach", .description = "moves the fleet's target", .source = "a test",
    .reads = reads, .read_count = 1, .reasons = reasons, .reason_count = 2, .decide = decide};
const struct ballast_policy *const ballast_policy_v1 = &policy;
END
mapfile -t policies < <("$BALLAST" policy list | sed '/^modifiers/,$d' | grep -o '^[a-z][a-z0-9:-]*')
mapfile -t modifiers < <("$BALLAST" policy list | sed '1,/^modifiers/d' | grep -o '^[a-z][a-z0-9-]*')
[ ${#policies[@]} -ge 11 ] && [ ${#modifiers[@]} -ge 6 ] || fail "policies are missing: ${policies[*]}, ${modifiers[*]}"
policies+=("${modifiers[@]/#/pending-capacity+}" ./mine.so ./mine.so+stabilise ./reach.so)

days=(--set from=2016-05-06 --set to=2016-05-09 --set backup_group.group.MaxSize=6)
moving=(--set 'demand={"shape":{"mean":24,"noise_permille":400,"every_s":900}}' --set 'modify_spot_fleet="follow-demand"')
recorded() { # POLICY OPTIONS...
    local way
    for way in skipping stepping; do
        rm -f run.db
        "$BALLAST" run "$quick" "${days[@]}" --policy "$@" --db run.db --quiet $([ $way = skipping ] || echo --stepping)
        "$BALLAST" dump run.db >"$way"
    done
    grep -q '^decision|' stepping || fail "$*: no decision is recorded"
    cmp skipping stepping || fail "$*: skipping records another run than stepping"
}
for policy in "${policies[@]}"; do
    recorded "$policy"
    recorded "$policy" "${moving[@]}"
done

listed=$(IFS=,; echo "${policies[*]}")
swept() { # NAME OPTIONS...
    local name=$1 way
    shift
    for way in together stepping; do
        "$BALLAST" sweep "$quick" "${days[@]}" "$@" --vary "policy=$listed" --vary backup_group.group.DefaultCooldown=0,2700 --db "$name.$way.db" \
            $([ $way = together ] || echo --stepping) >/dev/null
        "$BALLAST" dump "$name.$way.db" >"$name.$way"
    done
    [ "$(grep -c '^point|' "$name.stepping")" = $((2 * ${#policies[@]})) ] || fail "$name: not all points"
    cmp "$name.together" "$name.stepping" || fail "$name: points together come to another dump than stepped"
}
swept stays
swept moves "${moving[@]}"
printf '%d policies: the same bytes skipping, together and evaluation by evaluation\n' ${#policies[@]}
