/* ballast trace list: what a trace database holds. */
#include "base/text.h"
#include "base/timestamp.h"
#include "shared_options.h"
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
        char zone[TRACE_PLAIN_SIZE];
        char type[TRACE_PLAIN_SIZE];
        char product[TRACE_PLAIN_SIZE];
        text_addf(text, "%-12s %-14s %-24s %10lld  %-20s %-20s%s\n", trace_plain(entry->zone, zone),
                  trace_plain(entry->instance_type, type), trace_plain(entry->product, product),
                  (long long)entry->records, from, to, entry->synthetic ? " SYNTHETIC" : "");
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
    text_add(text, ",\"sha256\":");
    text_add_json_string(text, entry->sha256);
    text_addf(text,
              ",\"duplicate\":%lld,\"refused\":%lld,\"assumed_utc\":%lld,\"rounded\":%lld,"
              "\"newest_first\":%s,\"facts\":%s,\"provider\":",
              (long long)entry->duplicate, (long long)entry->refused, (long long)entry->assumed_utc,
              (long long)entry->rounded, entry->newest_first ? "true" : "false",
              *entry->facts ? entry->facts : "{}");
    text_add_json_string(text, entry->provider);
}

static void list_source_text(const struct trace_entry *entry, struct text *text)
{
    char kind[TRACE_PLAIN_SIZE];
    char hash[TRACE_PLAIN_SIZE];
    text_addf(text, " taken, %lld duplicate, %lld refused, %s, sha256 %.12s",
              (long long)entry->duplicate, (long long)entry->refused,
              trace_plain(entry->kind, kind), trace_plain(entry->sha256, hash));
    if (entry->assumed_utc)
        text_addf(text, ", %lld times read as UTC", (long long)entry->assumed_utc);
    if (entry->rounded)
        text_addf(text, ", %lld values rounded", (long long)entry->rounded);
    if (*entry->facts)
        text_addf(text, ", %s", trace_plain(entry->facts, kind));
}

static int list_entry(const struct trace_entry *entry, void *context)
{
    struct listing *listing = context;
    struct text *text = &listing->text;
    bool source = strcmp(entry->what, "source") == 0;
    char from[TIMESTAMP_TEXT_SIZE];
    char to[TIMESTAMP_TEXT_SIZE];
    char name[TRACE_PLAIN_SIZE];
    timestamp_format(entry->first_s, from);
    timestamp_format(entry->last_s, to);
    if (listing->json) {
        text_addf(text, "%s{\"what\":\"%s\",\"name\":", listing->count++ ? "," : "", entry->what);
        text_add_json_string(text, entry->name);
        text_addf(text, ",\"rows\":%lld,\"synthetic\":%s", (long long)entry->rows,
                  entry->synthetic ? "true" : "false");
        if (source)
            list_source_json(entry, text);
        if (entry->last_s)
            text_addf(text, ",\"first\":\"%s\",\"last\":\"%s\"", from, to);
        text_add(text, "}");
        return STATUS_OK;
    }
    text_addf(text, "%s%-13s %s: %lld rows", listing->count++ ? "" : "\n", entry->what,
              trace_plain(entry->name, name), (long long)entry->rows);
    if (source)
        list_source_text(entry, text);
    if (entry->last_s)
        text_addf(text, ", %s to %s", from, to);
    text_addf(text, "%s\n", entry->synthetic ? ", SYNTHETIC" : "");
    return STATUS_OK;
}

static int list_refusal(const char *source, int64_t line, const char *reason, void *context)
{
    struct listing *listing = context;
    struct text *text = &listing->text;
    char name[TRACE_PLAIN_SIZE];
    char why[TRACE_PLAIN_SIZE];
    if (!listing->json) {
        text_addf(text, "%s:%lld: %s\n", trace_plain(source, name), (long long)line,
                  trace_plain(reason, why));
        return STATUS_OK;
    }
    text_addf(text, "%s{\"source\":", listing->count++ ? "," : "");
    text_add_json_string(text, source);
    text_addf(text, ",\"line\":%lld,\"reason\":", (long long)line);
    text_add_json_string(text, reason);
    text_add(text, "}");
    return STATUS_OK;
}

static int list_all(struct listing *listing, const char *path, bool refused, struct error *err)
{
    sqlite3 *database = NULL;
    struct text *text = &listing->text;
    int status = trace_database_open(&database, path, false, err);
    text_add(text, listing->json ? (refused ? "{\"refused\":[" : "{\"markets\":[") : "");
    if (!status && refused)
        status = trace_each_refusal(database, path, list_refusal, listing, err);
    else if (!status)
        status = trace_each_market(database, path, NULL, list_market, listing, err);
    listing->count = 0;
    if (!refused)
        text_add(text, listing->json ? "],\"entries\":[" : "");
    if (!status && !refused)
        status = trace_each_entry(database, path, list_entry, listing, err);
    text_add(text, listing->json ? "]}\n" : "");
    if (!status)
        status = text_status(text, err);
    if (!status && text->size)
        fwrite(text->data, 1, text->size, stdout);
    sqlite3_close(database);
    text_clean_up(text);
    return status;
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
    bool refused = false;
    const struct option_spec specs[] = {
        {.name = "refused",
         .help = "the refused rows instead: file, line and reason (the first 1,000 of a file)",
         .flag = &refused},
        OPTION_JSON(&listing.json),
        {0},
    };
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    struct error err = {0};
    status = list_all(&listing, arguments.values[0], refused, &err);
    return command_close(&help, specs, &arguments, status, &err);
}
