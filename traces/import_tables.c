/* Catalogues and demand series: few rows, one statement each. */
#include "traces/importer.h"

/* After an INSERT OR IGNORE: count it, or compare with what is there. `find` is bound and reads the
 * value; equal is a duplicate, else the row is refused. */
static int count_or_compare(struct importer *im, sqlite3_stmt *find, int64_t value, int64_t line,
                            const char *reason)
{
    if (sqlite3_changes(im->database)) {
        im->report->taken++;
        return STATUS_OK;
    }
    int result = sqlite3_step(find);
    bool same = result == SQLITE_ROW && sqlite3_column_int64(find, 0) == value;
    int status = result == SQLITE_ROW ? STATUS_OK : importer_fail(im);
    sqlite3_reset(find);
    if (status)
        return status;
    if (!same)
        return importer_refuse(line, reason, im);
    im->report->duplicate++;
    return STATUS_OK;
}

static void bind_optional(sqlite3_stmt *statement, int index, int64_t value)
{
    if (value < 0)
        sqlite3_bind_null(statement, index);
    else
        sqlite3_bind_int64(statement, index, value);
}

int importer_take_catalog(const struct catalog_record *record, int64_t line, void *context)
{
    struct importer *im = context;
    sqlite3_stmt *add = im->add_catalog;
    query_bind(add, 1, im->catalog_name);
    query_bind(add, 2, record->region);
    query_bind(add, 3, record->instance_type);
    bind_optional(add, 4, record->vcpu_micro);
    bind_optional(add, 5, record->memory_gib_micro);
    sqlite3_bind_int64(add, 6, record->micro_usd_per_hour);
    sqlite3_bind_int64(add, 7, im->source);
    bind_optional(add, 8, im->facts.date_s);
    int status = importer_run(im, add);
    if (status)
        return status;
    im->numbered++;
    query_bind(im->find_catalog, 1, im->catalog_name);
    query_bind(im->find_catalog, 2, record->region);
    query_bind(im->find_catalog, 3, record->instance_type);
    return count_or_compare(im, im->find_catalog, record->micro_usd_per_hour, line,
                            "this catalogue has another price for this region and type: give the "
                            "other one a name of its own with --catalog-name");
}

static void bind_type(sqlite3_stmt *statement, const char *name, const struct type_record *record)
{
    query_bind(statement, 1, name);
    query_bind(statement, 2, record->instance_type);
    bind_optional(statement, 3, record->vcpu_micro);
    bind_optional(statement, 4, record->memory_mib);
}

int importer_take_type(const struct type_record *record, int64_t line, void *context)
{
    struct importer *im = context;
    const char *name = im->report->kind == KIND_ADVISOR ? im->advisor_name : im->catalog_name;
    bind_type(im->add_type, name, record);
    sqlite3_bind_int64(im->add_type, 5, im->source);
    int status = importer_run(im, im->add_type);
    if (status)
        return status;
    im->numbered++;
    bind_type(im->find_type, name, record);
    return count_or_compare(im, im->find_type, 1, line,
                            "there is another size of this type under this name: import under "
                            "another with --catalog-name or --advisor-name");
}

static void bind_advice(sqlite3_stmt *statement, const char *name,
                        const struct advisor_record *record)
{
    query_bind(statement, 1, name);
    query_bind(statement, 2, record->region);
    query_bind(statement, 3, record->os);
    query_bind(statement, 4, record->instance_type);
    sqlite3_bind_int64(statement, 5, record->low_percent);
    sqlite3_bind_int64(statement, 6, record->high_percent);
    sqlite3_bind_int64(statement, 7, record->savings_percent);
}

int importer_take_advisor(const struct advisor_record *record, int64_t line, void *context)
{
    struct importer *im = context;
    bind_advice(im->add_advisor, im->advisor_name, record);
    sqlite3_bind_int64(im->add_advisor, 8, im->source);
    int status = importer_run(im, im->add_advisor);
    if (status)
        return status;
    im->numbered++;
    bind_advice(im->find_advisor, im->advisor_name, record);
    return count_or_compare(im, im->find_advisor, 1, line,
                            "the Spot Advisor said otherwise under this name: import under another "
                            "with --advisor-name");
}

int importer_take_demand(const struct demand_record *record, int64_t line, void *context)
{
    struct importer *im = context;
    importer_seen(im, record->time_s, record->assumed_utc);
    im->report->rounded += record->rounded;
    query_bind(im->add_demand, 1, im->demand_name);
    sqlite3_bind_int64(im->add_demand, 2, record->time_s);
    sqlite3_bind_int64(im->add_demand, 3, record->required_micro);
    sqlite3_bind_int64(im->add_demand, 4, im->source);
    int status = importer_run(im, im->add_demand);
    if (status)
        return status;
    query_bind(im->find_demand, 1, im->demand_name);
    sqlite3_bind_int64(im->find_demand, 2, record->time_s);
    return count_or_compare(im, im->find_demand, record->required_micro, line,
                            "this series has another value for this second: give the other one a "
                            "name of its own with --demand-name");
}
