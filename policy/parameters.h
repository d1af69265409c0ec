/* Values of policy parameters as users write them. */
#ifndef POLICY_PARAMETERS_H
#define POLICY_PARAMETERS_H

#include "base/error.h"
#include "policy/policy.h"

/* Read "600", "12.5" (CAPACITY, in units), "true" or a choice's name, and check the bounds. The
 * error names the parameter, and what it may be. */
int policy_parse_value(const struct ballast_parameter *parameter, const char *text,
                       int64_t *out_value, struct error *err);

/* May the parameter have this value? Its default may always. */
bool policy_value_allowed(const struct ballast_parameter *parameter, int64_t value);

#endif
