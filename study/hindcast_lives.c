/* Recorded instances, and what instances cost by the model. */
#include "base/memory.h"
#include "sim/billing.h"
#include "study/hindcast_parts.h"

#include <string.h>

int hindcast_pool(const struct hindcast_work *work, const char *zone, const char *type)
{
    const struct spot_fleet *fleet = &work->scenario->fleet;
    for (size_t i = 0; i < fleet->pool_count; i++) {
        if (strcmp(fleet->pools[i].zone, zone) == 0 &&
            strcmp(fleet->pools[i].instance_type, type) == 0)
            return (int)i;
    }
    return NO_POOL;
}

static const struct market *market_of(const struct hindcast_work *work, int pool)
{
    const struct trace_set *traces = work->input->traces;
    for (size_t i = 0; pool != NO_POOL && i < traces->market_count; i++) {
        const struct market *market = &traces->markets[i];
        const struct fleet_pool *wanted = &work->scenario->fleet.pools[pool];
        if (strcmp(market->zone, wanted->zone) == 0 &&
            strcmp(market->instance_type, wanted->instance_type) == 0 &&
            strcmp(market->product, work->scenario->product) == 0)
            return market;
    }
    return NULL;
}

static struct bill bill_of(const struct hindcast_work *work, int64_t start_s, int64_t end_s,
                           bool ec2)
{
    return (struct bill){
        .running_s = start_s,
        .ended_s = end_s,
        .ended_by_ec2 = ec2 && end_s != INT64_MAX,
        .per_second = scenario_per_second(work->scenario, start_s),
        .lock_continuous = work->scenario->account.price_lock_continuous,
        .discount_permille = work->scenario->price_terms.spot_discount_permille,
        .window_from_s = work->from_s,
        .window_to_s = work->to_s,
    };
}

int128 hindcast_charge(const struct hindcast_work *work, int pool, int64_t start_s, int64_t end_s,
                       bool ec2)
{
    const struct market *market = market_of(work, pool);
    if (!market || end_s < start_s)
        return 0;
    const struct bill bill = bill_of(work, start_s, end_s, ec2);
    return billing_spot(&bill, market->steps, market->step_count) * FINE_PER_MICRO_USD_S;
}

int128 hindcast_charge_within(const struct hindcast_work *work, int pool, int64_t start_s,
                              int64_t from_s, int64_t to_s)
{
    const struct market *market = market_of(work, pool);
    if (!market || to_s <= from_s)
        return 0;
    struct bill bill = bill_of(work, start_s, INT64_MAX, false);
    bill.window_from_s = from_s;
    bill.window_to_s = to_s;
    return billing_spot(&bill, market->steps, market->step_count) * FINE_PER_MICRO_USD_S;
}

int64_t hindcast_charged_s(const struct hindcast_work *work, int64_t start_s, int64_t end_s,
                           bool ec2, bool per_second)
{
    struct bill bill = bill_of(work, start_s, end_s, ec2);
    bill.per_second = per_second;
    bill.discount_permille = 0;
    return (int64_t)billing_on_demand(&bill, 1);
}

const struct billed *hindcast_lines(const struct hindcast_work *work, size_t life,
                                    size_t *out_count)
{
    size_t low = 0;
    size_t high = work->billed_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct billed *line = &work->billed[middle];
        if (line->kind < BILLED_SPOT || (line->kind == BILLED_SPOT && line->life < life))
            low = middle + 1;
        else
            high = middle;
    }
    *out_count = 0;
    while (low + *out_count < work->billed_count &&
           work->billed[low + *out_count].kind == BILLED_SPOT &&
           work->billed[low + *out_count].life == life)
        ++*out_count;
    return work->billed + low;
}

/* When an instance began whose launch nobody saw: as its first billed hour tells, if that was not
 * whole; else before all that is looked at, in step with the hour of the clock. */
static int64_t begun(const struct hindcast_work *work, size_t life, int64_t known_from_s)
{
    size_t count = 0;
    const struct billed *lines = hindcast_lines(work, life, &count);
    const struct billed *first = NULL;
    for (size_t i = 0; i < count && !first; i++)
        first = lines[i].used > 0 ? &lines[i] : NULL;
    if (!first)
        return known_from_s;
    if (first->feed || first->used >= CHARGE_PARTS)
        return first->start_s;
    return first->end_s - (int64_t)divide_half_even((int128)first->used * 3600, CHARGE_PARTS);
}

void hindcast_recorded(struct hindcast_work *work)
{
    const struct hindcast_account *account = work->input->account;
    int64_t from_s = work->scenario->from_s;
    for (size_t i = 0; i < account->life_count; i++) {
        const struct watched_life *life = &account->lives[i];
        bool ended = life->ended_s != RECORD_NEVER;
        if ((ended && life->ended_s <= from_s) || life->launched_s >= work->scenario->to_s)
            continue;
        if (!life->zone[0] || !life->instance_type[0]) {
            work->out->unplaced++;
            continue;
        }
        bool seen = life->launched_s != RECORD_NEVER;
        work->out->begun_before += !seen;
        struct lived lived = {
            .pool = hindcast_pool(work, life->zone, life->instance_type),
            .start_s = seen ? life->launched_s : begun(work, i, from_s),
            .end_s = ended ? life->ended_s : INT64_MAX,
            .ec2 = life->interrupted,
            .life = i,
            .match = SIZE_MAX,
        };
        lived.before = lived.start_s <= from_s;
        if (lived.end_s < lived.start_s)
            lived.end_s = lived.start_s;
        ARRAY_PUSH(work->actual, work->actual_count, work->actual_capacity, lived);
    }
}
