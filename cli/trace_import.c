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
    bool quiet;      /* --strict: the error itself tells the row */
    int64_t refused; /* of the file being read */
};

static void show_refusal(const char *file, int64_t line, const char *reason, void *context)
{
    struct shown *shown = context;
    char name[TRACE_PLAIN_SIZE];
    if (shown->refused++ < REFUSALS_SHOWN && !shown->quiet)
        fprintf(stderr, "%s:%lld: refused: %s\n", trace_plain(file, name), (long long)line, reason);
}

static bool is_history(enum trace_kind kind)
{
    return kind <= KIND_PRICES_CSV || kind == KIND_SYNTHETIC;
}

static void print_report(const char *file, const struct import_report *report)
{
    char name[TRACE_PLAIN_SIZE];
    printf("%s: %s%s: %lld taken, %lld duplicate, %lld refused", trace_plain(file, name),
           trace_kind_name(report->kind),
           !is_history(report->kind) ? ""
           : report->newest_first    ? ", newest first"
                                     : ", oldest first",
           (long long)report->taken, (long long)report->duplicate, (long long)report->refused);
    if (report->markets)
        printf("; %lld market%s", (long long)report->markets, report->markets == 1 ? "" : "s");
    if (report->last_s) {
        char from[TIMESTAMP_TEXT_SIZE];
        char to[TIMESTAMP_TEXT_SIZE];
        printf("; %s to %s", timestamp_format(report->first_s, from),
               timestamp_format(report->last_s, to));
    }
    if (report->assumed_utc)
        printf("; %lld times without a zone, read as UTC", (long long)report->assumed_utc);
    if (report->rounded)
        printf("; %lld values rounded to six decimals", (long long)report->rounded);
    printf("%s\n", report->known ? "; imported before" : "");
}

static void add_json(struct text *text, const char *file, const struct import_report *report)
{
    char time[TIMESTAMP_TEXT_SIZE];
    text_addf(text, "%s{\"file\":", text->size > 1 ? "," : "");
    text_add_json_string(text, file);
    text_addf(text, ",\"kind\":\"%s\",\"taken\":%lld,\"duplicate\":%lld,\"refused\":%lld",
              trace_kind_name(report->kind), (long long)report->taken, (long long)report->duplicate,
              (long long)report->refused);
    if (is_history(report->kind))
        text_addf(text, ",\"newest_first\":%s,\"markets\":%lld",
                  report->newest_first ? "true" : "false", (long long)report->markets);
    if (report->last_s) {
        text_addf(text, ",\"first\":\"%s\"", timestamp_format(report->first_s, time));
        text_addf(text, ",\"last\":\"%s\"", timestamp_format(report->last_s, time));
    }
    text_addf(text, ",\"assumed_utc\":%lld,\"rounded\":%lld,\"imported_before\":%s}",
              (long long)report->assumed_utc, (long long)report->rounded,
              report->known ? "true" : "false");
}

static void add_json_error(struct text *text, const char *file, const struct error *err)
{
    text_addf(text, "%s{\"file\":", text->size > 1 ? "," : "");
    text_add_json_string(text, file);
    text_add(text, ",\"error\":");
    text_add_json_string(text, err->text);
    text_add(text, "}");
}

/* One file. A bad one is told of and does not stop the next; a failing machine does. */
static int import_file(sqlite3 *database, const char *into, const char *file,
                       struct import_options *options, struct text *json)
{
    struct error err = {0};
    struct shown shown = {.quiet = options->strict};
    struct import_report report;
    char name[TRACE_PLAIN_SIZE];
    options->context = &shown;
    int status = trace_import(database, into, file, options, &report, &err);
    if (shown.refused > REFUSALS_SHOWN)
        fprintf(stderr, "%s: and %lld more rows refused%s%s\n", trace_plain(file, name),
                (long long)(shown.refused - REFUSALS_SHOWN),
                status ? "" : "; see ballast trace list --refused ", status ? "" : into);
    if (status)
        command_fail("trace import", &err);
    if (json && status)
        add_json_error(json, file, &err);
    else if (json)
        add_json(json, file, &report);
    else if (!status)
        print_report(file, &report);
    return status;
}

