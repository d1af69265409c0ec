/* From a trace database to what one run reads: steps in force, restatements dropped, the newer end
 * kept. */
#include "base/memory.h"
#include "traces/query.h"
#include "traces/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void note_silence(struct market *market, int64_t previous_s, int64_t time_s, int64_t from_s,
                         int64_t to_s)
{
    if (time_s > from_s && previous_s < to_s && time_s - previous_s > market->longest_silence_s) {
        market->longest_silence_s = time_s - previous_s;
        market->longest_silence_from_s = previous_s;
    }
}

/* Add a record in time order: drop what restates, replace what the same second has from a newer
 * end. */
static void add_step(struct market *market, size_t *capacity, int64_t time_s, int64_t price,
                     int64_t from_s)
{
    size_t count = market->step_count;
    if (count && market->steps[count - 1].time_s == time_s) {
        market->steps[count - 1].micro_usd_per_hour = price;
        if (count > 1 && market->steps[count - 2].micro_usd_per_hour == price)
            market->step_count--;
        return;
    }
    if (count && market->steps[count - 1].micro_usd_per_hour == price)
        return;
    if (count == 1 && time_s <= from_s) {
        market->steps[0] = (struct price_step){time_s, price};
        return;
    }
    struct price_step step = {time_s, price};
    ARRAY_PUSH(market->steps, market->step_count, *capacity, step);
}

static int read_steps(const struct reading *r, struct market *market, int64_t id, int64_t from_s,
                      int64_t to_s, bool *synthetic)
{
    sqlite3_stmt *statement = NULL;
    /* Within one second the last row wins: the one nearest the file's newer end. */
    int status = query_prepare(
        r, &statement,
        "SELECT p.time_s, p.micro_usd_per_hour, s.synthetic FROM price p JOIN source s "
        "USING(source)"
        " WHERE p.market=?1 AND p.time_s<?3 AND p.time_s>=coalesce((SELECT max(time_s) FROM price"
        " WHERE market=?1 AND time_s<=?2), ?2)"
        " ORDER BY p.time_s, CASE WHEN s.newest_first THEN -p.place ELSE p.last_place END");
    if (status)
        return status;
    sqlite3_bind_int64(statement, 1, id);
    sqlite3_bind_int64(statement, 2, from_s);
    sqlite3_bind_int64(statement, 3, to_s);
    size_t capacity = 0;
    int64_t previous_s = -1;
    int result = 0;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        int64_t time_s = sqlite3_column_int64(statement, 0);
        *synthetic = *synthetic || sqlite3_column_int(statement, 2);
        if (previous_s >= 0)
            note_silence(market, previous_s, time_s, from_s, to_s);
        previous_s = time_s;
        add_step(market, &capacity, time_s, sqlite3_column_int64(statement, 1), from_s);
    }
    status = query_end(r, statement, result);
    if (!status && previous_s >= 0 && market->last_record_s >= to_s)
        note_silence(market, previous_s, to_s, from_s, to_s);
    return status;
}

/* Find a market; *out_id is 0 if the database does not know it. Its first and last record, of all.
 */
static int find_market(const struct reading *r, const struct market_key *key, int64_t *out_id,
                       struct market *out_market)
{
    sqlite3_stmt *statement = NULL;
    *out_id = 0;
    int status =
        query_prepare(r, &statement,
                      "SELECT market, (SELECT min(time_s) FROM price p WHERE p.market=m.market),"
                      " (SELECT max(time_s) FROM price p WHERE p.market=m.market) FROM market m"
                      " WHERE zone=?1 AND instance_type=?2 AND product=?3");
    if (status)
        return status;
    query_bind(statement, 1, key->zone);
    query_bind(statement, 2, key->instance_type);
    query_bind(statement, 3, key->product);
    int result = sqlite3_step(statement);
    if (result == SQLITE_ROW && sqlite3_column_type(statement, 1) != SQLITE_NULL) {
        *out_id = sqlite3_column_int64(statement, 0);
        out_market->first_record_s = sqlite3_column_int64(statement, 1);
        out_market->last_record_s = sqlite3_column_int64(statement, 2);
    }
    if (result == SQLITE_ROW)
        result = sqlite3_step(statement);
    return query_end(r, statement, result);
}

