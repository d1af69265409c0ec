#include "record/status.h"

#include "base/decimal.h"
#include "base/memory.h"
#include "record/results.h"
#include "record/row.h"

#include <stdio.h>
#include <stdlib.h>

enum { SINCE_VERSION = 2 };

#define OF_ACCOUNT                                                                                 \
    " JOIN recording r USING(recording) WHERE r.region=?1 AND r.fleet=?2 AND"                      \
    " r.backup_group=?3 AND r.clock=?4"
#define IS_BAD                                                                                     \
    "(ifnull(failed_calls,0)>0 OR outcome IN ('failed','ValidationError') OR"                      \
    " fleet_outcome='failed')"

static void copy(sqlite3_stmt *row, int column, char *out, size_t size)
{
    const char *text = (const char *)sqlite3_column_text(row, column);
    snprintf(out, size, "%s", text ? text : "");
    for (; *out; out++) {
        if ((unsigned char)*out < ' ' || *out == 127)
            *out = '?'; /* a file from elsewhere forges no lines */
    }
}

static int64_t number(sqlite3_stmt *row, int column, int64_t otherwise)
{
    return sqlite3_column_type(row, column) == SQLITE_NULL ? otherwise
                                                           : sqlite3_column_int64(row, column);
}

/* Decimal text in the database's NUMERIC columns. */
static int64_t micro(sqlite3_stmt *row, int column)
{
    const char *text = (const char *)sqlite3_column_text(row, column);
    int64_t value = BALLAST_UNKNOWN;
    if (!text || decimal_parse(text, (size_t)sqlite3_column_bytes(row, column), &value))
        return BALLAST_UNKNOWN;
    return value;
}

static void bind_account(struct row *row, const struct recording_status *status)
{
    row_text(row, status->region);
    row_text(row, status->fleet_id);
    row_text(row, status->group);
    row_text(row, status->twin ? "twin" : "wall");
}

/* The last evaluation; *out_ordinal and *out_recording are where its reads are. */
static int read_last(struct results *results, struct recording_status *s, int64_t *out_recording,
                     int64_t *out_ordinal, struct error *err)
{
    struct row row;
    int status = row_begin(
        &row, results,
        "SELECT recording, ordinal, r.policy, r.every_s, r.units_per_instance, due_s, time_s, mode,"
        " stopped_by, action, desired_capacity, outcome, guard, words, group_status, group_desired,"
        " group_max, group_in_service FROM evaluation" OF_ACCOUNT
        " ORDER BY due_s DESC, recording DESC, ordinal DESC LIMIT 1",
        err);
    if (!status)
        bind_account(&row, s);
    if (!status && row_next(&row)) {
        sqlite3_stmt *found = row.statement;
        *out_recording = sqlite3_column_int64(found, 0);
        *out_ordinal = sqlite3_column_int64(found, 1);
        copy(found, 2, s->policy, sizeof s->policy);
        s->every_s = sqlite3_column_int64(found, 3);
        s->units_per_instance_micro = micro(found, 4);
        s->due_s = sqlite3_column_int64(found, 5);
        s->time_s = sqlite3_column_int64(found, 6);
        copy(found, 7, s->mode, sizeof s->mode);
        copy(found, 8, s->stopped_by, sizeof s->stopped_by);
        copy(found, 9, s->action, sizeof s->action);
        s->desired_capacity = number(found, 10, BALLAST_UNKNOWN);
        copy(found, 11, s->outcome, sizeof s->outcome);
        copy(found, 12, s->guard, sizeof s->guard);
        copy(found, 13, s->words, sizeof s->words);
        copy(found, 14, s->group_status, sizeof s->group_status);
        s->group_desired = number(found, 15, BALLAST_UNKNOWN);
        s->group_max = number(found, 16, BALLAST_UNKNOWN);
        s->group_in_service = number(found, 17, BALLAST_UNKNOWN);
    }
    return row_close(&row, status, err);
}

