/* Reading the decisions of a recorded run. */
#include "record/row.h"

#include <stdio.h>
#include <string.h>

/* Columns from `at` on: policy_desired_capacity, desired_capacity, honor_cooldown. */
static void say_action(sqlite3_stmt *statement, int at, char *out, size_t size)
{
    if (sqlite3_column_type(statement, at) == SQLITE_NULL) {
        snprintf(out, size, "hold");
        return;
    }
    bool called = sqlite3_column_type(statement, at + 1) != SQLITE_NULL;
    int64_t asked = sqlite3_column_int64(statement, at);
    int64_t desired = called ? sqlite3_column_int64(statement, at + 1) : asked;
    int used = snprintf(out, size, "SetDesiredCapacity(%lld), %s the cooldown", (long long)desired,
                        sqlite3_column_int(statement, at + 2) ? "honouring" : "ignoring");
    if (!called)
        snprintf(out + used, size - (size_t)used, "; held by a guard");
    else if (desired != asked)
        snprintf(out + used, size - (size_t)used, "; the policy asked for %lld", (long long)asked);
}

int results_decision_at(struct results *results, int64_t run, int64_t time_s,
                        struct stored_decision *out_decision, bool *out_found, struct error *err)
{
    *out_decision = (struct stored_decision){0};
    struct row row;
    int status = row_begin(&row, results,
                           "SELECT first_s, last_s, evaluations, trigger, policy_desired_capacity,"
                           " desired_capacity, honor_cooldown, outcome, guard, reason, words FROM "
                           "decision WHERE run=?1"
                           " AND first_s<=?2 ORDER BY first_s DESC, ordinal DESC LIMIT 1",
                           err);
    if (status)
        return status;
    row_integer(&row, run);
    row_integer(&row, time_s);
    *out_found = row_next(&row);
    if (*out_found) {
        struct stored_decision *d = out_decision;
        d->first_s = sqlite3_column_int64(row.statement, 0);
        d->last_s = sqlite3_column_int64(row.statement, 1);
        d->evaluations = sqlite3_column_int64(row.statement, 2);
        results_line(row.statement, 3, d->trigger, sizeof d->trigger);
        say_action(row.statement, 4, d->action, sizeof d->action);
        results_line(row.statement, 7, d->outcome, sizeof d->outcome);
        results_line(row.statement, 8, d->guard, sizeof d->guard);
        results_line(row.statement, 9, d->reason, sizeof d->reason);
        results_line(row.statement, 10, d->words, sizeof d->words);
    }
    return row_close(&row, STATUS_OK, err);
}

int results_first_call(struct results *results, int64_t run, int64_t *out_time_s, bool *out_found,
                       struct error *err)
{
    struct row row;
    int status = row_begin(&row, results,
                           "SELECT first_s FROM decision WHERE run=?1 AND outcome='accepted'"
                           " ORDER BY ordinal LIMIT 1",
                           err);
    if (status)
        return status;
    row_integer(&row, run);
    *out_found = row_next(&row);
    if (*out_found)
        *out_time_s = sqlite3_column_int64(row.statement, 0);
    return row_close(&row, STATUS_OK, err);
}

static enum cloud_outcome column_outcome(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    for (int outcome = CLOUD_NOT_CALLED; text && outcome < CLOUD_DRY_RUN; outcome++) {
        if (strcmp(cloud_outcome_name((enum cloud_outcome)outcome), text) == 0)
            return (enum cloud_outcome)outcome;
    }
    return CLOUD_DRY_RUN;
}

static int64_t column_number(sqlite3_stmt *statement, int column)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL
               ? BALLAST_UNKNOWN
               : sqlite3_column_int64(statement, column);
}

static struct record_decision column_decision(sqlite3_stmt *statement)
{
    int64_t asked = column_number(statement, 4);
    int64_t called = column_number(statement, 5);
    int64_t target = column_number(statement, 7);
    bool wants = asked != BALLAST_UNKNOWN;
    return (struct record_decision){
        .ordinal = sqlite3_column_int64(statement, 0),
        .first_s = sqlite3_column_int64(statement, 1),
        .last_s = sqlite3_column_int64(statement, 2),
        .evaluations = sqlite3_column_int64(statement, 3),
        .decision = {.action = wants ? BALLAST_SET_DESIRED : BALLAST_HOLD,
                     .desired_capacity = wants ? asked : 0,
                     .honor_cooldown = column_number(statement, 6) == 1,
                     .set_fleet_target = target != BALLAST_UNKNOWN,
                     .fleet_target = target != BALLAST_UNKNOWN ? target : 0},
        .action = called != BALLAST_UNKNOWN ? BALLAST_SET_DESIRED : BALLAST_HOLD,
        .desired_capacity = called != BALLAST_UNKNOWN ? called : 0,
        .desired_before = column_number(statement, 8),
        .outcome = column_outcome(statement, 9),
        .fleet_outcome = column_outcome(statement, 10)};
}

int results_each_decision(struct results *results, int64_t run,
                          void (*take)(const struct record_decision *decision, void *context),
                          void *context, struct error *err)
{
    struct row row;
    int status = row_begin(
        &row, results,
        "SELECT ordinal, first_s, last_s, evaluations, policy_desired_capacity, desired_capacity,"
        " honor_cooldown, fleet_target, desired_before, outcome, fleet_outcome"
        " FROM decision WHERE run=?1 ORDER BY ordinal",
        err);
    if (status)
        return status;
    row_integer(&row, run);
    while (row_next(&row)) {
        const struct record_decision decision = column_decision(row.statement);
        take(&decision, context);
    }
    return row_close(&row, STATUS_OK, err);
}
