/* A hindcast: what was recorded of a real account is simulated, and put beside what happened and
 * what it cost.
 *
 * WHAT IS COMPARED is a window of time, the scenario's `measure`: costs beside a bill, capacity and
 * launches beside the lives of the fleet's instances and the group as it was described. A component
 * of which no actual is known is not compared.
 *
 * WHERE AN ERROR COMES FROM. From the billed cost to the simulated one leads a walk that changes
 * one thing at a time; what a step changes is what its source adds to the error. So the sources add
 * up to the error exactly, to the last part of a cent, whatever they are called.
 *
 *   billed cost
 *    │ rounding       amounts as the bill prints them become usage × rate
 *    │ prices         the rate that was billed becomes the price that was recorded
 *    │ billing rule   the time that was billed becomes that which the model's rule makes of the
 *    │ life           instance's recorded life
 *    │ end not seen   ... where that has no end, and the bill has
 *    │ not billed     ... also of instances that the bill does not have
 *    │ not recorded   instances tagged as the fleet's that the recording does not know
 *   cost of the recorded instances by the model
 *    │ pools, before, launch time, interruptions, terminations
 *    │                each recorded instance becomes the simulated one that is most like it
 *    │ not simulated, only simulated      those that have none
 *   simulated cost
 *
 * Amounts are in FINE: 10^-16 USD / 3600, in which both a bill's parts (10^-10 USD) and the model's
 * micro-USD-seconds are whole.
 */
#ifndef STUDY_HINDCAST_H
#define STUDY_HINDCAST_H

#include "record/watched_life.h"
#include "scenario/scenario.h"
#include "traces/charges.h"

#define HINDCAST_FINE_PER_MICRO_USD ((int128)3600 * 10000000000)

enum hindcast_component {
    HINDCAST_SPOT_COST = 0,     /* FINE */
    HINDCAST_ON_DEMAND_COST,    /* FINE */
    HINDCAST_TOTAL_COST,        /* FINE */
    HINDCAST_SPOT_CAPACITY,     /* micro-unit-seconds running */
    HINDCAST_ON_DEMAND_SERVICE, /* instance-seconds in service */
    HINDCAST_SPOT_LAUNCHES,
    HINDCAST_INTERRUPTIONS,
    HINDCAST_ON_DEMAND_INSTANCES, /* that cost something */
    HINDCAST_COMPONENTS,
};
enum hindcast_unit { HINDCAST_FINE = 0, HINDCAST_UNIT_S, HINDCAST_INSTANCE_S, HINDCAST_COUNT };

struct hindcast_component_about {
    const char *name;  /* "spot_cost" */
    const char *words; /* "spot, USD" */
    enum hindcast_unit unit;
};
extern const struct hindcast_component_about hindcast_components[HINDCAST_COMPONENTS];

enum hindcast_source {
    HINDCAST_ROUNDING = 0, /* spot, as all up to ONLY_SIMULATED */
    HINDCAST_PRICES,
    HINDCAST_BILLING_RULE,
    HINDCAST_LIFE,
    HINDCAST_END_NOT_SEEN,
    HINDCAST_NOT_BILLED,
    HINDCAST_NOT_RECORDED,
    HINDCAST_POOLS,
    HINDCAST_BEFORE,
    HINDCAST_LAUNCH_TIME,
    HINDCAST_INTERRUPTED,
    HINDCAST_TERMINATED,
    HINDCAST_NOT_SIMULATED,
    HINDCAST_ONLY_SIMULATED,
    HINDCAST_OD_ROUNDING, /* on demand */
    HINDCAST_OD_PRICE,
    HINDCAST_OD_BILLED_TIME,
    HINDCAST_OD_DELAYS,
    HINDCAST_OD_HINDERED,
    HINDCAST_OD_DECISIONS,
    HINDCAST_SOURCES,
};

struct hindcast_source_about {
    const char *name; /* "billing_rule" */
    const char *words;
    enum hindcast_component component;
};
extern const struct hindcast_source_about hindcast_sources[HINDCAST_SOURCES];

/* The backup group as it was described at an evaluation; what failed is left out. */
struct hindcast_sample {
    int64_t time_s;
    int64_t desired;
    int64_t in_service;
    bool hindered; /* by this evaluation or one that was missed after it: not all was read, or what
                      was decided was not done */
};