static int add_market(const struct reading *r, struct trace_set *set, const struct market_key *key,
                      int64_t from_s, int64_t to_s)
{
    struct market market = {0};
    int64_t id = 0;
    int status = find_market(r, key, &id, &market);
    if (status || !id)
        return status;
    for (size_t i = 0; i < set->market_count; i++) {
        const struct market *other = &set->markets[i];
        if (strcmp(other->zone, key->zone) == 0 &&
            strcmp(other->instance_type, key->instance_type) == 0 &&
            strcmp(other->product, key->product) == 0)
            return error_set(r->err, STATUS_BAD_INPUT,
                             "%s: %s in %s (%s) stands in another of the scenario's traces too: "
                             "name one, or import both into one database",
                             r->path, key->instance_type, key->zone, key->product);
    }
    status = read_steps(r, &market, id, from_s, to_s, &set->synthetic);
    if (status) {
        free(market.steps);
        return status;
    }
    market.zone = memory_copy_text(key->zone);
    market.instance_type = memory_copy_text(key->instance_type);
    market.product = memory_copy_text(key->product);
    set->markets = memory_resize(set->markets, set->market_count + 1, sizeof *set->markets);
    set->markets[set->market_count++] = market;
    return STATUS_OK;
}

static int add_interruptions(const struct reading *r, struct trace_set *set,
                             const struct market_key *key, int64_t from_s, int64_t to_s)
{
    sqlite3_stmt *statement = NULL;
    int status = query_prepare(
        r, &statement,
        "SELECT i.time_s, i.instances, s.synthetic, i.of_instances FROM interruption i JOIN source"
        " s USING(source) WHERE zone=?1 AND instance_type=?2 AND time_s>=?3 AND"
        " time_s<?4 ORDER BY time_s");
    if (status)
        return status;
    query_bind(statement, 1, key->zone);
    query_bind(statement, 2, key->instance_type);
    sqlite3_bind_int64(statement, 3, from_s);
    sqlite3_bind_int64(statement, 4, to_s);
    size_t capacity = set->interruption_count; /* of what others allocated nothing is assumed */
    int result = 0;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        set->synthetic = set->synthetic || sqlite3_column_int(statement, 2);
        struct interruption_step step = {.time_s = sqlite3_column_int64(statement, 0),
                                         .zone = memory_copy_text(key->zone),
                                         .instance_type = memory_copy_text(key->instance_type),
                                         .instances = sqlite3_column_int64(statement, 1),
                                         .of = sqlite3_column_int64(statement, 3)};
        ARRAY_PUSH(set->interruptions, set->interruption_count, capacity, step);
    }
    return query_end(r, statement, result);
}

/* The limits of a place: the one in force at `from` and those that come after it. */
static int add_capacities(const struct reading *r, struct trace_set *set,
                          const struct market_key *key, int64_t from_s, int64_t to_s)
{
    sqlite3_stmt *statement = NULL;
    int status = query_prepare(
        r, &statement,
        "SELECT c.time_s, c.instances FROM capacity c WHERE zone=?1 AND instance_type=?2"
        " AND time_s<?4 AND time_s>=coalesce((SELECT max(time_s) FROM capacity WHERE"
        " zone=?1 AND instance_type=?2 AND time_s<=?3), ?3) ORDER BY time_s");
    if (status)
        return status;
    query_bind(statement, 1, key->zone);
    query_bind(statement, 2, key->instance_type);
    sqlite3_bind_int64(statement, 3, from_s);
    sqlite3_bind_int64(statement, 4, to_s);
    size_t capacity = set->capacity_count;
    int result = 0;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        bool limited = sqlite3_column_type(statement, 1) != SQLITE_NULL;
        struct capacity_step step = {.time_s = sqlite3_column_int64(statement, 0),
                                     .zone = memory_copy_text(key->zone),
                                     .instance_type = memory_copy_text(key->instance_type),
                                     .instances = limited ? sqlite3_column_int64(statement, 1)
                                                          : CAPACITY_UNLIMITED};
        ARRAY_PUSH(set->capacities, set->capacity_count, capacity, step);
    }
    return query_end(r, statement, result);
}

/* Whether the same pool, or, if `product` counts too, the same market, was wanted before. */
static bool came_before(const struct market_key *wanted, size_t index, bool product)
{
    const struct market_key *key = &wanted[index];
    for (size_t i = 0; i < index; i++) {
        if (strcmp(wanted[i].zone, key->zone) == 0 &&
            strcmp(wanted[i].instance_type, key->instance_type) == 0 &&
            (!product || strcmp(wanted[i].product, key->product) == 0))
            return true;
    }
    return false;
}

