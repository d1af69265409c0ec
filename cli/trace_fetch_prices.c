/* ballast trace fetch TYPE...: spot prices of an account's region. */
#include "base/decimal.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "trace.h"
#include "trace_fetch.h"
#include "traces/statistics.h"

#include <stdlib.h>
#include <string.h>

enum { DAY_S = 86400, KEPT_S = 90 * DAY_S }; /* AWS keeps prices for 90 days */

static int newest(const struct market_entry *entry, void *context)
{
    int64_t *newest_s = context;
    *newest_s = entry->last_s > *newest_s ? entry->last_s : *newest_s;
    return STATUS_OK;
}

static int find_start(struct fetch *fetch, const char *type, int64_t *out_start_s,
                      struct error *err)
{
    const struct fetch_request *request = fetch->request;
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
                     size_t *count, struct error *err)
{
    struct aws_error error;
    struct page page = {0};
    char from[TIMESTAMP_TEXT_SIZE];
    const struct aws_price_query query = {.instance_types = &type,
                                          .type_count = 1,
                                          .product = fetch->request->product,
                                          .start_s = start_s,
                                          .end_s = end_s};
    int status = aws_describe_spot_price_history(&fetch->session.client, &query, &page.prices,
                                                 &page.count, &error, err);
    if (status)
        return fetch_failed(&error, "ec2:DescribeSpotPriceHistory", err);
    char *name = memory_format("%s %s from %s", fetch->session.settings.region, type,
                               timestamp_format(start_s, from));
    const struct record_teller teller = {KIND_PRICES_JSON, tell, &page};
    if (page.count)
        status = fetch_store(fetch, name, NULL, &teller, err);
    *count += page.count;
    free(name);
    free(page.prices);
    return status;
}

int fetch_prices(struct fetch *fetch, const char *type, struct error *err)
{
    int64_t start_s = 0;
    size_t count = 0;
    int status = find_start(fetch, type, &start_s, err);
    int64_t days = (fetch->now_s - start_s + DAY_S - 1) / DAY_S;
    fetch_progress(fetch, type, 0, days);
    for (int64_t day = 0; !status && day < days; day++) {
        int64_t from_s = start_s + day * DAY_S;
        int64_t end_s = from_s + DAY_S < fetch->now_s ? from_s + DAY_S : fetch->now_s;
        status = fetch_day(fetch, type, from_s, end_s, &count, err);
        fetch_progress(fetch, type, day + 1, days);
    }
    /* There is always the price in force at the beginning. */
    if (!status && days > 0 && count == 0)
        status = error_set(err, STATUS_BAD_INPUT,
                           "AWS has no price of %.64s (%.64s) in %s: are type, product and region "
                           "right?",
                           type, fetch->request->product, fetch->session.settings.region);
    return status;
}
