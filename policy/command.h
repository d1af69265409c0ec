/* Policies that are commands, which decide one JSON line at a time: "exec:python3 policy.py".
 * docs/exec-policy.md says what a line is. For what runs as a script today; slow, and never for
 * --apply.
 *
 * The command is started at the first question, and again at the first after a failure was taken.
 * Its memory goes with the lines, so that it may be asked for several simulations in turn. */
#ifndef POLICY_COMMAND_H
#define POLICY_COMMAND_H

#include "base/error.h"
#include "base/hash.h"
#include "policy/policy.h"

#include <stdbool.h>

struct policy_command; /* heap object */

/* Where in `written` (MODIFIER+...exec:COMMAND) "exec:" begins, or NULL: it names no command. The
 * command is all that follows, whatever is in it. */
const char *policy_command_begin(const char *written);

/* `text` is the command without "exec:". `sha256` is demanded of the files that it names; NULL:
 * any. */
int policy_command_new(struct policy_command **out, const char *text, const char *sha256,
                       struct error *err);
void policy_command_destroy(struct policy_command *command);

/* The name of the parameter that says how long it may take: not for it to decide by. */
extern const char policy_command_time_limit[];

/* It lives as long as `command`. Ask it with policy_decide (policy/composed.h). */
const struct ballast_policy *policy_command_policy(const struct policy_command *command);
const char *policy_command_text(const struct policy_command *command);
/* SHA-256 of the files that are words of the command, one after the other; "" if there are none. */
const char *policy_command_sha256(const struct policy_command *command);

/* ---- for policy_decide ------------------------------------------------------------------------
 */

bool policy_is_command(const struct ballast_policy *policy);
struct ballast_decision policy_command_ask(const struct ballast_policy *policy,
                                           const struct ballast_observation *observation,
                                           const int64_t *parameters, void *state);
/* What went wrong since it was asked last, or STATUS_OK. */
int policy_command_failure(const struct ballast_policy *policy, struct error *err);

#endif
