#include "record/replay.h"

#include "base/memory.h"
#include "policy/composed.h"

#include <stdlib.h>
#include <string.h>

/* A controller for each set of settings, for their guards differ. */
struct replay {
    const struct replay_options *options;
    const struct recorded_settings *settings;
    size_t count;
    struct controller **controllers;
    unsigned char state[BALLAST_STATE_MAX]; /* of a policy that was not recorded */
};

static const struct ballast_policy *policy_of(const struct replay *replay,
                                              const struct recorded_settings *settings)
{
    return replay->options->policy ? replay->options->policy : settings->policy;
}

static bool is_own(const struct replay *replay, const struct recorded_settings *settings)
{
    const struct ballast_policy *policy = replay->options->policy;
    const struct ballast_policy *recorded = settings->policy;
    return !policy || (recorded && strcmp(policy->name, recorded->name) == 0 &&
                       policy->state_version == recorded->state_version &&
                       (policy->parameter_count == 0 ||
                        memcmp(replay->options->parameters, settings->parameters,
                               policy->parameter_count * sizeof settings->parameters[0]) == 0));
}

static int set_up(struct replay *replay, struct error *err)
{
    const struct ballast_policy *policy = replay->options->policy;
    if (policy && policy->init)
        policy->init(replay->options->parameters, replay->state);
    for (size_t i = 0; i < replay->count; i++) {
        const struct recorded_settings *settings = &replay->settings[i];
        if (!policy_of(replay, settings) && strchr(settings->policy_name, '@'))
            return error_set(
                err, STATUS_BAD_INPUT,
                "recorded with a policy of its user's own, %s (name and SHA-256 of its "
                "file): name that file with --policy; ballast dump says in words what "
                "was decided",
                settings->policy_name);
        if (!policy_of(replay, settings))
            return error_set(err, STATUS_BAD_INPUT,
                             "recorded with policy %s, which this program does not have, or not "
                             "with that memory: name one with --policy",
                             settings->policy_name);
        replay->controllers[i] = controller_new(
            policy_of(replay, settings),
            policy ? replay->options->parameters : settings->parameters, &settings->guards);
    }
    return STATUS_OK;
}

static int step(struct replay *replay, struct recorded *recorded,
                const struct recorded_evaluation *evaluation, struct error *err)
{
    const struct cloud cloud = recorded_cloud(recorded);
    const struct ballast_policy *policy = policy_of(replay, evaluation->settings);
    struct replay_step step = {
        .recorded = evaluation, .policy = policy, .own = is_own(replay, evaluation->settings)};
    unsigned char own_state[BALLAST_STATE_MAX];
    struct controller_decided decided;
    if (step.own && evaluation->state_size != policy->state_size)
        return error_set(err, STATUS_BAD_INPUT, "a recorded state is not one of policy %s",
                         policy->name);
    memcpy(own_state, evaluation->state_before, evaluation->state_size);
    controller_decide(replay->controllers[evaluation->settings - replay->settings], &cloud,
                      evaluation->trigger, step.own ? own_state : replay->state, &decided);
    int status = policy_failure(policy, err);
    if (status)
        return status;
    said_decision(&step.said, policy, &decided);
    step.decided = &decided;
    step.differs = step.own
                       ? !said_same(&step.said, &evaluation->said) ||
                             memcmp(own_state, evaluation->state_after, policy->state_size) != 0
                       : !said_same_calls(&step.said, &evaluation->said);
    if (replay->options->step)
        replay->options->step(&step, replay->options->context);
    return STATUS_OK;
}

int replay_run(struct recorded *recorded, const struct replay_options *options, struct error *err)
{
    struct replay replay = {.options = options};
    replay.settings = recorded_settings(recorded, &replay.count);
    replay.controllers = memory_new(replay.count, sizeof(struct controller *));
    const struct recorded_evaluation *evaluation = NULL;
    int status = set_up(&replay, err);
    if (!status)
        status = recorded_next(recorded, &evaluation, err);
    while (!status && evaluation) {
        status = step(&replay, recorded, evaluation, err);
        if (!status)
            status = recorded_next(recorded, &evaluation, err);
    }
    for (size_t i = 0; i < replay.count; i++)
        controller_destroy(replay.controllers[i]);
    free(replay.controllers);
    return status;
}
