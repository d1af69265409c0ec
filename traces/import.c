#include "traces/import.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Prices are gathered and written in the table's own order, a bounded number at a time: inserting
 * is then appending, and memory does not grow with the file. */
enum { CHUNK = 1 << 18 };

struct waiting {
    int64_t market;
    int64_t time_s;
    int64_t micro_usd_per_hour;
    int64_t number; /* in the file */
    int64_t line;
};

struct known_market {
    char *zone, *instance_type, *product;
    int64_t market;
};

struct importer {
    sqlite3 *database;
    const char *path;
    const char *file;
    const struct import_options *options;
    struct import_report *report;
    struct error *err;
    int64_t source;
    const char *name;
    sqlite3_stmt *find_market, *add_market, *find_price, *add_price, *add_refusal, *add_catalog,
        *find_catalog, *add_demand, *find_demand, *add_interruption;
    struct waiting *waiting;
    size_t waiting_count;
    int64_t numbered;
    struct known_market *markets; /* open addressing, by hash of the three names */
    size_t market_slots;
    size_t market_count;
    struct known_market *last_market;
    int64_t previous_s; /* to tell the file's direction */
    int64_t steps_up, steps_down;
};

static int fail(struct importer *im)
{
    return trace_database_fail(im->database, im->path, im->err);
}

static int prepare(struct importer *im, sqlite3_stmt **statement, const char *sql)
{
    return sqlite3_prepare_v3(im->database, sql, -1, SQLITE_PREPARE_PERSISTENT, statement, NULL)
               ? fail(im)
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
        {&im->find_price, "SELECT place,micro_usd_per_hour,source FROM price WHERE market=?1 AND "
                          "time_s=?2 ORDER BY place"},
        {&im->add_price, "INSERT OR IGNORE INTO price VALUES(?1,?2,?3,?4,?5)"},
        {&im->add_refusal, "INSERT INTO refusal VALUES(?1,?2,?3)"},
        {&im->add_catalog, "INSERT OR IGNORE INTO catalog VALUES(?1,?2,?3,?4,?5,?6,?7)"},
        {&im->find_catalog, "SELECT micro_usd_per_hour FROM catalog WHERE name=?1 AND region=?2 "
                            "AND instance_type=?3"},
        {&im->add_demand, "INSERT OR IGNORE INTO demand VALUES(?1,?2,?3,?4)"},
        {&im->find_demand, "SELECT required_micro FROM demand WHERE name=?1 AND time_s=?2"},
        {&im->add_interruption, "INSERT OR IGNORE INTO interruption VALUES(?1,?2,?3,?4,?5)"},
    };
    int status = STATUS_OK;
    for (size_t i = 0; !status && i < ARRAY_LENGTH(all); i++)
        status = prepare(im, all[i].statement, all[i].sql);
    return status;
}

static void finalize_all(struct importer *im)
{
    sqlite3_stmt *all[] = {im->find_market, im->add_market,      im->find_price,   im->add_price,
                           im->add_refusal, im->add_catalog,     im->find_catalog, im->add_demand,
                           im->find_demand, im->add_interruption};
    for (size_t i = 0; i < ARRAY_LENGTH(all); i++)
        sqlite3_finalize(all[i]);
    for (size_t i = 0; i < im->market_slots; i++) {
        free(im->markets[i].zone);
        free(im->markets[i].instance_type);
        free(im->markets[i].product);
    }
    free(im->markets);
    free(im->waiting);
}

/* Run an insert that returns no row. */
static int run(struct importer *im, sqlite3_stmt *statement)
{
    int result = sqlite3_step(statement);
    if (result != SQLITE_DONE)
        fail(im);
    sqlite3_reset(statement);
    return result == SQLITE_DONE ? STATUS_OK : im->err->status;
}

static void bind_text(sqlite3_stmt *statement, int index, const char *text)
{
    sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
}

static int refuse(int64_t line, const char *reason, void *context)
{
    struct importer *im = context;
    im->report->refused++;
    if (im->options->refused)
        im->options->refused(im->file, line, reason, im->options->context);
    if (im->options->strict)
        return error_set(im->err, STATUS_BAD_INPUT,
                         "%s:%lld: %s: with --strict nothing of this file is kept", im->file,
                         (long long)line, reason);
    if (im->report->refused > REFUSALS_KEPT)
        return STATUS_OK;
    sqlite3_bind_int64(im->add_refusal, 1, im->source);
    sqlite3_bind_int64(im->add_refusal, 2, line);
    bind_text(im->add_refusal, 3, reason);
    return run(im, im->add_refusal);
}

