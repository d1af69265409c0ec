/* What the database knows of an instance type: its price on demand, its size, and what the Spot
 * Instance Advisor said of it. Where sources disagree nobody is believed until one is named. */
#include "traces/query.h"
#include "traces/trace.h"

#include <stdio.h>
#include <string.h>

static void copy_name(char out[TRACE_NAME_SIZE], sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    snprintf(out, TRACE_NAME_SIZE, "%s", text ? text : "");
}

static int64_t column_or(sqlite3_stmt *statement, int column, int64_t otherwise)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL
               ? otherwise
               : sqlite3_column_int64(statement, column);
}

/* ---- on-demand prices ---------------------------------------------------------------------------
 */

/* The rows that count come first: of the newest date at or before ?4, else undated ones. */
static const char price_sql[] =
    "SELECT micro_usd_per_hour, name, coalesce(from_s,-1) AS since FROM catalog WHERE region=?1 AND"
    " instance_type=?2 AND (?3 IS NULL OR name=?3) AND (?3 IS NOT NULL OR from_s IS NULL OR"
    " from_s<=?4) ORDER BY since DESC, name";

static int read_prices(const struct reading *r, sqlite3_stmt *statement, const char *region,
                       const char *instance_type, struct trace_price *out)
{
    int status = STATUS_OK;
    int result = 0;
    while (!status && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        int64_t price = sqlite3_column_int64(statement, 0);
        int64_t since_s = sqlite3_column_int64(statement, 2);
        if (out->micro_usd_per_hour < 0) {
            *out = (struct trace_price){.micro_usd_per_hour = price, .since_s = since_s};
            copy_name(out->catalog, statement, 1);
        } else if (since_s == out->since_s && price != out->micro_usd_per_hour) {
            status = error_set(r->err, STATUS_BAD_INPUT,
                               "%s: the catalogues \"%s\" and \"%s\" disagree on %s in %s: "
                               "choose one (\"catalog\" in a scenario, --catalog)",
                               r->path, out->catalog, sqlite3_column_text(statement, 1),
                               instance_type, region);
        }
    }
    if (status)
        sqlite3_finalize(statement);
    else
        status = query_end(r, statement, result);
    return status;
}

int trace_on_demand_price(const char *path, const char *catalog, const char *region,
                          const char *instance_type, int64_t at_s, struct trace_price *out_price,
                          struct error *err)
{
    struct reading r = {.path = path, .err = err};
    sqlite3_stmt *statement = NULL;
    *out_price = (struct trace_price){.micro_usd_per_hour = -1, .since_s = -1};
    int status = trace_database_open(&r.database, path, false, err);
    if (!status)
        status = query_prepare(&r, &statement, price_sql);
    if (!status) {
        query_bind(statement, 1, region);
        query_bind(statement, 2, instance_type);
        query_bind(statement, 3, catalog);
        sqlite3_bind_int64(statement, 4, at_s);
        status = read_prices(&r, statement, region, instance_type, out_price);
    }
    sqlite3_close(r.database);
    return status;
}

bool trace_catalog_has(const char *product)
{
    static const char linux_products[] = "Linux/UNIX"; /* the same price in a VPC */
    return strncmp(product, linux_products, sizeof linux_products - 1) == 0;
}

/* ---- sizes -------------------------------------------------------------------------------------
 */

/* Catalogues write GiB with a few decimals, EC2 whole MiB: 1.7 GiB is 1740 MiB. */
static const char size_sql[] =
    "SELECT name, vcpu_micro, memory_mib FROM instance_type WHERE instance_type=?1 AND"
    " (?2 IS NULL OR name=?2) UNION "
    "SELECT name, vcpu_micro, memory_gib_micro*1024/1000000 FROM catalog WHERE instance_type=?1 AND"
    " (?2 IS NULL OR name=?2) ORDER BY 1";

/* Take one more source's word for a value; false if it says another than those before it. */
static bool agrees(int64_t *known, int64_t value)
{
    if (value < 0)
        return true;
    if (*known < 0)
        *known = value;
    return *known == value;
}

static int read_sizes(const struct reading *r, sqlite3_stmt *statement, const char *type,
                      int64_t *vcpu_micro, int64_t *memory_mib)
{
    char first[TRACE_NAME_SIZE] = "";
    int status = STATUS_OK;
    int result = 0;
    while (!status && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        bool same = agrees(vcpu_micro, column_or(statement, 1, -1));
        same = agrees(memory_mib, column_or(statement, 2, -1)) && same;
        if (!same)
            status = error_set(r->err, STATUS_BAD_INPUT,
                               "%s: \"%s\" and \"%s\" disagree on the vCPU or memory of %s: name "
                               "the one that is right (\"catalog\" in a scenario), or say the size "
                               "(\"cluster.instance_types\")",
                               r->path, first, sqlite3_column_text(statement, 0), type);
        if (!*first)
            copy_name(first, statement, 0);
    }
    if (status)
        sqlite3_finalize(statement);
    else
        status = query_end(r, statement, result);
    return status;
}

int trace_instance_type(const char *path, const char *catalog, const char *instance_type,
                        int64_t *out_vcpu_micro, int64_t *out_memory_mib, struct error *err)
{
    struct reading r = {.path = path, .err = err};
    sqlite3_stmt *statement = NULL;
    *out_vcpu_micro = -1;
    *out_memory_mib = -1;
    int status = trace_database_open(&r.database, path, false, err);
    if (!status)
        status = query_prepare(&r, &statement, size_sql);
    if (!status) {
        query_bind(statement, 1, instance_type);
        query_bind(statement, 2, catalog);
        status = read_sizes(&r, statement, instance_type, out_vcpu_micro, out_memory_mib);
    }
    sqlite3_close(r.database);
    return status;
}

/* ---- the Spot Instance Advisor ------------------------------------------------------------------
 */

static int read_advice(const struct reading *r, sqlite3_stmt *statement, struct trace_advice *out)
{
    int status = STATUS_OK;
    int result = 0;
    while (!status && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        if (out->found) {
            status = error_set(r->err, STATUS_BAD_INPUT,
                               "%s: it has what the Spot Advisor said twice, \"%s\" and \"%s\": "
                               "name one (--advisor)",
                               r->path, out->name, sqlite3_column_text(statement, 0));
            continue;
        }
        out->found = true;
        copy_name(out->name, statement, 0);
        out->low_percent = sqlite3_column_int64(statement, 1);
        out->high_percent = sqlite3_column_int64(statement, 2);
        out->savings_percent = sqlite3_column_int64(statement, 3);
    }
    if (status)
        sqlite3_finalize(statement);
    else
        status = query_end(r, statement, result);
    return status;
}

int trace_advisor(const char *path, const char *name, const char *region, const char *os,
                  const char *instance_type, struct trace_advice *out_advice, struct error *err)
{
    struct reading r = {.path = path, .err = err};
    sqlite3_stmt *statement = NULL;
    *out_advice = (struct trace_advice){0};
    int status = trace_database_open(&r.database, path, false, err);
    if (!status)
        status = query_prepare(&r, &statement,
                               "SELECT name, low_percent, high_percent, savings_percent FROM"
                               " advisor WHERE region=?2 AND os=?3 AND instance_type=?4 AND"
                               " (?1 IS NULL OR name=?1) ORDER BY name");
    if (!status) {
        query_bind(statement, 1, name);
        query_bind(statement, 2, region);
        query_bind(statement, 3, os);
        query_bind(statement, 4, instance_type);
        status = read_advice(&r, statement, out_advice);
    }
    sqlite3_close(r.database);
    return status;
}
