/* What trace databases are asked while a scenario is read, and their answers in memory. Inside
 * scenario/ only.
 *
 * Opening a database takes longer than all the rest of a reading, so what was asked once is not
 * asked again. Answers stay until the memory ends: all who ask get the first one.
 */
#ifndef SCENARIO_TRACE_ANSWERS_H
#define SCENARIO_TRACE_ANSWERS_H

#include "scenario/scenario.h"

enum { KEPT_ANSWERS_MAX = 4096 }; /* of what is beyond each is asked for again */

enum trace_question_kind {
    QUESTION_PRICE = 0, /* trace_on_demand_price */
    QUESTION_SIZE,      /* trace_instance_type */
    QUESTION_ADVICE,    /* trace_advisor */
    QUESTION_ZONES,     /* trace_zones */
};

/* The arguments of these; NULL or 0 where one has no such thing. Borrowed. */
struct trace_question {
    enum trace_question_kind kind;
    const char *path;
    const char *instance_type;
    const char *name; /* of a catalogue, or of an import */
    const char *region;
    const char *product; /* or the operating system */
    int64_t at_s;
};

/* The results of these. */
struct trace_answer {
    struct trace_price price;
    int64_t vcpu_micro;
    int64_t memory_mib;
    struct trace_advice advice;
    char **zones; /* NULL-terminated, owned */
};

/* Ask, or remember. `memory` may be NULL. *out_kept is cleared, and never set, where the same
 * question may be answered otherwise the next time. The answer is to be cleaned up. */
int trace_ask(struct scenario_memory *memory, const struct trace_question *question,
              struct trace_answer *out_answer, bool *out_kept, struct error *err);
void trace_answer_clean_up(struct trace_answer *answer);

struct trace_answers; /* part of a scenario_memory */
struct trace_answers *trace_answers_new(void);
void trace_answers_free(struct trace_answers *answers); /* or NULL */

/* Whether the database would still give the answers that are kept of it. */
bool trace_answers_are_current(const struct trace_answers *answers, const char *path);

#endif
