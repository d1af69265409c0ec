/* ballast trace show: what markets did over a range. */
#include "base/decimal.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "options.h"
#include "scenario/regions.h"
#include "show.h"
#include "trace.h"
#include "traces/statistics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct showing {
    const char *path;
    int64_t from_s; /* -1: each market's own first record */
    int64_t to_s;
    int64_t above; /* -1: each type's on-demand price, where the catalogue knows it */
    const char *catalog;
    bool told;   /* that catalogues disagree */
    bool priced; /* a catalogue had a market's price */
    bool json;
    struct text text;
    size_t count;
    struct error *err;
};

/* What the market is compared with: what the user said, or the catalogue's price, which is of
 * Linux. Where catalogues disagree it is none, and said so once. */
static int threshold(struct showing *showing, const struct market_entry *entry, int64_t from_s,
                     int64_t *out)
{
    *out = showing->above;
    if (showing->above >= 0 || !trace_catalog_has(entry->product))
        return STATUS_OK;
    char region[REGION_TEXT_SIZE];
    struct error err = {0};
    region_of_zone(entry->zone, region);
    struct trace_price price;
    int status = trace_on_demand_price(showing->path, showing->catalog, region,
                                       entry->instance_type, from_s, &price, &err);
    *out = price.micro_usd_per_hour;
    showing->priced = showing->priced || *out >= 0;
    if (status == STATUS_BAD_INPUT && !showing->catalog) {
        if (!showing->told)
            fprintf(stderr, "ballast trace show: %s\n", err.text);
        showing->told = true;
        *out = -1;
        return STATUS_OK;
    }
    if (status)
        *showing->err = err;
    return status;
}

/* Seconds as hours with two decimals. Returns out. */
static const char *hours_of(int64_t seconds, char out[DECIMAL_TEXT_SIZE])
{
    int128 hundredths = divide_half_even((int128)seconds * 100, SECONDS_PER_HOUR);
    return decimal_format(hundredths * (MICRO / 100), out);
}

/* What is shown of one market. */
struct shown_market {
    const struct market_entry *entry;
    struct market_statistics statistics;
    int64_t from_s;
    int64_t to_s;
    int64_t above; /* -1: nothing to compare with */
    size_t interruptions;
    int64_t instances_interrupted;
};

static void add_text(struct showing *showing, const struct shown_market *market)
{
    const struct market_entry *entry = market->entry;
    const struct market_statistics *s = &market->statistics;
    int64_t above = market->above;
    char a[DECIMAL_TEXT_SIZE];
    char b[DECIMAL_TEXT_SIZE];
    char c[DECIMAL_TEXT_SIZE];
    char d[DECIMAL_TEXT_SIZE];
    char hours[DECIMAL_TEXT_SIZE];
    char when[TIMESTAMP_TEXT_SIZE];
    struct text *text = &showing->text;
    char zone[TRACE_PLAIN_SIZE];
    char type[TRACE_PLAIN_SIZE];
    char product[TRACE_PLAIN_SIZE];
    text_addf(text, "%s %s %s%s\n", trace_plain(entry->zone, zone),
              trace_plain(entry->instance_type, type), trace_plain(entry->product, product),
              entry->synthetic ? " (SYNTHETIC)" : "");
    text_addf(text, "  %lld records in all, %lld changes in range, %s h covered\n",
              (long long)entry->records, (long long)s->changes, hours_of(s->covered_s, hours));
    if (s->covered_s == 0) {
        text_add(text, "  no price is known in this range\n");
        return;
    }
    text_addf(text, "  USD/h: min %s, median %s, max %s (weighted by time)\n",
              decimal_format(s->min_micro_usd, a), decimal_format(s->median_micro_usd, b),
              decimal_format(s->max_micro_usd, c));
    if (market->interruptions)
        text_addf(text, "  %lld instances interrupted at %zu times\n",
                  (long long)market->instances_interrupted, market->interruptions);
    if (above < 0)
        return;
    text_addf(text, "  above %s: %s h in %lld episodes", decimal_format(above, d),
              hours_of(s->above_s, hours), (long long)s->above_episodes);
    if (s->above_episodes)
        text_addf(text, ", longest %lld s from %s", (long long)s->longest_above_s,
                  timestamp_format(s->longest_above_from_s, when));
    text_add(text, "\n");
}

static void add_json_time(struct text *text, const char *key, int64_t time_s)
{
    char time[TIMESTAMP_TEXT_SIZE];
    text_addf(text, ",\"%s\":\"%s\"", key, timestamp_format(time_s, time));
}

static void add_json(struct showing *showing, const struct shown_market *market)
{
    const struct market_entry *entry = market->entry;
    const struct market_statistics *s = &market->statistics;
    int64_t above = market->above;
    char hours[DECIMAL_TEXT_SIZE];
    struct text *text = &showing->text;
    text_addf(text, "%s{\"zone\":", showing->count ? "," : "");
    text_add_json_string(text, entry->zone);
    text_add(text, ",\"instance_type\":");
    text_add_json_string(text, entry->instance_type);
    text_add(text, ",\"product\":");
    text_add_json_string(text, entry->product);
    add_json_time(text, "first_record", entry->first_s);
    add_json_time(text, "last_record", entry->last_s);
    add_json_time(text, "from", market->from_s);
    add_json_time(text, "to", market->to_s);
    text_addf(text, ",\"covered_h\":%s,\"interruptions\":%zu,\"instances_interrupted\":%lld",
              hours_of(s->covered_s, hours), market->interruptions,
              (long long)market->instances_interrupted);
    text_addf(text, ",\"synthetic\":%s,\"records\":%lld,\"covered_s\":%lld,\"changes\":%lld",
              entry->synthetic ? "true" : "false", (long long)entry->records,
              (long long)s->covered_s, (long long)s->changes);
    if (s->covered_s == 0) {
        text_add(text, ",\"min_micro_usd\":null,\"median_micro_usd\":null,\"max_micro_usd\":null}");
        return;
    }
    text_addf(text, ",\"min_micro_usd\":%lld,\"median_micro_usd\":%lld,\"max_micro_usd\":%lld",
              (long long)s->min_micro_usd, (long long)s->median_micro_usd,
              (long long)s->max_micro_usd);
    if (above >= 0)
        text_addf(
            text,
            ",\"threshold_micro_usd\":%lld,\"above_s\":%lld,\"above_h\":%s,\"above_episodes\":%lld,"
            "\"longest_above_s\":%lld",
            (long long)above, (long long)s->above_s, hours_of(s->above_s, hours),
            (long long)s->above_episodes, (long long)s->longest_above_s);
    if (above >= 0 && s->above_episodes)
        add_json_time(text, "longest_above_from", s->longest_above_from_s);
    text_add(text, "}");
}

