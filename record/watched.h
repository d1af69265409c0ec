/* What a recording keeps of the fleet's surroundings, whether the policy asked for it or not:
 * prices, events and instances, looked at now and then ("watches"). Tables watch, watch_pool,
 * watch_price, watch_event, watch_instance (docs/results.md).
 *
 *     status = watched_begin(recording, now_s, since_s, err);
 *     ... watched_price, watched_event, ... each, as long as status is STATUS_OK
 *     status = watched_end(recording, status, err);
 *
 * A watch is kept whole or not at all. What was kept before is passed over.
 */
#ifndef RECORD_WATCHED_H
#define RECORD_WATCHED_H

#include "record/recording.h"
#include "traces/reader.h"

/* When this fleet and group were last watched, whatever the settings: *out_tried_s successfully or
 * not, *out_seen_s successfully; RECORD_NEVER. */
int watched_last(struct recording *recording, int64_t *out_tried_s, int64_t *out_seen_s,
                 struct error *err);

/* A watch at time_s, which saw all that happened since since_s. */
int watched_begin(struct recording *recording, int64_t time_s, int64_t since_s, struct error *err);
int watched_pool(struct recording *recording, const char *zone, const char *instance_type,
                 struct error *err);
int watched_price(struct recording *recording, const char *zone, const char *instance_type,
                  const char *product, int64_t time_s, int64_t micro_usd_per_hour,
                  struct error *err);
int watched_instance(struct recording *recording, const char *instance, const char *zone,
                     const char *instance_type, struct error *err);

/* As DescribeSpotFleetRequestHistory tells it; "" for what it does not say. */
struct watched_event {
    int64_t time_s;
    const char *type;
    const char *sub_type;
    const char *instance;
    const char *instance_type;
    const char *zone;
};
int watched_event(struct recording *recording, const struct watched_event *event,
                  struct error *err);
/* Keep it; or, with a status other than STATUS_OK, forget it. Returns the first error of either. */
int watched_end(struct recording *recording, int status, struct error *err);
/* A watch that failed, with AWS's code. */
int watched_failed(struct recording *recording, int64_t time_s, const char *code,
                   struct error *err);

/* ---- reading back ------------------------------------------------------------------------------
 */

/* Of these recordings of one fleet and group: "3,4". Nothing in a file older than the tables. */

int watched_each_price(struct results *results, const char *recordings,
                       void (*take)(const struct price_record *price, void *context), void *context,
                       struct error *err);

/* Tell of interruptions and of which time they are known, and add what was told to `hash`.
 *
 * What an interruption is says traces/fleet_history.h. Known is the time that watches have seen
 * without a gap, less the two minutes of a notice and the 30 s that events may be late. */
int watched_tell(struct results *results, const char *recordings,
                 const struct record_receiver *receiver, struct hash *hash, struct error *err);

#endif
