#include "assumptions.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static int sign(int128 value)
{
    return value < 0 ? -1 : value > 0;
}

static int128 absolute(int128 value)
{
    return value < 0 ? -value : value;
}

static int128 change(const struct figures *to, const struct figures *from, enum figure figure)
{
    return to->value[figure] - from->value[figure];
}

enum verdict verdict_of(const struct figures *policy, const struct figures *against)
{
    int cost = sign(change(policy, against, FIGURE_cost_total_micro_usd));
    int missing = sign(change(policy, against, FIGURE_capacity_unfulfilled_unit_s));
    if (cost == 0 && missing == 0)
        return VERDICT_EQUAL;
    if (cost <= 0 && missing <= 0)
        return VERDICT_BETTER;
    if (cost >= 0 && missing >= 0)
        return VERDICT_WORSE;
    return cost < 0 ? VERDICT_CHEAPER : VERDICT_DEARER;
}

const char *verdict_name(enum verdict verdict)
{
    static const char *const names[] = {
        [VERDICT_EQUAL] = "equal",     [VERDICT_BETTER] = "better", [VERDICT_WORSE] = "worse",
        [VERDICT_CHEAPER] = "cheaper", [VERDICT_DEARER] = "dearer",
    };
    return names[verdict];
}

/* The values that are assumed and have another to try, in the scenario's order. */
static void find_items(struct assumptions *a)
{
    const struct scenario *scenario = &a->session->scenario;
    a->items = memory_new(scenario->value_count, sizeof *a->items);
    for (size_t i = 0; i < scenario->value_count; i++) {
        const struct scenario_value *value = &scenario->values[i];
        if (value->source != VALUE_ASSUMED || !value->low || !value->high)
            continue;
        a->items[a->count++] = (struct assumption){
            .value = value, .ends = {{value->path, value->low}, {value->path, value->high}}};
    }
}

/* One trial for each policy, beginning at *next. */
static struct trial *add_trials(struct assumptions *a, const struct scenario_override *override)
{
    struct trial *first = &a->trials[a->trial_count];
    for (size_t p = 0; p < a->policy_count; p++) {
        a->trials[a->trial_count++] = (struct trial){.policy = p ? a->policies[p] : NULL,
                                                     .overrides = override,
                                                     .override_count = override ? 1 : 0};
    }
    return first;
}

static void plan(struct assumptions *a)
{
    a->trials = memory_new((1 + ASSUMPTION_ENDS * a->count) * a->policy_count, sizeof *a->trials);
    a->given = add_trials(a, NULL);
    for (size_t i = 0; i < a->count; i++) {
        struct assumption *item = &a->items[i];
        for (size_t end = 0; end < ASSUMPTION_ENDS; end++) {
            if (strcmp(item->ends[end].value, item->value->value) != 0)
                item->trials[end] = add_trials(a, &item->ends[end]);
        }
    }
}

static void judge(const struct assumptions *a, struct assumption *item)
{
    assert(a->given);
    const struct figures *given = &a->given->figures;
    for (size_t end = 0; end < ASSUMPTION_ENDS; end++) {
        const struct trial *trial = item->trials[end];
        if (!trial || trial->refusal)
            continue;
        const struct figures *other = &trial->figures;
        int128 effect = absolute(change(other, given, FIGURE_cost_total_micro_usd)) *
                            given->value[FIGURE_capacity_required_unit_s] +
                        absolute(change(other, given, FIGURE_capacity_unfulfilled_unit_s)) *
                            given->value[FIGURE_cost_all_on_demand_micro_usd];
        int64_t effect_s = (int64_t)absolute(change(other, given, FIGURE_capacity_shortfall_s));
        item->effect = effect > item->effect ? effect : item->effect;
        item->effect_s = effect_s > item->effect_s ? effect_s : item->effect_s;
    }
}

static int by_effect(const void *x, const void *y)
{
    const struct assumption *a = x;
    const struct assumption *b = y;
    if (a->effect != b->effect)
        return a->effect > b->effect ? -1 : 1;
    if (a->effect_s != b->effect_s)
        return a->effect_s > b->effect_s ? -1 : 1;
    return a->value < b->value ? -1 : a->value > b->value;
}

int assumptions_run(struct assumptions *out, const struct session *session,
                    const struct option_list *against, size_t threads, struct error *err)
{
    *out = (struct assumptions){.session = session};
    out->policy_count = 1 + against->count;
    out->policies = memory_new(out->policy_count, sizeof *out->policies);
    out->policies[0] = session->scenario.policy.name;
    for (size_t p = 1; p < out->policy_count; p++)
        out->policies[p] = against->values[p - 1];
    find_items(out);
    plan(out);
    const struct trials trials = {.session = session,
                                  .command = "run",
                                  .threads = threads,
                                  .items = out->trials,
                                  .count = out->trial_count};
    int status = trials_run(&trials, err);
    for (size_t p = 0; p < out->policy_count && !status; p++) {
        if (out->given[p].refusal)
            status = error_set(err, STATUS_BAD_INPUT, "%s", out->given[p].refusal);
    }
    if (status)
        return status;
    for (size_t i = 0; i < out->count; i++)
        judge(out, &out->items[i]);
    if (out->count)
        qsort(out->items, out->count, sizeof *out->items, by_effect);
    return STATUS_OK;
}

void assumptions_clean_up(struct assumptions *assumptions)
{
    for (size_t i = 0; i < assumptions->trial_count; i++)
        trial_clean_up(&assumptions->trials[i]);
    free(assumptions->trials);
    free(assumptions->items);
    free(assumptions->policies);
    *assumptions = (struct assumptions){0};
}
