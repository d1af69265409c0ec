/* What the commands of `ballast live` share. */
#ifndef CLI_LIVE_H
#define CLI_LIVE_H

#include "operate/plan.h"
#include "options.h"

enum { LIVE_SPECS = 32 }; /* room for the options, and the entry that ends them */

/* The options, bound to `options` and, --set, to `set`, which must stay where they are. `daemon`:
 * also those that only a daemon has. */
void live_specs(struct live_options *options, struct option_list *set, bool daemon,
                struct option_spec out_specs[LIVE_SPECS]);

#endif
