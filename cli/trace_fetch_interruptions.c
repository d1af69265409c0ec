/* ballast trace fetch --interruptions: who was interrupted, from the history of a fleet. */
#include "base/hash.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "live/account.h"
#include "live/profiles.h"
#include "trace_fetch.h"
#include "traces/fetched.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct told {
    struct aws_spot_fleet fleet; /* its pools */
    struct fleet_history history;
    const char **running; /* instances, borrowed from `instances` */
    struct aws_spot_instance *instances;
    size_t instance_count;
    struct interruption_step *steps;
    size_t step_count;
    int64_t from_s; /* interruptions are told of [from_s, to_s) */
    int64_t to_s;
};

static void clean_up(struct told *told)
{
    aws_spot_fleet_clean_up(&told->fleet);
    fleet_history_clean_up(&told->history);
    free(told->running);
    free(told->instances);
    free(told->steps);
}

/* ---- what AWS says ----------------------------------------------------------------------------
 */

static int ask_pools(struct fetch *fetch, struct told *told, struct error *err)
{
    const struct live_account_names names = {.fleet_id = fetch->request->fleet};
    struct live_account *account =
        live_account_new(&fetch->session.client, &names, &fetch->session.log);
    struct aws_error error;
    int status = live_account_pools(account, &told->fleet, &error, err);
    live_account_destroy(account);
    return status
               ? fetch_failed(&error, "ec2:DescribeSpotFleetRequests and ec2:DescribeSubnets", err)
               : STATUS_OK;
}

/* Before the events: whoever ends in between is known from here, whoever begins from there. */
static int ask_running(struct fetch *fetch, struct told *told, struct error *err)
{
    struct aws_error error;
    int status =
        aws_describe_spot_instances_of_fleet(&fetch->session.client, fetch->request->fleet,
                                             &told->instances, &told->instance_count, &error, err);
    if (status)
        return fetch_failed(&error, "ec2:DescribeInstances", err);
    told->running = memory_new(told->instance_count + 1, sizeof *told->running);
    for (size_t i = 0; i < told->instance_count; i++) {
        const struct aws_spot_instance *instance = &told->instances[i];
        told->running[i] = instance->instance_id;
        fleet_history_instance(&told->history, instance->instance_id, instance->zone,
                               instance->instance_type);
    }
    return STATUS_OK;
}

static int ask_events(struct fetch *fetch, struct told *told, struct error *err)
{
    struct aws_fleet_event *events = NULL;
    struct aws_error error;
    size_t count = 0;
    int status = aws_describe_spot_fleet_request_history(
        &fetch->session.client, fetch->request->fleet, fetch->now_s - FLEET_EVENT_KEPT_S, &events,
        &count, &error, err);
    for (size_t i = 0; i < count; i++) {
        const struct aws_fleet_event *event = &events[i];
        fleet_history_event(&told->history, event->time_s, event->type, event->sub_type,
                            event->instance_id);
        fleet_history_instance(&told->history, event->instance_id, event->zone,
                               event->instance_type);
    }
    free(events);
    return status ? fetch_failed(&error, "ec2:DescribeSpotFleetRequestHistory", err) : STATUS_OK;
}

/* A pool in no zone is in no place. */
static void warn_of_placeless(struct fetch *fetch, const struct told *told)
{
    for (size_t i = 0; i < told->fleet.pool_count; i++) {
        const struct aws_pool *pool = &told->fleet.pools[i];
        if (!pool->zone[0])
            live_warn(&fetch->session.log,
                      "the request of %s names neither zone nor subnet for %s: of which time its "
                      "interruptions are known is not kept",
                      fetch->request->fleet, pool->instance_type);
    }
}

/* ---- of which time it is told -----------------------------------------------------------------
 */

/* From where it was known, or as far back as AWS remembers and the fleet was there; until what may
 * yet be seen late, or the fleet's end. */
static void choose_span(struct fetch *fetch, struct told *told, int64_t known_s)
{
    int64_t oldest_s = fetch->now_s - FLEET_EVENT_KEPT_S;
    int64_t begin_s = fleet_history_begin(&told->history);
    int64_t end_s = fleet_history_end(&told->history);
    char until[TIMESTAMP_TEXT_SIZE];
    char from[TIMESTAMP_TEXT_SIZE];
    told->from_s = known_s > oldest_s ? known_s : oldest_s;
    told->from_s = begin_s > told->from_s ? begin_s : told->from_s;
    told->to_s = fetch->now_s - FLEET_NOTICE_S - FLEET_EVENT_LATE_S;
    told->to_s = end_s < told->to_s ? end_s : told->to_s;
    if (known_s != INT64_MIN && known_s < oldest_s)
        live_warn(&fetch->session.log,
                  "what happened to %s from %s to %s is lost: AWS keeps a fleet's events for 48 "
                  "hours",
                  fetch->request->fleet, timestamp_format(known_s, until),
                  timestamp_format(oldest_s, from));
}

