#include "fleet_tape.h"

#include "base/memory.h"
#include "fleet.h"
#include "seconds.h"

#include <stdlib.h>
#include <string.h>

enum { LEVELS_LEAST = 8, LEVELS_MOST = 64, LEVELS_BYTES = 16 << 20 };

static struct fleet_sight look(const struct world *world)
{
    return (struct fleet_sight){
        .time_s = world->now_s,
        .target_micro = world->fleet.target_micro,
        .fulfilled_micro = fleet_fulfilled(world),
        .terminating_micro = world->fleet.terminating_micro,
        .interruption_notices = world->interruption_notices,
        .rebalance_notices = world->rebalance_notices,
    };
}

static bool looks_the_same(const struct fleet_sight *before, const struct fleet_sight *sight)
{
    return before->target_micro == sight->target_micro &&
           before->fulfilled_micro == sight->fulfilled_micro &&
           before->terminating_micro == sight->terminating_micro &&
           sight->interruption_notices == 0 && sight->rebalance_notices == 0;
}

void fleet_tape_note(struct fleet_tape *tape, struct world *world)
{
    const struct standing *now = &world->accounting.now;
    gaps_add(&tape->gaps, world->now_s, now->spot_up_micro, now->on_demand_up_micro);
    fleet_tape_sight(tape, world);
}

void fleet_tape_sight(struct fleet_tape *tape, struct world *world)
{
    const struct fleet_sight sight = look(world);
    world->interruption_notices = 0;
    world->rebalance_notices = 0;
    const struct fleet_sight *last =
        tape->sight_count ? &tape->sights[tape->sight_count - 1] : &tape->begin;
    if (looks_the_same(last, &sight))
        return;
    ARRAY_PUSH(tape->sights, tape->sight_count, tape->sight_capacity, sight);
}

struct fleet_tape *fleet_tape_make(const struct scenario *scenario, const struct trace_set *traces)
{
    struct error err = {0};
    struct fleet_tape *tape = memory_new(1, sizeof *tape);
    struct world *world = memory_new(1, sizeof *world);
    pthread_mutex_init(&tape->levels_lock, NULL);
    world->scenario = scenario;
    world->traces = traces;
    world->tape = tape;
    bool made = !world_begin(world, 0, &err);
    if (made) {
        skipping_init(world);
        world->next_sample_s =
            INT64_MAX; /* nobody reads points, nor does anything scale the fleet */
        tape->begin = look(world);
        world_advance(world, scenario->to_s - 1);
        world_finish(world, scenario->to_s);
        tape->alone = world->accounting;
        made = gaps_seal(&tape->gaps, scenario, scenario->to_s);
    }
    world_clean_up(world);
    free(world);
    if (made)
        return tape;
    fleet_tape_free(tape);
    return NULL;
}

void fleet_tape_free(struct fleet_tape *tape)
{
    if (!tape)
        return;
    for (size_t i = 0; i < tape->level_count; i++)
        gap_level_free(tape->levels[i]);
    free(tape->levels);
    gaps_clean_up(&tape->gaps);
    free(tape->sights);
    pthread_mutex_destroy(&tape->levels_lock);
    free(tape);
}

/* How many levels are kept. */
static size_t levels_most(const struct fleet_tape *tape)
{
    size_t most = LEVELS_BYTES / gap_level_bytes(&tape->gaps);
    return most < LEVELS_LEAST ? LEVELS_LEAST : most > LEVELS_MOST ? LEVELS_MOST : most;
}

size_t fleet_tape_bytes(const struct fleet_tape *tape)
{
    return sizeof *tape + tape->sight_capacity * sizeof *tape->sights + gaps_bytes(&tape->gaps) +
           levels_most(tape) * gap_level_bytes(&tape->gaps);
}

static const struct gap_level *find_level(const struct fleet_tape *tape, int64_t level_micro)
{
    for (size_t i = 0; i < tape->level_count; i++) {
        if (tape->levels[i]->level_micro == level_micro)
            return tape->levels[i];
    }
    return NULL;
}

const struct gap_level *fleet_tape_level(struct fleet_tape *tape, const struct scenario *scenario,
                                         int64_t level_micro)
{
    pthread_mutex_lock(&tape->levels_lock);
    const struct gap_level *level = find_level(tape, level_micro);
    if (!level && tape->level_count < levels_most(tape)) {
        struct gap_level *made = gap_level_new(&tape->gaps, scenario, level_micro);
        ARRAY_PUSH(tape->levels, tape->level_count, tape->level_capacity, made);
        level = made;
    }
    pthread_mutex_unlock(&tape->levels_lock);
    return level;
}
