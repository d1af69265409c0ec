/* The backup group beside a fleet that nothing ties it to, by cohorts: instances that are launched
 * together in one zone live alike, so they are counted, not gone through one by one.
 *
 * It does what group.c and instances.c do where no launch can fail. Where delays are drawn, or some
 * instances are prepaid, each instance is a cohort of its own.
 */
#ifndef SIM_COHORTS_H
#define SIM_COHORTS_H

#include "accounting.h"
#include "event_queue.h"
#include "policy/cloud.h"
#include "scenario/scenario.h"

struct cohort {
    int64_t running_at_s;    /* planned */
    int64_t join_at_s;       /* planned */
    int64_t prepaid_since_s; /* as an instance's (world.h) */
    int64_t count;           /* of them alive */
    int32_t zone;
    bool running;
    bool joined;
};

struct cohorts {
    const struct scenario *scenario;
    struct accounting *accounting; /* launches and bills are added to it */
    int64_t now_s;
    struct event_queue queue; /* of cohorts: that they run, and that they join */

    int64_t desired_capacity;
    int64_t active_until_s; /* its last activity ends then; RECORD_NEVER before the first */
    int64_t alive;          /* instances */
    int64_t running;        /* of them */
    int64_t serving;        /* of these, joined */
    int64_t prepaid;        /* of the running ones */

    struct cohort *list; /* in order of launch; ended ones too */
    size_t count;
    size_t capacity;
    uint32_t *alive_list; /* indices of cohorts with an instance, in order */
    size_t alive_count;
    size_t alive_capacity;
    int64_t *zone_count; /* instances alive per zone */
    int64_t *zone_share; /* of the launch being made */

    bool apart;          /* each instance is a cohort */
    bool joins;          /* its cluster is the one that serves */
    uint64_t launch_key; /* of the draws */
    int64_t launch_s;    /* the second that launch_number counts in */
    uint64_t launch_number;
    int64_t micro_usd_per_hour; /* discounts taken off */
};

/* As it is before the first second. */
void cohorts_begin(struct cohorts *group, const struct scenario *scenario,
                   struct accounting *accounting);
/* Go through the events of second group->now_s. */
void cohorts_events(struct cohorts *group);
/* From which second on what makes the group smaller is accepted, if nothing is done to it before:
 * when activities in progress will end is known. */
int64_t cohorts_cool_s(const struct cohorts *group);
/* As group_set_desired, now. What makes the group smaller honours the cooldown. */
enum cloud_outcome cohorts_set_desired(struct cohorts *group, int64_t desired);
/* The run is over: bill those that run. */
void cohorts_close(struct cohorts *group);
void cohorts_clean_up(struct cohorts *group);

#endif