static int read_reads(struct results *results, struct recording_status *s, int64_t recording,
                      int64_t ordinal, struct error *err)
{
    struct row row;
    int status =
        row_begin(&row, results,
                  "SELECT ifnull(metric, api), status, error, json_extract(p.value,'$[0]'),"
                  " json_extract(p.value,'$[1]'), max(json_extract(p.value,'$[0]'))"
                  " FROM evaluation_read LEFT JOIN json_each(CASE WHEN metric IS NOT NULL THEN"
                  " answer END) p WHERE recording=?1 AND ordinal=?2 GROUP BY read ORDER BY read",
                  err);
    if (!status) {
        row_integer(&row, recording);
        row_integer(&row, ordinal);
    }
    while (!status && s->read_count < BALLAST_READS_MAX && row_next(&row)) {
        struct recording_status_read *read = &s->reads[s->read_count++];
        copy(row.statement, 0, read->of, sizeof read->of);
        copy(row.statement, 1, read->status, sizeof read->status);
        copy(row.statement, 2, read->error, sizeof read->error);
        read->newest_s = number(row.statement, 3, RECORD_NEVER);
        read->value_micro = micro(row.statement, 4);
    }
    return row_close(&row, status, err);
}

static int count(struct results *results, const struct recording_status *s, const char *sql,
                 int64_t *out_value, struct error *err)
{
    struct row row;
    int status = row_begin(&row, results, sql, err);
    if (status)
        return status;
    bind_account(&row, s);
    row_integer(&row, s->due_s - STATUS_DAY_S);
    return row_number(&row, 0, out_value, err);
}

static int read_counts(struct results *results, struct recording_status *s, struct error *err)
{
    const struct {
        const char *sql; /* ?5 is a day before */
        int64_t *value;
    } counts[] = {
        {"SELECT count(*) FROM evaluation" OF_ACCOUNT " AND due_s > ?5", &s->day_evaluations},
        {"SELECT count(*) FROM evaluation" OF_ACCOUNT " AND due_s > ?5 AND " IS_BAD,
         &s->day_failed},
        {"SELECT count(*) FROM evaluation" OF_ACCOUNT " AND due_s > ?5 AND outcome <> 'not-called'",
         &s->day_calls},
        {"SELECT count(*) FROM evaluation" OF_ACCOUNT " AND due_s > ?5 AND outcome NOT IN"
         " ('not-called','accepted','dry-run','unknown')",
         &s->day_refused},
        {"SELECT sum(times) FROM missed" OF_ACCOUNT " AND last_s > ?5", &s->day_missed},
        {"SELECT count(*) FROM evaluation" OF_ACCOUNT " AND ?5 IS NOT NULL AND due_s > ifnull("
         "(SELECT max(due_s) FROM evaluation" OF_ACCOUNT " AND NOT " IS_BAD "), -1)",
         &s->failures_in_a_row},
    };
    int status = STATUS_OK;
    for (size_t i = 0; !status && i < ARRAY_LENGTH(counts); i++)
        status = count(results, s, counts[i].sql, counts[i].value, err);
    return status;
}

static int list_accounts(struct results *results, struct recording_status **out_list,
                         size_t *out_count, struct error *err)
{
    struct row row;
    size_t capacity = 0;
    int status = row_begin(&row, results,
                           "SELECT DISTINCT region, fleet, backup_group, clock='twin' FROM"
                           " recording JOIN evaluation USING(recording) ORDER BY 1, 2, 3, 4",
                           err);
    while (!status && row_next(&row)) {
        struct recording_status found = {.twin = sqlite3_column_int(row.statement, 3) != 0};
        copy(row.statement, 0, found.region, sizeof found.region);
        copy(row.statement, 1, found.fleet_id, sizeof found.fleet_id);
        copy(row.statement, 2, found.group, sizeof found.group);
        ARRAY_PUSH(*out_list, *out_count, capacity, found);
    }
    return row_close(&row, status, err);
}

int recording_status_read(struct results *results, struct recording_status **out_list,
                          size_t *out_count, struct error *err)
{
    *out_list = NULL;
    *out_count = 0;
    int status = results->version < SINCE_VERSION
                     ? STATUS_OK
                     : list_accounts(results, out_list, out_count, err);
    for (size_t i = 0; !status && i < *out_count; i++) {
        struct recording_status *s = &(*out_list)[i];
        int64_t recording = 0;
        int64_t ordinal = 0;
        status = read_last(results, s, &recording, &ordinal, err);
        if (!status)
            status = read_reads(results, s, recording, ordinal, err);
        if (!status)
            status = read_counts(results, s, err);
    }
    if (!status && *out_count == 0)
        status = error_set(err, STATUS_BAD_INPUT,
                           "%s: no evaluation of a real account is recorded here", results->path);
    if (status) {
        free(*out_list);
        *out_list = NULL;
        *out_count = 0;
    }
    return status;
}
