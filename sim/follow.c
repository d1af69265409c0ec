#include "follow.h"

#include "base/memory.h"
#include "beside.h"
#include "follower.h"
#include "group.h"
#include "instances.h"
#include "policy/composed.h"
#include "seconds.h"

#include <stdlib.h>

struct follow {
    struct follower follower;
    struct beside beside;
    bool reaches; /* for the fleet */
};

static enum cloud_outcome set_fleet_target(int64_t target_units, void *context)
{
    /* The account's context is its world, which the run begins with. */
    struct follow *follow = context;
    (void)target_units;
    follow->reaches = true;
    return CLOUD_FAILED;
}

static int64_t earliest(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void one_second(struct follow *follow)
{
    struct world *world = &follow->follower.world;
    skipping_catch_up(world, world->now_s);
    follower_look(&follow->follower);
    world_sample(world);
    world_decide(world); /* first what happens to the group, which no metric shows */
    beside_settle(&follow->beside, world->now_s, world->accounting.now.on_demand_up_micro,
                  world->group.running > 0);
}

static void begin(struct follow *follow, const struct scenario *scenario, struct fleet_tape *tape)
{
    struct world *world = &follow->follower.world;
    follower_begin(&follow->follower, scenario, tape);
    world->account.set_fleet_target = set_fleet_target;
    world->cloud = scenario->controller.faults.count ? faulty_cloud(world) : world->account;
    world->recorder = (struct controller_recorder){.context = world, .evaluation = evaluated};
    accounting_init(&world->accounting, scenario->measure_from_s, scenario->measure_to_s,
                    scenario->group.units_per_instance_micro);
    launch_failures_init(world);
    group_init(world);
    beside_begin(&follow->beside, tape, scenario, world->accounting.now.on_demand_up_micro,
                 world->group.running > 0);
}

int follow_run(const struct scenario *scenario, struct fleet_tape *tape,
               struct figures *out_figures, bool *out_apart, struct error *err)
{
    struct follow *follow = memory_new(1, sizeof *follow);
    struct world *world = &follow->follower.world;
    begin(follow, scenario, tape);
    for (int64_t next_s = world->from_s; next_s < scenario->to_s && !follow->reaches;
         next_s = follower_next_s(&follow->follower)) {
        world->now_s = next_s;
        one_second(follow);
    }
    *out_apart = !follow->reaches;
    int status = policy_failure(scenario->policy.policy, err);
    if (!status && *out_apart) {
        skipping_catch_up(world, scenario->to_s);
        refusals_end(&world->refusals, &world->accounting,
                     earliest(scenario->to_s, scenario->measure_to_s));
        instance_close_all(world);
        check_money(world);
        beside_finish(&follow->beside, &world->accounting, out_figures);
    }
    world_clean_up(world);
    free(follow);
    return status;
}
