#include "operate/plan.h"

#include "base/memory.h"
#include "base/timestamp.h"
#include "policy/builtin.h"
#include "policy/parameters.h"

#include <stdlib.h>
#include <string.h>

static int whole_number(const char *option, const char *text, int64_t min, int64_t max,
                        int64_t *out_value, struct error *err)
{
    if (!text)
        return STATUS_OK;
    const struct ballast_parameter number = {
        .name = option, .type = BALLAST_INTEGER, .min = min, .max = max};
    return policy_parse_value(&number, text, out_value, err);
}

int live_set_parameters(const char **set, size_t count, struct policy_choice *choice,
                        struct error *err)
{
    const struct ballast_policy *policy = choice->policy;
    for (size_t i = 0; i < count; i++) {
        const char *text = set[i];
        char *name = memory_copy_bytes(text, strcspn(text, "="));
        const char *value = strchr(text, '=');
        int index = policy_find_parameter(policy, name);
        free(name);
        if (index < 0 || !value)
            return error_set(err, STATUS_BAD_INPUT,
                             "--set %s: write PARAMETER=VALUE with a parameter of %s (see ballast "
                             "policy show %s)",
                             text, choice->name ? choice->name : policy->name,
                             choice->name ? choice->name : policy->name);
        int status =
            policy_parse_value(&policy->parameters[index], value + 1, &choice->values[index], err);
        if (status)
            return status;
    }
    return policy_choice_check_reads(choice, err);
}

static int choose_policy(struct live_plan *plan, const struct live_options *options,
                         struct error *err)
{
    int status =
        policy_choose(&plan->choice, options->policy ? options->policy : "pending-capacity", err);
    if (!status && options->apply && plan->choice.command)
        status =
            error_set(err, STATUS_BAD_INPUT,
                      "--apply: a policy that is a command (exec:) only simulates and shadows; "
                      "write it in C to let it act");
    return status ? status
                  : live_set_parameters(options->set, options->set_count, &plan->choice, err);
}

static int need_guards(const struct live_options *options, struct error *err)
{
    const char *const needed[][2] = {
        {"max-step", options->max_step},
        {"max-desired", options->max_desired},
        {"stale-after", options->stale_after},
        {"stop-file", options->stop_file},
        {"state", options->state},
    };
    for (size_t i = 0; options->apply && i < ARRAY_LENGTH(needed); i++) {
        if (!needed[i][1])
            return error_set(err, STATUS_BAD_INPUT,
                             "--apply changes a real account and demands its guards: --%s is "
                             "missing",
                             needed[i][0]);
    }
    return STATUS_OK;
}

static int choose_clock(struct live_plan *plan, const struct live_options *options,
                        struct error *err)
{
    const char *clock = options->clock ? options->clock : "wall";
    plan->twin = strcmp(clock, "twin") == 0;
    plan->until_s = INT64_MAX;
    if (!plan->twin && strcmp(clock, "wall") != 0)
        return error_set(err, STATUS_BAD_INPUT, "--clock: \"%.40s\" is neither wall nor twin",
                         clock);
    if (options->advance && !plan->twin)
        return error_set(err, STATUS_BAD_INPUT,
                         "--advance needs --clock twin: no other clock can be stepped");
    if (options->until &&
        !timestamp_parse(options->until, strlen(options->until), false, &plan->until_s))
        return error_set(err, STATUS_BAD_INPUT, "--until %.40s: %s", options->until,
                         timestamp_wrong(options->until, strlen(options->until), false));
    return STATUS_OK;
}

int live_plan_make(struct live_plan *out_plan, const struct live_options *options,
                   struct error *err)
{
    int64_t units = 4 * INT64_C(1000000);
    const struct ballast_parameter price = {
        .name = "--on-demand-price", .type = BALLAST_CAPACITY, .min = 0, .max = 1000000000000};
    const struct ballast_parameter capacity = {
        .name = "--units-per-instance", .type = BALLAST_CAPACITY, .min = 1, .max = 1000000000000};
    *out_plan = (struct live_plan){.stop_after = 5,
                                   .time_limit_s = 50,
                                   .every_s = 60,
                                   .watch_every_s = 300,
                                   .on_demand_micro_usd_per_hour = BALLAST_UNKNOWN};
    if (!options->fleet || !options->group)
        return error_set(err, STATUS_BAD_INPUT, "which account's? --%s is missing",
                         options->fleet ? "group" : "fleet");
    int status = choose_policy(out_plan, options, err);
    if (!status)
        status = need_guards(options, err);
    if (!status && options->units_per_instance)
        status = policy_parse_value(&capacity, options->units_per_instance, &units, err);
    if (!status && options->on_demand_price)
        status = policy_parse_value(&price, options->on_demand_price,
                                    &out_plan->on_demand_micro_usd_per_hour, err);
    if (!status)
        status = whole_number("--max-step", options->max_step, 1, 100000,
                              &out_plan->guards.max_step_instances, err);
    if (!status)
        status = whole_number("--max-desired", options->max_desired, 1, 100000,
                              &out_plan->guards.max_desired_instances, err);
    if (!status)
        status = whole_number("--stale-after", options->stale_after, 60, 86400,
                              &out_plan->guards.stale_after_s, err);
    if (!status)
        status = whole_number("--stop-after", options->stop_after, 1, 100000, &out_plan->stop_after,
                              err);
    if (!status)
        status = whole_number("--time-limit", options->time_limit, 1, 3600, &out_plan->time_limit_s,
                              err);
    if (!status)
        status = whole_number("--every", options->every, 1, 86400, &out_plan->every_s, err);
    if (!status)
        status = whole_number("--watch-every", options->watch_every, 0, 86400,
                              &out_plan->watch_every_s, err);
    if (!status)
        status = whole_number("--phase", options->phase, 0, out_plan->every_s - 1,
                              &out_plan->phase_s, err);
    if (!status)
        status = choose_clock(out_plan, options, err);
    if (!status && out_plan->choice.policy->state_size && !options->state)
        status = error_set(err, STATUS_BAD_INPUT,
                           "policy %s remembers things between evaluations: name a file for them "
                           "with --state",
                           out_plan->choice.policy->name);
    out_plan->names = (struct live_account_names){
        .fleet_id = options->fleet,
        .group = options->group,
        .cluster = options->cluster,
        .product = options->product ? options->product : "Linux/UNIX",
        .units_per_instance_micro = units,
    };
    return status;
}

int64_t live_due(const struct live_plan *plan, int64_t now_s)
{
    return timestamp_floor(now_s - plan->phase_s, plan->every_s) + plan->phase_s;
}
