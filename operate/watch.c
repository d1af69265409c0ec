#include "operate/watch.h"

#include "live/watch.h"
#include "record/watched.h"

/* AWS shows events up to 30 s late: those of so long before the last look are asked for again. A
 * first look asks for the launches of an hour, so that who began just before it is known. Events
 * are kept for 48 h: after a longer pause it begins anew. */
enum { AGAIN_S = 120, FIRST_S = 3600, KEPT_S = 47 * 3600 };

static int store(struct recording *recording, const struct live_watched *watched, int64_t now_s,
                 int64_t since_s, struct error *err)
{
    int status = watched_begin(recording, now_s, since_s, err);
    if (status)
        return status;
    for (size_t i = 0; !status && i < watched->fleet.pool_count; i++) {
        const struct aws_pool *pool = &watched->fleet.pools[i];
        if (pool->zone[0])
            status = watched_pool(recording, pool->zone, pool->instance_type, err);
    }
    for (size_t i = 0; !status && i < watched->price_count; i++) {
        const struct aws_spot_price *price = &watched->prices[i];
        if (live_watched_is_price(watched, price))
            status = watched_price(recording, price->zone, price->instance_type, price->product,
                                   price->time_s, price->micro_usd_per_hour, err);
    }
    for (size_t i = 0; !status && i < watched->instance_count; i++) {
        const struct aws_spot_instance *instance = &watched->instances[i];
        status = watched_instance(recording, instance->instance_id, instance->zone,
                                  instance->instance_type, err);
        /* A request that names no zone has its pools where its instances are. */
        if (!status)
            status = watched_pool(recording, instance->zone, instance->instance_type, err);
    }
    for (size_t i = 0; !status && i < watched->event_count; i++) {
        const struct aws_fleet_event *event = &watched->events[i];
        status = watched_event(recording,
                               &(struct watched_event){event->time_s, event->type, event->sub_type,
                                                       event->instance_id, event->instance_type,
                                                       event->zone},
                               err);
    }
    return watched_end(recording, status, err);
}

void live_watch_and_record(const struct live_watch_task *task, int64_t now_s)
{
    struct error err = {0};
    struct aws_error error = {0};
    struct live_watched watched;
    int64_t tried_s = RECORD_NEVER;
    int64_t seen_s = RECORD_NEVER;
    if (task->every_s == 0)
        return;
    int status = watched_last(task->recording, &tried_s, &seen_s, &err);
    if (!status && tried_s != RECORD_NEVER && now_s >= tried_s && now_s - tried_s < task->every_s)
        return;
    bool goes_on = seen_s != RECORD_NEVER && now_s >= seen_s && now_s - seen_s < KEPT_S;
    int64_t since_s = goes_on ? seen_s : now_s;
    if (!status &&
        live_watch(task->client, task->account, task->names, goes_on ? since_s - AGAIN_S : now_s,
                   since_s - (goes_on ? AGAIN_S : FIRST_S), now_s, &watched, &error, &err)) {
        live_warn(task->log, "the fleet's prices and events are not recorded: %s", err.text);
        status = watched_failed(task->recording, now_s, error.code, &err);
    } else if (!status) {
        status = store(task->recording, &watched, now_s, since_s, &err);
        if (task->metrics)
            metrics_spend(task->metrics, &watched, task->names->product, now_s);
        live_watched_clean_up(&watched);
    }
    if (status)
        live_warn(task->log, "the fleet's prices and events are not recorded: %s", err.text);
}
