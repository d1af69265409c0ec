/* Injected faults: which of them fall on an invocation of the function, on a call it makes, or on a
 * period's points (docs/model.md, "Faults"). Each is drawn by a key of its own, so faults are the
 * same whatever the policy does.
 */
#ifndef SIM_FAULTS_H
#define SIM_FAULTS_H

#include "policy/cloud.h"
#include "scenario/faults.h"

struct world;

/* One invocation of the function: which event, which delivery of it. */
struct invocation {
    enum ballast_trigger trigger;
    uint64_t event;              /* ordinal of the schedule's tick, or second of the alarm */
    uint64_t copy;               /* 0, or of a duplicate: its fault's place in the list, from 1 */
    uint64_t attempt;            /* 0, then 1 and 2: Lambda tries again what failed */
    int64_t delivered_s;         /* first; not yet: RECORD_NEVER */
    int64_t throttles;           /* since then */
    uint64_t calls[FAULT_CALLS]; /* made so far, of each kind */
};

/* Whether fault `index` falls on the invocation itself, at this second. Tells the observer. */
bool fault_of_invocation(const struct world *world, size_t index,
                         const struct invocation *invocation);
/* Whether fault `index` falls on the points stamped stamp_s. */
bool fault_of_points(const struct faults *faults, size_t index, uint64_t seed, int64_t stamp_s,
                     int64_t period_s);
/* Whether any of the faults is of metrics' points, which then need not come in their order. */
bool faults_touch_points(const struct faults *faults);

/* The first second from time_s on in which a fault may fall on an invocation or its calls, or
 * INT64_MAX. */
int64_t faults_next_s(const struct faults *faults, int64_t time_s);

/* The error that a call of world->invocation meets: the first in the list that falls on it, or
 * NULL. Counts the call. */
const struct fault *fault_of_call(struct world *world, enum fault_call call);

/* The cloud port with the calls that fail failing: those of world->invocation. */
struct cloud faulty_cloud(struct world *world);

#endif
