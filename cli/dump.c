/* ballast dump: a results database as canonical text, or one table of it as CSV or JSON. */
#include "base/memory.h"
#include "base/output.h"
#include "commands.h"
#include "options.h"
#include "record/export.h"
#include "reports/intervals.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char intervals_name[] = "intervals";

struct asked {
    const char *database;
    const char *run; /* NULL: all */
    const char *table;
    const char *format;
    const char *every;
    const char *output;
};

/* The length of intervals: seconds, or with m, h or d. */
static int read_every(const char *text, int64_t *out_s, struct error *err)
{
    static const struct {
        char letter;
        int64_t seconds;
    } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
    char *end = NULL;
    errno = 0;
    long long value = *text >= '0' && *text <= '9' ? strtoll(text, &end, 10) : 0;
    int64_t unit = end && *end == '\0' ? 1 : 0;
    for (size_t i = 0; end && i < ARRAY_LENGTH(units); i++) {
        if (end[0] == units[i].letter && end[1] == '\0')
            unit = units[i].seconds;
    }
    if (errno || unit == 0 || value < 1 || value > INT32_MAX || value * unit < INTERVAL_LEAST_S)
        return error_set(err, STATUS_BAD_INPUT,
                         "--every %s: write a time of at least %d s, as 3600, 15m, 6h or 1d", text,
                         INTERVAL_LEAST_S);
    *out_s = value * unit;
    return STATUS_OK;
}

static int check(const struct asked *asked, enum sheet_form *out_form, int64_t *out_every_s,
                 struct error *err)
{
    bool intervals = asked->table && strcmp(asked->table, intervals_name) == 0;
    if (!asked->table && asked->format)
        return error_set(err, STATUS_BAD_INPUT, "--format is of a --table: say which");
    if (asked->every && !intervals)
        return error_set(err, STATUS_BAD_INPUT, "--every is of --table %s", intervals_name);
    if (asked->format && !sheet_form_find(asked->format, out_form))
        return error_set(err, STATUS_BAD_INPUT, "--format %s: write csv, json or jsonl",
                         asked->format);
    if (intervals && !asked->run)
        return error_set(err, STATUS_BAD_INPUT, "--table %s is of one run: say which with --run",
                         intervals_name);
    return asked->every ? read_every(asked->every, out_every_s, err) : STATUS_OK;
}

/* To `out`, of the run or of all. */
static int write_out(const struct asked *asked, struct results *results,
                     const struct stored_run *run, enum sheet_form form, int64_t every_s, FILE *out,
                     struct error *err)
{
    if (!asked->table)
        return results_dump(results, run->run, out, err);
    if (strcmp(asked->table, intervals_name) == 0)
        return intervals_write(results, run, every_s, form, out, err);
    return results_export(results, asked->table, run->run, form, out, err);
}

static int write_file(const struct asked *asked, struct results *results,
                      const struct stored_run *run, enum sheet_form form, int64_t every_s,
                      struct error *err)
{
    if (!asked->output || strcmp(asked->output, "-") == 0)
        return write_out(asked, results, run, form, every_s, stdout, err);
    struct output output;
    int status = output_begin(&output, asked->output, err);
    if (status)
        return status;
    status = write_out(asked, results, run, form, every_s, output.file, err);
    return output_end(&output, status, err);
}

static int dump(const struct asked *asked, struct error *err)
{
    enum sheet_form form = SHEET_CSV;
    int64_t every_s = SECONDS_PER_HOUR;
    struct results *results = NULL;
    struct stored_run run = {0};
    int status = check(asked, &form, &every_s, err);
    if (!status)
        status = results_open(&results, asked->database, false, err);
    if (!status && asked->run)
        status = results_find(results, asked->run, &run, err);
    if (!status)
        status = write_file(asked, results, &run, form, every_s, err);
    stored_run_clean_up(&run);
    results_close(results);
    return status;
}

int command_dump(int argc, char **argv)
{
    static const struct command_help help = {
        .name = "dump",
        .arguments = "RESULTS.db",
        .description =
            "Print every run as text, ordered by key, without wall times: the same contents give\n"
            "the same bytes, whatever the order they were recorded in. With --table one table "
            "instead,\nfor spreadsheets and programs: figures has the figures of all runs, points "
            "those of a sweep's\npoints, intervals what one run did hour by hour, and any other is "
            "as docs/results.md has it.",
        .min_arguments = 1,
        .max_arguments = 1,
    };
    struct asked asked = {0};
    const struct option_spec specs[] = {
        {.name = "run",
         .placeholder = "RUN",
         .help = "only this run: its number, name, or the start of its key",
         .value = &asked.run},
        {.name = "table",
         .placeholder = "NAME",
         .help = "figures, points, intervals, or a table of the database",
         .value = &asked.table},
        {.name = "format",
         .placeholder = "FORMAT",
         .help = "of a table: csv (the default), json, or jsonl, an object a line",
         .value = &asked.format},
        {.name = "every",
         .placeholder = "TIME",
         .help = "how long an interval is: 900, 15m, 1h (the default), 1d",
         .value = &asked.every},
        {.name = "output",
         .letter = 'o',
         .placeholder = "FILE",
         .help = "where to write it (standard output)",
         .value = &asked.output},
        {0},
    };
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    struct error err = {0};
    asked.database = arguments.values[0];
    status = dump(&asked, &err);
    return command_close(&help, specs, &arguments, status, &err);
}
