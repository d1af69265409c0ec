/* EC2: DescribeSpotPriceHistory over the scenario's markets. */
#include "twin/filters.h"
#include "twin/twin_parts.h"

#include "base/decimal.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { KEPT_S = 90 * 86400 };

struct change_seen {
    const struct market *market;
    const struct price_step *step;
};

struct changes_seen {
    struct change_seen *list;
    size_t count;
    size_t capacity;
};

struct asked {
    const struct tree *types;
    const struct tree *products;
    const struct tree *filters;
    const char *zone; /* "": any */
    int64_t start_s;
    int64_t end_s;
};

/* Newest first; markets of one second in the order of their names. */
static int newest_first(const void *a, const void *b)
{
    const struct change_seen *x = a;
    const struct change_seen *y = b;
    if (x->step->time_s != y->step->time_s)
        return x->step->time_s > y->step->time_s ? -1 : 1;
    int order = strcmp(x->market->zone, y->market->zone);
    if (order == 0)
        order = strcmp(x->market->instance_type, y->market->instance_type);
    return order ? order : strcmp(x->market->product, y->market->product);
}

static bool wanted(const struct market *market, const struct asked *asked)
{
    return call_among(asked->types, market->instance_type) &&
           call_among(asked->products, market->product) &&
           (!*asked->zone || strcmp(asked->zone, market->zone) == 0) &&
           filters_pass(asked->filters, "availability-zone", market->zone) &&
           filters_pass(asked->filters, "instance-type", market->instance_type) &&
           filters_pass(asked->filters, "product-description", market->product);
}

/* Changes after the start up to the end, and the one that is in force at the start. */
static void collect(const struct market *market, const struct asked *asked,
                    struct changes_seen *seen)
{
    size_t i = 0;
    while (i + 1 < market->step_count && market->steps[i + 1].time_s <= asked->start_s)
        i++;
    for (; i < market->step_count && market->steps[i].time_s <= asked->end_s; i++) {
        const struct change_seen change = {market, &market->steps[i]};
        ARRAY_PUSH(seen->list, seen->count, seen->capacity, change);
    }
}

static bool read_asked(struct call *call, struct asked *asked, struct page *page)
{
    static const char *const filters[] = {"availability-zone", "instance-type",
                                          "product-description", NULL};
    *asked = (struct asked){.zone = ""};
    if (!call_page(call, "MaxResults", 1000, 1, 1000, "NextToken", page))
        return false;
    asked->end_s = page->now_s;
    asked->start_s = page->now_s - KEPT_S;
    if (!call_list(call, call->input, "InstanceType", &asked->types) ||
        !call_list(call, call->input, "ProductDescription", &asked->products) ||
        !call_text(call, call->input, "AvailabilityZone", &asked->zone) ||
        !call_time(call, call->input, "StartTime", &asked->start_s) ||
        !call_time(call, call->input, "EndTime", &asked->end_s) ||
        !filters_read(call, filters, &asked->filters))
        return false;
    if (asked->start_s > asked->end_s)
        return call_bad_value(call, "The start time is later than the end time.");
    if (asked->start_s < page->now_s - KEPT_S)
        asked->start_s = page->now_s - KEPT_S;
    if (asked->end_s > page->now_s)
        asked->end_s = page->now_s;
    return true;
}

bool price_history(struct call *call)
{
    const struct trace_set *traces = call->twin->options.traces;
    struct asked asked;
    struct page page;
    struct changes_seen seen = {0};
    if (!read_asked(call, &asked, &page))
        return false;
    for (size_t i = 0; i < traces->market_count; i++) {
        if (wanted(&traces->markets[i], &asked))
            collect(&traces->markets[i], &asked, &seen);
    }
    if (seen.count)
        qsort(seen.list, seen.count, sizeof *seen.list, newest_first);
    struct put list = put_list(call->output, "spotPriceHistorySet");
    for (size_t i = page.from; i < seen.count && i < page.from + page.limit; i++) {
        const struct change_seen *change = &seen.list[i];
        int64_t micro_usd = change->step->micro_usd_per_hour;
        struct put item = put_object(list, NULL);
        put_text(item, "availabilityZone", change->market->zone);
        put_text(item, "instanceType", change->market->instance_type);
        put_text(item, "productDescription", change->market->product);
        put_textf(item, "spotPrice", "%lld.%06lld", (long long)(micro_usd / MICRO),
                  (long long)(micro_usd % MICRO));
        call_put_time(call, item, "timestamp", change->step->time_s);
    }
    /* On the last page AWS's token is there and empty. */
    if (page.from + page.limit < seen.count)
        call_put_token(call, "nextToken", &page, page.from + page.limit);
    else
        put_text(call->output, "nextToken", "");
    free(seen.list);
    return true;
}