/* Widen the report's span; `number` counts the records of the file. */
static void seen(struct importer *im, int64_t time_s)
{
    struct import_report *report = im->report;
    bool first = im->numbered++ == 0;
    report->first_s = first || time_s < report->first_s ? time_s : report->first_s;
    report->last_s = first || time_s > report->last_s ? time_s : report->last_s;
}

/* ---- markets
 * -------------------------------------------------------------------------------------- */

static uint64_t name_hash(const char *a, const char *b, const char *c)
{
    uint64_t h = 0xcbf29ce484222325ULL;
    const char *const names[] = {a, b, c};
    for (int i = 0; i < 3; i++) {
        for (const char *s = names[i]; *s; s++)
            h = (h ^ (unsigned char)*s) * 0x100000001b3ULL;
        h = (h ^ 0xff) * 0x100000001b3ULL;
    }
    return h ^ (h >> 29);
}

static bool is_market(const struct known_market *known, const struct price_record *record)
{
    return strcmp(known->zone, record->zone) == 0 &&
           strcmp(known->instance_type, record->instance_type) == 0 &&
           strcmp(known->product, record->product) == 0;
}

static struct known_market *market_slot(struct known_market *slots, size_t count, uint64_t hash,
                                        const struct price_record *record)
{
    size_t i = (size_t)hash & (count - 1);
    while (slots[i].zone && (!record || !is_market(&slots[i], record)))
        i = (i + 1) & (count - 1);
    return &slots[i];
}

static void grow_markets(struct importer *im)
{
    size_t slots = im->market_slots ? 2 * im->market_slots : 256;
    struct known_market *grown = memory_new(slots, sizeof *grown);
    for (size_t i = 0; i < im->market_slots; i++) {
        struct known_market *m = &im->markets[i];
        if (m->zone)
            *market_slot(grown, slots, name_hash(m->zone, m->instance_type, m->product), NULL) = *m;
    }
    free(im->markets);
    im->markets = grown;
    im->market_slots = slots;
}

static int look_up_market(struct importer *im, const struct price_record *record,
                          int64_t *out_market)
{
    bind_text(im->find_market, 1, record->zone);
    bind_text(im->find_market, 2, record->instance_type);
    bind_text(im->find_market, 3, record->product);
    int result = sqlite3_step(im->find_market);
    *out_market = result == SQLITE_ROW ? sqlite3_column_int64(im->find_market, 0) : 0;
    sqlite3_reset(im->find_market);
    if (result == SQLITE_ROW)
        return STATUS_OK;
    if (result != SQLITE_DONE)
        return fail(im);
    bind_text(im->add_market, 1, record->zone);
    bind_text(im->add_market, 2, record->instance_type);
    bind_text(im->add_market, 3, record->product);
    int status = run(im, im->add_market);
    *out_market = sqlite3_last_insert_rowid(im->database);
    return status;
}

static int market_of(struct importer *im, const struct price_record *record, int64_t *out_market)
{
    if (im->last_market && is_market(im->last_market, record)) {
        *out_market = im->last_market->market;
        return STATUS_OK;
    }
    if (2 * im->market_count >= im->market_slots)
        grow_markets(im);
    struct known_market *slot =
        market_slot(im->markets, im->market_slots,
                    name_hash(record->zone, record->instance_type, record->product), record);
    int status = STATUS_OK;
    if (!slot->zone) {
        status = look_up_market(im, record, &slot->market);
        slot->zone = memory_copy_text(record->zone);
        slot->instance_type = memory_copy_text(record->instance_type);
        slot->product = memory_copy_text(record->product);
        im->market_count++;
        im->report->markets++;
    }
    im->last_market = slot;
    *out_market = slot->market;
    return status;
}

/* ---- prices
 * --------------------------------------------------------------------------------------- */

