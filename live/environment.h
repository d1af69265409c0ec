/* The environment as an argument: a list of "NAME=VALUE" ended by NULL, as `environ` is, so that
 * tests give their own. */
#ifndef LIVE_ENVIRONMENT_H
#define LIVE_ENVIRONMENT_H

#include <stdbool.h>

/* The value, borrowed; NULL if it is not set or empty, which AWS's clients take for the same. */
const char *environment_get(char *const *environment, const char *name);

/* Is it set to true, in any case? */
bool environment_true(char *const *environment, const char *name);

#endif
