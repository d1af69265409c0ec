/* What an evaluation saw, metrics apart, and whether it would end as it did if it were made now. */
#include "fleet.h"
#include "group.h"
#include "policy/sizing.h"
#include "seconds.h"
#include "skipping.h"

/* Whether the policy reads nothing else but metrics, and with `fleet` the fleet and its pools. */
static bool reads_only(const struct world *world, bool fleet)
{
    const struct ballast_policy *policy = world->scenario->policy.policy;
    for (size_t i = 0; i < policy->read_count; i++) {
        enum ballast_read_kind kind = policy->reads[i].kind;
        bool of_fleet = kind == BALLAST_READ_FLEET || kind == BALLAST_READ_SPOT_PRICES;
        if (kind != BALLAST_READ_METRIC && !(fleet && of_fleet))
            return false;
    }
    return true;
}

static bool reads(const struct world *world, enum ballast_read_kind kind)
{
    const struct ballast_policy *policy = world->scenario->policy.policy;
    for (size_t i = 0; i < policy->read_count; i++) {
        if (policy->reads[i].kind == kind)
            return true;
    }
    return false;
}

void seen_init(struct world *world)
{
    struct skipping *skipping = &world->skipping;
    skipping->reads_points = reads(world, BALLAST_READ_METRIC);
    skipping->reads_pools = reads(world, BALLAST_READ_SPOT_PRICES);
    skipping->metrics_alone = reads_only(world, false);
    skipping->fleet_alone = reads_only(world, true) && !skipping->metrics_alone;
    /* That guard goes by the age of points, which another decision may bring into it. */
    skipping->asks_again = skipping->fleet_alone && !world->sink &&
                           controller_forgets(world->controller) &&
                           world->scenario->controller.guards.stale_after_s == 0;
}

const struct ballast_answer *seen_answer(const struct world *world,
                                         const struct ballast_observation *observation,
                                         enum ballast_read_kind kind)
{
    const struct ballast_policy *policy = world->scenario->policy.policy;
    for (size_t i = 0; i < policy->read_count; i++) {
        if (policy->reads[i].kind == kind && controller_heard(world->controller, i))
            return &observation->answers[i];
    }
    return NULL;
}

static bool within(const struct sized_band *band, int64_t micro)
{
    return micro >= band->low_micro && micro <= band->high_micro;
}

/* The fleet and its pools, as they are, by which the group was sized with these figures; NULL: it
 * was not, or nothing more is asked of the policy. */
static void note_fleet(struct world *world, const int64_t *figures)
{
    struct skipping *skipping = &world->skipping;
    int64_t target_micro = world->fleet.target_micro;
    skipping->targets = (struct sized_band){target_micro, target_micro};
    if (figures) {
        const struct sized_band targets =
            controller_targets(world->controller, &skipping->seen, figures);
        if (within(&targets, target_micro))
            skipping->targets = targets;
    }
    skipping->fulfilled_micro = fleet_fulfilled(world);
    skipping->pool_changes = world->fleet.pool_changes;
}

void seen_learn(struct world *world, const struct controller_evaluation *evaluation)
{
    struct skipping *skipping = &world->skipping;
    skipping->seen = *evaluation->observation;
    skipping->seen.group.desired_capacity = world->group.desired_capacity;
    skipping->any_group = !world->sink && controller_ignores_group(world->controller);
    if (!skipping->fleet_alone)
        return;
    skipping->watches_fleet = seen_answer(world, &skipping->seen, BALLAST_READ_FLEET);
    skipping->watches_pools =
        skipping->reads_pools && seen_answer(world, &skipping->seen, BALLAST_READ_SPOT_PRICES);
    bool sized = skipping->asks_again && skipping->seen.group.status == BALLAST_OK &&
                 !controller_ignores_group(world->controller);
    note_fleet(world, sized ? evaluation->decision->figures : NULL);
    skipping->calls = evaluation->decision->action == BALLAST_SET_DESIRED &&
                      evaluation->outcome != CLOUD_ACCEPTED; /* now it is as large */
    skipping->wants = evaluation->decision->desired_capacity;
}

/* ---- the group ----------------------------------------------------------------------------------
 */

static bool same_group(const struct world *world)
{
    const struct skipping *skipping = &world->skipping;
    const struct ballast_group *seen = &skipping->seen.group;
    const struct group *group = &world->group;
    if (skipping->any_group)
        return true;
    if (!controller_ignores_notices(world->controller))
        return controller_sees_the_same(world->controller, &world->account, seen);
    /* Where the policy says what had a say, of the group these (policy/sizing.h). */
    return seen->status == BALLAST_OK && seen->desired_capacity == group->desired_capacity &&
           seen->min_size == group->min_size && seen->max_size == group->max_size;
}

/* ---- the fleet ----------------------------------------------------------------------------------
 */

/* Whether the group is left alone, called or refused as before, for what is needed now. */
static bool ends_as_before(const struct skipping *skipping, const struct sized *sized)
{
    if (sized->holds || skipping->any_group)
        return sized->holds && skipping->any_group;
    int64_t need = 0;
    bool calls = sizing_calls(&skipping->seen.group, &sized->sizing, &need);
    if (!calls || !skipping->calls)
        return calls == skipping->calls;
    /* As long as an activity or a cooldown refuses any scale-in, which one it is does not matter.
     */
    bool in = need < skipping->seen.group.desired_capacity;
    return need == skipping->wants || (in && skipping->refused && skipping->refused_in);
}

