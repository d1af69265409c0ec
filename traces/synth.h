/* The synthetic market: seeded price histories and interruptions, for demos, tests and sweeps.
 *
 * Two regimes. BID_ERA imitates 2015: a calm, low level per market, frequent small moves, and rare
 * spikes, some of them far above on-demand, that last minutes to hours and often hit the zones of
 * one type together. MODERN imitates the time since 2017-11-28: prices move a few times a day,
 * smoothly, below on-demand; instances are taken by interruptions for capacity, bunched within a
 * pool. Parameters and their published sources are in docs/synthetic.md.
 *
 * Whatever is made here is marked synthetic wherever it is shown. Equal parameters give equal
 * traces on every machine; each market draws from its own key, so adding a market changes no other.
 */
#ifndef TRACES_SYNTH_H
#define TRACES_SYNTH_H

#include "base/error.h"
#include "traces/trace.h"

#include <stdbool.h>
#include <stdint.h>

enum synth_regime { SYNTH_BID_ERA = 0, SYNTH_MODERN };

struct synth_market {
    char *zone;
    char *instance_type;
    int64_t on_demand_micro_usd; /* per hour; > 0 */
};

struct synth_parameters {
    enum synth_regime regime;
    uint64_t seed;
    bool own_seed; /* of a scenario: it says the seed itself, so all its seeds meet one market */
    int64_t from_s;
    int64_t to_s;
    char *product; /* "Linux/UNIX" */
    struct synth_market *markets;
    size_t market_count;
    int64_t base_permille;     /* calm price as permille of on-demand */
    int64_t change_interval_s; /* mean time between records */
    int64_t noise_permille;    /* deviation of one move, permille of the calm price */
    int64_t
        spikes_per_30_days_micro;  /* BID_ERA: mean spikes per market and 30 days, in millionths */
    int64_t spike_length_s;        /* BID_ERA: mean, beyond the shortest of 60 */
    int64_t spike_cluster;         /* BID_ERA: mean spikes of one cluster; 1: each by itself */
    int64_t spike_cluster_gap_s;   /* BID_ERA: mean, end of a spike to the next of its cluster */
    int64_t spike_height_permille; /* BID_ERA: mean height, permille of on-demand */
    int64_t spike_shared_permille; /* BID_ERA: chance that a spike hits the other zones of its type
                                      too */
    int64_t interruptions_per_30_days_micro; /* MODERN: mean bunches per pool and 30 days, in
                                                millionths */
    int64_t bunch_instances;                 /* MODERN: mean instances of one bunch */
    int64_t bunch_span_s;                    /* MODERN: a bunch falls within this time; 180 */
};

/* The parameters that have numbers, by the names users write: a member (int64_t) of struct
 * synth_parameters, written as a decimal of value / scale. Ended by a NULL key. */
struct synth_field {
    const char *key;
    size_t offset;
    int64_t scale;
};

extern const struct synth_field synth_fields[];

/* The regime's defaults (docs/synthetic.md); no markets, seed 1, no span. */
void synth_defaults(struct synth_parameters *out_parameters, enum synth_regime regime);

/* Whether these parameters can be generated. Refused, by name: a parameter out of its range
 * (docs/synthetic.md), a rate of the other regime, a market that is no ZONE/TYPE or is named twice,
 * and what would on average be more than 50 million prices, 5 million interruptions, or 10 spikes
 * of one market at once. */
int synth_check(const struct synth_parameters *parameters, struct error *err);

/* Check and generate all of it, in memory, sorted, not sealed. On error nothing is to be cleaned
 * up; the text begins with "synth: ". */
int synth_generate(struct trace_set *out_set, const struct synth_parameters *parameters,
                   struct error *err);

/* Free what `parameters` owns. */
void synth_clean_up(struct synth_parameters *parameters);

#endif
