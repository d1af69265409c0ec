/* Set-ups that run, but are likely to be mistakes or to be misread: each becomes a note. */
#include "base/decimal.h"
#include "scenario/parts.h"

#include <string.h>

enum { USUAL_COOLDOWN_S = 300 };

static void same_pool_as_backup(struct reader *reader)
{
    const struct scenario *scenario = reader->scenario;
    const struct backup_group *group = &scenario->group;
    for (size_t i = 0; i < scenario->fleet.pool_count; i++) {
        const struct fleet_pool *pool = &scenario->fleet.pools[i];
        if (strcmp(pool->instance_type, group->instance_type) != 0)
            continue;
        for (size_t z = 0; z < group->zone_count; z++) {
            if (strcmp(pool->zone, group->zones[z]) != 0)
                continue;
            add_note(reader->scenario, true,
                     "the backup launches %s in %s, one of the fleet's own pools: a different "
                     "type is advised, as on-demand capacity of a type runs out when its spot "
                     "capacity does",
                     group->instance_type, pool->zone);
            return;
        }
    }
}

static void short_lookback(struct reader *reader)
{
    const struct policy_choice *choice = &reader->scenario->policy;
    int64_t period_s = metric_period(reader->scenario);
    for (size_t i = 0; i < choice->policy->read_count; i++) {
        const struct ballast_read *read = &choice->policy->reads[i];
        int64_t lookback_s = read->lookback_parameter ? choice->values[read->lookback_parameter - 1]
                                                      : read->lookback_s;
        if (read->kind == BALLAST_READ_METRIC && lookback_s < period_s) {
            add_note(reader->scenario, true,
                     "the policy looks back %lld s for %s, which is published every %lld s: "
                     "most of its queries find nothing (detailed monitoring publishes every "
                     "60 s)",
                     (long long)lookback_s, read->metric, (long long)period_s);
            return;
        }
    }
}

/* The policy's parameter of that name, or NULL. */
static const int64_t *parameter_value(const struct policy_choice *choice, const char *name)
{
    for (size_t i = 0; i < choice->policy->parameter_count; i++) {
        if (strcmp(choice->policy->parameters[i].name, name) == 0)
            return &choice->values[i];
    }
    return NULL;
}

/* A function that carries a size of its own, as the reference design's does, buys a multiple or a
 * fraction of the backup that is needed, and nothing else tells. */
static void another_size(struct reader *reader)
{
    int64_t units_micro = reader->scenario->group.units_per_instance_micro;
    const int64_t *assumed = parameter_value(&reader->scenario->policy, "units_per_instance");
    if (!assumed || *assumed == BALLAST_UNKNOWN || *assumed == units_micro)
        return;
    char text[2][DECIMAL_TEXT_SIZE];
    decimal_format(*assumed, text[0]);
    decimal_format(units_micro, text[1]);
    add_note(reader->scenario, true,
             "the policy takes a backup instance for %s units, the group says %s: it buys %s than "
             "what is pending; set policy.parameters.units_per_instance",
             text[0], text[1], *assumed > units_micro ? "less" : "more");
}

static void useless_cooldown(struct reader *reader)
{
    const struct scenario *scenario = reader->scenario;
    if (scenario_per_second(scenario, scenario->from_s) &&
        scenario->group.default_cooldown_s > USUAL_COOLDOWN_S)
        add_note(reader->scenario, true,
                 "DefaultCooldown holds the backup for %lld s after each activity; that saves "
                 "started hours only where they are billed whole, and here every second is "
                 "billed: holding only costs",
                 (long long)scenario->group.default_cooldown_s);
}

static void eras(struct reader *reader)
{
    const struct scenario *scenario = reader->scenario;
    if (scenario->interruptions == INTERRUPTIONS_NONE)
        add_note(reader->scenario, true,
                 "interruptions are switched off: no instance is ever taken, so cost and "
                 "missing capacity are what they would be at best");
    if (scenario->from_s < interruptions_unpriced_since_s &&
        scenario->to_s > interruptions_unpriced_since_s)
        add_note(reader->scenario, true,
                 "the run crosses 2017-11-28, when spot prices ceased to tell who is "
                 "interrupted: figures from before and after do not compare; use two runs");
}

void note_doubts(struct reader *reader)
{
    same_pool_as_backup(reader);
    short_lookback(reader);
    another_size(reader);
    useless_cooldown(reader);
    eras(reader);
}
