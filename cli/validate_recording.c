/* What a recording says of the account it was made of. */
#include "base/memory.h"
#include "policy/builtin.h"
#include "validate.h"

#include <stdlib.h>
#include <string.h>

/* Since when the fleet's target is known, by this evaluation. */
static int64_t target_since(const struct recorded_evaluation *evaluation)
{
    int64_t since_s = INT64_MAX;
    for (size_t i = 0; i < evaluation->read_count; i++) {
        const struct recorded_read *read = &evaluation->reads[i];
        if (read->status != BALLAST_OK)
            continue;
        if (read->read.kind == BALLAST_READ_FLEET && evaluation->time_s < since_s)
            since_s = evaluation->time_s;
        bool target =
            read->read.kind == BALLAST_READ_METRIC && strcmp(read->metric, "TargetCapacity") == 0 &&
            read->query.statistic != BALLAST_SUM && read->query.statistic != BALLAST_SAMPLE_COUNT;
        for (size_t p = 0; target && p < read->answer.point_count; p++) {
            if (read->answer.points[p].time_s < since_s)
                since_s = read->answer.points[p].time_s;
        }
    }
    return since_s;
}

/* Was it kept from seeing all, or from doing what it decided? In shadow it leads nobody. */
static bool hindered(const struct recorded_evaluation *evaluation)
{
    static const char *const outcomes[] = {"failed", "unknown", "dry-run"};
    if (strcmp(evaluation->mode, "shadow") == 0)
        return false;
    for (size_t i = 0; i < evaluation->read_count; i++) {
        if (evaluation->reads[i].status != BALLAST_OK)
            return true;
    }
    for (size_t i = 0; i < ARRAY_LENGTH(outcomes); i++) {
        if (strcmp(evaluation->outcome, outcomes[i]) == 0)
            return true;
    }
    return false;
}

static void see(struct validate_recording *recording, const struct recorded_evaluation *evaluation)
{
    const struct recorded_settings *settings = evaluation->settings;
    if (recording->evaluations++ == 0)
        recording->first_s = evaluation->time_s;
    recording->last_s = evaluation->time_s;
    recording->acting += strcmp(evaluation->mode, "apply") == 0;
    recording->every_s = settings->every_s;
    recording->phase_s = settings->every_s > 0 ? evaluation->due_s % settings->every_s : 0;
    recording->guards = settings->guards;
    int64_t target_s = target_since(evaluation);
    if (target_s < recording->target_s)
        recording->target_s = target_s;
    struct hindcast_sample *before =
        recording->sample_count ? &recording->samples[recording->sample_count - 1] : NULL;
    bool missed = recording->evaluations > 1 && settings->every_s > 0 &&
                  evaluation->due_s - recording->due_s > settings->every_s;
    recording->due_s = evaluation->due_s;
    bool leads = strcmp(evaluation->mode, "shadow") != 0;
    if (before && leads && (missed || evaluation->group.status != BALLAST_OK))
        before->hindered = true;
    if (evaluation->group.status != BALLAST_OK)
        return;
    const struct hindcast_sample sample = {
        .time_s = evaluation->time_s,
        .desired = evaluation->group.desired_capacity,
        .in_service = evaluation->group.in_service,
        .hindered = hindered(evaluation),
    };
    ARRAY_PUSH(recording->samples, recording->sample_count, recording->sample_capacity, sample);
}

static int read_watches(struct validation *validation, struct error *err)
{
    struct validate_recording *recording = &validation->recording;
    struct text numbers = {0};
    size_t count = 0;
    const struct recorded_settings *settings = recorded_settings(validation->recorded, &count);
    for (size_t i = 0; i < count; i++)
        text_addf(&numbers, "%s%lld", i ? "," : "", (long long)settings[i].recording);
    int status = watched_lives(validation->results, numbers.data, &recording->lives,
                               &recording->life_count, err);
    if (!status)
        status = watched_span(validation->results, numbers.data, &recording->watched_from_s,
                              &recording->watched_to_s, &recording->gaps, err);
    text_clean_up(&numbers);
    return status;
}

int validate_read_recording(struct validation *validation, const struct validate_request *request,
                            struct error *err)
{
    struct validate_recording *recording = &validation->recording;
    const struct recorded_choice choice = {
        .fleet_id = request->fleet, .group = request->group, .policies = policy_builtin};
    const struct recorded_evaluation *evaluation = NULL;
    recording->target_s = INT64_MAX;
    int status = results_open(&validation->results, request->recording, false, err);
    if (!status)
        status = recorded_open(&validation->recorded, validation->results, &choice, err);
    if (!status)
        status = recorded_missed(validation->recorded, &recording->missed, err);
    if (!status)
        status = recorded_next(validation->recorded, &evaluation, err);
    const struct recorded_settings *last = NULL;
    while (!status && evaluation) {
        see(recording, evaluation);
        last = evaluation->settings;
        status = recorded_next(validation->recorded, &evaluation, err);
    }
    if (!status)
        status = read_watches(validation, err);
    if (status || !last)
        return status;
    recorded_settings(validation->recorded, &recording->settings);
    recording->fleet_id = last->fleet_id;
    recording->group = last->group;
    recording->policy_name = last->policy_name;
    recording->policy = last->policy;
    memcpy(recording->parameters, last->parameters, sizeof recording->parameters);
    if (recording->life_count == 0)
        return error_set(err, STATUS_BAD_INPUT,
                         "%s: it does not know the fleet's instances: record with --watch-every "
                         "above 0",
                         request->recording);
    return STATUS_OK;
}
