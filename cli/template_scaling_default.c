/* ballast live template: what scales the fleet where the scenario does not say: the cluster's
 * reservation, of CPU and of memory, as in the reference design. */
#include "base/decimal.h"
#include "base/memory.h"
#include "policy/cloud.h"
#include "template.h"

#include <inttypes.h>
#include <stdlib.h>

/* The reference design names none of these. */
enum { TARGET_PERCENT = 75, COOLDOWN_S = 300, TIMES_TARGET = 2 };

static const enum watched_metric tracked[] = {WATCHED_CPU_RESERVATION, WATCHED_MEMORY_RESERVATION};
static const char *const names[] = {"cpu-reservation", "memory-reservation"};

/* Of one pool, in units. */
static int64_t most_weight(const struct spot_fleet *fleet)
{
    int64_t most_micro = MICRO;
    for (size_t i = 0; i < fleet->pool_count; i++) {
        if (fleet->pools[i].weight_micro > most_micro)
            most_micro = fleet->pools[i].weight_micro;
    }
    return (most_micro + MICRO - 1) / MICRO;
}

/* Without an instance the metrics have no points, and nothing would ever scale out again. */
static int64_t least(const struct spot_fleet *fleet)
{
    int64_t target = fleet->target_micro < MICRO ? 1 : fleet->target_micro / MICRO;
    return target < most_weight(fleet) ? target : most_weight(fleet);
}

static int64_t most(const struct spot_fleet *fleet)
{
    int64_t target = fleet->target_micro / MICRO;
    return TIMES_TARGET * (target > most_weight(fleet) ? target : most_weight(fleet));
}

bool template_scaling_default(const struct scenario *scenario, struct fleet_scaling *out_scaling)
{
    const struct spot_fleet *fleet = &scenario->fleet;
    *out_scaling = (struct fleet_scaling){0};
    if (scenario->scaling.given || scenario->scaling.declined || fleet->type == FLEET_REQUEST)
        return false;
    out_scaling->given = true;
    out_scaling->min_capacity = least(fleet);
    out_scaling->max_capacity = most(fleet);
    out_scaling->policies = memory_new(ARRAY_LENGTH(tracked), sizeof *out_scaling->policies);
    for (size_t i = 0; i < ARRAY_LENGTH(tracked); i++)
        out_scaling->policies[out_scaling->policy_count++] =
            (struct scaling_policy){.name = memory_copy_text(names[i]),
                                    .type = SCALING_TARGET_TRACKING,
                                    .out_cooldown_s = COOLDOWN_S,
                                    .in_cooldown_s = COOLDOWN_S,
                                    .metric = tracked[i],
                                    .statistic = BALLAST_AVERAGE,
                                    .target_micro = TARGET_PERCENT * INT64_C(1000000)};
    return true;
}

static void say(cJSON *list, const char *path, int64_t value, const char *why)
{
    char *text = memory_format("%" PRId64 ": %s", value, why);
    template_text(list, path, text);
    free(text);
}

void template_scaling_defaults(const struct fleet_scaling *scaling, cJSON *list)
{
    say(list, "scaling.target.MinCapacity", scaling->min_capacity,
        "assumed, the largest weight or TargetCapacity, the smaller: without an instance the "
        "metrics have no points");
    say(list, "scaling.target.MaxCapacity", scaling->max_capacity,
        "assumed, twice TargetCapacity, or twice the largest weight if that is more");
    for (size_t i = 0; i < scaling->policy_count; i++) {
        char *path = memory_format("scaling.policies[%zu]", i);
        char *text = memory_format("target tracking of %s: chosen, the reference design scales the "
                                   "fleet by the cluster's reservation",
                                   watched_metric_names[scaling->policies[i].metric]);
        template_text(list, path, text);
        free(text);
        free(path);
    }
    say(list, "scaling.policies[].TargetValue", TARGET_PERCENT,
        "assumed, the reference design names none; a reservation that fragments never reaches 100");
    say(list, "scaling.policies[].ScaleOutCooldown", COOLDOWN_S,
        "documented, of Spot Fleets (Application Auto Scaling API reference); ScaleInCooldown too");
}

void template_scaling_scenario(const struct fleet_scaling *scaling, cJSON *to)
{
    cJSON *target = template_object(to, "target");
    template_whole(target, "MinCapacity", scaling->min_capacity);
    template_whole(target, "MaxCapacity", scaling->max_capacity);
    cJSON *policies = template_list(to, "policies");
    for (size_t i = 0; i < scaling->policy_count; i++) {
        const struct scaling_policy *policy = &scaling->policies[i];
        cJSON *item = template_object(policies, NULL);
        template_text(item, "PolicyName", policy->name);
        cJSON *terms = template_object(item, "TargetTrackingScalingPolicyConfiguration");
        template_micro(terms, "TargetValue", policy->target_micro, false);
        cJSON *metric = template_object(terms, "CustomizedMetricSpecification");
        template_text(metric, "Namespace", "AWS/ECS");
        template_text(metric, "MetricName", watched_metric_names[policy->metric]);
        template_text(metric, "Statistic", cloud_statistic_name(policy->statistic));
        cJSON *dimension = template_object(template_list(metric, "Dimensions"), NULL);
        template_text(dimension, "Name", "ClusterName");
        template_text(dimension, "Value", "default");
    }
}
