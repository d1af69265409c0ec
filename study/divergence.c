#include "study/divergence.h"

#include "base/memory.h"

#include <stdlib.h>

void trail_take_decision(struct trail *trail, const struct record_decision *decision)
{
    bool calls = decision->action == BALLAST_SET_DESIRED;
    bool modifies = decision->decision.set_fleet_target;
    const struct trail_call call = {.first_s = decision->first_s,
                                    .last_s = decision->last_s,
                                    .next_s = INT64_MAX,
                                    .desired = calls ? decision->desired_capacity : BALLAST_UNKNOWN,
                                    .honor_cooldown = calls && decision->decision.honor_cooldown,
                                    .fleet_target = modifies ? decision->decision.fleet_target
                                                             : BALLAST_UNKNOWN,
                                    .outcome = decision->outcome,
                                    .fleet_outcome = decision->fleet_outcome};
    struct trail_call *last = trail->open ? &trail->calls[trail->call_count - 1] : NULL;
    bool same = last && last->desired == call.desired && last->fleet_target == call.fleet_target &&
                last->honor_cooldown == call.honor_cooldown && last->outcome == call.outcome &&
                last->fleet_outcome == call.fleet_outcome;
    if (same) {
        last->last_s = call.last_s;
        return;
    }
    if (last)
        last->next_s = call.first_s;
    trail->open = calls || modifies;
    if (trail->open)
        ARRAY_PUSH(trail->calls, trail->call_count, trail->call_capacity, call);
}

void trail_take_account(struct trail *trail, const struct record_capacity *account)
{
    ARRAY_PUSH(trail->accounts, trail->account_count, trail->account_capacity, *account);
}

void trail_clean_up(struct trail *trail)
{
    free(trail->calls);
    free(trail->accounts);
    *trail = (struct trail){0};
}

/* ---- finding ----------------------------------------------------------------------------------
 */

static bool same_call(const struct trail_call *a, const struct trail_call *b)
{
    return a->desired == b->desired && a->honor_cooldown == b->honor_cooldown &&
           a->fleet_target == b->fleet_target;
}

static bool same_answer(const struct trail_call *a, const struct trail_call *b)
{
    return a->outcome == b->outcome && a->fleet_outcome == b->fleet_outcome;
}

/* What `trail` called in second time_s, an evaluation of one of the two runs. */
static void call_at(const struct trail *trail, int64_t time_s, bool *out_called,
                    struct trail_call *out_call)
{
    *out_called = false;
    for (size_t i = 0; i < trail->call_count && trail->calls[i].first_s <= time_s; i++) {
        *out_called = time_s <= trail->calls[i].last_s;
        *out_call = trail->calls[i];
    }
}

/* Two that begin alike part where the shorter ends. */
static int64_t end_of_shorter(const struct trail_call *a, const struct trail_call *b)
{
    const struct trail_call *shorter = a->last_s < b->last_s ? a : b;
    return shorter->next_s;
}

static int64_t first_of(const struct trail *trail, size_t index)
{
    return index < trail->call_count ? trail->calls[index].first_s : INT64_MAX;
}

/* The second in which calls or their answers part; INT64_MAX: never. */
static int64_t calls_part(const struct trail *a, const struct trail *b)
{
    for (size_t i = 0;; i++) {
        int64_t a_s = first_of(a, i);
        int64_t b_s = first_of(b, i);
        if (a_s != b_s)
            return a_s < b_s ? a_s : b_s;
        if (a_s == INT64_MAX)
            return INT64_MAX;
        const struct trail_call *x = &a->calls[i];
        const struct trail_call *y = &b->calls[i];
        if (!same_call(x, y) || !same_answer(x, y))
            return a_s;
        if (x->last_s != y->last_s && end_of_shorter(x, y) != INT64_MAX)
            return end_of_shorter(x, y);
    }
}

static bool same_account(const struct record_capacity *a, const struct record_capacity *b)
{
    return a->required_micro == b->required_micro && a->spot_up_micro == b->spot_up_micro &&
           a->on_demand_up_micro == b->on_demand_up_micro &&
           a->fleet_target_micro == b->fleet_target_micro &&
           a->fleet_fulfilled_micro == b->fleet_fulfilled_micro &&
           a->group_desired == b->group_desired && a->group_running == b->group_running;
}

static int64_t time_of(const struct trail *trail, size_t index)
{
    return index < trail->account_count ? trail->accounts[index].time_s : INT64_MAX;
}

static void accounts_part(const struct trail *a, const struct trail *b, struct divergence *out)
{
    static const struct record_capacity nothing;
    const struct record_capacity *in_a = &nothing;
    const struct record_capacity *in_b = &nothing;
    size_t i = 0;
    size_t k = 0;
    while (i < a->account_count || k < b->account_count) {
        int64_t next_s = time_of(a, i) < time_of(b, k) ? time_of(a, i) : time_of(b, k);
        if (time_of(a, i) == next_s)
            in_a = &a->accounts[i++];
        if (time_of(b, k) == next_s)
            in_b = &b->accounts[k++];
        if (!same_account(in_a, in_b)) {
            out->accounts_part = true;
            out->accounts_s = next_s;
            out->accounts[0] = *in_a;
            out->accounts[1] = *in_b;
            return;
        }
    }
}

void divergence_find(const struct trail *a, const struct trail *b, struct divergence *out)
{
    *out = (struct divergence){0};
    accounts_part(a, b, out);
    int64_t time_s = calls_part(a, b);
    if (time_s == INT64_MAX)
        return;
    out->time_s = time_s;
    call_at(a, time_s, &out->called[0], &out->calls[0]);
    call_at(b, time_s, &out->called[1], &out->calls[1]);
    bool alike = out->called[0] && out->called[1] && same_call(&out->calls[0], &out->calls[1]);
    out->kind = alike ? DIVERGENCE_OUTCOME : DIVERGENCE_DECISION;
}
