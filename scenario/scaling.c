/* `scaling`: what scales the fleet, as `aws application-autoscaling register-scalable-target` and
 * `put-scaling-policy` take it. */
#include "scenario/scaling.h"

#include "base/decimal.h"
#include "base/memory.h"
#include "scenario/fields.h"
#include "scenario/parts.h"
#include "scenario/scaling_parts.h"

#include <stdlib.h>
#include <string.h>

static const char *const target_modelled[] = {
    "MaxCapacity",
    "MinCapacity",
    "ResourceId",
    "ScalableDimension",
    "ServiceNamespace",
    "SuspendedState.DynamicScalingInSuspended",
    "SuspendedState.DynamicScalingOutSuspended",
    NULL,
};

static const char *const bases[] = {"fulfilled", "target", NULL};

#define HABIT(member) offsetof(struct scaling_habits, member)

const struct field scaling_habit_fields[] = {
    {"aas_base", FIELD_BOOLEAN, HABIT(base_is_target), 0, 0, 0, bases},
    {"aas_never_decrease_on_scale_out", FIELD_BOOLEAN, HABIT(never_decrease_on_scale_out), 1, 0, 0,
     NULL},
    {"aas_high_alarm_points", FIELD_INTEGER, HABIT(high_alarm_points), 3, 1, 60, NULL},
    {"aas_low_alarm_points", FIELD_INTEGER, HABIT(low_alarm_points), 15, 1, 240, NULL},
    {"aas_low_alarm_percent", FIELD_INTEGER, HABIT(low_alarm_percent), 90, 1, 100, NULL},
    {"alarm_extra_points", FIELD_INTEGER, HABIT(alarm_extra_points), 2, 0, 60, NULL},
    {"alarm_phase_s", FIELD_INTEGER, HABIT(alarm_phase_s), 30, 0, 59, NULL},
    {NULL, FIELD_INTEGER, 0, 0, 0, 0, NULL},
};

void fleet_scaling_clean_up(struct fleet_scaling *scaling)
{
    for (size_t i = 0; i < scaling->policy_count; i++) {
        free(scaling->policies[i].name);
        free(scaling->policies[i].steps);
    }
    free(scaling->policies);
    for (size_t i = 0; i < scaling->alarm_count; i++) {
        free(scaling->alarms[i].name);
        free(scaling->alarms[i].policies);
    }
    free(scaling->alarms);
    *scaling = (struct fleet_scaling){0};
}

/* ---- the scalable target ------------------------------------------------------------------------
 */

int scaling_check_resource(struct reader *reader, const cJSON *node)
{
    static const struct {
        const char *key;
        const char *value;
        bool prefix;
    } parts[] = {{"ServiceNamespace", "ec2", false},
                 {"ScalableDimension", "ec2:spot-fleet-request:TargetCapacity", false},
                 {"ResourceId", "spot-fleet-request/", true}};
    for (size_t i = 0; i < ARRAY_LENGTH(parts); i++) {
        const cJSON *value = member(node, parts[i].key);
        const char *text = NULL;
        int status = value ? reader_string(reader, value, &text) : STATUS_OK;
        if (status)
            return status;
        if (value && (parts[i].prefix ? strncmp(text, parts[i].value, strlen(parts[i].value))
                                      : strcmp(text, parts[i].value)) != 0)
            return reader_fail(reader, value,
                               "\"%s\" is not a Spot Fleet's, which %s \"%s\": only the fleet's "
                               "target is scaled here",
                               text, parts[i].prefix ? "begins with" : "is", parts[i].value);
    }
    return STATUS_OK;
}

static int read_target(struct reader *reader, const cJSON *node)
{
    struct fleet_scaling *scaling = &reader->scenario->scaling;
    int status = reader_aws(reader, node, "ScalableTarget", target_modelled, "scaling.target");
    if (!status)
        status = scaling_check_resource(reader, node);
    const cJSON *min = status ? NULL : scaling_need(reader, node, "MinCapacity");
    const cJSON *max = min ? scaling_need(reader, node, "MaxCapacity") : NULL;
    if (!max)
        return STATUS_BAD_INPUT;
    status = reader_int64(reader, min, 0, TARGET_MAX_UNITS, &scaling->min_capacity);
    if (!status)
        status = reader_int64(reader, max, 0, TARGET_MAX_UNITS, &scaling->max_capacity);
    if (!status && scaling->max_capacity < scaling->min_capacity)
        status = reader_fail(reader, max, "%lld is below MinCapacity %lld",
                             (long long)scaling->max_capacity, (long long)scaling->min_capacity);
    const cJSON *suspended = member(node, "SuspendedState");
    if (!status && suspended)
        status = reader_object(reader, suspended);
    const cJSON *in = member(suspended, "DynamicScalingInSuspended");
    const cJSON *out = member(suspended, "DynamicScalingOutSuspended");
    if (!status && in)
        status = reader_bool(reader, in, &scaling->in_suspended);
    if (!status && out)
        status = reader_bool(reader, out, &scaling->out_suspended);
    return status;
}

