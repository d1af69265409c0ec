/* A policy as users write it, and what that comes to:
 *
 *   NAME[:PRESET][+MODIFIER]...     "pending-capacity:seed+grace+rate-limit"
 *   MODIFIER[+MODIFIER]...          around pending-capacity: "grace"
 *
 * The modifiers are asked from left to right.
 */
#ifndef POLICY_CHOICE_H
#define POLICY_CHOICE_H

#include "base/error.h"
#include "policy/composed.h"

struct policy_choice {
    const struct ballast_policy *policy;
    char *name;                             /* as the user wrote it */
    int64_t values[BALLAST_PARAMETERS_MAX]; /* of its parameters */
    size_t preset_count;                    /* the first so many are the preset's */
    struct policy_composed *composed;       /* what `policy` belongs to, or NULL */
};

/* With the preset's values, or the defaults. The error names what is unknown and suggests. */
int policy_choose(struct policy_choice *out_choice, const char *name, struct error *err);
void policy_choice_clean_up(struct policy_choice *choice);

#endif
