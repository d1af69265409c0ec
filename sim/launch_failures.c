/* Where a launch of the backup finds no capacity: on-demand capacity of a type runs out as its spot
 * capacity does. docs/model.md, "Launches that fail". */
#include "base/memory.h"
#include "capacity.h"
#include "draw.h"
#include "fleet.h"
#include "group.h"

void launch_failures_init(struct world *world)
{
    const struct scenario *scenario = world->scenario;
    const struct backup_group *described = &scenario->group;
    struct group *group = &world->group;
    group->retry_delay_s = scenario->launch_failures.retry_s;
    group->attempts.second_s = RECORD_NEVER;
    if (scenario->launch_failures.permille == 0 || scenario->interruptions == INTERRUPTIONS_NONE)
        return;
    group->backup_places = memory_new(described->zone_count, sizeof *group->backup_places);
    for (size_t i = 0; i < described->zone_count; i++) {
        const char *zone = described->zones[i];
        group->backup_places[i] = (struct backup_place){
            .place = place_index(&world->fleet, zone, described->instance_type),
            .market = find_market(world->traces, zone, described->instance_type, scenario->product),
        };
    }
}

/* The market's price in force, or 0 where none is known yet. */
static int64_t price_of(struct backup_place *backup, int64_t now_s)
{
    const struct market *market = backup->market;
    if (!market)
        return 0;
    backup->next_step =
        price_step_after(market->steps, market->step_count, backup->next_step, now_s);
    return backup->next_step ? market->steps[backup->next_step - 1].micro_usd_per_hour : 0;
}

bool launch_refused(struct world *world, size_t zone, uint64_t attempt)
{
    const struct scenario *scenario = world->scenario;
    if (!world->group.backup_places)
        return false;
    struct backup_place *backup = &world->group.backup_places[zone];
    const struct place *place = &world->fleet.places[backup->place];
    bool is_short = world->now_s < place->short_until_s || place->limit == 0 ||
                    price_of(backup, world->now_s) >= scenario->group.on_demand_micro_usd;
    return is_short &&
           draw_chance_of(scenario->launch_failures.permille, scenario->seed, DRAW_LAUNCH_FAILURE,
                          place->key, (uint64_t)world->now_s, attempt);
}
