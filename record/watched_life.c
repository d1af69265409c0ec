#include "record/watched_life.h"

#include "base/memory.h"
#include "record/results.h"

enum { WATCH_SINCE_VERSION = 5, LATE_S = 30 };

static int64_t time_or_never(sqlite3_stmt *row, int column)
{
    return sqlite3_column_type(row, column) == SQLITE_NULL ? RECORD_NEVER
                                                           : sqlite3_column_int64(row, column);
}

/* Instance, zone, type, launched, ended, interrupted. */
static char *lives_sql(const char *r)
{
    return memory_format(
        "WITH e AS (SELECT DISTINCT time_s, sub_type, instance FROM watch_event WHERE"
        " recording IN (%s) AND type='instanceChange' AND instance<>''),"
        " p AS (SELECT instance, min(zone) AS zone, min(instance_type) AS instance_type"
        " FROM watch_instance WHERE recording IN (%s) GROUP BY instance),"
        " l AS (SELECT instance, min(CASE sub_type WHEN 'launched' THEN time_s END) AS launched_s,"
        " min(CASE sub_type WHEN 'terminated' THEN time_s END) AS ended_s,"
        " sum(sub_type='termination_notified') AS notified FROM e GROUP BY instance"
        " UNION ALL SELECT instance, NULL, NULL, 0 FROM p WHERE instance NOT IN"
        " (SELECT instance FROM e))"
        " SELECT instance, zone, instance_type, launched_s, ended_s, ended_s IS NOT NULL AND"
        " notified=0 AND ended_s < ifnull((SELECT min(time_s) FROM watch_event WHERE recording IN"
        " (%s) AND type='fleetRequestChange' AND sub_type IN ('cancelled_terminating','expired')),"
        " 9e15) FROM l LEFT JOIN p USING(instance)"
        " ORDER BY launched_s IS NOT NULL, launched_s, instance",
        r, r, r);
}

int watched_lives(struct results *results, const char *recordings, struct watched_life **out_lives,
                  size_t *out_count, struct error *err)
{
    sqlite3_stmt *row = NULL;
    size_t capacity = 0;
    int result = SQLITE_DONE;
    *out_lives = NULL;
    *out_count = 0;
    if (results->version < WATCH_SINCE_VERSION)
        return STATUS_OK;
    int status = results_query(results, &row, lives_sql(recordings), err);
    while (!status && (result = sqlite3_step(row)) == SQLITE_ROW) {
        struct watched_life life = {.launched_s = time_or_never(row, 3),
                                    .ended_s = time_or_never(row, 4),
                                    .interrupted = sqlite3_column_int(row, 5) != 0};
        results_line(row, 0, life.instance, sizeof life.instance);
        results_line(row, 1, life.zone, sizeof life.zone);
        results_line(row, 2, life.instance_type, sizeof life.instance_type);
        ARRAY_PUSH(*out_lives, *out_count, capacity, life);
    }
    return results_query_end(results, row, status, result, err);
}

/* Keep the longer of two stretches. */
static void longer(int64_t from_s, int64_t to_s, int64_t *best_from_s, int64_t *best_to_s)
{
    if (to_s - from_s > *best_to_s - *best_from_s) {
        *best_from_s = from_s;
        *best_to_s = to_s;
    }
}

int watched_span(struct results *results, const char *recordings, int64_t *out_from_s,
                 int64_t *out_to_s, int64_t *out_gaps, struct error *err)
{
    sqlite3_stmt *row = NULL;
    int result = SQLITE_DONE;
    int64_t from_s = 0;
    int64_t to_s = LATE_S; /* nothing was seen yet: an empty stretch */
    bool any = false;
    *out_from_s = *out_to_s = *out_gaps = 0;
    if (results->version < WATCH_SINCE_VERSION)
        return STATUS_OK;
    int status =
        results_query(results, &row,
                      memory_format("SELECT DISTINCT since_s, time_s FROM watch WHERE status="
                                    "'ok' AND recording IN (%s) ORDER BY time_s",
                                    recordings),
                      err);
    while (!status && (result = sqlite3_step(row)) == SQLITE_ROW) {
        int64_t since_s = sqlite3_column_int64(row, 0);
        if (!any || since_s > to_s) {
            if (any)
                longer(from_s, to_s - LATE_S, out_from_s, out_to_s);
            *out_gaps += any;
            from_s = since_s;
            any = true;
        }
        to_s = sqlite3_column_int64(row, 1);
    }
    if (any)
        longer(from_s, to_s - LATE_S, out_from_s, out_to_s);
    return results_query_end(results, row, status, result, err);
}
