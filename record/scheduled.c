/* What perfect knowledge would have bought, as it was recorded. */
#include "base/decimal.h"
#include "record/row.h"

#include <string.h>

/* Written as a decimal; 0 where it is none, which no writer of ours leaves. */
static int64_t weight_micro(sqlite3_stmt *row, int column)
{
    int64_t micro = 0;
    const char *text = (const char *)sqlite3_column_text(row, column);
    if (!text || decimal_parse(text, strlen(text), &micro) != DECIMAL_OK)
        return 0;
    return micro;
}

static void take_scheduled(sqlite3_stmt *row, enum record_bound bound,
                           void (*take)(const struct record_scheduled *scheduled, void *context),
                           void *context)
{
    const struct record_scheduled item = {
        .bound = bound,
        .item = sqlite3_column_int64(row, 0),
        .kind = strcmp((const char *)sqlite3_column_text(row, 1), "spot") == 0 ? RECORD_SPOT
                                                                               : RECORD_ON_DEMAND,
        .instance_type = (const char *)sqlite3_column_text(row, 2),
        .zone = (const char *)sqlite3_column_text(row, 3),
        .instances = sqlite3_column_int64(row, 4),
        .weight_micro = weight_micro(row, 5),
        .warm = sqlite3_column_int(row, 6),
        .requested_s = sqlite3_column_int64(row, 7),
        .running_s = sqlite3_column_int64(row, 8),
        .joined_s = sqlite3_column_int64(row, 9),
        .ended_s = sqlite3_column_int64(row, 10),
        .serves_until_s = sqlite3_column_int64(row, 11),
        .ended_by_ec2 = strcmp((const char *)sqlite3_column_text(row, 12), "ec2") == 0,
        .cost_micro_usd_s = sqlite3_column_int64(row, 13),
    };
    take(&item, context);
}

int results_scheduled_at(struct results *results, int64_t run, enum record_bound bound,
                         int64_t time_s,
                         void (*take)(const struct record_scheduled *scheduled, void *context),
                         void *context, bool *out_known, struct error *err)
{
    *out_known = false;
    if (results->version < 6)
        return STATUS_OK;
    struct row row;
    int status = row_begin(
        &row, results,
        "SELECT item, kind, instance_type, zone, instances, CAST(weight_units AS TEXT), warm,"
        " requested_s, running_s, joined_s, ended_s, serves_until_s, end, cost_micro_usd_s"
        " FROM schedule WHERE run=?1 AND bound=?2 ORDER BY item",
        err);
    if (status)
        return status;
    row_integer(&row, run);
    row_text(&row, record_bound_name(bound));
    while (row_next(&row)) {
        *out_known = true;
        if (sqlite3_column_int64(row.statement, 7) <= time_s &&
            time_s < sqlite3_column_int64(row.statement, 10))
            take_scheduled(row.statement, bound, take, context);
    }
    return row_close(&row, STATUS_OK, err);
}
