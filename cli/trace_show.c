/* ballast trace show: what markets did over a range. */
#include "base/decimal.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "options.h"
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
    bool json;
    struct text text;
    size_t count;
    struct error *err;
};

/* "us-east-1a" lies in us-east-1; of zone ids nothing is guessed. */
static int threshold(struct showing *showing, const struct market_entry *entry, int64_t *out)
{
    *out = showing->above;
    size_t length = strlen(entry->zone);
    if (showing->above >= 0 || length < 2 || entry->zone[length - 1] < 'a')
        return STATUS_OK;
    char *region = memory_copy_bytes(entry->zone, length - 1);
    int status = trace_on_demand_price(showing->path, showing->catalog, region,
                                       entry->instance_type, out, showing->err);
    free(region);
    return status;
}

static void add_text(struct showing *showing, const struct market_entry *entry,
                     const struct market_statistics *s, int64_t above)
{
    char a[DECIMAL_TEXT_SIZE];
    char b[DECIMAL_TEXT_SIZE];
    char c[DECIMAL_TEXT_SIZE];
    char d[DECIMAL_TEXT_SIZE];
    char hours[SHOW_SIZE];
    char when[TIMESTAMP_TEXT_SIZE];
    struct text *text = &showing->text;
    text_addf(text, "%s %s %s%s\n", entry->zone, entry->instance_type, entry->product,
              entry->synthetic ? " (synthetic)" : "");
    text_addf(text, "  %lld records in all, %lld changes in range, %s h covered\n",
              (long long)entry->records, (long long)s->changes,
              decimal_format(divide_half_even((int128)s->covered_s * 100, 3600) * 10000, hours));
    text_addf(text, "  USD/h: min %s, median %s, max %s (weighted by time)\n",
              decimal_format(s->min_micro_usd, a), decimal_format(s->median_micro_usd, b),
              decimal_format(s->max_micro_usd, c));
    if (above < 0)
        return;
    text_addf(text, "  above %s: %s h in %lld episodes", decimal_format(above, d),
              decimal_format(divide_half_even((int128)s->above_s * 100, 3600) * 10000, hours),
              (long long)s->above_episodes);
    if (s->above_episodes)
        text_addf(text, ", longest %lld s from %s", (long long)s->longest_above_s,
                  timestamp_format(s->longest_above_from_s, when));
    text_add(text, "\n");
}

static void add_json(struct showing *showing, const struct market_entry *entry,
                     const struct market_statistics *s, int64_t above)
{
    struct text *text = &showing->text;
    text_addf(text, "%s{\"zone\":", showing->count ? "," : "");
    text_add_json_string(text, entry->zone);
    text_add(text, ",\"instance_type\":");
    text_add_json_string(text, entry->instance_type);
    text_add(text, ",\"product\":");
    text_add_json_string(text, entry->product);
    text_addf(text,
              ",\"synthetic\":%s,\"records\":%lld,\"covered_s\":%lld,\"changes\":%lld,"
              "\"min_micro_usd\":%lld,\"median_micro_usd\":%lld,\"max_micro_usd\":%lld",
              entry->synthetic ? "true" : "false", (long long)entry->records,
              (long long)s->covered_s, (long long)s->changes, (long long)s->min_micro_usd,
              (long long)s->median_micro_usd, (long long)s->max_micro_usd);
    if (above >= 0)
        text_addf(text,
                  ",\"threshold_micro_usd\":%lld,\"above_s\":%lld,\"above_episodes\":%lld,"
                  "\"longest_above_s\":%lld",
                  (long long)above, (long long)s->above_s, (long long)s->above_episodes,
                  (long long)s->longest_above_s);
    text_add(text, "}");
}

static int show_market(const struct market_entry *entry, void *context)
{
    struct showing *showing = context;
    struct trace_set set = {0};
    const struct market_key key = {entry->zone, entry->instance_type, entry->product};
    int64_t from_s = showing->from_s >= 0 ? showing->from_s : entry->first_s;
    int64_t to_s = showing->to_s >= 0 ? showing->to_s : entry->last_s + 1;
    int64_t above = -1;
    int status = threshold(showing, entry, &above);
    if (!status)
        status = trace_compile(&set, showing->path, &key, 1, from_s, to_s, showing->err);
    if (!status && set.market_count) {
        struct market_statistics statistics;
        market_statistics(&set.markets[0], from_s, to_s, above, &statistics);
        if (showing->json)
            add_json(showing, entry, &statistics, above);
        else
            add_text(showing, entry, &statistics, above);
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
        {.name = "above", .placeholder = "USD", .help = "count the time above it", .value = &above},
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
        status = trace_option_usd("above", above, &showing.above, &err);
    if (!status && showing.from_s >= 0 && showing.to_s >= 0 && showing.from_s >= showing.to_s)
        status = error_set(&err, STATUS_BAD_INPUT, "--from must be before --to");
    if (!status)
        status = show_all(&showing, &filter);
    if (status)
        command_fail(help.name, &err);
    options_clean_up(specs, &arguments);
    return command_end(help.name, status);
}
