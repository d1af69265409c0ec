/* ballast run --assumptions: which of the values that nobody has published could change the answer.
 *
 * The scenario is run as given, then once with each assumption at its lowest and once at its
 * highest plausible value, all else as given. docs/results.md, "Assumptions", says what is
 * compared.
 */
#ifndef CLI_ASSUMPTIONS_H
#define CLI_ASSUMPTIONS_H

#include "session.h"
#include "trials.h"

#include <stdbool.h>
#include <stdio.h>

enum { ASSUMPTION_LOW = 0, ASSUMPTION_HIGH, ASSUMPTION_ENDS };

/* One value left at a default that is assumed. */
struct assumption {
    const struct scenario_value *value; /* borrowed from the session */
    struct scenario_override ends[ASSUMPTION_ENDS];
    struct trial *trials[ASSUMPTION_ENDS]; /* one for each policy; NULL: the value is this end */
    int128 effect;                         /* on the first policy; see assumptions_run */
    int64_t effect_s;
};

struct assumptions {
    const struct session *session;
    const char **policies; /* names; the first is the session's own */
    size_t policy_count;
    struct trial *given; /* one for each policy */
    struct assumption *items;
    size_t count;
    struct trial *trials; /* all of them */
    size_t trial_count;
};

/* How one policy stands beside another, by the figures. */
enum verdict {
    VERDICT_EQUAL = 0, /* costs and leaves as much */
    VERDICT_BETTER,    /* costs no more and leaves no more unfulfilled, and not equal */
    VERDICT_WORSE,     /* the other is better */
    VERDICT_CHEAPER,   /* costs less, leaves more unfulfilled */
    VERDICT_DEARER,    /* costs more, leaves less unfulfilled */
};
enum verdict verdict_of(const struct figures *policy, const struct figures *against);
const char *verdict_name(enum verdict verdict);

/* Run them all. The items are then in order of their effect on the first policy: the larger, of
 * both ends, of |change of cost.total| as a share of cost.all_on_demand plus |change of
 * unfulfilled| as a share of required; ties by the change of shortfall_s, then by their order in
 * the scenario. To be cleaned up also after an error. */
int assumptions_run(struct assumptions *out, const struct session *session,
                    const struct option_list *against, size_t threads, struct error *err);
void assumptions_clean_up(struct assumptions *assumptions);

void assumptions_print(const struct assumptions *assumptions, FILE *out);
void assumptions_json(const struct assumptions *assumptions, struct text *out_text);

#endif
