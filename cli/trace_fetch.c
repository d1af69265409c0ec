/* ballast trace fetch: spot prices of an account's region into a trace database. */
#include "aws_session.h"
#include "base/decimal.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "live/calls.h"
#include "live/twin_clock.h"
#include "trace.h"
#include "traces/import.h"
#include "traces/statistics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DAY_S = 86400, KEPT_S = 90 * DAY_S }; /* AWS keeps prices for 90 days */

struct request {
    const char *into;
    const char *product;
    const char *since;
    const char *clock;
    struct settings_options account;
};

struct fetch {
    const struct request *request;
    struct aws_session session;
    struct twin_clock twin;
    sqlite3 *database;
    int64_t now_s;
    int64_t taken;
    int64_t duplicate;
    int64_t refused;
};

/* ---- what is stored ---------------------------------------------------------------------------
 */

static int newest(const struct market_entry *entry, void *context)
{
    int64_t *newest_s = context;
    *newest_s = entry->last_s > *newest_s ? entry->last_s : *newest_s;
    return STATUS_OK;
}

static int find_start(struct fetch *fetch, const char *type, int64_t *out_start_s,
                      struct error *err)
{
    const struct request *request = fetch->request;
    const struct market_key filter = {.instance_type = type, .product = request->product};
    int64_t start_s = INT64_MIN;
    int status = STATUS_OK;
    if (request->since)
        status = trace_option_time("since", request->since, &start_s, err);
    else
        status = trace_each_market(fetch->database, request->into, &filter, newest, &start_s, err);
    int64_t oldest_s = fetch->now_s - KEPT_S;
    *out_start_s = start_s > oldest_s ? start_s : oldest_s;
    return status;
}

/* ---- one day ----------------------------------------------------------------------------------
 */

struct page {
    struct aws_spot_price *prices;
    size_t count;
};

static const char *checked(struct price_record *out_record, const struct aws_spot_price *price)
{
    char usd[DECIMAL_TEXT_SIZE];
    char time[TIMESTAMP_TEXT_SIZE];
    decimal_format(price->micro_usd_per_hour, usd);
    timestamp_format(price->time_s, time);
#define FIELD(text) ((struct field){(text), strlen(text)})
    return row_price(out_record, FIELD(price->zone), FIELD(price->instance_type),
                     FIELD(price->product), FIELD(usd), FIELD(time));
#undef FIELD
}

static int tell(const struct record_receiver *receiver, char out_hash[HASH_TEXT_SIZE],
                struct error *err, void *context)
{
    (void)err;
    const struct page *page = context;
    struct hash *hash = hash_new();
    int status = STATUS_OK;
    for (size_t i = 0; !status && i < page->count; i++) {
        const struct aws_spot_price *price = &page->prices[i];
        struct price_record record;
        const char *fault = checked(&record, price);
        hash_add_string(hash, price->zone);
        hash_add_string(hash, price->instance_type);
        hash_add_string(hash, price->product);
        hash_add_int64(hash, price->time_s);
        hash_add_int64(hash, price->micro_usd_per_hour);
        status = fault ? receiver->refused((int64_t)i + 1, fault, receiver->context)
                       : receiver->price(&record, (int64_t)i + 1, receiver->context);
    }
    hash_finish(hash, out_hash);
    return status;
}

/* Fetched, then stored in one transaction: who is interrupted goes on where that was. */
static int fetch_day(struct fetch *fetch, const char *type, int64_t start_s, int64_t end_s,
                     struct error *err)
{
    const struct import_options options = {0};
    struct aws_error error;
    struct page page = {0};
    struct import_report report;
    char from[TIMESTAMP_TEXT_SIZE];
    const struct aws_price_query query = {.instance_types = &type,
                                          .type_count = 1,
                                          .product = fetch->request->product,
                                          .start_s = start_s,
                                          .end_s = end_s};
    int status = aws_describe_spot_price_history(&fetch->session.client, &query, &page.prices,
                                                 &page.count, &error, err);
    if (status)
        return status;
    char *name = memory_format("%s %s from %s", fetch->session.settings.region, type,
                               timestamp_format(start_s, from));
    const struct record_teller teller = {KIND_PRICES_JSON, tell, &page};
    if (page.count)
        status = trace_import_told(fetch->database, fetch->request->into, name, &options, &teller,
                                   &report, err);
    if (!status && page.count) {
        fetch->taken += report.taken;
        fetch->duplicate += report.duplicate;
        fetch->refused += report.refused;
    }
    free(name);
    free(page.prices);
    return status;
}

