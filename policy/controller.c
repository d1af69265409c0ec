#include "policy/controller_parts.h"

#include "base/memory.h"
#include "policy/builtin.h"
#include "policy/composed.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

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
    assert(policy->abi >= BALLAST_POLICY_ABI_OLDEST && policy->abi <= BALLAST_POLICY_ABI);
    assert(policy->parameter_count <= BALLAST_PARAMETERS_MAX);
    assert(policy->read_count <= BALLAST_READS_MAX && policy->state_size <= BALLAST_STATE_MAX);
    struct controller *controller = memory_new(1, sizeof *controller);
    controller->policy = policy;
    controller->size = policy_sized(policy);
    controller->band = policy_price_band(policy_base(policy)); /* modifiers look at no price */
    controller->targets = policy_target_band(policy);
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
        controller->pools_distinct =
            cloud->describe_spot_prices(slot->spot_prices, SPOT_PRICES_MAX, answer, cloud->context);
        break;
    }
}

bool controller_forgets(const struct controller *controller)
{
    return controller->size && controller->policy->state_size == 0;
}

struct sized controller_size_again(struct controller *controller, const struct cloud *cloud,
                                   const struct ballast_observation *observation, bool pools,
                                   bool *out_known)
{
    for (size_t i = 0; i < controller->policy->read_count; i++) {
        enum ballast_read_kind kind = controller->slots[i].read->kind;
        if (kind == BALLAST_READ_FLEET || (pools && kind == BALLAST_READ_SPOT_PRICES))
            read_one(controller, i, cloud, observation->now_s);
    }
    const struct sized sized =
        controller->size(observation, controller->parameters, controller->state);
    *out_known = (sized.reads & ~controller->reads) == 0 && sized.differ == controller->differ;
    return sized;
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
    out_observation->pools_distinct = controller->pools_distinct;
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
    controller_guard(controller, out_decided);
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
