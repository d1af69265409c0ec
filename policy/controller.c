#include "policy/controller.h"

#include "base/memory.h"
#include "policy/builtin.h"
#include "policy/composed.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { SPOT_PRICES_MAX = 300 }; /* pools of one fleet (AWS quota) */

/* One declared read with its parameters filled in, and where its answer goes. */
struct read_slot {
    const struct ballast_read *read;
    struct cloud_metric_query query; /* its times are those of the last one */
    int64_t lookback_s;
    struct ballast_point *points;
    size_t capacity;
    struct ballast_fleet fleet;
    struct ballast_cluster cluster;
    struct ballast_spot_price *spot_prices;
};

struct controller {
    const struct ballast_policy *policy;
    int64_t parameters[BALLAST_PARAMETERS_MAX];
    struct controller_guards guards;
    struct read_slot slots[BALLAST_READS_MAX];
    struct ballast_answer answers[BALLAST_READS_MAX];
    void *state;
    sized_function *size;      /* NULL: the policy has none, */
    price_band_function *band; /* or none of these */
    bool sized;                /* the last decision was; these are of struct sized: */
    uint32_t reads;
    bool holds;
    uint32_t differ;
    uint32_t banded;
    struct sized_band values;
    struct sized_band targets;
};

const char *controller_guard_name(enum controller_guard guard)
{
    switch (guard) {
    case GUARD_NONE:
        return "none";
    case GUARD_MAX_STEP:
        return "max_step_instances";
    case GUARD_MAX_DESIRED:
        return "max_desired_instances";
    case GUARD_STALE:
        return "stale_after_s";
    }
    return "unknown";
}

static int64_t filled_in(int64_t value, int32_t parameter, const int64_t *parameters)
{
    return parameter ? parameters[parameter - 1] : value;
}

static void prepare_read(struct read_slot *slot, size_t index, const struct ballast_read *read,
                         const int64_t *parameters)
{
    slot->read = read;
    if (read->kind == BALLAST_READ_SPOT_PRICES)
        slot->spot_prices = memory_new(SPOT_PRICES_MAX, sizeof *slot->spot_prices);
    if (read->kind != BALLAST_READ_METRIC)
        return;
    slot->query = (struct cloud_metric_query){
        .api = read->api,
        .metric = read->metric,
        .statistic = (enum ballast_statistic)filled_in((int64_t)read->statistic,
                                                       read->statistic_parameter, parameters),
        .period_s = filled_in(read->period_s, read->period_parameter, parameters),
        .read = index + 1,
    };
    slot->lookback_s = filled_in(read->lookback_s, read->lookback_parameter, parameters);
    slot->capacity = (size_t)(slot->lookback_s / 60 + 2);
    if (slot->capacity > BALLAST_POINTS_MAX)
        slot->capacity = BALLAST_POINTS_MAX;
    slot->points = memory_new(slot->capacity, sizeof *slot->points);
}

struct controller *controller_new(const struct ballast_policy *policy, const int64_t *parameters,
                                  const struct controller_guards *guards)
{
    assert(policy->abi == BALLAST_POLICY_ABI);
    assert(policy->parameter_count <= BALLAST_PARAMETERS_MAX);
    assert(policy->read_count <= BALLAST_READS_MAX && policy->state_size <= BALLAST_STATE_MAX);
    struct controller *controller = memory_new(1, sizeof *controller);
    controller->policy = policy;
    controller->size = policy_sized(policy);
    controller->band = policy_price_band(policy_base(policy)); /* modifiers look at no price */
    controller->guards = *guards;
    if (policy->parameter_count)
        memcpy(controller->parameters, parameters, policy->parameter_count * sizeof *parameters);
    for (size_t i = 0; i < policy->read_count; i++)
        prepare_read(&controller->slots[i], i, &policy->reads[i], controller->parameters);
    controller->state = memory_new(policy->state_size, 1);
    if (policy->init)
        policy->init(controller->parameters, controller->state);
    return controller;
}

void controller_destroy(struct controller *controller)
{
    if (!controller)
        return;
    for (size_t i = 0; i < controller->policy->read_count; i++) {
        free(controller->slots[i].points);
        free(controller->slots[i].spot_prices);
    }
    free(controller->state);
    free(controller);
}

void *controller_state(struct controller *controller)
{
    return controller->state;
}

struct cloud_metric_query controller_query(const struct controller *controller, size_t index,
                                           int64_t now_s)
{
    const struct read_slot *slot = &controller->slots[index];
    assert(slot->read->kind == BALLAST_READ_METRIC);
    struct cloud_metric_query query = slot->query;
    query.start_s = now_s - slot->lookback_s;
    query.end_s = now_s;
    return query;
}

