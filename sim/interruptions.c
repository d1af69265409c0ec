/* Who is interrupted: by a price above the cap, and by what the traces say of a market. */
#include "capacity.h"
#include "draw.h"
#include "fleet.h"
#include "instances.h"

int64_t pool_notice(struct world *world, struct pool *pool, int64_t limit, enum record_end cause)
{
    int64_t noticed = 0;
    for (size_t slot = 0; slot < pool->slot_count && noticed < limit; slot++) {
        int32_t index = pool->slots[slot];
        if (index == NO_INSTANCE || world->instances[index].notice_s != RECORD_NEVER)
            continue;
        instance_notice(world, (uint32_t)index, cause);
        noticed++;
    }
    return noticed;
}

bool interruptions_recorded(const struct world *world)
{
    enum interruption_source source = world->scenario->interruptions;
    return source == INTERRUPTIONS_TRACE || source == INTERRUPTIONS_ADVISOR;
}

void interruptions_init(struct world *world)
{
    const struct trace_set *traces = world->traces;
    world->interruption_count = interruptions_recorded(world) ? traces->interruption_count : 0;
    while (world->next_interruption < world->interruption_count &&
           traces->interruptions[world->next_interruption].time_s < world->from_s)
        world->next_interruption++;
}

int64_t interruptions_next_s(const struct world *world)
{
    return world->next_interruption < world->interruption_count
               ? world->traces->interruptions[world->next_interruption].time_s
               : INT64_MAX;
}

/* Notices for `left` instances of the place: those recommended, as marked, then the lowest slots of
 * its pools, the pools in order. */
static void place_notice(struct world *world, const struct place *place, int64_t left,
                         const struct recommendation *recommended)
{
    struct fleet *fleet = &world->fleet;
    for (size_t i = 0; recommended && i < recommended->marked_count && left > 0; i++) {
        if (!instance_stays(&world->instances[recommended->marked[i]]))
            continue;
        instance_notice(world, recommended->marked[i], END_CAPACITY);
        left--;
    }
    for (size_t i = 0; i < fleet->pool_count && left > 0; i++) {
        if (&fleet->places[fleet->pools[i].place] == place)
            left -= pool_notice(world, &fleet->pools[i], left, END_CAPACITY);
    }
}

static void notice_for_price(struct world *world)
{
    struct fleet *fleet = &world->fleet;
    for (size_t i = 0; fleet->interrupts && i < fleet->pool_count; i++) {
        struct pool *pool = &fleet->pools[i];
        if (!pool->interrupts)
            continue;
        pool_notice(world, pool, INT64_MAX, END_PRICE);
        pool->interrupts = false;
    }
    fleet->interrupts = false;
}

int64_t record_share(const struct world *world, const struct interruption_step *step,
                     const struct place *place, int64_t up)
{
    if (step->of == 0)
        return step->instances;
    int64_t share = up * step->instances;
    int64_t fraction = share % step->of;
    if (fraction > 0 &&
        draw_below((uint64_t)step->of, world->scenario->seed, DRAW_INTERRUPTION_SHARE, place->key,
                   (uint64_t)step->time_s) < (uint64_t)fraction)
        return share / step->of + 1;
    return share / step->of;
}

static void notice_for_records(struct world *world)
{
    for (; world->next_interruption < world->interruption_count; world->next_interruption++) {
        const struct interruption_step *step =
            &world->traces->interruptions[world->next_interruption];
        if (step->time_s > world->now_s)
            break;
        struct place *place = find_place(&world->fleet, step->zone, step->instance_type);
        if (!place)
            continue;
        int64_t short_until_s =
            step->time_s + draw_delay(&world->scenario->interruption_terms.shortage,
                                      world->scenario->seed, DRAW_SHORTAGE, place->key,
                                      (uint64_t)step->time_s, 0);
        if (short_until_s > place->short_until_s)
            place->short_until_s = short_until_s;
        const struct recommendation *recommended =
            rebalance_of_record(&world->rebalance, world->next_interruption);
        int64_t given_back = rebalance_given_back(world, recommended);
        int64_t up = place_staying(world, place) + given_back;
        place_notice(world, place, record_share(world, step, place, up) - given_back, recommended);
    }
}

/* What is above a limit that has fallen. */
static void notice_for_limits(struct world *world)
{
    struct fleet *fleet = &world->fleet;
    for (size_t i = 0; world->limits_fell && i < fleet->place_count; i++) {
        struct place *place = &fleet->places[i];
        if (place->fell)
            place_notice(world, place, place_staying(world, place) - place->limit,
                         rebalance_of_limit(&world->rebalance, place->step));
        place->fell = false;
    }
    world->limits_fell = false;
}

void interruptions_notices(struct world *world)
{
    notice_for_price(world);
    if (world->rebalance.next < world->rebalance.count)
        rebalance_recommend(world);
    notice_for_records(world);
    notice_for_limits(world);
}
