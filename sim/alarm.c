/* The CloudWatch alarm on PendingCapacity: above 0, one period of 60 s.
 *
 * The newest readable point within the evaluation range decides; actions fire on transitions only.
 * It is looked at when a point becomes readable, and when the deciding point leaves the range.
 */
#include "base/timestamp.h"
#include "seconds.h"

enum {
    ALARM_PERIOD_S = 60,
    /* The service looks further back than the one period it needs: assumption N + 2 periods. */
    ALARM_RANGE_S = 3 * ALARM_PERIOD_S,
};

void alarm_look(struct world *world)
{
    struct alarm *alarm = &world->alarm;
    enum alarm_state before = alarm->state;
    const struct metric_sample *newest = metrics_newest(&world->metrics, world->now_s);
    int64_t oldest_s = timestamp_floor(world->now_s, ALARM_PERIOD_S) - ALARM_RANGE_S;
    if (newest && newest->stamp_s >= oldest_s) {
        alarm->state = alarm_says(newest->values.micro[METRIC_PENDING]);
        alarm->expires_s = newest->stamp_s + ALARM_RANGE_S + ALARM_PERIOD_S;
    } else {
        alarm->state = ALARM_INSUFFICIENT_DATA;
        alarm->expires_s = INT64_MAX;
    }
    if (alarm->state == ALARM_ALARM && before != ALARM_ALARM)
        alarm->fired = true;
}

/* A point that has left the range by the time it becomes readable never says anything. */
static bool comes_too_late(const struct metric_sample *sample)
{
    if (sample->readable_s - sample->stamp_s <= ALARM_RANGE_S) /* as almost always */
        return false;
    return sample->stamp_s < timestamp_floor(sample->readable_s, ALARM_PERIOD_S) - ALARM_RANGE_S;
}

bool alarm_rests(const struct world *world, const struct metric_sample *newest,
                 int64_t pending_micro)
{
    const struct alarm *alarm = &world->alarm;
    if (alarm->expected > 0)
        return false;
    return comes_too_late(newest) ||
           (alarm->state == alarm_says(pending_micro) &&
            newest->readable_s + world->metrics.period_s < alarm->expires_s);
}

void alarm_goes_on(struct world *world, const struct metric_sample *newest)
{
    if (!comes_too_late(newest))
        world->alarm.expires_s = newest->stamp_s + ALARM_RANGE_S + ALARM_PERIOD_S;
}

void alarm_expect(struct world *world, int64_t readable_s)
{
    struct alarm *alarm = &world->alarm;
    const struct metric_sample *newest = metrics_back(&world->metrics, 0);
    if (comes_too_late(newest))
        return;
    if (alarm->expected == 0 && alarm->state == alarm_says(newest->values.micro[METRIC_PENDING]) &&
        readable_s < alarm->expires_s) {
        /* It will say what the alarm already knows, before that has expired: only the expiry moves.
         */
        alarm->expires_s = newest->stamp_s + ALARM_RANGE_S + ALARM_PERIOD_S;
        return;
    }
    alarm->expected++;
    event_push(&world->queue, readable_s, EVENT_METRIC_READABLE, 0);
}