/* What was asked now was asked by the points of then. Whether points that came since, which are
 * within the bands of then, have no more say in it: and from now on those within the bands of now.
 */
static bool takes_points(struct world *world, const struct sized *sized)
{
    struct skipping *skipping = &world->skipping;
    const struct ballast_policy *policy = world->scenario->policy.policy;
    for (size_t i = 0; skipping->watches && i < policy->read_count; i++) {
        if (policy->reads[i].kind != BALLAST_READ_METRIC || !controller_heard(world->controller, i))
            continue;
        struct sized_band *band = &skipping->bands[skipping->metrics[i]];
        bool wide = (sized->banded & SIZED_READ(i)) && sized->band.low_micro <= band->low_micro &&
                    sized->band.high_micro >= band->high_micro;
        if (!wide && band->low_micro != band->high_micro)
            return false;
        if (wide)
            *band = sized->band;
    }
    return true;
}

/* Whether the fleet is as it was noted, but for targets that are all the same. */
static bool fleet_stays(const struct world *world)
{
    const struct skipping *skipping = &world->skipping;
    return within(&skipping->targets, world->fleet.target_micro) &&
           skipping->fulfilled_micro == fleet_fulfilled(world);
}

/* Whether pools that have a say are others. */
static bool pools_changed(const struct world *world)
{
    const struct skipping *skipping = &world->skipping;
    return skipping->watches_pools && skipping->pool_changes != world->fleet.pool_changes;
}

/* What there is in the pools was asked anew: until when their prices are all one to the policy. */
static void limit_by_prices(struct world *world)
{
    struct skipping *skipping = &world->skipping;
    int64_t priced_s = price_promise(world, &skipping->seen);
    skipping->limit_s = priced_s < skipping->limit_s ? priced_s : skipping->limit_s;
}

/* Whether the group is called for what is needed, and nothing of its own refuses that. */
static bool needs_call(const struct world *world, const struct sized *sized)
{
    const struct ballast_group *group = &world->skipping.seen.group;
    int64_t need = 0;
    return !sized->holds && sizing_calls(group, &sized->sizing, &need) &&
           (need > group->desired_capacity || world->now_s >= group_cool_s(world));
}

/* The fleet is another, and `pools` are if any have a say: else of these at most prices are others,
 * which were all one to the policy. Whether what is needed comes to the same, for as long as it
 * says. */
static bool needs_the_same(struct world *world, bool pools)
{
    struct skipping *skipping = &world->skipping;
    if (!skipping->asks_again)
        return false;
    bool known = false;
    const struct sized sized =
        controller_size_again(world->controller, &world->account, &skipping->seen, pools, &known);
    if (pools)
        limit_by_prices(world);
    if (!known || !ends_as_before(skipping, &sized) || !takes_points(world, &sized)) {
        note_fleet(world, NULL);
        skipping->needs_call = needs_call(world, &sized);
        return false;
    }
    int64_t promise_s = sized.holds ? sized.held.valid_until_s : sized.sizing.valid_until_s;
    if (promise_s > skipping->limit_s)
        promise_s = skipping->limit_s;
    if (promise_s < skipping->promise_s) /* what was promised before holds for ticks before now */
        skipping_count(world, world->now_s);
    skipping->promise_s = promise_s;
    note_fleet(world, sized.holds ? NULL : sized.sizing.figures);
    return true;
}

bool seen_decides_again(struct world *world)
{
    struct skipping *skipping = &world->skipping;
    if (skipping->any_group || !same_group(world))
        return false;
    bool pools = pools_changed(world);
    if (skipping->needs_call && !pools && fleet_stays(world)) /* since it was asked */
        return false;
    bool known = false;
    const struct sized sized =
        controller_size_again(world->controller, &world->account, &skipping->seen, pools, &known);
    if (!known || sized.holds || sized.sizing.valid_until_s <= world->now_s ||
        !takes_points(world, &sized))
        return false;
    int64_t need = 0;
    bool calls = sizing_calls(&skipping->seen.group, &sized.sizing, &need);
    bool refused =
        calls && need < skipping->seen.group.desired_capacity && world->now_s < group_cool_s(world);
    /* One that a guard lets shrink the group further is refused as well. */
    if (calls && (!refused || world->scenario->controller.guards.dry_run))
        return false;
    skipping->calls = calls;
    skipping->wants = need;
    skipping->refused = refused;
    skipping->refused_in = refused;
    if (pools)
        limit_by_prices(world);
    skipping->promise_s = sized.sizing.valid_until_s < skipping->limit_s
                              ? sized.sizing.valid_until_s
                              : skipping->limit_s;
    note_fleet(world, sized.sizing.figures);
    if (!refused)
        refusals_end(&world->refusals, &world->accounting, world->now_s);
    else if (world->refusals.since_s == RECORD_NEVER)
        world->refusals.since_s = world->now_s;
    return true;
}

bool seen_fleet_holds(struct world *world)
{
    bool same = !world->skipping.watches_fleet || fleet_stays(world);
    bool pools = pools_changed(world);
    return (same && !pools) || needs_the_same(world, pools);
}

/* ---- all of it ----------------------------------------------------------------------------------
 */

bool seen_holds(struct world *world)
{
    const struct skipping *skipping = &world->skipping;
    if (skipping->metrics_alone || skipping->fleet_alone)
        return same_group(world) && (skipping->metrics_alone || seen_fleet_holds(world));
    return controller_sees_the_same(world->controller, &world->account,
                                    skipping->any_group ? NULL : &skipping->seen.group);
}
