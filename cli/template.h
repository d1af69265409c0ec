/* What `ballast live template` is made of: CloudFormation resources made from a scenario, as cJSON
 * trees. Each function adds to template->resources or ->parameters.
 *
 * Logical names are fixed: Cluster, SpotFleet, BackupGroup, Function, ...
 */
#ifndef CLI_TEMPLATE_H
#define CLI_TEMPLATE_H

#include "scenario/scenario.h"

#include <cjson/cJSON.h>

struct template
{
    const struct scenario *scenario;
    const struct fleet_scaling *scaling; /* the scenario's, or template_scaling_default's */
    cJSON *parameters;
    cJSON *conditions;
    cJSON *resources;
    cJSON *outputs;
};

/* template_account.c: cluster, roles of instances and fleet, fleet, backup group. */
void template_account(struct template *template);
/* template_function.c: the function, its role, schedule, alarm and topic. */
void template_function(struct template *template);
/* template_scaling.c: what scales the fleet; nothing where template->scaling is not given. */
void template_scaling(struct template *template);

/* template_scaling_default.c: what scales the fleet where the scenario does not say; clean it up.
 * False, and nothing, where it does, where it says that nothing does ("scaling": null), or where
 * the fleet cannot be scaled. */
bool template_scaling_default(const struct scenario *scenario, struct fleet_scaling *out_scaling);
/* Its values and where they come from, into the list of defaults. */
void template_scaling_defaults(const struct fleet_scaling *scaling, cJSON *list);
/* The same as a scenario's `scaling`, so that it can be simulated; whatever stands for the
 * cluster's name there is the scenario's. */
void template_scaling_scenario(const struct fleet_scaling *scaling, cJSON *to);

/* ---- for all of them (template_parts.c) ---- */

/* A resource of that type; returns its Properties. */
cJSON *template_resource(struct template *template, const char *name, const char *type);
/* Returns it, for more to be said about it. `value` may be NULL: no default. */
cJSON *template_parameter(struct template *template, const char *name, const char *type,
                          const char *value, const char *description);
cJSON *template_object(cJSON *to, const char *name);
cJSON *template_list(cJSON *to, const char *name);
/* In lists `name` is NULL. */
void template_text(cJSON *to, const char *name, const char *text);
void template_ref(cJSON *to, const char *name, const char *resource);
void template_attribute(cJSON *to, const char *name, const char *resource, const char *attribute);
/* Fn::Sub. */
void template_sub(cJSON *to, const char *name, const char *text);
void template_whole(cJSON *to, const char *name, int64_t value);
/* Millionths, as exactly as they are; `quoted` as a text. */
void template_micro(cJSON *to, const char *name, int64_t micro, bool quoted);
/* A role that `service` ("lambda.amazonaws.com") may take; returns its Properties. */
cJSON *template_role(struct template *template, const char *name, const char *service);
/* The parameter that stands for the subnet in a zone; made where it is not there yet. */
void template_subnet(struct template *template, const char *zone, char out_name[80]);

#endif
