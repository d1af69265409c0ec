/* What a run saw at an evaluation, in words: found by simulating it again up to there. */
#ifndef CLI_SEEN_H
#define CLI_SEEN_H

#include "record/said.h"
#include "sim/sim.h"

/* Append what was seen, in words, a few lines that begin with "Seen at". */
void seen_say(struct text *text, const struct ballast_policy *policy, const int64_t *parameters,
              const struct ballast_observation *observation);

/* The last evaluation at or before a time. Free the texts. */
struct seen {
    const struct ballast_policy *policy;
    int64_t time_s;            /* asked for */
    int64_t now_s;             /* of the evaluation */
    int64_t acts_s;            /* when it made its calls */
    struct text text;          /* what was read; empty if nothing was evaluated by then */
    struct said_decision said; /* what was decided, and why */
    struct text faults;        /* injected from its second on */
};

/* Simulate up to out_seen->time_s, which is set, as nothing else is. */
int seen_again(const struct scenario *scenario, const struct trace_set *traces,
               struct seen *out_seen, struct error *err);
void seen_clean_up(struct seen *seen);

#endif
