/* A decision as a recording tells it. */
#ifndef RECORD_SAID_H
#define RECORD_SAID_H

#include "policy/controller.h"

#include <stdbool.h>

enum { SAID_FIGURES_SIZE = BALLAST_FIGURES_MAX * 22 + 3 };

/* Numbers are BALLAST_UNKNOWN where there is none, as in the table `evaluation`. */
struct said_decision {
    bool calls;             /* SetDesiredCapacity, after the guards */
    int64_t policy_desired; /* what the policy asked for */
    int64_t desired;        /* after the guards */
    int64_t honor_cooldown; /* 0, 1 */
    int64_t fleet_target;
    char guard[32];
    char reason[64];
    char words[512];
    char figures[SAID_FIGURES_SIZE]; /* a JSON list */
};

void said_decision(struct said_decision *out_said, const struct ballast_policy *policy,
                   const struct controller_decided *decided);

/* Would the same be called? */
bool said_same_calls(const struct said_decision *a, const struct said_decision *b);
/* For the same reason, with the same figures, past the same guard? */
bool said_same(const struct said_decision *a, const struct said_decision *b);

/* "SetDesiredCapacity(4), ignoring the cooldown", "hold". Returns out_text. */
char *said_action(const struct said_decision *said, char *out_text, size_t size);

#endif