/* Returns the worst status of all files; what it says has been said. */
static int import_all(const struct option_list *files, const char *into,
                      struct import_options *options, bool json)
{
    struct error err = {0};
    sqlite3 *database = NULL;
    struct text text = {0};
    int worst = trace_database_open(&database, into, true, &err);
    if (worst)
        return command_fail("trace import", &err);
    text_add(&text, "[");
    for (size_t i = 0; worst != STATUS_FAILURE && i < files->count; i++) {
        int status = import_file(database, into, files->values[i], options, json ? &text : NULL);
        worst = status > worst ? status : worst;
    }
    text_add(&text, "]\n");
    if (json && text_status(&text, &err))
        worst = command_fail("trace import", &err);
    else if (json)
        fwrite(text.data, 1, text.size, stdout);
    text_clean_up(&text);
    sqlite3_close(database);
    return worst;
}

int command_trace_import(int argc, char **argv)
{
    static const struct command_help help = {
        .name = "trace import",
        .arguments = "FILE...",
        .description =
            "Read spot price histories (JSON or text of describe-spot-price-history, "
            "ec2-api-tools,\n"
            "TSV, CSV), on-demand catalogues, instance types, Spot Advisor data, demand and "
            "availability\n"
            "series, plain, gzip "
            "or zstd, told\n"
            "apart by content; what a file does not say is stated by an option, or in "
            "FILE.meta.json\n"
            "with the options' names; \"-\" is standard input. Importing again adds nothing; a "
            "file is "
            "imported whole\n"
            "or not at all, and a bad row is refused with its line, not the file. "
            "docs/traces.md\n"
            "tells the forms and rules.",
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
         .help = "of a CSV without a header: \"price,time,-,zone=us-east-1a,type=c3.xlarge\"",
         .value = &options.stated[FACT_COLUMNS]},
        {.name = "demand-name",
         .placeholder = "NAME",
         .help = "of a demand series (default: the file's name without its ending)",
         .value = &options.stated[FACT_DEMAND_NAME]},
        {.name = "catalog-name",
         .placeholder = "NAME",
         .help = "of a catalogue of on-demand prices (likewise)",
         .value = &options.stated[FACT_CATALOG_NAME]},
        {.name = "advisor-name",
         .placeholder = "NAME",
         .help = "of Spot Advisor data (likewise)",
         .value = &options.stated[FACT_ADVISOR_NAME]},
        {.name = "date",
         .placeholder = "TIME",
         .help = "from when on a catalogue's prices hold: 2015-06-01",
         .value = &options.stated[FACT_DATE]},
        {.name = "zone",
         .placeholder = "ZONE",
         .help = "of what is imported, where the file does not say: us-east-1a",
         .value = &options.stated[FACT_ZONE]},
        {.name = "type",
         .placeholder = "TYPE",
         .help = "likewise: p3.2xlarge",
         .value = &options.stated[FACT_TYPE]},
        {.name = "start",
         .placeholder = "TIME",
         .help = "of a series' first value: 2023-02-15T00:00:00Z",
         .value = &options.stated[FACT_START]},
        {.name = "polarity",
         .placeholder = "WORD",
         .help = "what a number counts: available, up or preempted instances",
         .value = &options.stated[FACT_POLARITY]},
        {.name = "probed",
         .placeholder = "N",
         .help = "of so many instances asked for",
         .value = &options.stated[FACT_PROBED]},
        {.name = "time-unit",
         .placeholder = "UNIT",
         .help = "of a log's times since --start: s, ms or h",
         .value = &options.stated[FACT_TIME_UNIT]},
        {.name = "utc-offset",
         .placeholder = "+HH:MM",
         .help = "of a log's times by the clock: -05:00",
         .value = &options.stated[FACT_UTC_OFFSET]},
        {.name = "longest-gap",
         .placeholder = "SECONDS",
         .help = "a count that fell within a longer hole is no interruption (default: 3600)",
         .value = &options.stated[FACT_LONGEST_GAP]},
        {.name = "provider",
         .placeholder = "NAME",
         .help = "whose cloud it was (default: aws)",
         .value = &options.stated[FACT_PROVIDER]},
        {.name = "json", .help = "print one JSON list", .flag = &json},
        {0},
    };
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    struct error err = {0};
    if (!into) {
        error_set(&err, STATUS_BAD_INPUT,
                  "where to? Name the database: --into TRACES.db (see ballast %s --help)",
                  help.name);
        status = command_fail(help.name, &err);
    } else {
        status = import_all(&arguments, into, &options, json);
    }
    options_clean_up(specs, &arguments);
    return command_end(help.name, status);
}
