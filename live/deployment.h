/* How a fleet and its backup group are set up in the account, as far as what launches an instance,
 * where, and with which user data: what goes wrong at deployment, not what a decision needs.
 *
 * Errors as in live/calls.h. Texts that do not fit are read as "".
 */
#ifndef LIVE_DEPLOYMENT_H
#define LIVE_DEPLOYMENT_H

#include "live/client.h"

enum aws_setting { AWS_UNSAID = 0, AWS_OFF, AWS_ON };

/* Something that is launched from: a launch specification, configuration or template. */
struct aws_launch {
    char instance_type[64];
    char *user_data; /* base64, as AWS replies it; NULL: none. Owned. */
    enum aws_setting monitoring;
    char template[256]; /* id or name of the launch template to look into, else "" */
    bool template_is_id;
    char version[32]; /* of it: "1", "$Default", "$Latest" */
};

struct aws_launches {
    struct aws_launch *list;
    size_t count;
};

void aws_launches_clean_up(struct aws_launches *launches);

/* The launch specifications of a fleet's request, or the templates that it names, and when it ends.
 * An unknown fleet is AWS's error. */
struct aws_fleet_setup {
    char state[32];
    int64_t target_micro;
    int64_t valid_until_s; /* INT64_MAX: not said */
    bool ends_instances;   /* TerminateInstancesWithExpiration */
    struct aws_launches launches;
};

int aws_fleet_setup(struct client *client, const char *fleet_id, struct aws_fleet_setup *out_setup,
                    struct aws_error *out_error, struct error *err);

enum { AWS_ZONES_MAX = 16, AWS_TYPES_MAX = 64, AWS_PROCESSES_MAX = 12 };

struct aws_group_setup {
    int64_t min_size;
    int64_t max_size;
    int64_t default_cooldown_s;
    char zones[AWS_ZONES_MAX][64];
    size_t zone_count;
    char types[AWS_TYPES_MAX][64]; /* of overrides and of the instances it has, each once */
    size_t type_count;
    char suspended[AWS_PROCESSES_MAX][40]; /* processes */
    size_t suspended_count;
    char configuration[256];  /* launch configuration, or "" */
    struct aws_launch launch; /* `template` alone is said */
};

/* *out_found is false where there is no such group. */
int aws_group_setup(struct client *client, const char *name, struct aws_group_setup *out_setup,
                    bool *out_found, struct aws_error *out_error, struct error *err);

/* What a template's version, or a configuration, says; *launch->template is where to look. One that
 * is not there is the error "NotFound", or AWS's own. Clean launch->user_data up. */
int aws_describe_launch_template(struct client *client, struct aws_launch *launch,
                                 struct aws_error *out_error, struct error *err);
int aws_describe_launch_configuration(struct client *client, const char *name,
                                      struct aws_launch *out_launch, struct aws_error *out_error,
                                      struct error *err);

/* The server's time less ours, in seconds, by GetCallerIdentity's Date; the time that the reply
 * took counts as nothing. A reply without Date is the error "BadReply". */
int aws_clock_difference(struct client *client, int64_t *out_difference_s,
                         struct aws_error *out_error, struct error *err);

#endif