static int by_table_order(const void *a, const void *b)
{
    const struct waiting *x = a;
    const struct waiting *y = b;
    if (x->market != y->market)
        return x->market < y->market ? -1 : 1;
    if (x->time_s != y->time_s)
        return x->time_s < y->time_s ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

static int insert_price(struct importer *im, const struct waiting *row, int64_t place)
{
    sqlite3_bind_int64(im->add_price, 1, row->market);
    sqlite3_bind_int64(im->add_price, 2, row->time_s);
    sqlite3_bind_int64(im->add_price, 3, place);
    sqlite3_bind_int64(im->add_price, 4, row->micro_usd_per_hour);
    sqlite3_bind_int64(im->add_price, 5, im->source);
    return run(im, im->add_price);
}

/* The market has a record of this second already: the same, one of this file, or one of another. */
static int settle(struct importer *im, const struct waiting *row)
{
    bool same = false;
    bool foreign = false;
    int64_t place = 0;
    sqlite3_bind_int64(im->find_price, 1, row->market);
    sqlite3_bind_int64(im->find_price, 2, row->time_s);
    int result = 0;
    while ((result = sqlite3_step(im->find_price)) == SQLITE_ROW) {
        same = same || sqlite3_column_int64(im->find_price, 1) == row->micro_usd_per_hour;
        foreign = foreign || sqlite3_column_int64(im->find_price, 2) != im->source;
        place = sqlite3_column_int64(im->find_price, 0) + 1;
    }
    sqlite3_reset(im->find_price);
    if (result != SQLITE_DONE)
        return fail(im);
    if (same) {
        im->report->duplicate++;
        return STATUS_OK;
    }
    if (foreign)
        return refuse(row->line,
                      "another file gives this market another price for the very same second", im);
    im->report->taken++;
    return insert_price(im, row, place);
}

static int write_waiting(struct importer *im)
{
    if (im->waiting_count == 0)
        return STATUS_OK;
    qsort(im->waiting, im->waiting_count, sizeof *im->waiting, by_table_order);
    int status = STATUS_OK;
    for (size_t i = 0; !status && i < im->waiting_count; i++) {
        const struct waiting *row = &im->waiting[i];
        status = insert_price(im, row, 0);
        if (status)
            break;
        if (sqlite3_changes(im->database))
            im->report->taken++;
        else
            status = settle(im, row);
    }
    im->waiting_count = 0;
    return status;
}

static int take_price(const struct price_record *record, int64_t line, void *context)
{
    struct importer *im = context;
    int64_t market = 0;
    int status = market_of(im, record, &market);
    if (status)
        return status;
    if (im->numbered) {
        im->steps_up += record->time_s > im->previous_s;
        im->steps_down += record->time_s < im->previous_s;
    }
    im->previous_s = record->time_s;
    if (!im->waiting)
        im->waiting = memory_new(CHUNK, sizeof *im->waiting);
    im->waiting[im->waiting_count++] =
        (struct waiting){market, record->time_s, record->micro_usd_per_hour, im->numbered, line};
    seen(im, record->time_s);
    return im->waiting_count == CHUNK ? write_waiting(im) : STATUS_OK;
}

/* ---- catalogue and demand
 * --------------------------------------------------------------------------- */

/* After an INSERT OR IGNORE: count it, or compare with what is there. The find statement is bound.
 */
static int count_or_compare(struct importer *im, sqlite3_stmt *find, int64_t value, int64_t line,
                            const char *reason)
{
    if (sqlite3_changes(im->database)) {
        im->report->taken++;
        return STATUS_OK;
    }
    int result = sqlite3_step(find);
    bool same = result == SQLITE_ROW && sqlite3_column_int64(find, 0) == value;
    sqlite3_reset(find);
    if (result != SQLITE_ROW)
        return fail(im);
    if (!same)
        return refuse(line, reason, im);
    im->report->duplicate++;
    return STATUS_OK;
}

static int take_catalog(const struct catalog_record *record, int64_t line, void *context)
{
    struct importer *im = context;
    sqlite3_stmt *add = im->add_catalog;
    bind_text(add, 1, im->name);
    bind_text(add, 2, record->region);
    bind_text(add, 3, record->instance_type);
    if (record->vcpu_micro < 0)
        sqlite3_bind_null(add, 4);
    else
        sqlite3_bind_int64(add, 4, record->vcpu_micro);
    if (record->memory_gib_micro < 0)
        sqlite3_bind_null(add, 5);
    else
        sqlite3_bind_int64(add, 5, record->memory_gib_micro);
    sqlite3_bind_int64(add, 6, record->micro_usd_per_hour);
    sqlite3_bind_int64(add, 7, im->source);
    int status = run(im, add);
    if (status)
        return status;
    bind_text(im->find_catalog, 1, im->name);
    bind_text(im->find_catalog, 2, record->region);
    bind_text(im->find_catalog, 3, record->instance_type);
    return count_or_compare(im, im->find_catalog, record->micro_usd_per_hour, line,
                            "this catalogue already has another price for this region and type: "
                            "import it under another --name");
}

static int take_demand(const struct demand_record *record, int64_t line, void *context)
{
    struct importer *im = context;
    seen(im, record->time_s);
    bind_text(im->add_demand, 1, im->name);
    sqlite3_bind_int64(im->add_demand, 2, record->time_s);
    sqlite3_bind_int64(im->add_demand, 3, record->required_micro);
    sqlite3_bind_int64(im->add_demand, 4, im->source);
    int status = run(im, im->add_demand);
    if (status)
        return status;
    bind_text(im->find_demand, 1, im->name);
    sqlite3_bind_int64(im->find_demand, 2, record->time_s);
    return count_or_compare(im, im->find_demand, record->required_micro, line,
                            "this series already has another value for this second: import it "
                            "under another --name");
}

/* ---- one file
 * --------------------------------------------------------------------------------------- */

static int add_source(struct importer *im, const char *name, bool synthetic)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(im->database,
                           "INSERT INTO source(name,sha256,kind,newest_first,synthetic,taken,"
                           "duplicate,refused) VALUES(?1,'','',0,?2,0,0,0)",
                           -1, &statement, NULL))
        return fail(im);
    bind_text(statement, 1, name);
    sqlite3_bind_int(statement, 2, synthetic);
    int status = run(im, statement);
    sqlite3_finalize(statement);
    im->source = sqlite3_last_insert_rowid(im->database);
    return status;
}

