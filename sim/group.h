/* The backup Auto Scaling group, fleet and group as one, and what is paid for on-demand instances.
 */
#ifndef SIM_GROUP_H
#define SIM_GROUP_H

#include "world.h"

/* ---- group (group.c) --------------------------------------------------------------------------
 */

void group_init(struct world *world);
void group_clean_up(struct group *group);
enum cloud_outcome group_set_desired(struct world *world, int64_t desired, bool honor_cooldown);
/* From which second on a call that honours the cooldown is accepted, if no other activity ends or
 * begins; INT64_MAX while one is in progress. */
int64_t group_cool_s(const struct world *world);
void group_activity_ended(struct world *world);
/* `count` launches asked for together have failed. */
void group_launches_failed(struct world *world, int64_t count);
/* Launch again what waits. */
void group_retry(struct world *world);
/* Whether the zone's place is short, and refuses the launch (launch_failures.c). */
bool launch_refused(struct world *world, size_t zone, uint64_t attempt);
/* Find out what is known of the group's places, if launches can fail. */
void launch_failures_init(struct world *world);
void group_instance_gone(struct world *world, uint32_t index);

/* ---- fleet and group as one (distribution.c) ---------------------------------------------------
 */

/* With `instances_distribution`: set the fleet's target at the start; returns the group's size. */
int64_t distribution_begin(struct world *world);
/* Have both follow what is required now. */
void distribution_follow(struct world *world);

/* ---- what is paid (tariff.c) -------------------------------------------------------------------
 */

/* Which of the group's running instances are prepaid, after one began to run or has ended. */
void tariff_cover(struct world *world);
/* What is billed for a life from running_s to ended_s, INT64_MAX while it goes on, that whoever
 * launched it has ended: at list price and not prepaid. */
struct bill tariff_bill(const struct scenario *scenario, int64_t running_s, int64_t ended_s);
/* The instance is prepaid since then, or RECORD_NEVER. */
void tariff_prepay(struct bill *bill, int64_t prepaid_since_s);
/* The seconds it has run within the measured window. */
int64_t tariff_running_s(const struct world *world, const struct instance *instance);

#endif