/* ---- all ----------------------------------------------------------------------------------------
 */

/* What cannot be, with the fleet as it is. */
static int check_fleet(struct reader *reader, const cJSON *node)
{
    const struct scenario *scenario = reader->scenario;
    if (scenario->fleet.type == FLEET_REQUEST)
        return reader_fail(reader, node, "a fleet of type \"request\" cannot be scaled");
    if (!member(reader->root, "demand"))
        return reader_fail(reader, node,
                           "the fleet's target changes, so it does not say what is required: add "
                           "\"demand\"");
    if (scenario->distribution.given)
        return reader_fail(reader, node,
                           "\"instances_distribution\" sets the fleet's target: leave one of the "
                           "two out");
    const cJSON *modify = member(reader->root, "modify_spot_fleet");
    if (cJSON_IsString(modify))
        return reader_fail(reader, modify, "the target cannot follow the demand and be scaled too");
    return STATUS_OK;
}

static void note_scaling(struct reader *reader)
{
    struct scenario *scenario = reader->scenario;
    const struct fleet_scaling *scaling = &scenario->scaling;
    bool of_cluster = false;
    for (size_t i = 0; i < scaling->policy_count; i++) {
        const struct scaling_policy *policy = &scaling->policies[i];
        bool used = policy->type == SCALING_TARGET_TRACKING;
        of_cluster = of_cluster || (used && watched_is_of_cluster(policy->metric));
        for (size_t a = 0; a < scaling->alarm_count; a++) {
            for (size_t p = 0; p < scaling->alarms[a].policy_count; p++)
                used = used || scaling->alarms[a].policies[p] == i;
        }
        if (!used)
            add_note(scenario, true, "scaling.policies: no alarm names \"%s\": it never acts",
                     policy->name);
    }
    for (size_t a = 0; a < scaling->alarm_count; a++)
        of_cluster = of_cluster || watched_is_of_cluster(scaling->alarms[a].terms.metric);
    if (of_cluster && !member(member(reader->root, "demand"), "services"))
        add_note(scenario, true,
                 "scaling watches the cluster's reservation, but the demand has no services: "
                 "there is no cluster, so the metric has no points");
    if (scenario->fleet.target_micro < scaling->min_capacity * MICRO ||
        scenario->fleet.target_micro > scaling->max_capacity * MICRO)
        add_note(scenario, true,
                 "the fleet's TargetCapacity lies outside MinCapacity %lld to MaxCapacity %lld: it "
                 "stays there until an alarm acts",
                 (long long)scaling->min_capacity, (long long)scaling->max_capacity);
}

int read_scaling(struct reader *reader)
{
    static const char *const keys[] = {"target", "policies", "alarms", NULL};
    struct fleet_scaling *scaling = &reader->scenario->scaling;
    const cJSON *given = member(reader->root, "scaling");
    const cJSON *node = cJSON_IsNull(given) ? NULL : given;
    const cJSON *account = member(reader->root, "account");
    scaling->declined = cJSON_IsNull(given);
    int status = read_given_fields(reader, scaling_habit_fields, account, &scaling->habits);
    if (status)
        return status;
    for (const struct field *field = scaling_habit_fields; field->key && !node; field++) {
        if (member(account, field->key))
            add_note(reader->scenario, true,
                     "account.%s says how the fleet is scaled, but nothing scales it: there is no "
                     "\"scaling\"",
                     field->key);
    }
    if (!node)
        return STATUS_OK;
    scaling->given = true;
    status = reader_keys(reader, node, keys);
    if (!status)
        status = check_fleet(reader, node);
    const cJSON *target = status ? NULL : scaling_need(reader, node, "target");
    const cJSON *policies = target ? scaling_need(reader, node, "policies") : NULL;
    if (!policies)
        return STATUS_BAD_INPUT;
    status = read_target(reader, target);
    if (!status)
        status = read_scaling_policies(reader, policies);
    const cJSON *alarms = member(node, "alarms");
    if (!status && alarms)
        status = read_scaling_alarms(reader, alarms);
    if (!status)
        note_scaling(reader);
    return status;
}