bool controller_heard(const struct controller *controller, size_t index)
{
    return controller->reads & SIZED_READ(index);
}

bool controller_ignores_notices(const struct controller *controller)
{
    return controller->sized;
}

bool controller_ignores_group(const struct controller *controller)
{
    return controller->sized && controller->holds;
}

bool controller_holds_while_differ(const struct controller *controller, size_t index)
{
    return controller->differ & SIZED_READ(index);
}

const struct sized_band *controller_band(const struct controller *controller, size_t index)
{
    return controller->banded & SIZED_READ(index) ? &controller->values : NULL;
}

const struct sized_band *controller_targets(const struct controller *controller)
{
    return controller->sized && !controller->holds ? &controller->targets : NULL;
}

bool controller_price_band(const struct controller *controller,
                           const struct ballast_spot_price *row, struct price_band *out_band)
{
    if (!controller->band)
        return false;
    *out_band = controller->band(row, controller->parameters);
    return true;
}

static void read_one(struct controller *controller, size_t index, const struct cloud *cloud,
                     int64_t now_s)
{
    struct read_slot *slot = &controller->slots[index];
    struct ballast_answer *answer = &controller->answers[index];
    switch (slot->read->kind) {
    case BALLAST_READ_METRIC:
        slot->query.start_s = now_s - slot->lookback_s;
        slot->query.end_s = now_s;
        cloud->get_metric(&slot->query, slot->points, slot->capacity, answer, cloud->context);
        break;
    case BALLAST_READ_FLEET:
        cloud->describe_fleet(&slot->fleet, answer, cloud->context);
        break;
    case BALLAST_READ_CLUSTER:
        cloud->describe_cluster(&slot->cluster, answer, cloud->context);
        break;
    case BALLAST_READ_SPOT_PRICES:
        cloud->describe_spot_prices(slot->spot_prices, SPOT_PRICES_MAX, answer, cloud->context);
        break;
    }
}

/* With `sized`, as far as sized_decide and the guards go by it. */
static bool same_group(const struct ballast_group *a, const struct ballast_group *b, bool sized)
{
    return a->status == b->status && a->min_size == b->min_size && a->max_size == b->max_size &&
           a->desired_capacity == b->desired_capacity &&
           a->units_per_instance_micro == b->units_per_instance_micro &&
           (sized || (a->in_service == b->in_service && a->pending == b->pending));
}

static bool same_fleet(const struct ballast_fleet *a, const struct ballast_fleet *b)
{
    return a->target_micro == b->target_micro && a->fulfilled_micro == b->fulfilled_micro &&
           a->active == b->active;
}

static bool same_cluster(const struct ballast_cluster *a, const struct ballast_cluster *b)
{
    return a->registered_instances == b->registered_instances &&
           a->running_tasks == b->running_tasks && a->pending_tasks == b->pending_tasks;
}

/* Names are often the same bytes. */
static bool same_name(const char *a, const char *b)
{
    return a == b || strcmp(a, b) == 0;
}

static bool same_pool(const struct ballast_spot_price *a, const struct ballast_spot_price *b)
{
    return same_name(a->instance_type, b->instance_type) && same_name(a->zone, b->zone) &&
           a->weight_micro == b->weight_micro && a->fulfilled_micro == b->fulfilled_micro;
}

static bool same_pools(const struct ballast_answer *before, const struct cloud *cloud)
{
    struct ballast_spot_price prices[SPOT_PRICES_MAX];
    struct ballast_answer answer;
    cloud->describe_spot_prices(prices, SPOT_PRICES_MAX, &answer, cloud->context);
    bool same =
        answer.status == before->status && answer.spot_price_count == before->spot_price_count;
    for (size_t i = 0; same && i < answer.spot_price_count; i++)
        same = same_pool(&prices[i], &before->spot_prices[i]);
    return same;
}

static bool same_answer(const struct read_slot *slot, const struct ballast_answer *before,
                        const struct cloud *cloud)
{
    struct ballast_answer answer = {.status = BALLAST_EMPTY};
    struct ballast_fleet fleet;
    struct ballast_cluster cluster;
    switch (slot->read->kind) {
    case BALLAST_READ_METRIC:
        break;
    case BALLAST_READ_FLEET:
        cloud->describe_fleet(&fleet, &answer, cloud->context);
        return answer.status == before->status &&
               (answer.status != BALLAST_OK || same_fleet(answer.fleet, before->fleet));
    case BALLAST_READ_CLUSTER:
        cloud->describe_cluster(&cluster, &answer, cloud->context);
        return answer.status == before->status &&
               (answer.status != BALLAST_OK || same_cluster(answer.cluster, before->cluster));
    case BALLAST_READ_SPOT_PRICES:
        return same_pools(before, cloud);
    }
    return true;
}