static int fetch_type(struct fetch *fetch, const char *type, struct error *err)
{
    int64_t start_s = 0;
    int status = find_start(fetch, type, &start_s, err);
    int64_t days = (fetch->now_s - start_s + DAY_S - 1) / DAY_S;
    int64_t began_s = fetch->session.clock.now_s(fetch->session.clock.context);
    for (int64_t day = 0; !status && day < days; day++) {
        int64_t from_s = start_s + day * DAY_S;
        int64_t end_s = from_s + DAY_S < fetch->now_s ? from_s + DAY_S : fetch->now_s;
        status = fetch_day(fetch, type, from_s, end_s, err);
        int64_t spent_s = fetch->session.clock.now_s(fetch->session.clock.context) - began_s;
        if (isatty(2))
            fprintf(stderr, "\r\033[Kballast trace fetch: %s: %lld of %lld days, about %lld s left",
                    type, (long long)day + 1, (long long)days,
                    (long long)(spent_s * (days - day - 1) / (day + 1)));
    }
    if (isatty(2))
        fprintf(stderr, "\r\033[K");
    return status;
}

/* ---- all --------------------------------------------------------------------------------------
 */

static int set_up(struct fetch *fetch, struct error *err)
{
    const struct request *request = fetch->request;
    bool twin = strcmp(request->clock, "twin") == 0;
    if (!request->into)
        return error_set(err, STATUS_BAD_INPUT, "where to? Name the database: --into TRACES.db");
    if (!twin && strcmp(request->clock, "wall") != 0)
        return error_set(err, STATUS_BAD_INPUT, "--clock: \"%.40s\" is neither wall nor twin",
                         request->clock);
    int status = aws_session_open(&fetch->session, "trace fetch", &request->account, err);
    fetch->session.client.simulated = twin;
    if (!status && twin)
        status = twin_clock_open(&fetch->twin, &fetch->session.settings, &fetch->session.http, err);
    if (!status && twin)
        status = twin_clock_now(&fetch->twin, &fetch->now_s, err);
    else if (!status)
        fetch->now_s = fetch->session.clock.now_s(fetch->session.clock.context);
    if (!status)
        status = trace_database_open(&fetch->database, request->into, true, err);
    return status;
}

int command_trace_fetch(int argc, char **argv)
{
    static const struct command_help help = {
        .name = "trace fetch",
        .arguments = "TYPE...",
        .description =
            "Ask AWS (DescribeSpotPriceHistory) for the spot prices of these instance types in all "
            "zones of\na region, day by day, from the newest that the database has of a type, or "
            "the 90 days that AWS\nkeeps. Each day is stored whole: whoever is interrupted asks "
            "again and goes on.",
        .min_arguments = 1,
        .max_arguments = SIZE_MAX,
    };
    struct request request = {.product = "Linux/UNIX", .clock = "wall"};
    struct option_spec specs[AWS_SESSION_SPECS + 5] = {
        {.name = "into",
         .placeholder = "TRACES.db",
         .help = "the trace database, made anew if there is none",
         .value = &request.into},
        {.name = "product",
         .placeholder = "NAME",
         .help = "whose prices (Linux/UNIX)",
         .value = &request.product},
        {.name = "since",
         .placeholder = "TIME",
         .help = "from then on, whatever the database has",
         .value = &request.since},
        {.name = "clock",
         .placeholder = "wall|twin",
         .help = "whose time it is: ours (wall), or that of a ballast twin",
         .value = &request.clock},
    };
    aws_session_specs(&request.account, specs + 4);
    struct option_list arguments = {0};
    struct error err = {0};
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    struct fetch fetch = {.request = &request};
    status = set_up(&fetch, &err);
    for (size_t i = 0; !status && i < arguments.count; i++)
        status = fetch_type(&fetch, arguments.values[i], &err);
    if (status)
        command_fail(help.name, &err);
    else
        printf("%lld taken, %lld duplicate, %lld refused\n", (long long)fetch.taken,
               (long long)fetch.duplicate, (long long)fetch.refused);
    sqlite3_close(fetch.database);
    twin_clock_close(&fetch.twin);
    aws_session_close(&fetch.session);
    options_clean_up(specs, &arguments);
    return command_end(help.name, status);
}
