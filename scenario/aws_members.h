/* Which members AWS's own documents may have, so that a misspelt key can be told from one that is
 * merely not modelled. Inside scenario/ only.
 *
 * A list of members is borrowed text, walked with aws_member_next.
 */
#ifndef SCENARIO_AWS_MEMBERS_H
#define SCENARIO_AWS_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>

struct aws_member {
    const char *name; /* `length` bytes, not NUL-terminated */
    size_t length;
    const char *members; /* of the structure it holds (also in a list); NULL for a plain value */
};

/* The members of "SpotFleetRequestConfigData", "AutoScalingGroup", "Launch", "EcsService" or
 * "EcsTaskDefinition". */
const char *aws_shape(const char *name);

/* The next member at *cursor, which is advanced; false at the end. */
bool aws_member_next(const char **cursor, struct aws_member *out_member);

/* By name; false if AWS has no such member. */
bool aws_member_find(const char *members, const char *name, struct aws_member *out_member);

#endif
