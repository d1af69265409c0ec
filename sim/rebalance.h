/* Rebalance recommendations: EC2 says that instances are at elevated risk, some time before it
 * interrupts them, or together with the notice.
 *
 * Which interruptions are announced, and how long before, is settled as the run begins, by keyed
 * draws: no policy changes it. What the fleet makes of a recommendation is its own business
 * (fleet_rebalance.c). docs/model.md, "Rebalance recommendations".
 */
#ifndef SIM_REBALANCE_H
#define SIM_REBALANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct instance;
struct world;

/* One interruption record, or one fall of a limit, that is announced. */
struct recommendation {
    int64_t time_s; /* it comes */
    int64_t due_s;  /* the interruption */
    size_t step;    /* index among the traces' interruptions or capacities */
    bool of_limit;
    size_t place;
    uint32_t *marked; /* instances it came for, in order of pool and slot */
    size_t marked_count;
    size_t marked_capacity;
};

struct rebalance {
    struct recommendation *items; /* in the order in which they come */
    size_t count;
    size_t capacity;
    size_t next;
    size_t *of_record; /* for each interruption record the index of its recommendation + 1, or 0; */
    size_t *of_limit;  /* NULL if there are none. Likewise for each capacity step */
};

/* Settle what is announced. The fleet's places must be there. */
void rebalance_init(struct world *world);
void rebalance_clean_up(struct rebalance *rebalance);
/* Whether there can be any: else a policy learns that the number is not known. */
bool rebalance_simulated(const struct world *world);
/* Whether this instance can get one: AWS gives them to instances launched since 2020-11-05. */
bool rebalance_possible(const struct instance *instance);
/* Second of the next recommendation, or INT64_MAX. */
int64_t rebalance_next_s(const struct world *world);
/* Phase 1, before the interruptions of records and limits: the recommendations of this second. */
void rebalance_recommend(struct world *world);

/* The recommendation that announced a record or a fall, by its index in the traces, or NULL. */
const struct recommendation *rebalance_of_record(const struct rebalance *rebalance, size_t step);
const struct recommendation *rebalance_of_limit(const struct rebalance *rebalance, size_t step);
/* How many of the marked instances the fleet itself has ended, or told to end: what it gave back is
 * not taken again. `recommendation` may be NULL. */
int64_t rebalance_given_back(const struct world *world,
                             const struct recommendation *recommendation);

#endif
