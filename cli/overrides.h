/* --set PATH=VALUE, as every command that reads a scenario takes it. */
#ifndef CLI_OVERRIDES_H
#define CLI_OVERRIDES_H

#include "base/error.h"
#include "options.h"
#include "scenario/scenario.h"

#include <stdbool.h>
#include <stddef.h>

struct overrides {
    struct scenario_override *items; /* the paths are owned, the values borrowed */
    size_t count;
};

/* Split what was given as `set` (may be NULL); `no_interruptions` adds interruptions.source=none.
 * To be cleaned up also after an error. */
int overrides_read(struct overrides *out_overrides, const struct option_list *set,
                   bool no_interruptions, struct error *err);
void overrides_clean_up(struct overrides *overrides);

#endif