bool controller_sees_the_same(const struct controller *controller, const struct cloud *cloud,
                              const struct ballast_group *group)
{
    if (group) {
        struct ballast_group described;
        cloud->describe_group(&described, cloud->context);
        if (!same_group(&described, group, controller->sized))
            return false;
    }
    for (size_t i = 0; i < controller->policy->read_count; i++) {
        if (controller->slots[i].read->kind != BALLAST_READ_METRIC &&
            controller_heard(controller, i) &&
            !same_answer(&controller->slots[i], &controller->answers[i], cloud))
            return false;
    }
    return true;
}

bool controller_forgets(const struct controller *controller)
{
    return controller->size && controller->policy->state_size == 0;
}

bool controller_size_again(struct controller *controller, const struct cloud *cloud,
                           const struct ballast_observation *observation, bool pools,
                           struct sized *out_sized)
{
    for (size_t i = 0; i < controller->policy->read_count; i++) {
        enum ballast_read_kind kind = controller->slots[i].read->kind;
        if (kind == BALLAST_READ_FLEET || (pools && kind == BALLAST_READ_SPOT_PRICES))
            read_one(controller, i, cloud, observation->now_s);
    }
    *out_sized = controller->size(observation, controller->parameters, controller->state);
    return (out_sized->reads & ~controller->reads) == 0 && out_sized->differ == controller->differ;
}

/* Whether any metric read is missing, failed, or older than the guard allows. */
static bool stale(const struct controller *controller, int64_t now_s)
{
    for (size_t i = 0; i < controller->policy->read_count; i++) {
        const struct read_slot *slot = &controller->slots[i];
        const struct ballast_answer *answer = &controller->answers[i];
        if (slot->read->kind != BALLAST_READ_METRIC)
            continue;
        if (answer->status != BALLAST_OK)
            return true;
        int64_t newest_s = answer->points[0].time_s;
        for (size_t p = 1; p < answer->point_count; p++) {
            if (answer->points[p].time_s > newest_s)
                newest_s = answer->points[p].time_s;
        }
        if (now_s - (newest_s + slot->query.period_s) > controller->guards.stale_after_s)
            return true;
    }
    return false;
}

void controller_limit(const struct controller_guards *guards, struct controller_decided *decided)
{
    const struct ballast_group *group = &decided->observation.group;
    int64_t desired = decided->desired_capacity;
    bool known = group->status == BALLAST_OK;
    int64_t current = known ? group->desired_capacity : 0;
    bool scale_out = !known || desired > current;
    if (guards->max_desired_instances && desired > guards->max_desired_instances) {
        decided->guard = GUARD_MAX_DESIRED;
        desired = guards->max_desired_instances;
    }
    if (guards->max_step_instances && scale_out) {
        if (!known) {
            /* How large the step would be cannot be told. */
            decided->guard = GUARD_MAX_STEP;
            decided->action = BALLAST_HOLD;
            return;
        }
        if (desired - current > guards->max_step_instances) {
            decided->guard = GUARD_MAX_STEP;
            desired = current + guards->max_step_instances;
        }
    }
    /* A guard lowers a scale-out; it never turns it into a scale-in. */
    if (decided->guard != GUARD_NONE && scale_out && known && desired <= current)
        decided->action = BALLAST_HOLD;
    decided->desired_capacity = desired;
}

/* Apply the guards to decided->action and ->desired_capacity. */
static void guard(const struct controller *controller, struct controller_decided *decided)
{
    const struct ballast_group *group = &decided->observation.group;
    bool known = group->status == BALLAST_OK;
    if (controller->guards.stale_after_s &&
        (!known || decided->desired_capacity < group->desired_capacity) &&
        stale(controller, decided->observation.now_s)) {
        decided->guard = GUARD_STALE;
        decided->action = BALLAST_HOLD;
        return;
    }
    controller_limit(&controller->guards, decided);
}

