/* EC2's filters: Filter.N.Name, Filter.N.Value.N; values are exact, or patterns with * and ?. */
#ifndef TWIN_FILTERS_H
#define TWIN_FILTERS_H

#include "twin/call.h"

/* Fails the call where a filter's name is not among `names` (NULL ends it). */
bool filters_read(struct call *call, const char *const *names, const struct tree **out_first);
/* Whether what is called `name` passes: some value of each filter of that name fits it. */
bool filters_pass(const struct tree *first, const char *name, const char *value);

#endif
