/* User data of ECS container instances: which cluster an instance joins.
 *
 * Known are ECS_CLUSTER= as a script writes it to /etc/ecs/ecs.config (the last one counts,
 * comments do not), and `cluster =` under Bottlerocket's [settings.ecs]. Whoever names none joins
 * "default".
 */
#ifndef SCENARIO_USER_DATA_H
#define SCENARIO_USER_DATA_H

#include "base/text.h"

enum user_data_kind {
    USER_DATA_TOLD = 0,   /* *out_name is the cluster */
    USER_DATA_COMPUTED,   /* the name is made when the instance starts */
    USER_DATA_PACKED,     /* compressed: not looked into */
    USER_DATA_NOT_BASE64, /* and may not be plain */
};

/* *out_name is to be freed; NULL unless it is told. `text` is base64; with may_be_plain, plain text
 * that is no base64 is taken as it is. */
enum user_data_kind user_data_cluster(const char *text, bool may_be_plain, char **out_name);

/* Add `plain` as base64. */
void user_data_encode(struct text *out, const char *plain);

#endif
