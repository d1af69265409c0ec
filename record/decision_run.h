/* Run-length: identical consecutive decisions become one record.
 *
 * Identical means the same trigger, decision (action, arguments, reason and figures), guard, action
 * after the guards and outcomes. valid_until is not compared. What the group's desired capacity was
 * before is compared too, so that a record tells what every one of its evaluations saw.
 */
#ifndef RECORD_DECISION_RUN_H
#define RECORD_DECISION_RUN_H

#include "record/record.h"

#include <stdbool.h>

/* Zero-initialise. */
struct decision_run {
    struct record_decision open; /* the run that goes on */
    bool is_open;
    int64_t next_ordinal;
};

/* Add one evaluation; emits the run before it to `sink` if this one differs. */
int decision_run_add(struct decision_run *run, const struct controller_evaluation *evaluation,
                     const struct record_sink *sink);

/* `count` evaluations more, the last one at last_s, identical to the last one added, whose run must
 * be open. */
void decision_run_repeat(struct decision_run *run, int64_t count, int64_t last_s);

/* Emit what is open. */
int decision_run_flush(struct decision_run *run, const struct record_sink *sink);

#endif