static void act(const struct controller *controller, const struct cloud *cloud,
                struct controller_evaluation *evaluation)
{
    const struct ballast_decision *decision = evaluation->decision;
    bool dry_run = controller->guards.dry_run;
    if (evaluation->action == BALLAST_SET_DESIRED)
        evaluation->outcome =
            dry_run ? CLOUD_DRY_RUN
                    : cloud->set_desired_capacity(evaluation->desired_capacity,
                                                  decision->honor_cooldown, cloud->context);
    if (decision->set_fleet_target)
        evaluation->fleet_outcome =
            dry_run ? CLOUD_DRY_RUN
                    : cloud->set_fleet_target(decision->fleet_target, cloud->context);
}

void controller_observe(struct controller *controller, const struct cloud *cloud,
                        enum ballast_trigger trigger, struct ballast_observation *out_observation)
{
    const struct ballast_policy *policy = controller->policy;
    out_observation->now_s = cloud->now(cloud->context);
    out_observation->trigger = trigger;
    out_observation->answers = controller->answers;
    out_observation->answer_count = policy->read_count;
    out_observation->interruption_notices = BALLAST_UNKNOWN;
    out_observation->rebalance_notices = BALLAST_UNKNOWN;
    for (size_t i = 0; i < policy->read_count; i++)
        read_one(controller, i, cloud, out_observation->now_s);
    cloud->describe_group(&out_observation->group, cloud->context);
    cloud->notices(&out_observation->interruption_notices, &out_observation->rebalance_notices,
                   cloud->context);
}

/* What the decision goes by is known until the next one. */
static void note(struct controller *controller, const struct sized *sized)
{
    controller->sized = true;
    controller->holds = sized->holds;
    controller->reads = sized->reads;
    controller->differ = sized->differ;
    controller->banded = sized->banded;
    /* Not as wholes, nor where they say nothing: they were only just put together. */
    if (sized->banded) {
        controller->values.low_micro = sized->band.low_micro;
        controller->values.high_micro = sized->band.high_micro;
    }
    if (!sized->holds) {
        controller->targets.low_micro = sized->targets.low_micro;
        controller->targets.high_micro = sized->targets.high_micro;
    }
}

struct sized controller_size(struct controller *controller, sized_function *size,
                             const struct ballast_observation *observation, void *state)
{
    const struct sized sized = size(observation, controller->parameters, state);
    note(controller, &sized);
    return sized;
}

static void ask(struct controller *controller, const struct ballast_observation *observation,
                void *state, struct ballast_decision *out_decision)
{
    if (controller->size) {
        const struct sized sized = controller->size(observation, controller->parameters, state);
        note(controller, &sized);
        if (sized.holds)
            *out_decision = sized.held;
        else
            sizing_decide(&observation->group, &sized.sizing, out_decision);
        return;
    }
    controller->sized = false;
    controller->reads = UINT32_MAX;
    controller->differ = 0;
    controller->banded = 0;
    *out_decision = policy_decide(controller->policy, observation, controller->parameters, state);
}

void controller_decide(struct controller *controller, const struct cloud *cloud,
                       enum ballast_trigger trigger, void *state,
                       struct controller_decided *out_decided)
{
    out_decided->guard = GUARD_NONE;
    struct ballast_observation *observation = &out_decided->observation;
    controller_observe(controller, cloud, trigger, observation);
    ask(controller, observation, state, &out_decided->decision);
    out_decided->action = out_decided->decision.action;
    out_decided->desired_capacity = out_decided->decision.desired_capacity;
    if (out_decided->action != BALLAST_SET_DESIRED)
        return;
    if (controller->guards.stale_after_s)
        controller->reads = UINT32_MAX; /* that guard looks at every metric */
    guard(controller, out_decided);
}

int64_t controller_act(const struct controller *controller, const struct cloud *cloud,
                       const struct controller_decided *decided,
                       const struct controller_recorder *recorder)
{
    struct controller_evaluation evaluation = {
        .observation = &decided->observation,
        .decision = &decided->decision,
        .guard = decided->guard,
        .action = decided->action,
        .desired_capacity = decided->desired_capacity,
        .outcome = CLOUD_NOT_CALLED,
        .fleet_outcome = CLOUD_NOT_CALLED,
    };
    act(controller, cloud, &evaluation);
    if (recorder && recorder->evaluation)
        recorder->evaluation(&evaluation, recorder->context);
    return decided->decision.valid_until_s;
}

int64_t controller_tick(struct controller *controller, const struct cloud *cloud,
                        enum ballast_trigger trigger, const struct controller_recorder *recorder)
{
    struct controller_decided decided;
    controller_decide(controller, cloud, trigger, controller->state, &decided);
    return controller_act(controller, cloud, &decided, recorder);
}
