/* ballast trace import: files of any kind into a trace database. */
#include "base/text.h"
#include "base/timestamp.h"
#include "options.h"
#include "policy/builtin.h"
#include "record/recording_trace.h"
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
    if (report->kind == KIND_LIFETIMES)
        printf("; %lld had lived --max-lifetime, %lld were stopped by their owners",
               (long long)report->expired, (long long)report->stopped);
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
    if (report->kind == KIND_LIFETIMES)
        text_addf(text, ",\"expired\":%lld,\"stopped\":%lld", (long long)report->expired,
                  (long long)report->stopped);
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
                       struct import_options *options, const struct recorded_choice *choice,
                       struct text *json)
{
    struct error err = {0};
    struct shown shown = {.quiet = options->strict};
    struct import_report report;
    char name[TRACE_PLAIN_SIZE];
    options->context = &shown;
    int status = recording_file_is(file)
                     ? recording_import(database, into, file, choice, options, &report, &err)
                     : trace_import(database, into, file, options, &report, &err);
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
    if (!status && report.refused > 0 && report.taken == 0 && report.duplicate == 0) {
        status = error_set(&err, STATUS_BAD_INPUT,
                           "%s: none of its %lld rows could be used: see why each was refused",
                           file, (long long)report.refused);
        command_fail("trace import", &err);
    }
    return status;
}

/* Returns the worst status of all files; what it says has been said. */
static int import_all(const struct option_list *files, const char *into,
                      struct import_options *options, const struct recorded_choice *choice,
                      bool json)
{
    struct error err = {0};
    sqlite3 *database = NULL;
    struct text text = {0};
    int worst = trace_database_open(&database, into, true, &err);
    if (worst)
        return command_fail("trace import", &err);
    text_add(&text, "[");
    for (size_t i = 0; worst != STATUS_FAILURE && i < files->count; i++) {
        int status =
            import_file(database, into, files->values[i], options, choice, json ? &text : NULL);
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

static const struct command_help help = {
    .name = "trace import",
    .arguments = "FILE...",
    .description =
        "Read spot price histories (JSON or text of describe-spot-price-history, "
        "ec2-api-tools,\n"
        "TSV, CSV), on-demand catalogues, instance types, Spot Advisor data, demand and "
        "availability\n"
        "series, plain, gzip "
        "or zstd, and recordings of live (RESULTS.db), told\n"
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

/* An option that states a fact. */
#define FACT(fact, option, form, words)                                                            \
    {                                                                                              \
        .name = (option), .placeholder = (form), .help = (words), .value = &options.stated[fact]   \
    }

int command_trace_import(int argc, char **argv)
{
    const char *into = NULL;
    bool json = false;
    struct import_options options = {.refused = show_refusal};
    struct recorded_choice choice = {.policies = policy_builtin};
    const struct option_spec specs[] = {
        {.name = "into",
         .placeholder = "TRACES.db",
         .help = "the trace database, made anew if there is none",
         .value = &into},
        {.name = "strict",
         .help = "a refused row refuses its file (exit 2)",
         .flag = &options.strict},
        FACT(FACT_COLUMNS, "columns", "LIST",
             "of a CSV without a header: \"price,time,-,zone=us-east-1a,type=c3.xlarge\""),
        FACT(FACT_DEMAND_NAME, "demand-name", "NAME",
             "of a demand series (default: the file's name without its ending)"),
        FACT(FACT_CATALOG_NAME, "catalog-name", "NAME",
             "of a catalogue of on-demand prices (likewise)"),
        FACT(FACT_ADVISOR_NAME, "advisor-name", "NAME", "of Spot Advisor data (likewise)"),
        FACT(FACT_DATE, "date", "TIME", "from when on a catalogue's prices hold: 2015-06-01"),
        FACT(FACT_ZONE, "zone", "ZONE",
             "of what is imported, where the file does not say: us-east-1a"),
        FACT(FACT_TYPE, "type", "TYPE", "likewise: p3.2xlarge"),
        FACT(FACT_START, "start", "TIME", "of a series' first value: 2023-02-15T00:00:00Z"),
        FACT(FACT_POLARITY, "polarity", "WORD",
             "what a number counts: available, up or preempted instances"),
        FACT(FACT_PROBED, "probed", "N", "of so many instances asked for"),
        FACT(FACT_TIME_UNIT, "time-unit", "UNIT", "of a log's times since --start: s, ms or h"),
        FACT(FACT_UTC_OFFSET, "utc-offset", "+HH:MM", "of a log's times by the clock: -05:00"),
        FACT(FACT_LONGEST_GAP, "longest-gap", "SECONDS",
             "a count that fell within a longer hole is no interruption (default: 3600)"),
        FACT(FACT_MAX_LIFETIME, "max-lifetime", "TIME",
             "of lifetimes: after it no end is lack of capacity: seconds, or 24h"),
        FACT(FACT_PROVIDER, "provider", "NAME", "whose cloud it was (default: aws)"),
        {.name = "fleet",
         .placeholder = "ID",
         .help = "whose recording, where a results database holds several",
         .value = &choice.fleet_id},
        {.name = "group", .placeholder = "NAME", .help = "likewise", .value = &choice.group},
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
        status = import_all(&arguments, into, &options, &choice, json);
    }
    options_clean_up(specs, &arguments);
    return command_end(help.name, status);
}
