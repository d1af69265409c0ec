/* What instances are launched from, as far as what goes wrong at deployment: which type, with which
 * user data, and where that is said.
 *
 * Errors as in live/calls.h. Texts that do not fit are read as "".
 */
#ifndef LIVE_LAUNCH_H
#define LIVE_LAUNCH_H

#include "live/client.h"

enum aws_setting { AWS_UNSAID = 0, AWS_OFF, AWS_ON };

/* A launch specification, configuration or template. */
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

/* What a template's version, or a configuration, says; *launch->template is where to look. One that
 * is not there is the error "NotFound", or AWS's own. Clean launch->user_data up. */
int aws_describe_launch_template(struct client *client, struct aws_launch *launch,
                                 struct aws_error *out_error, struct error *err);
int aws_describe_launch_configuration(struct client *client, const char *name,
                                      struct aws_launch *out_launch, struct aws_error *out_error,
                                      struct error *err);

/* ---- for the readers of replies ---- */

struct _xmlNode;

enum aws_setting launch_setting(const struct _xmlNode *node, const char *path);
/* What was there is replaced. */
void launch_user_data(const struct _xmlNode *node, const char *path, struct aws_launch *launch);
/* The template that the node names, if it is not NULL: EC2 and Auto Scaling (`of_group`) differ in
 * the first letters. */
void launch_template_named(const struct _xmlNode *node, bool of_group, struct aws_launch *launch);

#endif
