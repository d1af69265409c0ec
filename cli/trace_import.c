/* ballast trace import: files of any kind into a trace database. */
#include "base/text.h"
#include "base/timestamp.h"
#include "options.h"
#include "trace.h"
#include "traces/import.h"

#include <stdint.h>
#include <stdio.h>

enum { REFUSALS_SHOWN = 10 }; /* of one file, on stderr */

struct shown {
    int64_t refused; /* of the file being read */
};

static void show_refusal(const char *file, int64_t line, const char *reason, void *context)
{
    struct shown *shown = context;
    if (shown->refused++ < REFUSALS_SHOWN)
        fprintf(stderr, "%s:%lld: refused: %s\n", file, (long long)line, reason);
}

static void print_report(const char *file, const struct import_report *report)
{
    printf("%s: %s: %lld taken, %lld duplicate, %lld refused", file, trace_kind_name(report->kind),
           (long long)report->taken, (long long)report->duplicate, (long long)report->refused);
    if (report->markets)
        printf(", %lld markets", (long long)report->markets);
    if (report->last_s) {
        char from[TIMESTAMP_TEXT_SIZE];
        char to[TIMESTAMP_TEXT_SIZE];
        printf(", %s to %s", timestamp_format(report->first_s, from),
               timestamp_format(report->last_s, to));
    }
    printf("%s\n", report->kind == KIND_DEMAND ? " (times without a zone are read as UTC)" : "");
}

static void add_json(struct text *text, const char *file, const struct import_report *report)
{
    text_addf(text, "%s{\"file\":", text->size > 1 ? "," : "");
    text_add_json_string(text, file);
    text_addf(text, ",\"kind\":\"%s\",\"taken\":%lld,\"duplicate\":%lld,\"refused\":%lld}",
              trace_kind_name(report->kind), (long long)report->taken, (long long)report->duplicate,
              (long long)report->refused);
}

/* Files one after the other: what was imported before a bad one stays. */
static int import_all(const struct option_list *files, const char *into,
                      struct import_options *options, bool json, struct error *err)
{
    sqlite3 *database = NULL;
    struct text text = {0};
    int status = trace_database_open(&database, into, true, err);
    text_add(&text, "[");
    for (size_t i = 0; !status && i < files->count; i++) {
        struct shown shown = {0};
        struct import_report report;
        options->context = &shown;
        status = trace_import(database, into, files->values[i], options, &report, err);
        if (shown.refused > REFUSALS_SHOWN)
            fprintf(stderr, "%s: %lld more rows refused (see `ballast trace list %s`)\n",
                    files->values[i], (long long)(shown.refused - REFUSALS_SHOWN), into);
        if (!status && json)
            add_json(&text, files->values[i], &report);
        else if (!status)
            print_report(files->values[i], &report);
    }
    text_add(&text, "]\n");
    if (json && !status)
        status = text_status(&text, err);
    if (json && !status)
        fwrite(text.data, 1, text.size, stdout);
    text_clean_up(&text);
    sqlite3_close(database);
    return status;
}

int command_trace_import(int argc, char **argv)
{
    static const struct command_help help = {
        .name = "trace import",
        .arguments = "FILE...",
        .description = "Read spot price histories (JSON or text of describe-spot-price-history, "
                       "ec2-api-tools,\n"
                       "TSV, CSV), on-demand catalogues and demand series, plain, gzip or zstd, "
                       "told apart by\n"
                       "content; \"-\" is standard input. Importing again adds nothing; a file is "
                       "imported whole\n"
                       "or not at all, and a bad row is refused with its line, not the file.",
        .min_arguments = 1,
        .max_arguments = SIZE_MAX,
    };
    const char *into = NULL;
    bool json = false;
    struct import_options options = {.refused = show_refusal};
    const struct option_spec specs[] = {
        {.name = "into",
         .placeholder = "TRACES.db",
         .help = "the trace database, made anew if there is none",
         .value = &into},
        {.name = "strict",
         .help = "a refused row refuses its file (exit 2)",
         .flag = &options.strict},
        {.name = "columns",
         .placeholder = "LIST",
         .help = "columns of a CSV without a header: zone,type,product,price,time,-",
         .value = &options.columns},
        {.name = "demand-name",
         .placeholder = "NAME",
         .help = "of a demand series (default: the file's name without its ending)",
         .value = &options.demand_name},
        {.name = "catalog-name",
         .placeholder = "NAME",
         .help = "of a catalogue of on-demand prices (likewise)",
         .value = &options.catalog_name},
        {.name = "json", .help = "print one JSON list", .flag = &json},
        {0},
    };
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    struct error err = {0};
    if (!into)
        status = error_set(&err, STATUS_BAD_INPUT,
                           "where to? Name the database: --into TRACES.db (see ballast %s --help)",
                           help.name);
    else
        status = import_all(&arguments, into, &options, json, &err);
    if (status)
        command_fail(help.name, &err);
    options_clean_up(specs, &arguments);
    return command_end(help.name, status);
}
