/* Shortages: when less was up than was required.
 *
 * What is short for a minute is short again a few minutes later, while the same spike of the market
 * lasts: such episodes say one thing, not two. INDEPENDENT here are episodes, of whatever runs are
 * looked at together, with at least SHORTAGE_APART_S of full service between them.
 */
#ifndef STUDY_SHORTAGE_H
#define STUDY_SHORTAGE_H

#include "record/record.h"

#include <stdbool.h>
#include <stddef.h>

enum { SHORTAGE_APART_S = 3600 };

struct shortage {
    int64_t from_s; /* short in [from_s, to_s) */
    int64_t to_s;
};

/* Those of one run, in order of time. Zeroed is empty. */
struct shortages {
    struct shortage *items;
    size_t count;
    size_t capacity;
    bool open;      /* the last one lasts */
    int64_t from_s; /* measured: what is outside is cut off */
    int64_t to_s;
};

/* The account from capacity->time_s on. In order of time. */
void shortages_take(struct shortages *shortages, const struct record_capacity *capacity);
/* The run has ended. */
void shortages_end(struct shortages *shortages);
void shortages_clean_up(struct shortages *shortages);

/* How many of all those of `lists` together are independent. */
size_t shortages_independent(const struct shortages *const *lists, size_t count);
/* How many stand behind what is said of several: those of all lists together; but one that is short
 * nearly all the time, as a fleet below the demand is, joins what the others show apart: then those
 * of the one that shows most. `whose[i]` numbers, from 0 on, whom lists[i] is of. */
size_t shortages_behind(const struct shortages *const *lists, const size_t *whose, size_t count);

#endif
