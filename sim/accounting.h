/* What was required, served, missing and wasted, and what it cost: the integrals behind the
 * figures.
 *
 * The account's state holds from one second until the next change. accounting_advance closes the
 * stretch that ends now; only states at the end of a second count, and only within the measured
 * window.
 */
#ifndef SIM_ACCOUNTING_H
#define SIM_ACCOUNTING_H

#include "base/decimal.h"
#include "record/figures.h"
#include "record/record.h"
#include "traces/trace.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The part of the account that figures depend on. */
struct standing {
    int64_t required_micro;
    int64_t spot_up_micro;
    int64_t on_demand_up_micro;
    int64_t on_demand_running; /* instances */
    int64_t tasks_unserved;    /* desired less serving, of each service that lacks some */
};

struct accounting {
    int64_t window_from_s;
    int64_t window_to_s;
    int64_t units_per_instance_micro; /* of the backup, for all_on_demand */
    int64_t prepaid_instances;        /* of these all_on_demand pays nothing */

    struct standing now;  /* changed freely during a second */
    struct standing held; /* in force since held_since_s */
    int64_t held_since_s;

    int128 required_unit_s; /* all in micro-unit-seconds */
    int128 served_spot_unit_s;
    int128 served_on_demand_unit_s;
    int128 unfulfilled_unit_s;
    int128 surplus_unit_s;
    int128 on_demand_up_unit_s;
    int128 all_on_demand_instance_s;
    int64_t shortfall_s;
    int64_t shortfall_episodes;
    int64_t shortfall_until_s; /* end of the last stretch of shortfall counted */
    int64_t worst_shortfall_micro;
    int64_t recovery_s;
    int128 task_unserved_s;

    int128 spot_cost; /* micro-USD-seconds per hour */
    int128 on_demand_cost;
    int128 running_instance_s; /* of every instance, for what is paid by the second beside it */
    int64_t events[FIGURE_COUNT_OF_ALL]; /* the events.* figures only */
};

/* What a standing serves. */
struct service {
    int64_t served_spot_micro;
    int64_t served_on_demand_micro;
    int64_t unfulfilled_micro;
    int64_t surplus_micro;
};

struct service accounting_service(const struct standing *standing);

/* Start at from_s with `standing` in force. */
void accounting_init(struct accounting *accounting, int64_t window_from_s, int64_t window_to_s,
                     int64_t units_per_instance_micro);

/* Whether accounting->now differs from what is held. */
static inline bool accounting_differs(const struct accounting *accounting)
{
    const struct standing *now = &accounting->now;
    const struct standing *held = &accounting->held;
    return now->required_micro != held->required_micro ||
           now->spot_up_micro != held->spot_up_micro ||
           now->on_demand_up_micro != held->on_demand_up_micro ||
           now->on_demand_running != held->on_demand_running ||
           now->tasks_unserved != held->tasks_unserved;
}

/* It does: close the stretch up to time_s. */
void accounting_change(struct accounting *accounting, int64_t time_s);

/* Second `time_s` is done: if accounting->now differs from what was held, close the stretch up to
 * it. */
static inline void accounting_advance(struct accounting *accounting, int64_t time_s)
{
    if (accounting_differs(accounting))
        accounting_change(accounting, time_s);
}

/* As if what is required changed at each of the steps, in order and not before held_since_s, and
 * accounting_advance was called for it: nothing else has changed since. At least one. */
void accounting_demand(struct accounting *accounting, const struct demand_step *steps,
                       size_t count);

/* The run ends at time_s: close the last stretch. */
void accounting_finish(struct accounting *accounting, int64_t time_s);

/* Count an event of second `time_s`. */
void accounting_count(struct accounting *accounting, enum figure figure, int64_t time_s);

struct scenario;

/* What the sums are priced by (tariff.c). */
struct tariff {
    int64_t on_demand_micro_usd; /* the backup's price per hour, discounts taken off */
    struct other_rate {
        int128 numerator; /* micro-USD per running second, as a fraction: volume and address */
        int128 denominator;
    } other;
};

struct tariff tariff_of(const struct scenario *scenario);

/* All figures. */
void accounting_figures(const struct accounting *accounting, const struct tariff *tariff,
                        struct figures *out_figures);

#endif
