/* The traces of a scenario while they are loaded: load_traces.c gathers them, loading_check.c looks
 * whether they cover the run. Nobody else includes this header.
 */
#ifndef SCENARIO_LOADING_H
#define SCENARIO_LOADING_H

#include "scenario/parts.h"

/* Where a market came from, parallel to the set's markets. */
enum market_origin { FROM_DATABASE = 0, FROM_INLINE, FROM_SYNTH, FROM_ADVISOR };

struct loading {
    struct scenario *scenario;
    struct trace_set *set;
    struct error *err;
    struct market_key *wanted; /* one for each market, however many pools it has */
    size_t wanted_count;
    size_t required_count;       /* of these, the fleet's own, which come first */
    enum market_origin *origins; /* of set->markets */
};

/* The set's market of that key, or NULL. */
struct market *loading_market(const struct trace_set *set, const struct market_key *key);

/* Refuse what does not cover the run, and note what is doubtful. */
int loading_check(struct loading *loading);

#endif
