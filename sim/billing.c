#include "billing.h"

#include <assert.h>

/* The end of what is charged, in seconds; never before running_s. */
static int64_t charged_until(const struct bill *bill)
{
    if (bill->ended_s >= bill->window_to_s)
        return bill->window_to_s; /* still running as far as the window can tell */
    int64_t used_s = bill->ended_s - bill->running_s;
    if (bill->per_second) {
        if (bill->ended_by_ec2)
            return used_s < SECONDS_PER_HOUR ? bill->running_s : bill->ended_s;
        return bill->running_s + (used_s < BILLING_MINIMUM_S ? BILLING_MINIMUM_S : used_s);
    }
    int64_t hours = used_s / SECONDS_PER_HOUR;
    if (!bill->ended_by_ec2 && (used_s % SECONDS_PER_HOUR || hours == 0))
        hours++;
    return bill->running_s + hours * SECONDS_PER_HOUR;
}

/* The seconds charged within the window: [*out_from, *out_until). False if there are none. */
static bool charged_span(const struct bill *bill, int64_t *out_from_s, int64_t *out_until_s)
{
    assert(bill->ended_s >= bill->running_s);
    if (bill->ended_s <= bill->window_from_s || bill->running_s >= bill->window_to_s)
        return false;
    *out_until_s = charged_until(bill);
    if (bill->prepaid && *out_until_s > bill->prepaid_since_s)
        *out_until_s = bill->prepaid_since_s;
    *out_from_s = bill->running_s > bill->window_from_s ? bill->running_s : bill->window_from_s;
    return *out_from_s < *out_until_s;
}

/* Index of the step in force at time_s, of those from `from` on. The first holds before it too. */
static size_t step_at(const struct price_step *steps, size_t step_count, size_t from,
                      int64_t time_s)
{
    size_t after = price_step_after(steps, step_count, from, time_s);
    return after > 0 ? after - 1 : 0;
}

/* The same, looked for around a step: back from it in growing steps. */
static size_t step_around(const struct price_step *steps, size_t step_count, size_t near,
                          int64_t time_s)
{
    size_t from = near < step_count ? near : step_count;
    for (size_t reach = 1; from > 0 && steps[from - 1].time_s > time_s; reach *= 2)
        from = from > reach ? from - reach : 0;
    return step_at(steps, step_count, from, time_s);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Of the hours on from hour_s, when the first begins that does not before time_s > hour_s. */
static int64_t hour_from(int64_t hour_s, int64_t time_s)
{
    int64_t hours = (time_s - hour_s + SECONDS_PER_HOUR - 1) / SECONDS_PER_HOUR;
    return hour_s + hours * SECONDS_PER_HOUR;
}

int64_t billing_discounted(int64_t micro_usd_per_hour, int64_t discount_permille)
{
    if (discount_permille == 0) /* as almost always: no division of 128 bits */
        return micro_usd_per_hour;
    return (int64_t)divide_half_even((int128)micro_usd_per_hour * (1000 - discount_permille), 1000);
}

int128 billing_spot(const struct bill *bill, const struct price_step *steps, size_t step_count)
{
    int64_t from_s = 0;
    int64_t until_s = 0;
    if (!charged_span(bill, &from_s, &until_s))
        return 0;
    int128 sum = 0;
    if (bill->lock_continuous) {
        for (size_t i = step_around(steps, step_count, bill->near_step, from_s); from_s < until_s;
             i++) {
            int64_t next_s = i + 1 < step_count ? steps[i + 1].time_s : until_s;
            next_s = next_s < until_s ? next_s : until_s;
            sum +=
                (int128)billing_discounted(steps[i].micro_usd_per_hour, bill->discount_permille) *
                (next_s - from_s);
            from_s = next_s;
        }
        return sum;
    }
    /* One price holds in all the hours that begin before the next step. */
    int64_t hour_s = from_s - (from_s - bill->running_s) % SECONDS_PER_HOUR;
    size_t i = step_around(steps, step_count, bill->near_step, hour_s);
    for (;;) {
        int64_t end_s = until_s;
        if (i + 1 < step_count && steps[i + 1].time_s < until_s)
            end_s = least(until_s, hour_from(hour_s, steps[i + 1].time_s));
        sum += (int128)billing_discounted(steps[i].micro_usd_per_hour, bill->discount_permille) *
               (end_s - from_s);
        if (end_s == until_s)
            return sum;
        from_s = hour_s = end_s;
        i++;
        if (i + 1 < step_count && steps[i + 1].time_s <= hour_s)
            i = step_at(steps, step_count, i, hour_s);
    }
}

int128 billing_on_demand(const struct bill *bill, int64_t micro_usd_per_hour)
{
    int64_t from_s = 0;
    int64_t until_s = 0;
    if (!charged_span(bill, &from_s, &until_s))
        return 0;
    return (int128)billing_discounted(micro_usd_per_hour, bill->discount_permille) *
           (until_s - from_s);
}
