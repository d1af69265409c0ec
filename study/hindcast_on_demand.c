/* The same of on-demand instances. A recording does not know them one by one, only how many the
 * group wanted and had; so the walk is one of time at a constant price. */
#include "base/memory.h"
#include "sim/billing.h"
#include "study/hindcast_parts.h"

#include <string.h>

struct times {
    int128 desired_s; /* instance-seconds within the window */
    int128 service_s;
};

/* How long description i holds within the window: until the next; the first one before itself too.
 */
static int64_t held_s(const struct hindcast_work *work, size_t i)
{
    const struct hindcast_sample *samples = work->input->samples;
    int64_t begin_s = i ? samples[i].time_s : work->from_s;
    int64_t end_s = i + 1 < work->input->sample_count ? samples[i + 1].time_s : work->to_s;
    begin_s = begin_s > work->from_s ? begin_s : work->from_s;
    end_s = end_s < work->to_s ? end_s : work->to_s;
    return end_s > begin_s ? end_s - begin_s : 0;
}

static struct times times_of(const struct hindcast_work *work,
                             const struct hindcast_sample *samples)
{
    struct times times = {0};
    for (size_t i = 0; i < work->input->sample_count; i++) {
        times.desired_s += (int128)samples[i].desired * held_s(work, i);
        times.service_s += (int128)samples[i].in_service * held_s(work, i);
    }
    return times;
}

/* Instance-seconds by which the simulated group wants more, in stretches that began after an
 * evaluation that was hindered: what comes of it lasts until both want the same again. */
static int128 hindered_s(const struct hindcast_work *work)
{
    const struct hindcast_sample *samples = work->input->samples;
    int128 sum = 0;
    bool apart = false;
    bool hindered = false;
    for (size_t i = 0; i < work->input->sample_count; i++) {
        int64_t difference = work->seen[i].desired - samples[i].desired;
        if (difference && !apart)
            hindered = i > 0 && samples[i - 1].hindered;
        apart = difference != 0;
        if (apart && hindered)
            sum += (int128)difference * held_s(work, i);
    }
    return sum;
}

/* The real group was described before anything was called in that second, and so is the simulated
 * one: what is lost between two looks is lost in both. */
void hindcast_see(struct hindcast_work *work)
{
    const struct hindcast_sample *samples = work->input->samples;
    size_t step = 0;
    work->seen = memory_new(work->input->sample_count, sizeof *work->seen);
    for (size_t i = 0; work->step_count && i < work->input->sample_count; i++) {
        while (step + 1 < work->step_count && work->steps[step + 1].time_s < samples[i].time_s)
            step++;
        work->seen[i] = (struct hindcast_sample){.time_s = samples[i].time_s,
                                                 .desired = work->steps[step].group_desired,
                                                 .in_service = work->steps[step].group_running};
    }
}

void hindcast_on_demand(struct hindcast_work *work)
{
    const struct scenario *scenario = work->scenario;
    struct hindcast_value *values = work->out->values;
    int128 price = (int128)billing_discounted(scenario->group.on_demand_micro_usd,
                                              scenario->price_terms.on_demand_discount_permille);
    int128 billed = 0;
    int128 valued = 0;
    int128 used = 0;
    int64_t instances = 0;
    const char *last = "";
    for (size_t i = 0; i < work->billed_count; i++) {
        const struct billed *line = &work->billed[i];
        struct billed_share share;
        if (line->kind != BILLED_ON_DEMAND || !billed_in(line, work->from_s, work->to_s, &share))
            continue;
        billed += share.cost;
        valued += share.valued;
        used += share.used;
        instances += strcmp(last, line->instance) != 0;
        last = line->instance;
    }
    struct times was = times_of(work, work->input->samples);
    struct times is = times_of(work, work->seen);
    bool known = work->input->sample_count > 0;
    /* A second at the price; used time is in parts of an hour. */
    int128 second = price * FINE_PER_MICRO_USD_S;
    int128 used_fine = used * price * FINE_PER_TINY;
    hindcast_add(work, HINDCAST_OD_ROUNDING, valued - billed);
    hindcast_add(work, HINDCAST_OD_PRICE, used_fine - valued);
    hindcast_add(work, HINDCAST_OD_BILLED_TIME,
                 (work->on_demand_cost - is.service_s * second) -
                     (used_fine - was.service_s * second));
    hindcast_add(work, HINDCAST_OD_DELAYS,
                 ((is.service_s - is.desired_s) - (was.service_s - was.desired_s)) * second);
    int128 hindered = hindered_s(work);
    hindcast_add(work, HINDCAST_OD_HINDERED, hindered * second);
    hindcast_add(work, HINDCAST_OD_DECISIONS, (is.desired_s - was.desired_s - hindered) * second);
    values[HINDCAST_ON_DEMAND_COST] = (struct hindcast_value){false, work->on_demand_cost, billed};
    values[HINDCAST_ON_DEMAND_SERVICE] =
        (struct hindcast_value){known, is.service_s, was.service_s};
    values[HINDCAST_ON_DEMAND_INSTANCES] =
        (struct hindcast_value){false, (int128)work->charged_count, instances};
}
