#include "needs.h"

#include "base/memory.h"
#include "follower.h"
#include "seconds.h"

#include <stdlib.h>

/* The run without a group. */
struct onlooker {
    struct follower follower;
    sized_function *size;
    struct needs *needs;
};

static int64_t earliest(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* ---- evaluations --------------------------------------------------------------------------------
 */

static bool same_need(const struct need *a, const struct need *b)
{
    if (a->once || b->once || a->holds != b->holds)
        return false;
    return a->holds || (a->instances == b->instances && a->unclamped == b->unclamped &&
                        a->out_only == b->out_only && a->in_only == b->in_only);
}

void needs_put(struct needs *needs, const struct need *need)
{
    if (needs->count && same_need(&needs->list[needs->count - 1], need))
        return;
    ARRAY_PUSH(needs->list, needs->count, needs->capacity, *need);
}

static void evaluate(struct onlooker *onlooker, enum ballast_trigger trigger)
{
    struct world *world = &onlooker->follower.world;
    struct ballast_observation seen;
    metrics_turn(&world->metrics, world->now_s);
    controller_observe(world->controller, &world->cloud, trigger, &seen);
    const struct sized sized = controller_size(world->controller, onlooker->size, &seen,
                                               controller_state(world->controller));
    struct need need = {
        .first_s = world->now_s, .holds = sized.holds, .once = trigger == BALLAST_ALARM};
    if (!sized.holds) {
        need.instances = sized.sizing.need;
        need.unclamped = sized.sizing.unclamped;
        need.out_only = sized.sizing.out_only || sized.sizing.keeps_larger;
        need.in_only = sized.sizing.keeps_smaller;
    }
    needs_put(onlooker->needs, &need);
    /* Whatever becomes of it: what is needed is the same as long as it would be. */
    const struct ballast_decision decision = {
        .action = BALLAST_HOLD,
        .valid_until_s = sized.holds ? sized.held.valid_until_s : sized.sizing.valid_until_s,
    };
    const struct controller_evaluation evaluation = {.observation = &seen, .decision = &decision};
    skipping_learn(world, &evaluation);
}

/* ---- seconds ------------------------------------------------------------------------------------
 */

static void alarm(struct onlooker *onlooker)
{
    struct world *world = &onlooker->follower.world;
    world_events(world, EVENT_METRIC_READABLE);
    if (world->now_s >= world->alarm.expires_s)
        alarm_look(world);
    if (!world->alarm.fired)
        return;
    world->alarm.fired = false;
    const struct scenario *scenario = world->scenario;
    onlooker->needs->evaluations +=
        world->now_s >= scenario->measure_from_s && world->now_s < scenario->measure_to_s;
    evaluate(onlooker, BALLAST_ALARM);
}

static void tick(struct onlooker *onlooker)
{
    struct world *world = &onlooker->follower.world;
    if (world->now_s != world->next_schedule_s)
        return;
    if (skipping_tick(world)) {
        const struct need held = {.first_s = world->now_s, .holds = true};
        if (world->skipping.differs) /* perhaps from now on, unasked */
            needs_put(onlooker->needs, &held);
        return;
    }
    world->next_schedule_s += world->scenario->controller.every_s;
    evaluate(onlooker, BALLAST_SCHEDULE);
}

static void one_second(struct onlooker *onlooker)
{
    struct world *world = &onlooker->follower.world;
    skipping_catch_up(world, world->now_s);
    follower_look(&onlooker->follower);
    world_sample(world);
    if (world->alarmed)
        alarm(onlooker);
    tick(onlooker);
    skipping_settle(world);
}

/* ---- as a whole ---------------------------------------------------------------------------------
 */

/* How many of the schedule's evaluations are measured. */
static int64_t scheduled(const struct scenario *scenario)
{
    const struct controller_settings *settings = &scenario->controller;
    int64_t from_s =
        scenario->measure_from_s > scenario->from_s ? scenario->measure_from_s : scenario->from_s;
    int64_t to_s = earliest(scenario->measure_to_s, scenario->to_s);
    int64_t first_s = aligned(from_s, settings->every_s, settings->phase_s);
    return first_s < to_s ? (to_s - 1 - first_s) / settings->every_s + 1 : 0;
}

void needs_seal(struct needs *needs)
{
    size_t blocks = needs->count / NEEDS_BLOCK + 1;
    needs->clamps = true;
    needs->most = memory_new(blocks, sizeof *needs->most);
    needs->least = memory_new(blocks, sizeof *needs->least);
    for (size_t i = 0; i < blocks; i++) {
        needs->most[i] = INT64_MIN;
        needs->least[i] = INT64_MAX;
    }
    for (size_t i = 0; i < needs->count; i++) {
        const struct need *need = &needs->list[i];
        size_t block = i / NEEDS_BLOCK;
        if (need->holds)
            continue;
        needs->clamps = needs->clamps && !need->unclamped;
        if (!need->in_only && need->instances > needs->most[block])
            needs->most[block] = need->instances;
        if (!need->out_only && need->instances < needs->least[block])
            needs->least[block] = need->instances;
    }
}

struct needs *needs_make(const struct scenario *scenario, const struct fleet_tape *tape,
                         sized_function *size)
{
    struct onlooker *onlooker = memory_new(1, sizeof *onlooker);
    struct needs *needs = memory_new(1, sizeof *needs);
    onlooker->size = size;
    onlooker->needs = needs;
    needs->evaluations = scheduled(scenario);
    follower_begin(&onlooker->follower, scenario, tape);
    struct world *world = &onlooker->follower.world;
    world->skipping.asks_again = false; /* what is needed is what is told here, not what it does */
    for (int64_t next_s = world->from_s; next_s < scenario->to_s;
         next_s = follower_next_s(&onlooker->follower)) {
        world->now_s = next_s;
        one_second(onlooker);
    }
    needs_seal(needs);
    world_clean_up(world);
    free(onlooker);
    return needs;
}

void needs_free(struct needs *needs)
{
    if (!needs)
        return;
    free(needs->list);
    free(needs->most);
    free(needs->least);
    free(needs);
}

size_t needs_bytes(const struct needs *needs)
{
    return sizeof *needs + needs->capacity * sizeof *needs->list +
           (needs->count / NEEDS_BLOCK + 1) * 2 * sizeof *needs->most;
}
