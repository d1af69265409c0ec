/* What a run met, loaded again from what its scenario names: prices do not stand in a results
 * database.
 */
#ifndef REPORTS_RUN_MARKET_H
#define REPORTS_RUN_MARKET_H

#include "scenario/scenario.h"

struct run_market {
    const struct scenario *scenario; /* NULL: not at hand */
    const struct trace_set *traces;
    const char *why; /* then: why, to end a sentence with */
};

#endif
