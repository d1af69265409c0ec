/* The rows of a recording, read back. */
#include "record/recorded.h"

#include "base/memory.h"
#include "record/recorded_rows.h"
#include "record/results.h"

#include <stdlib.h>
#include <string.h>

static int damaged(const struct recorded *recorded, const char *what, struct error *err)
{
    return error_set(err, STATUS_BAD_INPUT, "%s: %s of recording %lld is damaged",
                     recorded->results->path, what, (long long)recorded->row.settings->recording);
}

/* ---- one evaluation ---------------------------------------------------------------------------
 */

static int64_t number_of(sqlite3_stmt *row, int column)
{
    return sqlite3_column_type(row, column) == SQLITE_NULL ? BALLAST_UNKNOWN
                                                           : sqlite3_column_int64(row, column);
}

static enum ballast_answer_status status_of(sqlite3_stmt *row, int column)
{
    char text[8];
    results_line(row, column, text, sizeof text);
    return strcmp(text, "ok") == 0      ? BALLAST_OK
           : strcmp(text, "empty") == 0 ? BALLAST_EMPTY
                                        : BALLAST_ERROR;
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* False if it is not hex, or longer than a state may be. */
static bool bytes_of(sqlite3_stmt *row, int column, unsigned char *out, size_t *out_size)
{
    const char *hex = (const char *)sqlite3_column_text(row, column);
    size_t length = hex ? strlen(hex) : 0;
    if (length % 2 || length / 2 > BALLAST_STATE_MAX)
        return false;
    for (size_t i = 0; i < length / 2; i++) {
        int high = digit(hex[2 * i]);
        int low = digit(hex[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (unsigned char)(high * 16 + low);
    }
    *out_size = length / 2;
    return true;
}

enum { INSTANCES_MAX = 1000000000 };
static const int64_t TIME_MAX_S = INT64_C(253402300800); /* the year 10000 */

/* Numbers that can be reckoned with. */
static bool plausible(const struct ballast_group *group)
{
    const int64_t numbers[] = {group->min_size, group->max_size, group->desired_capacity,
                               group->in_service, group->pending};
    for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++) {
        bool unknown = numbers[i] == BALLAST_UNKNOWN;
        if (unknown ? group->status == BALLAST_OK : numbers[i] < 0 || numbers[i] > INSTANCES_MAX)
            return false;
    }
    return true;
}

static int read_evaluation(struct recorded *recorded, sqlite3_stmt *row, struct error *err)
{
    struct recorded_evaluation *e = &recorded->row;
    size_t after = 0;
    char text[32];
    for (size_t i = 0; i < recorded->settings_count; i++) {
        if (recorded->settings[i].recording == sqlite3_column_int64(row, 0))
            e->settings = &recorded->settings[i];
    }
    e->due_s = sqlite3_column_int64(row, 2);
    e->time_s = sqlite3_column_int64(row, 3);
    results_line(row, 4, text, sizeof text);
    e->trigger = strcmp(text, "alarm") == 0 ? BALLAST_ALARM : BALLAST_SCHEDULE;
    results_line(row, 16, text, sizeof text);
    results_line(row, 8, e->group_error, sizeof e->group_error);
    e->group = (struct ballast_group){
        .status = status_of(row, 7),
        .error_code = e->group_error,
        .min_size = number_of(row, 9),
        .max_size = number_of(row, 10),
        .desired_capacity = number_of(row, 11),
        .in_service = number_of(row, 12),
        .pending = number_of(row, 13),
        .units_per_instance_micro = e->settings->units_per_instance_micro,
    };
    if (e->group.status != BALLAST_ERROR)
        e->group.error_code = NULL;
    e->interruption_notices = number_of(row, 14);
    e->rebalance_notices = number_of(row, 15);
    e->said = (struct said_decision){
        .calls = strcmp(text, "set-desired") == 0,
        .policy_desired = number_of(row, 17),
        .desired = number_of(row, 18),
        .honor_cooldown = number_of(row, 19),
        .fleet_target = number_of(row, 20),
    };
    results_line(row, 21, e->said.guard, sizeof e->said.guard);
    results_line(row, 22, e->said.reason, sizeof e->said.reason);
    results_line(row, 23, e->said.words, sizeof e->said.words);
    results_line(row, 24, e->said.figures, sizeof e->said.figures);
    results_line(row, 25, e->outcome, sizeof e->outcome);
    results_line(row, 26, e->mode, sizeof e->mode);
    if (!bytes_of(row, 5, e->state_before, &e->state_size) ||
        !bytes_of(row, 6, e->state_after, &after) || after != e->state_size)
        return damaged(recorded, "a state", err);
    if (e->time_s < 0 || e->time_s > TIME_MAX_S || !plausible(&e->group))
        return damaged(recorded, "an evaluation", err);
    return STATUS_OK;
}

/* Which kind of read an API is; false if none. */
static bool kind_of(const char *api, struct ballast_read *out_read)
{
    static const struct ballast_read known[] = {
        {.kind = BALLAST_READ_METRIC, .api = BALLAST_GET_METRIC_STATISTICS},
        {.kind = BALLAST_READ_METRIC, .api = BALLAST_GET_METRIC_DATA},
        {.kind = BALLAST_READ_FLEET},
        {.kind = BALLAST_READ_CLUSTER},
        {.kind = BALLAST_READ_SPOT_PRICES},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(known); i++) {
        if (strcmp(cloud_read_api(&known[i]), api) == 0) {
            *out_read = known[i];
            return true;
        }
    }
    return false;
}

static bool statistic_of(const char *name, enum ballast_statistic *out_statistic)
{
    for (int s = 0; s < BALLAST_STATISTICS; s++) {
        if (strcmp(cloud_statistic_name((enum ballast_statistic)s), name) == 0) {
            *out_statistic = (enum ballast_statistic)s;
            return true;
        }
    }
    return false;
}

static int read_read(struct recorded *recorded, sqlite3_stmt *row, struct error *err)
{
    struct recorded_evaluation *e = &recorded->row;
    if (e->read_count == BALLAST_READS_MAX)
        return damaged(recorded, "a list of reads", err);
    struct recorded_read *read = &e->reads[e->read_count++];
    char text[64];
    results_line(row, 0, text, sizeof text);
    bool good = kind_of(text, &read->read);
    results_line(row, 1, read->metric, sizeof read->metric);
    read->status = status_of(row, 6);
    results_line(row, 7, read->error, sizeof read->error);
    if (good && read->read.kind == BALLAST_READ_METRIC) {
        results_line(row, 2, text, sizeof text);
        read->query = (struct cloud_metric_query){
            .api = read->read.api,
            .metric = read->metric,
            .period_s = sqlite3_column_int64(row, 3),
            .start_s = sqlite3_column_int64(row, 4),
            .end_s = sqlite3_column_int64(row, 5),
        };
        good = statistic_of(text, &read->query.statistic) && read->query.period_s > 0 &&
               read->query.start_s > -TIME_MAX_S && read->query.start_s < read->query.end_s &&
               read->query.end_s <= TIME_MAX_S;
    }
    if (!good)
        return damaged(recorded, "a read", err);
    const char *answer = (const char *)sqlite3_column_text(row, 8);
    answer_clean_up(&read->answer);
    return read->status == BALLAST_OK
               ? answer_read(&read->answer, read->read.kind, recorded->results->path,
                             answer ? answer : "", err)
               : STATUS_OK;
}

static int read_reads(struct recorded *recorded, int64_t ordinal, struct error *err)
{
    sqlite3_stmt *row = recorded->reads;
    int status = STATUS_OK;
    int code = SQLITE_DONE;
    sqlite3_reset(row);
    sqlite3_bind_int64(row, 1, recorded->row.settings->recording);
    sqlite3_bind_int64(row, 2, ordinal);
    recorded->row.read_count = 0;
    while (!status && (code = sqlite3_step(row)) == SQLITE_ROW)
        status = read_read(recorded, row, err);
    if (!status && code != SQLITE_DONE)
        status = results_fail(recorded->results, err);
    return status;
}

int recorded_next(struct recorded *recorded, const struct recorded_evaluation **out_evaluation,
                  struct error *err)
{
    *out_evaluation = NULL;
    int code = sqlite3_step(recorded->evaluations);
    if (code == SQLITE_DONE)
        return STATUS_OK;
    if (code != SQLITE_ROW)
        return results_fail(recorded->results, err);
    int status = read_evaluation(recorded, recorded->evaluations, err);
    if (!status)
        status = read_reads(recorded, sqlite3_column_int64(recorded->evaluations, 1), err);
    if (!status) {
        recorded_remember(recorded);
        *out_evaluation = &recorded->row;
    }
    return status;
}

/* ---- open and close ---------------------------------------------------------------------------
 */

static int prepare(struct recorded *recorded, struct error *err)
{
    struct text sql = {0};
    text_add(&sql, "SELECT recording, ordinal, due_s, time_s, trigger, state_before, state_after,"
                   " group_status, group_error, group_min, group_max, group_desired,"
                   " group_in_service, group_pending, interruption_notices, rebalance_notices,"
                   " action, policy_desired_capacity, desired_capacity, honor_cooldown,"
                   " fleet_target, guard, reason, words, figures, outcome, mode"
                   " FROM evaluation WHERE recording IN (");
    for (size_t i = 0; i < recorded->settings_count; i++)
        text_addf(&sql, "%s%lld", i ? "," : "", (long long)recorded->settings[i].recording);
    text_add(&sql, ") ORDER BY due_s, recording, ordinal");
    int status = text_status(&sql, err);
    if (!status)
        status = results_prepare(recorded->results, &recorded->evaluations, sql.data, err);
    text_clean_up(&sql);
    if (!status)
        status = results_prepare(recorded->results, &recorded->reads,
                                 "SELECT api, metric, statistic, period_s, start_s, end_s, status,"
                                 " error, answer FROM evaluation_read WHERE recording=?1 AND"
                                 " ordinal=?2 ORDER BY read",
                                 err);
    return status;
}

int recorded_open(struct recorded **out, struct results *results,
                  const struct recorded_choice *choice, struct error *err)
{
    *out = NULL;
    if (results->version < 2)
        return error_set(err, STATUS_BAD_INPUT, "%s: holds no recorded evaluation", results->path);
    struct recorded *recorded = memory_new(1, sizeof *recorded);
    recorded->results = results;
    int status = recorded_read_settings(recorded, choice, err);
    if (!status)
        status = prepare(recorded, err);
    if (status)
        recorded_close(recorded);
    else
        *out = recorded;
    return status;
}

void recorded_close(struct recorded *recorded)
{
    if (!recorded)
        return;
    sqlite3_finalize(recorded->evaluations);
    sqlite3_finalize(recorded->reads);
    recorded_settings_clean_up(recorded);
    for (size_t i = 0; i < BALLAST_READS_MAX; i++)
        answer_clean_up(&recorded->row.reads[i].answer);
    for (size_t i = 0; i < recorded->series_count; i++)
        series_clean_up(&recorded->series[i]);
    free(recorded->series);
    free(recorded);
}

const struct recorded_settings *recorded_settings(const struct recorded *recorded,
                                                  size_t *out_count)
{
    *out_count = recorded->settings_count;
    return recorded->settings;
}

int recorded_missed(struct recorded *recorded, int64_t *out_times, struct error *err)
{
    *out_times = 0;
    for (size_t i = 0; i < recorded->settings_count; i++) {
        sqlite3_stmt *row = NULL;
        int status =
            results_prepare(recorded->results, &row,
                            "SELECT coalesce(sum(times),0) FROM missed WHERE recording=?1", err);
        if (status)
            return status;
        sqlite3_bind_int64(row, 1, recorded->settings[i].recording);
        if (sqlite3_step(row) == SQLITE_ROW)
            *out_times += sqlite3_column_int64(row, 0);
        else
            status = results_fail(recorded->results, err);
        sqlite3_finalize(row);
        if (status)
            return status;
    }
    return STATUS_OK;
}
