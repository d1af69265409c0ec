/* A generated set. */
#include "traces/importer.h"

#include <string.h>

/* Generated prices are never mixed into a market that has others. */
static int refuse_known_market(struct importer *im, const struct market *market)
{
    sqlite3_stmt *statement = NULL;
    int status = importer_prepare(im, &statement,
                                  "SELECT 1 FROM price JOIN market USING(market) WHERE zone=?1 AND"
                                  " instance_type=?2 AND product=?3 LIMIT 1");
    if (status)
        return status;
    query_bind(statement, 1, market->zone);
    query_bind(statement, 2, market->instance_type);
    query_bind(statement, 3, market->product);
    int result = sqlite3_step(statement);
    if (result == SQLITE_ROW)
        status = error_set(im->err, STATUS_BAD_INPUT,
                           "%s: it has other prices of %s in %s (%s) already: generate into a "
                           "database of its own",
                           im->path, market->instance_type, market->zone, market->product);
    else if (result != SQLITE_DONE)
        status = importer_fail(im);
    sqlite3_finalize(statement);
    return status;
}

static int store_market(struct importer *im, const struct market *market)
{
    struct price_record record = {0};
    if (!*market->zone || !*market->instance_type || !*market->product)
        return error_set(im->err, STATUS_BAD_INPUT, "%s: a market without a name", im->file);
    if (strlen(market->zone) >= NAME_LIMIT || strlen(market->instance_type) >= NAME_LIMIT ||
        strlen(market->product) >= NAME_LIMIT)
        return error_set(im->err, STATUS_BAD_INPUT, "%s: a market's name is longer than %d bytes",
                         im->file, NAME_LIMIT - 1);
    strcpy(record.zone, market->zone);
    strcpy(record.instance_type, market->instance_type);
    strcpy(record.product, market->product);
    int status = STATUS_OK;
    for (size_t i = 0; !status && i < market->step_count; i++) {
        record.time_s = market->steps[i].time_s;
        record.micro_usd_per_hour = market->steps[i].micro_usd_per_hour;
        status = importer_take_price(&record, 0, im);
    }
    return status;
}

int trace_import_set(sqlite3 *database, const char *database_path, const char *name,
                     const struct trace_set *set, struct import_report *out_report,
                     struct error *err)
{
    const struct import_options options = {0};
    *out_report = (struct import_report){.kind = KIND_SYNTHETIC};
    struct importer im = {.database = database,
                          .path = database_path,
                          .file = name,
                          .options = &options,
                          .report = out_report,
                          .err = err};
    int status = importer_begin(&im, name, true);
    if (!status)
        status = importer_already(&im, set->hash, &out_report->known);
    if (!status && out_report->known) {
        for (size_t i = 0; i < set->market_count; i++)
            out_report->duplicate += (int64_t)set->markets[i].step_count;
        out_report->duplicate += (int64_t)set->interruption_count;
        return importer_end(&im, status, set->hash);
    }
    for (size_t i = 0; !status && i < set->market_count; i++)
        status = refuse_known_market(&im, &set->markets[i]);
    for (size_t i = 0; !status && i < set->market_count; i++)
        status = store_market(&im, &set->markets[i]);
    if (!status)
        status = importer_write_prices(&im);
    for (size_t i = 0; !status && i < set->interruption_count; i++)
        status = importer_take_interruption(&set->interruptions[i], 0, &im);
    return importer_end(&im, status, set->hash);
}
