/* One import: its statements, and its transaction. */
#include "traces/importer.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

int importer_fail(struct importer *im)
{
    return trace_database_fail(im->database, im->path, im->err);
}

int importer_run(struct importer *im, sqlite3_stmt *statement)
{
    int status = sqlite3_step(statement) == SQLITE_DONE ? STATUS_OK : importer_fail(im);
    sqlite3_reset(statement);
    return status;
}

int importer_refuse(int64_t line, const char *reason, void *context)
{
    struct importer *im = context;
    im->report->refused++;
    if (im->options->refused)
        im->options->refused(im->file, line, reason, im->options->context);
    if (im->options->strict)
        return error_set(im->err, STATUS_BAD_INPUT,
                         "%s:%lld: %s; with --strict nothing of this file is kept", im->file,
                         (long long)line, reason);
    if (im->report->refused > REFUSALS_KEPT)
        return STATUS_OK;
    sqlite3_bind_int64(im->add_refusal, 1, im->source);
    sqlite3_bind_int64(im->add_refusal, 2, line);
    query_bind(im->add_refusal, 3, reason);
    return importer_run(im, im->add_refusal);
}

void importer_seen(struct importer *im, int64_t time_s, bool assumed_utc)
{
    struct import_report *report = im->report;
    bool first = im->numbered++ == 0;
    report->first_s = first || time_s < report->first_s ? time_s : report->first_s;
    report->last_s = first || time_s > report->last_s ? time_s : report->last_s;
    report->assumed_utc += assumed_utc;
}

/* ---- statements --------------------------------------------------------------------------------
 */

int importer_prepare(struct importer *im, sqlite3_stmt **statement, const char *sql)
{
    return sqlite3_prepare_v3(im->database, sql, -1, SQLITE_PREPARE_PERSISTENT, statement, NULL)
               ? importer_fail(im)
               : STATUS_OK;
}

static int prepare_all(struct importer *im)
{
    struct {
        sqlite3_stmt **statement;
        const char *sql;
    } all[] = {
        {&im->find_market,
         "SELECT market FROM market WHERE zone=?1 AND instance_type=?2 AND product=?3"},
        {&im->add_market, "INSERT INTO market(zone,instance_type,product) VALUES(?1,?2,?3)"},
        {&im->find_prices, "SELECT time_s,place,last_place,micro_usd_per_hour,source FROM price"
                           " WHERE market=?1 AND time_s BETWEEN ?2 AND ?3 ORDER BY time_s,place"},
        {&im->add_price, "INSERT INTO price VALUES(?1,?2,?3,?4,?5,?6)"},
        {&im->add_prices,
         "INSERT INTO price SELECT market,time_s,0,0,micro_usd_per_hour,?1 FROM sorted_rows"},
        {&im->move_price,
         "UPDATE price SET last_place=?4 WHERE market=?1 AND time_s=?2 AND place=?3"},
        {&im->add_refusal, "INSERT INTO refusal VALUES(?1,?2,?3)"},
        {&im->add_catalog, "INSERT OR IGNORE INTO catalog VALUES(?1,?2,?3,?4,?5,?6,?7,?8)"},
        {&im->find_catalog, "SELECT micro_usd_per_hour FROM catalog WHERE name=?1 AND region=?2"
                            " AND instance_type=?3"},
        {&im->add_type, "INSERT OR IGNORE INTO instance_type VALUES(?1,?2,?3,?4,?5)"},
        {&im->find_type, "SELECT vcpu_micro IS ?3 AND memory_mib IS ?4 FROM instance_type WHERE"
                         " name=?1 AND instance_type=?2"},
        {&im->add_advisor, "INSERT OR IGNORE INTO advisor VALUES(?1,?2,?3,?4,?5,?6,?7,?8)"},
        {&im->find_advisor, "SELECT low_percent=?5 AND high_percent=?6 AND savings_percent=?7 FROM"
                            " advisor WHERE name=?1 AND region=?2 AND os=?3 AND instance_type=?4"},
        {&im->add_demand, "INSERT OR IGNORE INTO demand VALUES(?1,?2,?3,?4)"},
        {&im->find_demand, "SELECT required_micro FROM demand WHERE name=?1 AND time_s=?2"},
        {&im->add_interruption, "INSERT OR IGNORE INTO interruption VALUES(?1,?2,?3,?4,?5,?6)"},
        {&im->find_interruption,
         "SELECT instances,source,of_instances FROM interruption WHERE time_s=?1 AND"
         " zone=?2 AND instance_type=?3"},
        {&im->grow_interruption, "UPDATE interruption SET instances=instances+?4 WHERE time_s=?1"
                                 " AND zone=?2 AND instance_type=?3"},
        {&im->add_capacity, "INSERT OR IGNORE INTO capacity VALUES(?1,?2,?3,?4,?5)"},
        {&im->find_capacity,
         "SELECT instances FROM capacity WHERE time_s=?1 AND zone=?2 AND instance_type=?3"},
        {&im->add_coverage, "INSERT OR IGNORE INTO coverage VALUES(?1,?2,?3,?4,?5,?6)"},
        {&im->find_overlap, "SELECT s.name, o.zone, o.instance_type FROM coverage n JOIN coverage o"
                            " USING(what, zone, instance_type) JOIN source s ON s.source=o.source"
                            " WHERE n.source=?1 AND o.source<>?1 AND what=?2 AND"
                            " n.first_s<o.end_s AND o.first_s<n.end_s LIMIT 1"},
    };
    int status =
        rows_table_add(im->database, &im->rows) == SQLITE_OK ? STATUS_OK : importer_fail(im);
    for (size_t i = 0; !status && i < ARRAY_LENGTH(all); i++)
        status = importer_prepare(im, all[i].statement, all[i].sql);
    return status;
}

