#include "rebalance.h"

#include "base/memory.h"
#include "capacity.h"
#include "draw.h"
#include "fleet.h"
#include "instances.h"

#include <stdlib.h>

static const int64_t rebalance_since_s = 1604534400; /* 2020-11-05T00:00:00Z */

bool rebalance_simulated(const struct world *world)
{
    return interruptions_recorded(world) &&
           world->scenario->interruption_terms.rebalance_permille > 0;
}

bool rebalance_possible(const struct instance *instance)
{
    return instance->requested_s >= rebalance_since_s;
}

/* ---- what is announced -------------------------------------------------------------------------
 */

static void announce(struct world *world, struct recommendation wanted)
{
    const struct interruption_terms *terms = &world->scenario->interruption_terms;
    uint64_t seed = world->scenario->seed;
    uint64_t market = world->fleet.places[wanted.place].key;
    uint64_t second = (uint64_t)wanted.due_s;
    if (wanted.due_s < world->from_s || (int64_t)draw_below(1000, seed, DRAW_REBALANCE, market,
                                                            second) >= terms->rebalance_permille)
        return;
    wanted.time_s = wanted.due_s - draw_delay(&terms->rebalance_lead, seed, DRAW_REBALANCE_LEAD,
                                              market, second, 0);
    if (wanted.time_s < world->from_s)
        wanted.time_s = world->from_s;
    struct rebalance *rebalance = &world->rebalance;
    ARRAY_PUSH(rebalance->items, rebalance->count, rebalance->capacity, wanted);
}

static void announce_records(struct world *world)
{
    struct fleet *fleet = &world->fleet;
    for (size_t i = 0; i < world->interruption_count; i++) {
        const struct interruption_step *step = &world->traces->interruptions[i];
        const struct place *place = find_place(fleet, step->zone, step->instance_type);
        if (place)
            announce(world, (struct recommendation){.due_s = step->time_s,
                                                    .step = i,
                                                    .place = (size_t)(place - fleet->places)});
    }
}

static void announce_limits(struct world *world)
{
    struct fleet *fleet = &world->fleet;
    int64_t *limits = memory_new(fleet->place_count, sizeof *limits);
    for (size_t i = 0; i < fleet->place_count; i++)
        limits[i] = CAPACITY_UNLIMITED;
    for (size_t i = 0; i < world->capacity_count; i++) {
        const struct capacity_step *step = &world->traces->capacities[i];
        const struct place *found = find_place(fleet, step->zone, step->instance_type);
        if (!found)
            continue;
        size_t place = (size_t)(found - fleet->places);
        if (step->instances < limits[place])
            announce(world,
                     (struct recommendation){
                         .due_s = step->time_s, .step = i, .of_limit = true, .place = place});
        limits[place] = step->instances;
    }
    free(limits);
}

static int by_time(const void *a, const void *b)
{
    const struct recommendation *x = a;
    const struct recommendation *y = b;
    if (x->time_s != y->time_s)
        return x->time_s < y->time_s ? -1 : 1;
    if (x->due_s != y->due_s)
        return x->due_s < y->due_s ? -1 : 1;
    if (x->of_limit != y->of_limit)
        return x->of_limit ? 1 : -1;
    return (x->step > y->step) - (x->step < y->step);
}

void rebalance_init(struct world *world)
{
    struct rebalance *rebalance = &world->rebalance;
    if (!rebalance_simulated(world))
        return;
    announce_records(world);
    announce_limits(world);
    if (!rebalance->count)
        return;
    qsort(rebalance->items, rebalance->count, sizeof *rebalance->items, by_time);
    rebalance->of_record = memory_new(world->interruption_count + 1, sizeof *rebalance->of_record);
    rebalance->of_limit = memory_new(world->capacity_count + 1, sizeof *rebalance->of_limit);
    for (size_t i = 0; i < rebalance->count; i++) {
        const struct recommendation *item = &rebalance->items[i];
        (item->of_limit ? rebalance->of_limit : rebalance->of_record)[item->step] = i + 1;
    }
}

void rebalance_clean_up(struct rebalance *rebalance)
{
    for (size_t i = 0; i < rebalance->count; i++)
        free(rebalance->items[i].marked);
    free(rebalance->items);
    free(rebalance->of_record);
    free(rebalance->of_limit);
}

/* ---- as they come ------------------------------------------------------------------------------
 */

int64_t rebalance_next_s(const struct world *world)
{
    const struct rebalance *rebalance = &world->rebalance;
    return rebalance->next < rebalance->count ? rebalance->items[rebalance->next].time_s
                                              : INT64_MAX;
}

static bool can_be_marked(const struct instance *instance)
{
    return instance_stays(instance) && instance->rebalance_s == RECORD_NEVER &&
           rebalance_possible(instance);
}

/* Mark up to `limit` of the place's instances, lowest slots first, pools in order. Without an
 * `item` none is marked, only counted. */
static int64_t mark(struct world *world, size_t place, int64_t limit, struct recommendation *item)
{
    const struct fleet *fleet = &world->fleet;
    int64_t count = 0;
    for (size_t i = 0; i < fleet->pool_count; i++) {
        const struct pool *pool = &fleet->pools[i];
        for (size_t slot = 0; pool->place == place && slot < pool->slot_count && count < limit;
             slot++) {
            int32_t index = pool->slots[slot];
            if (index == NO_INSTANCE || !can_be_marked(&world->instances[index]))
                continue;
            count++;
            if (!item)
                continue;
            ARRAY_PUSH(item->marked, item->marked_count, item->marked_capacity, (uint32_t)index);
            instance_rebalance(world, (uint32_t)index);
        }
    }
    return count;
}

void rebalance_recommend(struct world *world)
{
    struct rebalance *rebalance = &world->rebalance;
    for (; rebalance_next_s(world) <= world->now_s; rebalance->next++) {
        struct recommendation *item = &rebalance->items[rebalance->next];
        struct place *place = &world->fleet.places[item->place];
        if (place->risk_until_s < item->due_s)
            place->risk_until_s = item->due_s;
        int64_t up = mark(world, item->place, INT64_MAX, NULL);
        int64_t at_risk =
            item->of_limit
                ? up - world->traces->capacities[item->step].instances
                : record_share(world, &world->traces->interruptions[item->step], place, up);
        mark(world, item->place, at_risk, item);
    }
}

/* ---- as what they announced comes --------------------------------------------------------------
 */

const struct recommendation *rebalance_of_record(const struct rebalance *rebalance, size_t step)
{
    size_t number = rebalance->of_record ? rebalance->of_record[step] : 0;
    return number ? &rebalance->items[number - 1] : NULL;
}

const struct recommendation *rebalance_of_limit(const struct rebalance *rebalance, size_t step)
{
    size_t number = rebalance->of_limit ? rebalance->of_limit[step] : 0;
    return number ? &rebalance->items[number - 1] : NULL;
}

int64_t rebalance_given_back(const struct world *world, const struct recommendation *recommendation)
{
    int64_t count = 0;
    for (size_t i = 0; recommendation && i < recommendation->marked_count; i++) {
        const struct instance *instance = &world->instances[recommendation->marked[i]];
        count += !instance_stays(instance) && !by_ec2(instance->cause);
    }
    return count;
}
