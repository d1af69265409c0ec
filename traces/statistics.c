#include "traces/statistics.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static const char *text(sqlite3_stmt *statement, int column)
{
    const char *value = (const char *)sqlite3_column_text(statement, column);
    return value ? value : "";
}

int trace_each_market(sqlite3 *database, const char *path, const struct market_key *filter,
                      int (*market)(const struct market_entry *entry, void *context), void *context,
                      struct error *err)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(
            database,
            "SELECT zone, instance_type, product, (SELECT count(*) FROM price p WHERE"
            " p.market=m.market) AS records, (SELECT min(time_s) FROM price p WHERE"
            " p.market=m.market), (SELECT max(time_s) FROM price p WHERE p.market=m.market),"
            " EXISTS(SELECT 1 FROM price p JOIN source s USING(source) WHERE p.market=m.market AND"
            " s.synthetic) FROM market m WHERE (?1 IS NULL OR zone=?1) AND (?2 IS NULL OR"
            " instance_type=?2) AND (?3 IS NULL OR product=?3) AND records>0 ORDER BY 2, 1, 3",
            -1, &statement, NULL))
        return trace_database_fail(database, path, err);
    if (filter) {
        sqlite3_bind_text(statement, 1, filter->zone, -1, SQLITE_STATIC);
        sqlite3_bind_text(statement, 2, filter->instance_type, -1, SQLITE_STATIC);
        sqlite3_bind_text(statement, 3, filter->product, -1, SQLITE_STATIC);
    }
    int status = STATUS_OK;
    int result = SQLITE_DONE;
    while (!status && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        const struct market_entry entry = {
            .zone = text(statement, 0),
            .instance_type = text(statement, 1),
            .product = text(statement, 2),
            .records = sqlite3_column_int64(statement, 3),
            .first_s = sqlite3_column_int64(statement, 4),
            .last_s = sqlite3_column_int64(statement, 5),
            .synthetic = sqlite3_column_int(statement, 6),
        };
        status = market(&entry, context);
    }
    if (!status && result != SQLITE_DONE)
        status = trace_database_fail(database, path, err);
    sqlite3_finalize(statement);
    return status;
}

int trace_each_entry(sqlite3 *database, const char *path,
                     int (*entry)(const struct trace_entry *entry, void *context), void *context,
                     struct error *err)
{
    static const char sql[] =
        /* Stretches of time of which interruptions are known, those that touch joined. */
        "WITH c AS (SELECT zone, instance_type, first_s, end_s, max(end_s) OVER (PARTITION BY zone,"
        " instance_type ORDER BY first_s, end_s ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
        " AS before FROM coverage WHERE what=0), k AS (SELECT *, sum(before IS NULL OR"
        " before<first_s) OVER (PARTITION BY zone, instance_type ORDER BY first_s, end_s"
        " ROWS UNBOUNDED PRECEDING) AS stretch FROM c) "
        "SELECT 'source', name, kind, sha256, taken, duplicate, refused, 0, 0, synthetic,"
        " assumed_utc, rounded, newest_first, 0 AS part, source, provider, facts FROM source UNION "
        "ALL "
        "SELECT 'demand', name, '', '', count(*), 0, 0, min(time_s), max(time_s), 0, 0, 0, 0, 1, "
        "0, '', ''"
        " FROM demand GROUP BY name UNION ALL "
        "SELECT 'catalog', name, '', '', count(*), 0, 0, max(from_s), max(from_s), 0, 0, 0, 0, 2, "
        "0, '', '' FROM "
        "catalog"
        " GROUP BY name UNION ALL "
        "SELECT 'interruptions', zone||'/'||instance_type, '', '', count(*), 0, 0, min(time_s),"
        " max(time_s), max(s.synthetic), 0, 0, 0, 3, 0, '', '' FROM interruption JOIN source s"
        " USING(source) GROUP BY zone, instance_type UNION ALL "
        "SELECT 'capacity', zone||'/'||instance_type, '', '', count(*), 0, 0,"
        " (SELECT min(first_s) FROM coverage v WHERE v.what=1 AND v.zone=c.zone AND"
        " v.instance_type=c.instance_type), (SELECT max(end_s) FROM coverage v WHERE v.what=1 AND"
        " v.zone=c.zone AND v.instance_type=c.instance_type), 0, 0, 0, 0, 4, 0, '', '' FROM "
        "capacity c"
        " GROUP BY zone, instance_type UNION ALL "
        "SELECT 'advisor', name, '', '', count(*), 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, '', '' FROM"
        " advisor GROUP BY name UNION ALL "
        "SELECT 'types', name, '', '', count(*), 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, '', '' FROM"
        " instance_type GROUP BY name UNION ALL "
        "SELECT 'known', 'interruptions of '||zone||'/'||instance_type, '', '', count(*), 0, 0,"
        " min(first_s), max(end_s), 0, 0, 0, 0, 7, 0, '', '' FROM k GROUP BY zone, instance_type,"
        " stretch ORDER BY 14, 15, 2, 8";
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL))
        return trace_database_fail(database, path, err);
    int status = STATUS_OK;
    int result = SQLITE_DONE;
    while (!status && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        const struct trace_entry found = {
            .what = text(statement, 0),
            .name = text(statement, 1),
            .kind = text(statement, 2),
            .sha256 = text(statement, 3),
            .rows = sqlite3_column_int64(statement, 4),
            .duplicate = sqlite3_column_int64(statement, 5),
            .refused = sqlite3_column_int64(statement, 6),
            .first_s = sqlite3_column_int64(statement, 7),
            .last_s = sqlite3_column_int64(statement, 8),
            .synthetic = sqlite3_column_int(statement, 9),
            .assumed_utc = sqlite3_column_int64(statement, 10),
            .rounded = sqlite3_column_int64(statement, 11),
            .newest_first = sqlite3_column_int(statement, 12),
            .provider = text(statement, 15),
            .facts = text(statement, 16),
        };
        status = entry(&found, context);
    }
    if (!status && result != SQLITE_DONE)
        status = trace_database_fail(database, path, err);
    sqlite3_finalize(statement);
    return status;
}

