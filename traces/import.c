/* One file, and what is told as a file tells it. */
#include "traces/importer.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static int unknown(const struct importer *im, struct input *input)
{
    const char *start = NULL;
    size_t size = input_look(input, &start);
    if (size >= 2 && (memcmp(start, "\xff\xfe", 2) == 0 || memcmp(start, "\xfe\xff", 2) == 0))
        return error_set(im->err, STATUS_BAD_INPUT,
                         "%s: the text is UTF-16, as PowerShell's > writes it: save it as UTF-8",
                         im->file);
    if (size == 0)
        return error_set(im->err, STATUS_BAD_INPUT, "%s: the file is empty", im->file);
    return error_set(
        im->err, STATUS_BAD_INPUT,
        "%s: nothing known is in it: neither spot prices (JSON, CLI text, "
        "ec2-api-tools, TSV, CSV with a header) nor a catalogue, demand, availability, "
        "instance types or Spot Advisor data; name the columns of other tables with --columns",
        im->file);
}

static struct record_receiver receiver_of(struct importer *im)
{
    return (struct record_receiver){.context = im,
                                    .price = importer_take_price,
                                    .catalog = importer_take_catalog,
                                    .demand = importer_take_demand,
                                    .capacity = importer_take_capacity,
                                    .interruption = importer_take_interruption,
                                    .coverage = importer_take_coverage,
                                    .lifetimes = importer_take_lifetimes,
                                    .type = importer_take_type,
                                    .advisor = importer_take_advisor,
                                    .refused = importer_refuse};
}

static int read_all(struct importer *im, struct input *input)
{
    const struct record_receiver receiver = receiver_of(im);
    im->report->kind = reader_detect(input, im->facts.stated[FACT_COLUMNS]);
    if (input->status)
        return input->status;
    if (im->report->kind == KIND_UNKNOWN)
        return unknown(im, input);
    int status = reader_read(input, im->report->kind, &im->facts, &receiver, im->err);
    return status ? status : importer_write_prices(im);
}

/* What prints newest first does so too where the times do not tell. */
static bool newest_first(const struct importer *im)
{
    enum trace_kind kind = im->report->kind;
    if (im->steps_up == im->steps_down)
        return kind == KIND_PRICES_JSON || kind == KIND_PRICES_TEXT || kind == KIND_PRICES_LEGACY;
    return im->steps_down > im->steps_up;
}

/* The file's name without its folders, and without its endings if `stem`. */
static char *short_name(const char *file, bool stem)
{
    const char *slash = strrchr(file, '/');
    char *name = memory_copy_text(slash && slash[1] ? slash + 1 : file);
    static const char *const endings[] = {".gz", ".zst", ".csv", ".tsv", ".txt", ".json", ".db"};
    for (size_t i = 0; stem && i < ARRAY_LENGTH(endings); i++) {
        size_t length = strlen(name);
        size_t ending = strlen(endings[i]);
        if (length > ending && strcmp(name + length - ending, endings[i]) == 0)
            name[length - ending] = '\0';
    }
    return name;
}

static int import_input(struct importer *im, struct input *input, const char *name)
{
    int status = importer_begin(im, name, false);
    if (!status)
        status = read_all(im, input);
    if (!status)
        im->report->newest_first = newest_first(im);
    char hash[HASH_TEXT_SIZE];
    input_close(input, hash);
    return importer_end(im, status, hash);
}

int trace_import(sqlite3 *database, const char *database_path, const char *file,
                 const struct import_options *options, struct import_report *out_report,
                 struct error *err)
{
    *out_report = (struct import_report){0};
    const char *stated[FACT_COUNT];
    struct text beside = {0};
    struct facts facts;
    struct input input;
    memcpy(stated, options->stated, sizeof stated);
    int status = facts_beside(file, stated, &beside, err);
    if (!status) {
        status = facts_read(&facts, stated, err);
        if (status)
            error_prefix(err, "%s", file);
    }
    if (!status)
        status = input_open(&input, file, err);
    if (status) {
        text_clean_up(&beside);
        return status;
    }
    char *name = short_name(strcmp(file, "-") == 0 ? "stdin" : file, false);
    char *stem = short_name(name, true);
    struct importer im = {
        .database = database,
        .path = database_path,
        .file = input.name,
        .options = options,
        .report = out_report,
        .err = err,
        .facts = facts,
        .demand_name = stated[FACT_DEMAND_NAME] ? stated[FACT_DEMAND_NAME] : stem,
        .advisor_name = stated[FACT_ADVISOR_NAME] ? stated[FACT_ADVISOR_NAME] : stem,
        .catalog_name = stated[FACT_CATALOG_NAME] ? stated[FACT_CATALOG_NAME] : stem,
    };
    status = import_input(&im, &input, name);
    free(name);
    free(stem);
    text_clean_up(&beside);
    return status;
}

/* ---- what is told ------------------------------------------------------------------------------
 */

int trace_import_told(sqlite3 *database, const char *database_path, const char *file,
                      const struct import_options *options, const struct record_teller *teller,
                      struct import_report *out_report, struct error *err)
{
    char hash[HASH_TEXT_SIZE] = "";
    char *name = short_name(file, false);
    char *stem = short_name(name, true);
    const char *stated = options->stated[FACT_DEMAND_NAME];
    *out_report = (struct import_report){.kind = teller->kind};
    struct importer im = {.database = database,
                          .path = database_path,
                          .file = file,
                          .options = options,
                          .report = out_report,
                          .err = err,
                          .demand_name = stated ? stated : stem,
                          .advisor_name = stem,
                          .catalog_name = stem};
    const struct record_receiver receiver = receiver_of(&im);
    int status = importer_begin(&im, name, false);
    if (!status)
        status = teller->tell(&receiver, hash, err, teller->context);
    if (!status)
        status = importer_write_prices(&im);
    status = importer_end(&im, status, hash);
    free(name);
    free(stem);
    return status;
}
