/* ballast live template: the simulated set-up as a CloudFormation template. */
#include "base/memory.h"
#include "commands.h"
#include "overrides.h"
#include "shared_options.h"
#include "template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct request {
    const char *policy;
    struct option_list set;
};

/* What a template cannot say is no template of that scenario. */
static int refuse(const struct scenario *scenario, struct error *err)
{
    const struct policy_choice *choice = &scenario->policy;
    if (choice->command || choice->loaded)
        return error_set(err, STATUS_BAD_INPUT,
                         "%s: the function has the built-in policies only; a policy of your own "
                         "runs as ballast live daemon",
                         choice->name);
    if (scenario->controller.every_s % 60)
        return error_set(err, STATUS_BAD_INPUT,
                         "controller.every_s is %lld: a schedule of EventBridge goes by whole "
                         "minutes",
                         (long long)scenario->controller.every_s);
    if (scenario->distribution.given)
        return error_set(err, STATUS_BAD_INPUT,
                         "instances_distribution: a mixed-instances group has no Spot Fleet and "
                         "needs no function; there is no template for it");
    return STATUS_OK;
}

/* Which values nobody gave, and where they come from. */
static void defaults(const struct scenario *scenario, const struct fleet_scaling *scaling,
                     cJSON *metadata)
{
    static const char *const parts[] = {"spot_fleet.",  "backup_group.",      "scaling.",
                                        "cluster.name", "controller.every_s", "controller.alarm",
                                        "policy."};
    cJSON *list = template_object(metadata, "Defaults");
    for (size_t i = 0; i < scenario->value_count; i++) {
        const struct scenario_value *value = &scenario->values[i];
        bool part = false;
        for (size_t p = 0; p < ARRAY_LENGTH(parts) && !part; p++)
            part = strncmp(value->path, parts[p], strlen(parts[p])) == 0;
        if (!part || value->source == VALUE_USER || value->source == VALUE_SET)
            continue;
        char *text = memory_format("%s: %s%s%s", value->value, value_source_name(value->source),
                                   *value->why ? ", " : "", value->why);
        template_text(list, value->path, text);
        free(text);
    }
    if (scaling->given)
        template_scaling_defaults(scaling, list);
}

static const char *unscaled(const struct scenario *scenario)
{
    return scenario->scaling.declined
               ? "Nothing scales the fleet, as in the scenario: its target stays, unless you "
                 "change it"
               : "Nothing scales the fleet: one of type request cannot be scaled";
}

/* `added` is what scales the fleet without the scenario's saying so. */
static void metadata(const struct scenario *scenario, const struct fleet_scaling *added,
                     cJSON *root)
{
    static const char *const chosen[] = {
        "Monitoring of all instances is detailed: the metrics are read every minute",
        "User data joins the cluster and drains instances that get a notice",
        "Image, security group and a subnet for each zone are parameters: they are the account's",
        "The request has no ValidUntil: the simulated one's time is the scenario's",
        "DesiredCapacity of the group is not set: the function sets it",
        "Without controller.guards, MaxStep and MaxDesired are MaxSize, StaleAfter is 600 s",
        "ReservedConcurrency is controller.concurrency; where that is unlimited, 1"};
    cJSON *ballast = template_object(template_object(root, "Metadata"), "Ballast");
    template_text(ballast, "Scenario", scenario->name);
    defaults(scenario, added, ballast);
    cJSON *list = template_list(ballast, "NotInTheScenario");
    for (size_t i = 0; i < ARRAY_LENGTH(chosen); i++)
        template_text(list, NULL, chosen[i]);
    if (added->given)
        template_text(list, NULL,
                      "The scenario has nothing that scales the fleet: what does here was not "
                      "simulated. Put Scaling, below, into its \"scaling\", or null for none, and "
                      "simulate that. Application Auto Scaling makes its alarms itself");
    else if (!scenario->scaling.given)
        template_text(list, NULL, unscaled(scenario));
    if (added->given)
        template_scaling_scenario(added, template_object(ballast, "Scaling"));
}

static void warn_of_shared(const char *command, const struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->fleet.pool_count; i++) {
        const char *type = scenario->fleet.pools[i].instance_type;
        if (strcmp(type, scenario->group.instance_type) == 0) {
            fprintf(stderr,
                    "ballast %s: warning: fleet and group both launch %s: they run short "
                    "together\n",
                    command, type);
            return;
        }
    }
}

static int print(const struct scenario *scenario, struct error *err)
{
    cJSON *root = cJSON_CreateObject();
    struct fleet_scaling added;
    bool add = template_scaling_default(scenario, &added);
    struct template template = {.scenario = scenario, .scaling = add ? &added : &scenario->scaling};
    template_text(root, "AWSTemplateFormatVersion", "2010-09-09");
    template_text(root, "Description",
                  "A Spot Fleet, the on-demand group behind it, and the function that sizes the "
                  "group (ballast live template)");
    metadata(scenario, &added, root);
    template.parameters = template_object(root, "Parameters");
    template.conditions = template_object(root, "Conditions");
    template.resources = template_object(root, "Resources");
    template.outputs = template_object(root, "Outputs");
    template_account(&template);
    template_function(&template);
    template_scaling(&template);
    fleet_scaling_clean_up(&added);
    char *text = cJSON_Print(root);
    cJSON_Delete(root);
    if (!text)
        return error_no_memory(err);
    puts(text);
    free(text);
    return STATUS_OK;
}

static int run(const char *path, const struct request *request, const char *command,
               struct error *err)
{
    struct overrides overrides;
    struct scenario scenario;
    int status = overrides_read(&overrides, &request->set, false, err);
    if (!status) {
        const struct scenario_options options = {.overrides = overrides.items,
                                                 .override_count = overrides.count,
                                                 .policy = request->policy};
        status = scenario_read(&scenario, path, &options, err);
    }
    if (!status) {
        status = refuse(&scenario, err);
        if (!status)
            warn_of_shared(command, &scenario);
        if (!status)
            status = print(&scenario, err);
        scenario_clean_up(&scenario);
    }
    overrides_clean_up(&overrides);
    return status;
}

int command_live_template(int argc, char **argv)
{
    static const struct command_help help = {
        .name = "live template",
        .arguments = "SCENARIO",
        .description =
            "Print a CloudFormation template (JSON) of what the scenario simulates: ECS cluster, "
            "Spot\nFleet, backup group, the function with its schedule, alarm and topic, and roles "
            "that may\ndo what the policy reads and no more (docs/deploy.md). Values that the "
            "scenario does not\nname are listed in its Metadata. No account is needed.",
        .min_arguments = 1,
        .max_arguments = 1,
    };
    struct request request = {0};
    const struct option_spec specs[] = {
        {.name = "policy",
         .placeholder = "NAME[:PRESET][+MODIFIER]...",
         .help = "this policy instead of the scenario's",
         .value = &request.policy},
        OPTION_SET(&request.set),
        {0},
    };
    struct option_list arguments = {0};
    struct error err = {0};
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    status = run(arguments.values[0], &request, help.name, &err);
    return command_close(&help, specs, &arguments, status, &err);
}