int trace_compile(struct trace_set *set, const char *path, const struct market_key *wanted,
                  size_t wanted_count, int64_t from_s, int64_t to_s, struct error *err)
{
    struct reading r = {.path = path, .err = err};
    int status = trace_database_open(&r.database, path, false, err);
    for (size_t i = 0; !status && i < wanted_count; i++) {
        if (!came_before(wanted, i, true))
            status = add_market(&r, set, &wanted[i], from_s, to_s);
        if (!status && !came_before(wanted, i, false))
            status = add_interruptions(&r, set, &wanted[i], from_s, to_s);
        if (!status && !came_before(wanted, i, false))
            status = add_capacities(&r, set, &wanted[i], from_s, to_s);
    }
    if (set->interruption_count)
        qsort(set->interruptions, set->interruption_count, sizeof *set->interruptions,
              interruption_by_time);
    if (set->capacity_count)
        qsort(set->capacities, set->capacity_count, sizeof *set->capacities, capacity_by_time);
    sqlite3_close(r.database);
    return status;
}

int trace_zones(const char *path, const char *instance_type, const char *product, char ***out_zones,
                struct error *err)
{
    struct reading r = {.path = path, .err = err};
    sqlite3_stmt *statement = NULL;
    *out_zones = memory_new(1, sizeof **out_zones);
    int status = trace_database_open(&r.database, path, false, err);
    if (!status)
        status = query_prepare(
            &r, &statement,
            "SELECT zone FROM market WHERE instance_type=?1 AND product=?2 ORDER BY 1");
    if (!status) {
        query_bind(statement, 1, instance_type);
        query_bind(statement, 2, product);
        size_t count = 0;
        int result = 0;
        while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
            *out_zones = memory_resize(*out_zones, count + 2, sizeof **out_zones);
            (*out_zones)[count++] =
                memory_copy_text((const char *)sqlite3_column_text(statement, 0));
            (*out_zones)[count] = NULL;
        }
        status = query_end(&r, statement, result);
    }
    sqlite3_close(r.database);
    return status;
}

int trace_demand(const char *path, const char *name, int64_t from_s, int64_t to_s,
                 struct demand_step **out_steps, size_t *out_count, struct error *err)
{
    struct reading r = {.path = path, .err = err};
    sqlite3_stmt *statement = NULL;
    *out_steps = NULL;
    *out_count = 0;
    int status = trace_database_open(&r.database, path, false, err);
    if (!status)
        status = query_prepare(
            &r, &statement,
            "SELECT time_s, required_micro FROM demand WHERE name=?1 AND time_s<?3 AND"
            " time_s>=coalesce((SELECT max(time_s) FROM demand WHERE name=?1 AND"
            " time_s<=?2), ?2) ORDER BY time_s");
    if (!status) {
        query_bind(statement, 1, name);
        sqlite3_bind_int64(statement, 2, from_s);
        sqlite3_bind_int64(statement, 3, to_s);
        size_t capacity = 0;
        int result = 0;
        while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
            struct demand_step step = {sqlite3_column_int64(statement, 0),
                                       sqlite3_column_int64(statement, 1)};
            ARRAY_PUSH(*out_steps, *out_count, capacity, step);
        }
        status = query_end(&r, statement, result);
    }
    sqlite3_close(r.database);
    return status;
}

static void copy_name(char out[TRACE_NAME_SIZE], sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    snprintf(out, TRACE_NAME_SIZE, "%s", text ? text : "");
}

int trace_coverage(const char *path, const char *zone, const char *instance_type,
                   struct trace_coverage **out_known, size_t *out_count, struct error *err)
{
    struct reading r = {.path = path, .err = err};
    sqlite3_stmt *statement = NULL;
    *out_known = NULL;
    *out_count = 0;
    int status = trace_database_open(&r.database, path, false, err);
    if (!status)
        status =
            query_prepare(&r, &statement,
                          "SELECT what, first_s, end_s, provider, zone, instance_type FROM coverage"
                          " JOIN source USING(source) WHERE zone=?1 AND instance_type=?2"
                          " ORDER BY what, first_s, end_s");
    if (!status) {
        query_bind(statement, 1, zone);
        query_bind(statement, 2, instance_type);
        size_t capacity = 0;
        int result = 0;
        while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
            struct trace_coverage known = {
                .what = sqlite3_column_int(statement, 0) ? COVERS_CAPACITY : COVERS_INTERRUPTIONS,
                .first_s = sqlite3_column_int64(statement, 1),
                .end_s = sqlite3_column_int64(statement, 2),
            };
            copy_name(known.provider, statement, 3);
            copy_name(known.zone, statement, 4);
            copy_name(known.instance_type, statement, 5);
            ARRAY_PUSH(*out_known, *out_count, capacity, known);
        }
        status = query_end(&r, statement, result);
    }
    sqlite3_close(r.database);
    return status;
}