int trace_each_refusal(sqlite3 *database, const char *path,
                       int (*refusal)(const char *source, int64_t line, const char *reason,
                                      void *context),
                       void *context, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(database,
                           "SELECT name, line, reason FROM refusal JOIN source USING(source)"
                           " ORDER BY source, line, reason",
                           -1, &statement, NULL))
        return trace_database_fail(database, path, err);
    int status = STATUS_OK;
    int result = SQLITE_DONE;
    while (!status && (result = sqlite3_step(statement)) == SQLITE_ROW)
        status = refusal(text(statement, 0), sqlite3_column_int64(statement, 1), text(statement, 2),
                         context);
    if (!status && result != SQLITE_DONE)
        status = trace_database_fail(database, path, err);
    sqlite3_finalize(statement);
    return status;
}

struct held_price {
    int64_t micro_usd;
    int64_t seconds;
};

static int by_price(const void *a, const void *b)
{
    const struct held_price *x = a;
    const struct held_price *y = b;
    return x->micro_usd < y->micro_usd ? -1 : x->micro_usd > y->micro_usd;
}

static int64_t median(struct held_price *prices, size_t count, int64_t covered_s)
{
    if (count == 0)
        return 0;
    qsort(prices, count, sizeof *prices, by_price);
    int64_t below_s = 0;
    size_t i = 0;
    while (i + 1 < count && 2 * (below_s += prices[i].seconds) < covered_s)
        i++;
    return prices[i].micro_usd;
}

void market_statistics(const struct market *market, int64_t from_s, int64_t to_s,
                       int64_t threshold_micro_usd, struct market_statistics *out)
{
    *out = (struct market_statistics){0};
    to_s = to_s < market->last_record_s + 1 ? to_s : market->last_record_s + 1;
    struct held_price *prices = memory_new(market->step_count, sizeof *prices);
    size_t count = 0;
    int64_t above_since_s = -1;
    int64_t above_until_s = -1;
    for (size_t i = 0; i < market->step_count; i++) {
        int64_t begin_s = market->steps[i].time_s;
        int64_t end_s = i + 1 < market->step_count ? market->steps[i + 1].time_s : to_s;
        out->changes += i > 0 && begin_s >= from_s && begin_s < to_s;
        begin_s = begin_s > from_s ? begin_s : from_s;
        end_s = end_s < to_s ? end_s : to_s;
        if (begin_s >= end_s)
            continue;
        int64_t price = market->steps[i].micro_usd_per_hour;
        if (count == 0 || price < out->min_micro_usd)
            out->min_micro_usd = price;
        if (count == 0 || price > out->max_micro_usd)
            out->max_micro_usd = price;
        prices[count++] = (struct held_price){price, end_s - begin_s};
        out->covered_s += end_s - begin_s;
        if (threshold_micro_usd < 0 || price <= threshold_micro_usd)
            continue;
        out->above_s += end_s - begin_s;
        if (above_until_s != begin_s) {
            above_since_s = begin_s;
            out->above_episodes++;
        }
        above_until_s = end_s;
        if (above_until_s - above_since_s > out->longest_above_s) {
            out->longest_above_s = above_until_s - above_since_s;
            out->longest_above_from_s = above_since_s;
        }
    }
    out->median_micro_usd = median(prices, count, out->covered_s);
    free(prices);
}
