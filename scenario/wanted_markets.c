/* The markets a scenario looks for in its traces. */
#include "base/memory.h"
#include "scenario/parts.h"

#include <stdlib.h>
#include <string.h>

static void want(struct wanted_markets *wanted, const char *zone, const char *instance_type,
                 const char *product)
{
    size_t k = 0;
    while (k < wanted->count && (strcmp(wanted->keys[k].zone, zone) != 0 ||
                                 strcmp(wanted->keys[k].instance_type, instance_type) != 0))
        k++;
    if (k == wanted->count)
        wanted->keys[wanted->count++] = (struct market_key){zone, instance_type, product};
}

struct wanted_markets wanted_markets(const struct scenario *scenario)
{
    const struct backup_group *group = &scenario->group;
    const char *product = scenario->product;
    struct wanted_markets wanted = {0};
    wanted.keys = memory_new(scenario->fleet.pool_count + group->zone_count, sizeof *wanted.keys);
    for (size_t i = 0; i < scenario->fleet.pool_count; i++)
        want(&wanted, scenario->fleet.pools[i].zone, scenario->fleet.pools[i].instance_type,
             product);
    wanted.required = wanted.count;
    /* Where the backup can fail to launch, what is known of its own places counts as well. */
    for (size_t i = 0; scenario->launch_failures.permille > 0 && i < group->zone_count; i++)
        want(&wanted, group->zones[i], group->instance_type, product);
    return wanted;
}

bool scenario_draws_traces(const struct scenario *scenario)
{
    bool draws = scenario->interruptions == INTERRUPTIONS_ADVISOR;
    for (size_t i = 0; i < scenario->synth_count; i++)
        draws = draws || !scenario->synth[i].own_seed;
    return draws;
}

bool scenario_same_markets(const struct scenario *a, const struct scenario *b)
{
    struct wanted_markets x = wanted_markets(a);
    struct wanted_markets y = wanted_markets(b);
    bool same = x.count == y.count && x.required == y.required;
    for (size_t i = 0; same && i < x.count; i++)
        same = strcmp(x.keys[i].zone, y.keys[i].zone) == 0 &&
               strcmp(x.keys[i].instance_type, y.keys[i].instance_type) == 0 &&
               strcmp(x.keys[i].product, y.keys[i].product) == 0;
    free(x.keys);
    free(y.keys);
    return same;
}

void scenario_add_markets(const struct scenario *scenario, struct text *out)
{
    struct wanted_markets wanted = wanted_markets(scenario);
    text_addf(out, "%zu", wanted.required);
    for (size_t i = 0; i < wanted.count; i++)
        text_addf(out, " %s/%s/%s", wanted.keys[i].zone, wanted.keys[i].instance_type,
                  wanted.keys[i].product);
    free(wanted.keys);
}
