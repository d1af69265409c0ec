/* ballast run --alternatives: the scenario's policy beside what else could serve the same demand on
 * the same market: the fleet alone, on-demand instances alone, mixed-instances groups, and other
 * policies. docs/results.md, "Alternatives", says what each of them is.
 */
#ifndef CLI_ALTERNATIVES_H
#define CLI_ALTERNATIVES_H

#include "session.h"
#include "trials.h"

#include <stdio.h>

enum alternative_kind {
    ALTERNATIVE_POLICY = 0,
    ALTERNATIVE_SPOT,
    ALTERNATIVE_ON_DEMAND,
    ALTERNATIVE_MIXED
};

enum { ALTERNATIVE_OVERRIDES = 6 };

struct alternative {
    enum alternative_kind kind;
    char *name;                                                /* shown: "spot alone" */
    char *distribution;                                        /* JSON, or NULL */
    struct scenario_override overrides[ALTERNATIVE_OVERRIDES]; /* the trial's */
    struct trial *trial;
};

struct alternatives {
    const struct session *session;
    struct alternative *items;
    struct trial *trials; /* one for each item */
    size_t count;
};

/* What the user asks for beside the three that are always there. */
struct alternatives_request {
    const struct option_list *against; /* policies, NAME[:PRESET] */
    const struct option_list *mixes;   /* BASE:PERCENT; empty: 0:50 */
    size_t threads;
};

/* Run them all; the first is the scenario as given. To be cleaned up also after an error. */
int alternatives_run(struct alternatives *out, const struct session *session,
                     const struct alternatives_request *request, struct error *err);
void alternatives_clean_up(struct alternatives *alternatives);

void alternatives_print(const struct alternatives *alternatives, FILE *out);
void alternatives_json(const struct alternatives *alternatives, struct text *out_text);

#endif