static void clean_up(struct importer *im)
{
    sqlite3_stmt *all[] = {
        im->add_type,          im->find_type,         im->add_advisor,  im->find_advisor,
        im->find_market,       im->add_market,        im->find_prices,  im->add_price,
        im->add_prices,        im->move_price,        im->add_refusal,  im->add_catalog,
        im->find_catalog,      im->add_demand,        im->find_demand,  im->add_interruption,
        im->find_interruption, im->grow_interruption, im->add_capacity, im->find_capacity,
        im->add_coverage,      im->find_overlap,
    };
    for (size_t i = 0; i < ARRAY_LENGTH(all); i++)
        sqlite3_finalize(all[i]);
    rows_table_forget(im->database);
    free(im->markets);
    free(im->seen_markets);
    sorter_destroy(im->prices);
}

/* ---- the transaction ---------------------------------------------------------------------------
 */

/* The file's row; its figures follow when they are known. */
static int add_source(struct importer *im, const char *name, bool synthetic)
{
    sqlite3_stmt *statement = NULL;
    int status =
        importer_prepare(im, &statement,
                         "INSERT INTO source(name,sha256,kind,newest_first,synthetic,taken,"
                         "duplicate,refused,assumed_utc,rounded) VALUES(?1,'','',0,?2,0,0,0,0,0)");
    if (status)
        return status;
    query_bind(statement, 1, name);
    sqlite3_bind_int(statement, 2, synthetic);
    status = importer_run(im, statement);
    sqlite3_finalize(statement);
    im->source = sqlite3_last_insert_rowid(im->database);
    return status;
}

static int finish_source(struct importer *im, const char *hash)
{
    const struct import_report *report = im->report;
    sqlite3_stmt *statement = NULL;
    int status = importer_prepare(im, &statement,
                                  "UPDATE source SET sha256=?1,kind=?2,newest_first=?3,taken=?4,"
                                  "duplicate=?5,refused=?6,assumed_utc=?7,rounded=?8,provider=?10,"
                                  "facts=?11 WHERE source=?9");
    if (status)
        return status;
    struct text facts = {0};
    if (report->kind >= KIND_AVAILABILITY && report->kind <= KIND_CLOCK_COUNTS)
        facts_write(&im->facts, &facts);
    query_bind(statement, 10, im->facts.provider[0] ? im->facts.provider : "aws");
    query_bind(statement, 11, facts.data ? facts.data : "");
    query_bind(statement, 1, hash);
    query_bind(statement, 2, trace_kind_name(report->kind));
    sqlite3_bind_int(statement, 3, report->newest_first);
    sqlite3_bind_int64(statement, 4, report->taken);
    sqlite3_bind_int64(statement, 5, report->duplicate);
    sqlite3_bind_int64(statement, 6, report->refused);
    sqlite3_bind_int64(statement, 7, report->assumed_utc);
    sqlite3_bind_int64(statement, 8, report->rounded);
    sqlite3_bind_int64(statement, 9, im->source);
    status = importer_run(im, statement);
    sqlite3_finalize(statement);
    text_clean_up(&facts);
    return status;
}

int importer_already(struct importer *im, const char *hash, bool *out_known)
{
    sqlite3_stmt *statement = NULL;
    int status = importer_prepare(im, &statement,
                                  "SELECT 1 FROM source WHERE sha256=?1 AND source<>?2 LIMIT 1");
    if (status)
        return status;
    query_bind(statement, 1, hash);
    sqlite3_bind_int64(statement, 2, im->source);
    int result = sqlite3_step(statement);
    *out_known = im->report->taken == 0 && result == SQLITE_ROW;
    if (result != SQLITE_ROW && result != SQLITE_DONE)
        status = importer_fail(im);
    sqlite3_finalize(statement);
    return status;
}

int importer_begin(struct importer *im, const char *name, bool synthetic)
{
    if (sqlite3_exec(im->database, "BEGIN IMMEDIATE", NULL, NULL, NULL))
        return importer_fail(im);
    int status = prepare_all(im);
    return status ? status : add_source(im, name, synthetic);
}

int importer_end(struct importer *im, int status, const char *hash)
{
    if (!status)
        status = importer_already(im, hash, &im->report->known);
    if (!status && !im->report->known)
        status = importer_refuse_overlap(im);
    if (!status && !im->report->known)
        status = finish_source(im, hash);
    if (!status && !im->report->known && sqlite3_exec(im->database, "COMMIT", NULL, NULL, NULL))
        status = importer_fail(im);
    clean_up(im);
    if (!sqlite3_get_autocommit(im->database))
        sqlite3_exec(im->database, "ROLLBACK", NULL, NULL, NULL);
    return status;
}
