/* Where each default comes from, for `ballast scenario show` and the assumptions printed above a
 * result. Inside scenario/ only.
 */
#ifndef SCENARIO_DEFAULTS_H
#define SCENARIO_DEFAULTS_H

#include "scenario/scenario.h"

struct default_source {
    const char *path; /* NULL ends the table */
    enum value_source source;
    const char *why;
    const char *low;  /* assumed ones: the ends of what is plausible, JSON as --set takes it; */
    const char *high; /* NULL where there is no other value to try */
};

/* For a path of the resolved scenario; never NULL. */
const struct default_source *default_source_of(const char *path);

#endif
