/* Two million price records of 24 markets, written and imported again. */
#include "traces/import.h"
#include "base/decimal.h"
#include "base/timestamp.h"
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { TYPES = 8, ZONES = 3, MARKETS = TYPES * ZONES, FROM = 1425254400, EVERY_S = 3 };

static const char *const types[TYPES] = {"c3.large", "c3.xlarge", "c3.2xlarge", "c3.4xlarge",
                                         "r3.large", "r3.xlarge", "m3.large",   "m3.xlarge"};
static const char *const zones[ZONES] = {"us-east-1a", "us-east-1b", "us-east-1d"};

struct row {
    const char *zone;
    const char *type;
    char price[16];
    char time[TIMESTAMP_TEXT_SIZE];
};

static struct row make_row(int64_t number)
{
    int64_t market = number % MARKETS;
    struct row row = {.zone = zones[market % ZONES], .type = types[market / ZONES]};
    snprintf(row.price, sizeof row.price, "0.%06d", (int)(50000 + number * 7919 % 100003));
    timestamp_format(FROM + number * EVERY_S, row.time);
    return row;
}

static FILE *open_for_writing(const char *path)
{
    FILE *file = fopen(path, "w");
    if (!file)
        job_fail("a file to import could not be written");
    return file;
}

static void close_written(FILE *file)
{
    int bad = ferror(file);
    if (fclose(file) != 0 || bad)
        job_fail("a file to import could not be written");
}

void write_tsv(const char *path)
{
    FILE *file = open_for_writing(path);
    for (int64_t i = 0; i < IMPORT_RECORDS; i++) {
        struct row row = make_row(i);
        fprintf(file, "%s\t%s\tLinux/UNIX\t%s\t%s\n", row.zone, row.type, row.price, row.time);
    }
    close_written(file);
}

void write_aws_json(const char *path)
{
    FILE *file = open_for_writing(path);
    fputs("{\n    \"SpotPriceHistory\": [\n", file);
    for (int64_t i = IMPORT_RECORDS - 1; i >= 0; i--) {
        struct row row = make_row(i);
        fprintf(file,
                "        {\n"
                "            \"AvailabilityZone\": \"%s\",\n"
                "            \"InstanceType\": \"%s\",\n"
                "            \"ProductDescription\": \"Linux/UNIX\",\n"
                "            \"SpotPrice\": \"%s\",\n"
                "            \"Timestamp\": \"%s\"\n"
                "        }%s\n",
                row.zone, row.type, row.price, row.time, i ? "," : "");
    }
    fputs("    ]\n}\n", file);
    close_written(file);
}

double import_records(struct job_clock *clock, const void *argument)
{
    const struct import_job *job = argument;
    unlink(job->database);
    struct error err = {0};
    sqlite3 *database = NULL;
    struct import_options options = {0};
    struct import_report report = {0};
    job_start(clock);
    if (trace_database_open(&database, job->database, true, &err) ||
        trace_import(database, job->database, job->file, &options, &report, &err))
        job_fail(err.text);
    sqlite3_close(database);
    job_stop(clock);
    if (report.taken != IMPORT_RECORDS)
        job_fail("not every record was imported");
    return IMPORT_RECORDS;
}