/* ---- the bill ----------------------------------------------------------------------------------
 */

/* Of whom a bill is asked. Borrowed. */
struct hindcast_account {
    const struct watched_life *lives; /* the fleet's instances */
    size_t life_count;
    const char *fleet_id;
    const char *group;
    const char *backup_type;
    const struct scenario *scenario; /* its pools: who might be the fleet's */
};

/* What of a bill is about the account. */
struct hindcast_bill;

struct hindcast_bill_about {
    int64_t files;
    int64_t lines;
    int64_t own;         /* of them those about recorded spot instances */
    int64_t other_lines; /* credits, discounts, fees: not compared */
    int64_t other_cost;  /* parts of a USD */
    bool spot;           /* it tells what spot cost */
    bool on_demand;
    bool feed;       /* spot is told by a data feed: what a report says of spot is left alone */
    bool hours;      /* told by the hour of the clock */
    bool tagged;     /* which on-demand instances are the group's is told by their tags */
    int64_t first_s; /* the time it is about */
    int64_t end_s;
    int64_t strangers;      /* spot instances in the fleet's places that neither the recording nor a
                               tag knows as the fleet's: not compared */
    int64_t strangers_cost; /* parts of a USD */
};

struct hindcast_bill *hindcast_bill_new(const struct hindcast_account *account);
/* Read one file of it. The same bytes twice are an error. */
int hindcast_bill_add(struct hindcast_bill *bill, const char *path, struct error *err);
/* After the last file: an instance that was billed for more than an hour of one hour is an error.
 */
int hindcast_bill_end(struct hindcast_bill *bill, struct hindcast_bill_about *out_about,
                      struct error *err);
void hindcast_bill_free(struct hindcast_bill *bill);

/* ---- the hindcast ------------------------------------------------------------------------------
 */

struct hindcast_input {
    const struct scenario *scenario; /* of the recorded time; its `measure` is what is compared */
    const struct trace_set *traces;
    const struct hindcast_account *account;
    const struct hindcast_bill *bill;      /* NULL: costs are not compared */
    const struct hindcast_sample *samples; /* by time */
    size_t sample_count;
};

struct hindcast_value {
    bool known; /* the actual is */
    int128 simulated;
    int128 actual;
};

/* The account at a minute, from then on until the next one that differs. */
struct hindcast_minute {
    int64_t time_s;
    int64_t spot_micro[2]; /* units running: simulated, actual */
    int64_t on_demand[2];  /* instances in service */
};

/* An hour of the clock, FINE: simulated, billed. */
struct hindcast_hour {
    int64_t time_s;
    int128 spot[2];
    int128 on_demand[2];
};

struct hindcast {
    struct hindcast_value values[HINDCAST_COMPONENTS];
    int128 sources[HINDCAST_SOURCES]; /* FINE: what each adds to simulated - actual */
    int64_t cases[HINDCAST_SOURCES];  /* instances (or lines) it was found at */
    int64_t unplaced;                 /* recorded instances of which nobody told where they were */
    int64_t begun_before;             /* recorded instances of which no launch was seen */
    struct hindcast_minute *minutes;  /* only those that differ from the one before */
    size_t minute_count;
    int64_t minutes_compared;
    int64_t minutes_equal;       /* spot and on demand both */
    int128 spot_distance;        /* sum of |simulated - actual| over minutes, micro-units */
    int128 on_demand_distance;   /* the same in instances */
    int64_t worst_s;             /* the minute with the largest distance of spot */
    struct hindcast_hour *hours; /* of the window, all; none without a bill */
    size_t hour_count;
};

/* What a source explains: its component; where the cost of on-demand instances is not known, for
 * those that are about time in service, that; HINDCAST_COMPONENTS: nothing. Amounts are at the
 * scenario's price either way. */
enum hindcast_component hindcast_explains(const struct hindcast *hindcast,
                                          enum hindcast_source source);

int hindcast_run(const struct hindcast_input *input, struct hindcast *out_hindcast,
                 struct error *err);
void hindcast_clean_up(struct hindcast *hindcast);

/* Error in millionths of the actual, rounded half to even; INT64_MAX where the actual is 0 and the
 * simulated is not. */
int64_t hindcast_error_ppm(const struct hindcast_value *value);

#endif
