/* What was watched, as traces. */
#include "record/results.h"
#include "record/watched.h"

#include "base/memory.h"
#include "traces/fleet_history.h"

#include <stdlib.h>

enum { WATCH_SINCE_VERSION = 5, UNKNOWN_YET_S = FLEET_NOTICE_S + FLEET_EVENT_LATE_S };

int watched_each_price(struct results *results, const char *recordings,
                       void (*take)(const struct price_record *price, void *context), void *context,
                       struct error *err)
{
    sqlite3_stmt *row = NULL;
    int result = 0;
    if (results->version < WATCH_SINCE_VERSION)
        return STATUS_OK;
    int status = results_query(results, &row,
                               memory_format("SELECT zone, instance_type, product, time_s,"
                                             " micro_usd_per_hour FROM watch_price"
                                             " WHERE recording IN (%s) ORDER BY 1, 2, 3, 4, 5",
                                             recordings),
                               err);
    while (!status && (result = sqlite3_step(row)) == SQLITE_ROW) {
        struct price_record price = {.time_s = sqlite3_column_int64(row, 3),
                                     .micro_usd_per_hour = sqlite3_column_int64(row, 4)};
        results_line(row, 0, price.zone, sizeof price.zone);
        results_line(row, 1, price.instance_type, sizeof price.instance_type);
        results_line(row, 2, price.product, sizeof price.product);
        take(&price, context);
    }
    return results_query_end(results, row, status, result, err);
}

/* Fill `history` with what the recordings have. */
static int read_history(struct results *results, const char *recordings,
                        struct fleet_history *history, struct error *err)
{
    sqlite3_stmt *row = NULL;
    int result = 0;
    int status =
        results_query(results, &row,
                      memory_format("SELECT time_s, type, sub_type, instance FROM watch_event"
                                    " WHERE recording IN (%s)",
                                    recordings),
                      err);
    while (!status && (result = sqlite3_step(row)) == SQLITE_ROW)
        fleet_history_event(
            history, sqlite3_column_int64(row, 0), (const char *)sqlite3_column_text(row, 1),
            (const char *)sqlite3_column_text(row, 2), (const char *)sqlite3_column_text(row, 3));
    status = results_query_end(results, row, status, result, err);
    row = NULL;
    if (!status)
        status =
            results_query(results, &row,
                          memory_format("SELECT instance, zone, instance_type FROM watch_instance"
                                        " WHERE recording IN (%s)",
                                        recordings),
                          err);
    while (!status && (result = sqlite3_step(row)) == SQLITE_ROW)
        fleet_history_instance(history, (const char *)sqlite3_column_text(row, 0),
                               (const char *)sqlite3_column_text(row, 1),
                               (const char *)sqlite3_column_text(row, 2));
    return row ? results_query_end(results, row, status, result, err) : status;
}

static int tell_interruptions(struct results *results, const char *recordings,
                              const struct record_receiver *receiver, struct hash *hash,
                              struct error *err)
{
    struct fleet_history history = {0};
    size_t count = 0;
    int status = read_history(results, recordings, &history, err);
    struct interruption_step *steps = fleet_history_interruptions(&history, &count);
    for (size_t i = 0; !status && i < count; i++) {
        const struct interruption_step *step = &steps[i];
        hash_add_int64(hash, step->time_s);
        hash_add_string(hash, step->zone);
        hash_add_string(hash, step->instance_type);
        hash_add_int64(hash, step->instances);
        if (step->zone[0])
            status = receiver->interruption(step, (int64_t)i + 1, receiver->context);
        else
            status = receiver->refused(
                (int64_t)i + 1, "an instance was terminated of which nobody told where it was",
                receiver->context);
    }
    free(steps);
    fleet_history_clean_up(&history);
    return status;
}

/* The time [from_s, to_s) of every pool. */
static int tell_known(struct results *results, const char *recordings, int64_t from_s, int64_t to_s,
                      const struct record_receiver *receiver, struct hash *hash, struct error *err)
{
    sqlite3_stmt *row = NULL;
    int result = 0;
    if (to_s <= from_s)
        return STATUS_OK;
    int status = results_query(results, &row,
                               memory_format("SELECT DISTINCT zone, instance_type FROM watch_pool"
                                             " WHERE recording IN (%s) ORDER BY 1, 2",
                                             recordings),
                               err);
    hash_add_int64(hash, from_s);
    hash_add_int64(hash, to_s);
    while (!status && (result = sqlite3_step(row)) == SQLITE_ROW) {
        struct trace_coverage known = {
            .what = COVERS_INTERRUPTIONS, .first_s = from_s, .end_s = to_s};
        results_line(row, 0, known.zone, sizeof known.zone);
        results_line(row, 1, known.instance_type, sizeof known.instance_type);
        hash_add_string(hash, known.zone);
        hash_add_string(hash, known.instance_type);
        status = receiver->coverage(&known, receiver->context);
    }
    return results_query_end(results, row, status, result, err);
}

int watched_tell(struct results *results, const char *recordings,
                 const struct record_receiver *receiver, struct hash *hash, struct error *err)
{
    sqlite3_stmt *row = NULL;
    int result = 0;
    int64_t from_s = 0;
    int64_t to_s = 0;
    if (results->version < WATCH_SINCE_VERSION)
        return STATUS_OK;
    int status = tell_interruptions(results, recordings, receiver, hash, err);
    if (!status)
        status =
            results_query(results, &row,
                          memory_format("SELECT DISTINCT since_s, time_s FROM watch WHERE status="
                                        "'ok' AND recording IN (%s) ORDER BY time_s",
                                        recordings),
                          err);
    while (!status && (result = sqlite3_step(row)) == SQLITE_ROW) {
        int64_t since_s = sqlite3_column_int64(row, 0);
        if (since_s > to_s) {
            status =
                tell_known(results, recordings, from_s, to_s - UNKNOWN_YET_S, receiver, hash, err);
            from_s = since_s;
        }
        to_s = sqlite3_column_int64(row, 1);
    }
    status = results_query_end(results, row, status, result, err);
    return status
               ? status
               : tell_known(results, recordings, from_s, to_s - UNKNOWN_YET_S, receiver, hash, err);
}