/* Where it is not known in which place somebody was interrupted, nothing is known: it is told from
 * after the last such interruption on. */
static void pass_unplaced(struct fetch *fetch, struct told *told)
{
    int64_t unplaced = 0;
    int64_t last_s = 0;
    for (size_t i = 0; i < told->step_count; i++) {
        const struct interruption_step *step = &told->steps[i];
        if (step->zone[0] || step->time_s < told->from_s || step->time_s >= told->to_s)
            continue;
        unplaced += step->instances;
        last_s = step->time_s;
    }
    if (!unplaced)
        return;
    char time[TIMESTAMP_TEXT_SIZE];
    live_warn(&fetch->session.log,
              "%" PRId64 " instances were interrupted by %s of which AWS no longer says where they "
              "were: interruptions are known from then on only; fetch more often",
              unplaced, timestamp_format(last_s, time));
    told->from_s = last_s + 1;
}

/* ---- to the importer --------------------------------------------------------------------------
 */

static bool told_before(const struct aws_spot_fleet *fleet, size_t count)
{
    const struct aws_pool *pool = &fleet->pools[count];
    for (size_t i = 0; i < count; i++) {
        if (strcmp(fleet->pools[i].zone, pool->zone) == 0 &&
            strcmp(fleet->pools[i].instance_type, pool->instance_type) == 0)
            return true;
    }
    return false;
}

static int tell_known(const struct told *told, const struct record_receiver *receiver,
                      struct hash *hash)
{
    int status = STATUS_OK;
    hash_add_int64(hash, told->from_s);
    hash_add_int64(hash, told->to_s);
    for (size_t i = 0; !status && i < told->fleet.pool_count; i++) {
        const struct aws_pool *pool = &told->fleet.pools[i];
        if (!pool->zone[0] || told_before(&told->fleet, i))
            continue;
        struct trace_coverage known = {
            .what = COVERS_INTERRUPTIONS, .first_s = told->from_s, .end_s = told->to_s};
        snprintf(known.zone, sizeof known.zone, "%s", pool->zone);
        snprintf(known.instance_type, sizeof known.instance_type, "%s", pool->instance_type);
        hash_add_string(hash, known.zone);
        hash_add_string(hash, known.instance_type);
        status = receiver->coverage(&known, receiver->context);
    }
    return status;
}

static int tell(const struct record_receiver *receiver, char out_hash[HASH_TEXT_SIZE],
                struct error *err, void *context)
{
    (void)err;
    const struct told *told = context;
    struct hash *hash = hash_new();
    int status = STATUS_OK;
    hash_add_string(hash, "fleet history");
    for (size_t i = 0; !status && i < told->step_count; i++) {
        const struct interruption_step *step = &told->steps[i];
        if (step->time_s < told->from_s || step->time_s >= told->to_s)
            continue;
        hash_add_int64(hash, step->time_s);
        hash_add_string(hash, step->zone);
        hash_add_string(hash, step->instance_type);
        hash_add_int64(hash, step->instances);
        status = receiver->interruption(step, (int64_t)i + 1, receiver->context);
    }
    if (!status)
        status = tell_known(told, receiver, hash);
    hash_finish(hash, out_hash);
    return status;
}

static int take(struct fetch *fetch, struct told *told, const char *source, struct error *err)
{
    const struct fetch_request *request = fetch->request;
    const struct record_teller teller = {KIND_FLEET_HISTORY, tell, told};
    int64_t known_s = INT64_MIN;
    int status = fetched_history_until(fetch->database, request->into, source, &known_s, err);
    if (status)
        return status;
    choose_span(fetch, told, known_s);
    told->steps = fleet_history_interruptions(&told->history, &told->step_count);
    pass_unplaced(fetch, told);
    warn_of_placeless(fetch, told);
    status = fetched_places_store(fetch->database, request->into, request->fleet, &told->history,
                                  told->running, told->instance_count, err);
    if (!status && told->from_s < told->to_s)
        status = fetch_store(fetch, source, NULL, &teller, err);
    if (!status && told->from_s < told->to_s) {
        char from[TIMESTAMP_TEXT_SIZE];
        char to[TIMESTAMP_TEXT_SIZE];
        printf("interruptions of %s: known from %s to %s\n", request->fleet,
               timestamp_format(told->from_s, from), timestamp_format(told->to_s, to));
    }
    return status;
}

int fetch_interruptions(struct fetch *fetch, struct error *err)
{
    const struct fetch_request *request = fetch->request;
    struct told told = {0};
    char *source = memory_format("%s %s", fetch->session.settings.region, request->fleet);
    int status =
        fetched_places_load(fetch->database, request->into, request->fleet, &told.history, err);
    if (!status)
        status = ask_pools(fetch, &told, err);
    if (!status)
        status = ask_running(fetch, &told, err);
    if (!status)
        status = ask_events(fetch, &told, err);
    if (!status)
        status = take(fetch, &told, source, err);
    clean_up(&told);
    free(source);
    return status;
}