static int finish_source(struct importer *im, const char *hash)
{
    const struct import_report *report = im->report;
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(im->database,
                           "UPDATE source SET sha256=?1,kind=?2,newest_first=?3,taken=?4,"
                           "duplicate=?5,refused=?6 WHERE source=?7",
                           -1, &statement, NULL))
        return fail(im);
    bind_text(statement, 1, hash);
    bind_text(statement, 2, trace_kind_name(report->kind));
    sqlite3_bind_int(statement, 3, im->steps_down > im->steps_up);
    sqlite3_bind_int64(statement, 4, report->taken);
    sqlite3_bind_int64(statement, 5, report->duplicate);
    sqlite3_bind_int64(statement, 6, report->refused);
    sqlite3_bind_int64(statement, 7, im->source);
    int status = run(im, statement);
    sqlite3_finalize(statement);
    return status;
}

/* The same bytes were imported before: importing them again changes nothing, not even provenance.
 */
static int already_imported(struct importer *im, const char *hash, bool *out_already)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(im->database, "SELECT 1 FROM source WHERE sha256=?1 AND source<>?2", -1,
                           &statement, NULL))
        return fail(im);
    bind_text(statement, 1, hash);
    sqlite3_bind_int64(statement, 2, im->source);
    int result = sqlite3_step(statement);
    *out_already = im->report->taken == 0 && result == SQLITE_ROW;
    sqlite3_finalize(statement);
    return result == SQLITE_ROW || result == SQLITE_DONE ? STATUS_OK : fail(im);
}

static int read_all(struct importer *im, struct input *input)
{
    const struct record_receiver receiver = {.context = im,
                                             .price = take_price,
                                             .catalog = take_catalog,
                                             .demand = take_demand,
                                             .refused = refuse};
    im->report->kind = reader_detect(input, im->options->columns);
    if (input->status)
        return input->status;
    int status = STATUS_OK;
    switch (im->report->kind) {
    case KIND_PRICES_JSON:
        status = read_prices_json(input, &receiver, im->err);
        break;
    case KIND_PRICES_TEXT:
    case KIND_PRICES_LEGACY:
    case KIND_PRICES_TSV:
        status = read_prices_lines(input, im->report->kind, &receiver, im->err);
        break;
    case KIND_PRICES_CSV:
        status = read_prices_csv(input, im->options->columns, &receiver, im->err);
        break;
    case KIND_CATALOG:
        status = read_catalog(input, &receiver, im->err);
        break;
    case KIND_DEMAND:
        status = read_demand(input, &receiver, im->err);
        break;
    case KIND_UNKNOWN:
        return error_set(im->err, STATUS_BAD_INPUT,
                         "%s: nothing known is in it: neither spot prices (JSON, CLI text, "
                         "ec2-api-tools, TSV, CSV with a header) nor a catalogue nor a demand "
                         "series; see --columns",
                         im->file);
    }
    return status ? status : write_waiting(im);
}

