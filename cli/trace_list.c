/* ballast trace list: what a trace database holds. */
#include "base/text.h"
#include "base/timestamp.h"
#include "options.h"
#include "trace.h"
#include "traces/statistics.h"

#include <stdio.h>
#include <string.h>

struct listing {
    bool json;
    struct text text;
    size_t count;
};

static int list_market(const struct market_entry *entry, void *context)
{
    struct listing *listing = context;
    char from[TIMESTAMP_TEXT_SIZE];
    char to[TIMESTAMP_TEXT_SIZE];
    timestamp_format(entry->first_s, from);
    timestamp_format(entry->last_s, to);
    struct text *text = &listing->text;
    if (!listing->json) {
        if (listing->count++ == 0)
            text_addf(text, "%-12s %-14s %-24s %10s  %-20s %-20s\n", "zone", "type", "product",
                      "records", "first", "last");
        text_addf(text, "%-12s %-14s %-24s %10lld  %-20s %-20s%s\n", entry->zone,
                  entry->instance_type, entry->product, (long long)entry->records, from, to,
                  entry->synthetic ? " synthetic" : "");
        return STATUS_OK;
    }
    text_addf(text, "%s{\"zone\":", listing->count++ ? "," : "");
    text_add_json_string(text, entry->zone);
    text_add(text, ",\"instance_type\":");
    text_add_json_string(text, entry->instance_type);
    text_add(text, ",\"product\":");
    text_add_json_string(text, entry->product);
    text_addf(text, ",\"records\":%lld,\"first\":\"%s\",\"last\":\"%s\",\"synthetic\":%s}",
              (long long)entry->records, from, to, entry->synthetic ? "true" : "false");
    return STATUS_OK;
}

static void list_source_json(const struct trace_entry *entry, struct text *text)
{
    text_add(text, ",\"kind\":");
    text_add_json_string(text, entry->kind);
    text_addf(text, ",\"sha256\":\"%s\",\"duplicate\":%lld,\"refused\":%lld,\"synthetic\":%s",
              entry->sha256, (long long)entry->duplicate, (long long)entry->refused,
              entry->synthetic ? "true" : "false");
}

static int list_entry(const struct trace_entry *entry, void *context)
{
    struct listing *listing = context;
    struct text *text = &listing->text;
    bool source = strcmp(entry->what, "source") == 0;
    char from[TIMESTAMP_TEXT_SIZE];
    char to[TIMESTAMP_TEXT_SIZE];
    timestamp_format(entry->first_s, from);
    timestamp_format(entry->last_s, to);
    if (listing->json) {
        text_addf(text, "%s{\"what\":\"%s\",\"name\":", listing->count++ ? "," : "", entry->what);
        text_add_json_string(text, entry->name);
        text_addf(text, ",\"rows\":%lld", (long long)entry->rows);
        if (source)
            list_source_json(entry, text);
        if (entry->last_s)
            text_addf(text, ",\"first\":\"%s\",\"last\":\"%s\"", from, to);
        text_add(text, "}");
        return STATUS_OK;
    }
    text_addf(text, "%s%-13s %s: %lld rows", listing->count++ ? "" : "\n", entry->what, entry->name,
              (long long)entry->rows);
    if (source)
        text_addf(text, " taken, %lld duplicate, %lld refused, %s, sha256 %.12s%s",
                  (long long)entry->duplicate, (long long)entry->refused, entry->kind,
                  entry->sha256, entry->synthetic ? ", SYNTHETIC" : "");
    if (entry->last_s)
        text_addf(text, ", %s to %s", from, to);
    text_add(text, "\n");
    return STATUS_OK;
}

int command_trace_list(int argc, char **argv)
{
    static const struct command_help help = {
        .name = "trace list",
        .arguments = "TRACES.db",
        .description = "List the markets, demand series, catalogues, interruptions and sources.",
        .min_arguments = 1,
        .max_arguments = 1,
    };
    struct listing listing = {0};
    const struct option_spec specs[] = {
        {.name = "json", .help = "print one JSON object", .flag = &listing.json}, {0}};
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    struct error err = {0};
    sqlite3 *database = NULL;
    const char *path = arguments.values[0];
    status = trace_database_open(&database, path, false, &err);
    if (listing.json)
        text_add(&listing.text, "{\"markets\":[");
    if (!status)
        status = trace_each_market(database, path, NULL, list_market, &listing, &err);
    listing.count = 0;
    if (listing.json)
        text_add(&listing.text, "],\"entries\":[");
    if (!status)
        status = trace_each_entry(database, path, list_entry, &listing, &err);
    if (listing.json)
        text_add(&listing.text, "]}\n");
    if (!status)
        status = text_status(&listing.text, &err);
    if (!status && listing.text.size)
        fwrite(listing.text.data, 1, listing.text.size, stdout);
    sqlite3_close(database);
    text_clean_up(&listing.text);
    if (status)
        command_fail(help.name, &err);
    options_clean_up(specs, &arguments);
    return command_end(help.name, status);
}
