/* What a policy makes of a fleet over a whole run, written down once: for runs that differ in their
 * backup group only.
 *
 * It is the run without a group: the fleet comes from a tape, metrics and alarm are as ever, and at
 * each evaluation the policy says what is needed (policy/sizing.h, `struct sized`). Evaluations
 * that say the same as the one before are one entry.
 */
#ifndef SIM_NEEDS_H
#define SIM_NEEDS_H

#include "fleet_tape.h"
#include "policy/builtin.h"
#include "scenario/scenario.h"

/* From its first evaluation to the next entry's. */
struct need {
    int64_t first_s;
    int64_t instances;
    bool holds;     /* whatever the group is: nothing is asked for */
    bool unclamped; /* not kept within MinSize..MaxSize */
    bool out_only;  /* the group is not to shrink for it, */
    bool in_only;   /* nor to grow */
    bool once;      /* the alarm's: this one evaluation, in no second of the schedule */
};

enum { NEEDS_BLOCK = 8 };

struct needs {
    struct need *list;
    size_t count;
    size_t capacity;
    int64_t evaluations; /* in the measured window */
    bool clamps;         /* none is unclamped */
    /* Of each block of entries, what could make a group grow or shrink: */
    int64_t *most;  /* INT64_MIN: nothing */
    int64_t *least; /* INT64_MAX: nothing */
};

/* `size` is the policy's (policy_sized). */
struct needs *needs_make(const struct scenario *scenario, const struct fleet_tape *tape,
                         sized_function *size);
/* For those who make them in another way: an evaluation, after those before; and no more come. */
void needs_put(struct needs *needs, const struct need *need);
void needs_seal(struct needs *needs);
void needs_free(struct needs *needs); /* or NULL */
size_t needs_bytes(const struct needs *needs);

#endif