/* The file's name without its folders, and without its endings if `stem`. */
static char *short_name(const char *file, bool stem)
{
    const char *slash = strrchr(file, '/');
    char *name = memory_copy_text(slash ? slash + 1 : file);
    static const char *const endings[] = {".gz", ".zst", ".csv", ".tsv", ".txt", ".json"};
    for (size_t i = 0; stem && i < ARRAY_LENGTH(endings); i++) {
        size_t length = strlen(name);
        size_t ending = strlen(endings[i]);
        if (length > ending && strcmp(name + length - ending, endings[i]) == 0)
            name[length - ending] = '\0';
    }
    return name;
}

static int begin(struct importer *im)
{
    return sqlite3_exec(im->database, "BEGIN IMMEDIATE", NULL, NULL, NULL) ? fail(im) : STATUS_OK;
}

/* Commit if all went well and anything is new, else leave the database as it was. */
static int end(struct importer *im, int status, const char *hash)
{
    bool already = false;
    if (!status)
        status = already_imported(im, hash, &already);
    if (!status && !already)
        status = finish_source(im, hash);
    if (!status && !already && sqlite3_exec(im->database, "COMMIT", NULL, NULL, NULL))
        status = fail(im);
    if (status || already)
        sqlite3_exec(im->database, "ROLLBACK", NULL, NULL, NULL);
    finalize_all(im);
    return status;
}

int trace_import(sqlite3 *database, const char *database_path, const char *file,
                 const struct import_options *options, struct import_report *out_report,
                 struct error *err)
{
    *out_report = (struct import_report){0};
    struct importer im = {.database = database,
                          .path = database_path,
                          .file = file,
                          .options = options,
                          .report = out_report,
                          .err = err};
    struct input input;
    int status = input_open(&input, file, err);
    if (status)
        return status;
    im.file = input.name;
    char *name = short_name(strcmp(file, "-") == 0 ? "stdin" : file, false);
    char *stem = options->name ? memory_copy_text(options->name) : short_name(name, true);
    im.name = stem;
    status = begin(&im);
    if (!status)
        status = prepare_all(&im);
    if (!status)
        status = add_source(&im, name, false);
    if (!status)
        status = read_all(&im, &input);
    char hash[HASH_TEXT_SIZE];
    input_close(&input, hash);
    status = end(&im, status, hash);
    free(name);
    free(stem);
    return status;
}

static int store_interruptions(struct importer *im, const struct trace_set *set)
{
    int status = STATUS_OK;
    for (size_t i = 0; !status && i < set->interruption_count; i++) {
        const struct interruption_step *step = &set->interruptions[i];
        sqlite3_bind_int64(im->add_interruption, 1, step->time_s);
        bind_text(im->add_interruption, 2, step->zone);
        bind_text(im->add_interruption, 3, step->instance_type);
        sqlite3_bind_int64(im->add_interruption, 4, step->instances);
        sqlite3_bind_int64(im->add_interruption, 5, im->source);
        status = run(im, im->add_interruption);
    }
    return status;
}

int trace_import_set(sqlite3 *database, const char *database_path, const char *name,
                     const struct trace_set *set, struct import_report *out_report,
                     struct error *err)
{
    const struct import_options options = {0};
    *out_report = (struct import_report){.kind = KIND_PRICES_TSV};
    struct importer im = {.database = database,
                          .path = database_path,
                          .file = name,
                          .options = &options,
                          .report = out_report,
                          .err = err};
    int status = begin(&im);
    if (!status)
        status = prepare_all(&im);
    if (!status)
        status = add_source(&im, name, true);
    for (size_t m = 0; !status && m < set->market_count; m++) {
        const struct market *market = &set->markets[m];
        struct price_record record = {0};
        strncpy(record.zone, market->zone, NAME_LIMIT - 1);
        strncpy(record.instance_type, market->instance_type, NAME_LIMIT - 1);
        strncpy(record.product, market->product, NAME_LIMIT - 1);
        for (size_t i = 0; !status && i < market->step_count; i++) {
            record.time_s = market->steps[i].time_s;
            record.micro_usd_per_hour = market->steps[i].micro_usd_per_hour;
            status = take_price(&record, 0, &im);
        }
    }
    if (!status)
        status = write_waiting(&im);
    if (!status)
        status = store_interruptions(&im, set);
    return end(&im, status, set->hash);
}
