/* What changes a scenario before it is read: --policy, --set, and the files it points to. Inside
 * scenario/ only. */
#ifndef SCENARIO_OVERRIDES_H
#define SCENARIO_OVERRIDES_H

#include "scenario/reader.h"

/* Put the files named by spot_fleet, backup_group.group and backup_group.launch in their places,
 * freed of the wrappers AWS's calls put around them, then apply --policy and --set in order.
 *
 * A path is keys joined by dots, with [n] or .n for an item of a list; it may run through a file.
 * What is missing on the way is created, so a misspelt path ends in the same complaint as a
 * misspelt key. */
int overrides_apply(struct reader *reader, const struct scenario_options *options);

#endif
