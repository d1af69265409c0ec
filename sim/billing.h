/* What one instance costs: a pure function of its life, its market's prices and the window
 * measured.
 *
 * Sources: the design's AWS notes 2.1 to 2.3; docs/model.md, "Billing". Amounts are in
 * micro-USD-seconds per hour: divide by 3600 for micro-USD. They add up exactly.
 */
#ifndef SIM_BILLING_H
#define SIM_BILLING_H

#include "base/decimal.h"
#include "traces/trace.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    BILLING_MINIMUM_S = 60, /* per-second billing charges at least this (documented) */
};

struct bill {
    int64_t running_s;         /* billing starts */
    int64_t ended_s;           /* billing stops; INT64_MAX while it runs */
    bool ended_by_ec2;         /* interrupted for price or capacity */
    bool per_second;           /* regime S, else H */
    bool lock_continuous;      /* the price of every second counts, not that of the hour's start */
    int64_t discount_permille; /* off every price per hour, which is rounded half to even */
    bool prepaid;              /* from prepaid_since_s on it costs nothing more */
    int64_t prepaid_since_s;
    int64_t window_from_s; /* charged are the seconds from here ... */
    int64_t window_to_s;   /* ... and what happens from here on is ignored */
    size_t near_step;      /* the first price is looked for around this step; any will do */
};

/* A spot instance's charge. `steps` is its market's price history; the first step is at or before
 * running_s. */
int128 billing_spot(const struct bill *bill, const struct price_step *steps, size_t step_count);

/* A price per hour less the discount, rounded half to even. */
int64_t billing_discounted(int64_t micro_usd_per_hour, int64_t discount_permille);

/* An on-demand instance's charge at a constant price. */
int128 billing_on_demand(const struct bill *bill, int64_t micro_usd_per_hour);

#endif
