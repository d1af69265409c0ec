/* Is a policy what the contract says it is? */
#ifndef POLICY_CHECK_H
#define POLICY_CHECK_H

#include "base/error.h"
#include "policy/policy.h"

/* Check every table of `policy`, its ABI version before anything else: counts, names (a letter,
 * then lower case, digits and dashes; parameters with underscores), bounds, defaults and presets
 * within them, reads that CloudWatch can answer, reasons, size of the state. The error is one line
 * that names what is wrong; it does not name the policy. */
int policy_check(const struct ballast_policy *policy, struct error *err);

#endif