static int show_market(const struct market_entry *entry, void *context)
{
    struct showing *showing = context;
    struct trace_set set = {0};
    const struct market_key key = {entry->zone, entry->instance_type, entry->product};
    struct shown_market market = {
        .entry = entry,
        .from_s = showing->from_s >= 0 ? showing->from_s : entry->first_s,
        .to_s = showing->to_s >= 0 ? showing->to_s : entry->last_s + 1,
    };
    int status = threshold(showing, entry, market.from_s, &market.above);
    if (!status)
        status =
            trace_compile(&set, showing->path, &key, 1, market.from_s, market.to_s, showing->err);
    for (size_t i = 0; !status && i < set.interruption_count; i++)
        market.instances_interrupted += set.interruptions[i].instances;
    market.interruptions = set.interruption_count;
    if (!status && set.market_count) {
        market_statistics(&set.markets[0], market.from_s, market.to_s, market.above,
                          &market.statistics);
        if (showing->json)
            add_json(showing, &market);
        else
            add_text(showing, &market);
        showing->count++;
    }
    trace_set_clean_up(&set);
    return status;
}

static int show_all(struct showing *showing, const struct market_key *filter)
{
    sqlite3 *database = NULL;
    int status = trace_database_open(&database, showing->path, false, showing->err);
    if (showing->json)
        text_add(&showing->text, "[");
    if (!status)
        status =
            trace_each_market(database, showing->path, filter, show_market, showing, showing->err);
    if (showing->json)
        text_add(&showing->text, "]\n");
    if (!status && showing->count == 0)
        status = error_set(showing->err, STATUS_BAD_INPUT,
                           "%s: no such market (see ballast trace list %s)", showing->path,
                           showing->path);
    if (!status && showing->catalog && showing->above < 0 && !showing->priced)
        status = error_set(showing->err, STATUS_BAD_INPUT,
                           "--catalog %s: no catalogue of that name has a price of what is shown "
                           "(see ballast trace list %s)",
                           showing->catalog, showing->path);
    if (!status)
        status = text_status(&showing->text, showing->err);
    if (!status)
        fwrite(showing->text.data, 1, showing->text.size, stdout);
    sqlite3_close(database);
    text_clean_up(&showing->text);
    return status;
}

int command_trace_show(int argc, char **argv)
{
    static const struct command_help help = {
        .name = "trace show",
        .arguments = "TRACES.db",
        .description =
            "For each market: records, changes, lowest, median and highest price (weighted by "
            "time),\n"
            "and how long it stood above on-demand: --above, or the catalogue's price of its type.",
        .min_arguments = 1,
        .max_arguments = 1,
    };
    struct error err = {0};
    struct showing showing = {.from_s = -1, .to_s = -1, .above = -1, .err = &err};
    struct market_key filter = {0};
    const char *from = NULL;
    const char *to = NULL;
    const char *on_demand = NULL;
    const char *above = NULL;
    const struct option_spec specs[] = {
        {.name = "zone", .placeholder = "ZONE", .help = "only this zone", .value = &filter.zone},
        {.name = "type",
         .placeholder = "TYPE",
         .help = "only this instance type",
         .value = &filter.instance_type},
        {.name = "product",
         .placeholder = "NAME",
         .help = "only this product description",
         .value = &filter.product},
        {.name = "from", .placeholder = "TIME", .help = "start of the range", .value = &from},
        {.name = "to", .placeholder = "TIME", .help = "its end, excluded", .value = &to},
        {.name = "on-demand",
         .placeholder = "USD",
         .help = "the on-demand price, to count the time above it",
         .value = &on_demand},
        {.name = "above", .placeholder = "USD", .help = "the same: any price", .value = &above},
        {.name = "catalog",
         .placeholder = "NAME",
         .help = "on-demand prices from this catalogue",
         .value = &showing.catalog},
        {.name = "json", .help = "print one JSON list", .flag = &showing.json},
        {0},
    };
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    showing.path = arguments.values[0];
    status = trace_option_time("from", from, &showing.from_s, &err);
    if (!status)
        status = trace_option_time("to", to, &showing.to_s, &err);
    if (!status)
        status = trace_option_usd("on-demand", on_demand, &showing.above, &err);
    if (!status)
        status = trace_option_usd("above", above, &showing.above, &err);
    if (!status && showing.from_s >= 0 && showing.to_s >= 0 && showing.from_s >= showing.to_s)
        status = error_set(&err, STATUS_BAD_INPUT, "--from must be before --to");
    if (!status)
        status = show_all(&showing, &filter);
    return command_close(&help, specs, &arguments, status, &err);
}
