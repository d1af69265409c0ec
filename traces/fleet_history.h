/* What the history of a Spot Fleet (DescribeSpotFleetRequestHistory) says of interruptions: one
 * rule for recordings and for what is fetched.
 *
 * An interruption is an instance's `terminated` without a `termination_notified` (which AWS sends
 * where the fleet itself scales in), unless the fleet request was cancelled or had expired by then.
 * Its time is that of its notice, taken to be 120 s before. The history gives no reasons: who was
 * ended by hand, or replaced as unhealthy or at risk, is taken for interrupted.
 *
 * Places come from elsewhere, for an instance may have been launched before the history begins.
 */
#ifndef TRACES_FLEET_HISTORY_H
#define TRACES_FLEET_HISTORY_H

#include "traces/facts.h"
#include "traces/trace.h"

enum {
    FLEET_NOTICE_S = 120,
    FLEET_EVENT_LATE_S = 30, /* events may be seen so much late (AWS) */
    FLEET_EVENT_KEPT_S = 48 * 3600,
};

struct fleet_event {
    int64_t time_s;
    char type[32];
    char sub_type[64];
    char instance[32];
};

struct fleet_instance {
    char instance[32];
    char zone[NAME_LIMIT];
    char instance_type[NAME_LIMIT];
};

/* Zero-initialise; free with fleet_history_clean_up. */
struct fleet_history {
    struct fleet_event *events;
    size_t event_count;
    size_t event_capacity;
    struct fleet_instance *instances;
    size_t instance_count;
    size_t instance_capacity;
};

/* NULL is as good as "". Told twice counts once. */
void fleet_history_event(struct fleet_history *history, int64_t time_s, const char *type,
                         const char *sub_type, const char *instance);
/* Passed over where any of them is empty. */
void fleet_history_instance(struct fleet_history *history, const char *instance, const char *zone,
                            const char *instance_type);
void fleet_history_clean_up(struct fleet_history *history);

/* When the request was made, INT64_MIN; when its instances were ended with it, INT64_MAX: where the
 * events do not say. */
int64_t fleet_history_begin(const struct fleet_history *history);
int64_t fleet_history_end(const struct fleet_history *history);

/* The interruptions, by time, zone, type; zone and type are "" where nobody told the place. Texts
 * are borrowed from the history, whose lists are sorted by this. To be freed. */
struct interruption_step *fleet_history_interruptions(struct fleet_history *history,
                                                      size_t *out_count);

#endif
