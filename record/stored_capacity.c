/* Reading what a recorded run had: its account, its launches, its capacity rebalancing. */
#include "base/decimal.h"
#include "record/row.h"

#include <string.h>

static int64_t column_micro(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    int64_t micro = 0;
    if (text)
        decimal_parse(text, strlen(text), &micro);
    return micro;
}

/* Columns time_s, required_units, ... of capacity_change. */
static struct record_capacity column_capacity(sqlite3_stmt *statement)
{
    return (struct record_capacity){.time_s = sqlite3_column_int64(statement, 0),
                                    .required_micro = column_micro(statement, 1),
                                    .spot_up_micro = column_micro(statement, 2),
                                    .on_demand_up_micro = column_micro(statement, 3),
                                    .fleet_target_micro = column_micro(statement, 4),
                                    .fleet_fulfilled_micro = column_micro(statement, 5),
                                    .group_desired = sqlite3_column_int64(statement, 6),
                                    .group_running = sqlite3_column_int64(statement, 7)};
}

#define CAPACITY_COLUMNS                                                                           \
    "time_s, required_units, spot_up_units, on_demand_up_units, fleet_target_units,"               \
    " fleet_fulfilled_units, group_desired, group_running"

int results_capacity_at(struct results *results, int64_t run, int64_t time_s,
                        struct record_capacity *out_capacity, bool *out_found, struct error *err)
{
    struct row row;
    int status =
        row_begin(&row, results,
                  "SELECT " CAPACITY_COLUMNS " FROM capacity_change WHERE run=?1 AND time_s<=?2"
                  " ORDER BY time_s DESC LIMIT 1",
                  err);
    if (status)
        return status;
    row_integer(&row, run);
    row_integer(&row, time_s);
    *out_found = row_next(&row);
    if (*out_found)
        *out_capacity = column_capacity(row.statement);
    return row_close(&row, STATUS_OK, err);
}

/* More than any group has. What is larger nobody recorded, and would overflow what is made of it.
 */
enum { INSTANCES_MOST = 1000000000 };

int results_each_capacity(struct results *results, int64_t run,
                          void (*take)(const struct record_capacity *capacity, void *context),
                          void *context, struct error *err)
{
    struct row row;
    int status = row_begin(
        &row, results,
        "SELECT " CAPACITY_COLUMNS " FROM capacity_change WHERE run=?1 ORDER BY time_s", err);
    if (status)
        return status;
    row_integer(&row, run);
    while (!status && row_next(&row)) {
        const struct record_capacity capacity = column_capacity(row.statement);
        if (capacity.group_desired < 0 || capacity.group_desired > INSTANCES_MOST)
            status = error_set(err, STATUS_BAD_INPUT,
                               "%s: is damaged: a group's desired capacity of %lld: record anew",
                               results->path, (long long)capacity.group_desired);
        else
            take(&capacity, context);
    }
    return row_close(&row, status, err);
}

static int64_t column_time(sqlite3_stmt *statement, int column)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL
               ? RECORD_NEVER
               : sqlite3_column_int64(statement, column);
}

int results_launches_at(struct results *results, int64_t run, int64_t time_s,
                        struct stored_launches *out_launches, struct error *err)
{
    *out_launches = (struct stored_launches){0};
    struct row row;
    int status = row_begin(&row, results,
                           "SELECT count(*), min(running_s), max(joined_s) FROM instance"
                           " WHERE run=?1 AND requested_s=?2 AND kind='on-demand' AND NOT warm",
                           err);
    if (status)
        return status;
    row_integer(&row, run);
    row_integer(&row, time_s);
    if (row_next(&row))
        *out_launches =
            (struct stored_launches){.instances = sqlite3_column_int64(row.statement, 0),
                                     .first_running_s = column_time(row.statement, 1),
                                     .last_joined_s = column_time(row.statement, 2)};
    return row_close(&row, STATUS_OK, err);
}

int results_rebalance_at(struct results *results, int64_t run, int64_t time_s,
                         struct stored_rebalance *out_rebalance, struct error *err)
{
    *out_rebalance = (struct stored_rebalance){0};
    if (results->version < 3)
        return STATUS_OK;
    struct row row;
    int status =
        row_begin(&row, results,
                  "SELECT total(recommended_s<=?2), total(released_s<=?2), total(replacement)"
                  " FROM rebalance JOIN instance USING(run, instance)"
                  " WHERE run=?1 AND requested_s<=?2 AND (ended_s IS NULL OR ended_s>?2)",
                  err);
    if (status)
        return status;
    row_integer(&row, run);
    row_integer(&row, time_s);
    if (row_next(&row))
        *out_rebalance =
            (struct stored_rebalance){.marked = sqlite3_column_int64(row.statement, 0),
                                      .released = sqlite3_column_int64(row.statement, 1),
                                      .replacements = sqlite3_column_int64(row.statement, 2)};
    return row_close(&row, STATUS_OK, err);
}
