/* A generated market's parameters as a scenario writes them. Inside scenario/ only. */
#ifndef SCENARIO_SYNTH_FIELDS_H
#define SCENARIO_SYNTH_FIELDS_H

#include "traces/synth.h"

#include <stddef.h>

/* A member (int64_t) of struct synth_parameters, written as a decimal of value / scale. */
struct synth_field {
    const char *key; /* NULL ends the table */
    size_t offset;
    int64_t scale;
};

#define SYNTH_FIELD(member) offsetof(struct synth_parameters, member)

extern const struct synth_field synth_fields[];

#endif
