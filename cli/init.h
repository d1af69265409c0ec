/* ballast init: the text of the scenario that it writes. */
#ifndef CLI_INIT_H
#define CLI_INIT_H

#include "base/text.h"
#include "options.h"

#include <stdbool.h>
#include <stdint.h>

/* What the user said. */
struct init_asked {
    const char *fleet;
    const char *group;
    const char *folder;
    const char *name;
    const char *launch_type;
    const char *units;
    struct option_list prices;
    struct option_list subnets;   /* ID=ZONE */
    struct option_list on_demand; /* TYPE=USD */
    struct option_list bands;     /* TYPE=BAND of the Spot Instance Advisor */
    bool force;
};

/* The scenario, with comments, over these whole hours. STATUS_BAD_INPUT if an option's value cannot
 * stand in it, with the option's name. */
int init_scenario_text(const struct init_asked *asked, int64_t from_s, int64_t to_s,
                       struct text *text, struct error *err);

#endif
