/* Reading recorded runs. */
#include "base/memory.h"
#include "record/row.h"

#include <stdlib.h>
#include <string.h>

static int no_such_run(struct results *results, const char *which, struct error *err)
{
    struct row row;
    int64_t runs = 0;
    int status = row_begin(&row, results, "SELECT count(*) FROM run", err);
    if (!status)
        status = row_number(&row, 0, &runs, err);
    if (!status && runs == 0)
        status = error_set(err, STATUS_BAD_INPUT,
                           "%s: no run is recorded in it (of a sweep's points only the figures are "
                           "kept), and so no run \"%s\"",
                           results->path, which);
    else if (!status)
        status = error_set(err, STATUS_BAD_INPUT,
                           "%s: no run \"%s\": give its number, its name, or the start of its key",
                           results->path, which);
    return status;
}

int results_find(struct results *results, const char *which, struct stored_run *out_run,
                 struct error *err)
{
    *out_run = (struct stored_run){0};
    sqlite3_stmt *statement = NULL;
    int status = results_prepare(
        results, &statement,
        "SELECT r.run, r.key, r.name, p.policy, p.scenario, p.trace_hash, l.folder,"
        " p.version, p.demand_hash, p.to_s, r.name=?1 OR CAST(r.run AS TEXT)=?1 FROM"
        " run r JOIN provenance p USING(run) JOIN local l USING(run)"
        " WHERE CAST(r.run AS TEXT)=?1 OR r.name=?1 OR (length(?1)>=4 AND"
        " substr(r.key,1,length(?1))=?1)"
        " ORDER BY CAST(r.run AS TEXT)=?1 DESC, r.name=?1 DESC, r.run DESC",
        err);
    if (status)
        return status;
    results_bind(statement, 1, which);
    int result = sqlite3_step(statement);
    if (result == SQLITE_ROW) {
        *out_run = (struct stored_run){
            .run = sqlite3_column_int64(statement, 0),
            .key = results_copy(statement, 1),
            .name = results_copy(statement, 2),
            .policy = results_copy(statement, 3),
            .scenario_json = memory_copy_text(results_text(statement, 4)),
            .trace_hash = results_copy(statement, 5),
            .folder = memory_copy_text(results_text(statement, 6)),
            .version = results_copy(statement, 7),
            .demand_hash = results_copy(statement, 8),
            .to_s = sqlite3_column_int64(statement, 9),
        };
        if (!sqlite3_column_int(statement, 10) && sqlite3_step(statement) == SQLITE_ROW) {
            stored_run_clean_up(out_run);
            status = error_set(err, STATUS_BAD_INPUT,
                               "%s: the keys of several runs start with \"%s\": give more of it",
                               results->path, which);
        }
    } else if (result == SQLITE_DONE) {
        status = no_such_run(results, which, err);
    } else {
        status = results_fail(results, err);
    }
    sqlite3_finalize(statement);
    return status;
}

void stored_run_clean_up(struct stored_run *run)
{
    free(run->key);
    free(run->name);
    free(run->policy);
    free(run->scenario_json);
    free(run->trace_hash);
    free(run->folder);
    free(run->version);
    free(run->demand_hash);
    *run = (struct stored_run){0};
}

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
    sqlite3_stmt *statement = NULL;
    int status =
        results_prepare(results, &statement,
                        "SELECT first_s, last_s, evaluations, trigger, policy_desired_capacity,"
                        " desired_capacity, honor_cooldown, outcome, guard, reason, words FROM "
                        "decision WHERE run=?1"
                        " AND first_s<=?2 ORDER BY first_s DESC, ordinal DESC LIMIT 1",
                        err);
    if (status)
        return status;
    sqlite3_bind_int64(statement, 1, run);
    sqlite3_bind_int64(statement, 2, time_s);
    int result = sqlite3_step(statement);
    *out_found = result == SQLITE_ROW;
    if (*out_found) {
        struct stored_decision *d = out_decision;
        d->first_s = sqlite3_column_int64(statement, 0);
        d->last_s = sqlite3_column_int64(statement, 1);
        d->evaluations = sqlite3_column_int64(statement, 2);
        results_line(statement, 3, d->trigger, sizeof d->trigger);
        say_action(statement, 4, d->action, sizeof d->action);
        results_line(statement, 7, d->outcome, sizeof d->outcome);
        results_line(statement, 8, d->guard, sizeof d->guard);
        results_line(statement, 9, d->reason, sizeof d->reason);
        results_line(statement, 10, d->words, sizeof d->words);
    } else if (result != SQLITE_DONE) {
        status = results_fail(results, err);
    }
    sqlite3_finalize(statement);
    return status;
}

static int64_t column_micro(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    int64_t micro = 0;
    if (text)
        decimal_parse(text, strlen(text), &micro);
    return micro;
}

/* Columns time_s, required_units, ... of capacity_change. */
static struct record_capacity column_capacity(sqlite3_stmt *statement)
{
    return (struct record_capacity){.time_s = sqlite3_column_int64(statement, 0),
                                    .required_micro = column_micro(statement, 1),
                                    .spot_up_micro = column_micro(statement, 2),
                                    .on_demand_up_micro = column_micro(statement, 3),
                                    .fleet_target_micro = column_micro(statement, 4),
                                    .fleet_fulfilled_micro = column_micro(statement, 5),
                                    .group_desired = sqlite3_column_int64(statement, 6),
                                    .group_running = sqlite3_column_int64(statement, 7)};
}

#define CAPACITY_COLUMNS                                                                           \
    "time_s, required_units, spot_up_units, on_demand_up_units, fleet_target_units,"               \
    " fleet_fulfilled_units, group_desired, group_running"

int results_capacity_at(struct results *results, int64_t run, int64_t time_s,
                        struct record_capacity *out_capacity, bool *out_found, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    int status = results_prepare(results, &statement,
                                 "SELECT " CAPACITY_COLUMNS
                                 " FROM capacity_change WHERE run=?1 AND time_s<=?2"
                                 " ORDER BY time_s DESC LIMIT 1",
                                 err);
    if (status)
        return status;
    sqlite3_bind_int64(statement, 1, run);
    sqlite3_bind_int64(statement, 2, time_s);
    int result = sqlite3_step(statement);
    *out_found = result == SQLITE_ROW;
    if (*out_found)
        *out_capacity = column_capacity(statement);
    return results_query_end(results, statement, status, result, err);
}

/* Hand over each row of a query whose ?1, if it has one, is the run. */
static int each_row(struct results *results, const char *sql, int64_t run,
                    void (*take)(sqlite3_stmt *row, void *context), void *context,
                    struct error *err)
{
    sqlite3_stmt *statement = NULL;
    int status = results_prepare(results, &statement, sql, err);
    if (status)
        return status;
    if (sqlite3_bind_parameter_count(statement) > 0)
        sqlite3_bind_int64(statement, 1, run);
    int result = sqlite3_step(statement);
    for (; result == SQLITE_ROW; result = sqlite3_step(statement))
        take(statement, context);
    return results_query_end(results, statement, status, result, err);
}

/* More than any group has. What is larger nobody recorded, and would overflow what is made of it.
 */
enum { INSTANCES_MOST = 1000000000 };

struct capacity_taker {
    void (*take)(const struct record_capacity *capacity, void *context);
    void *context;
    bool damaged;
    int64_t desired; /* where it is damaged */
};

static void take_capacity(sqlite3_stmt *row, void *context)
{
    struct capacity_taker *taker = context;
    const struct record_capacity capacity = column_capacity(row);
    if (capacity.group_desired < 0 || capacity.group_desired > INSTANCES_MOST) {
        taker->damaged = true;
        taker->desired = capacity.group_desired;
    }
    if (!taker->damaged)
        taker->take(&capacity, taker->context);
}

int results_each_capacity(struct results *results, int64_t run,
                          void (*take)(const struct record_capacity *capacity, void *context),
                          void *context, struct error *err)
{
    struct capacity_taker taker = {.take = take, .context = context};
    int status = each_row(
        results, "SELECT " CAPACITY_COLUMNS " FROM capacity_change WHERE run=?1 ORDER BY time_s",
        run, take_capacity, &taker, err);
    if (!status && taker.damaged)
        status = error_set(err, STATUS_BAD_INPUT,
                           "%s: is damaged: a group's desired capacity of %lld: record anew",
                           results->path, (long long)taker.desired);
    return status;
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

struct decision_taker {
    void (*take)(const struct record_decision *decision, void *context);
    void *context;
};

static void take_decision(sqlite3_stmt *row, void *context)
{
    const struct decision_taker *taker = context;
    const struct record_decision decision = column_decision(row);
    taker->take(&decision, taker->context);
}

int results_each_decision(struct results *results, int64_t run,
                          void (*take)(const struct record_decision *decision, void *context),
                          void *context, struct error *err)
{
    struct decision_taker taker = {take, context};
    return each_row(
        results,
        "SELECT ordinal, first_s, last_s, evaluations, policy_desired_capacity, desired_capacity,"
        " honor_cooldown, fleet_target, desired_before, outcome, fleet_outcome"
        " FROM decision WHERE run=?1 ORDER BY ordinal",
        run, take_decision, &taker, err);
}

int results_figures(struct results *results, int64_t run, struct figures *out_figures,
                    struct error *err)
{
    sqlite3_stmt *statement = NULL;
    int status = results_prepare(results, &statement, "SELECT figures FROM run WHERE run=?1", err);
    if (status)
        return status;
    sqlite3_bind_int64(statement, 1, run);
    if (sqlite3_step(statement) != SQLITE_ROW)
        status = results_fail(results, err);
    else if (!figures_read_json((const char *)sqlite3_column_text(statement, 0), out_figures))
        status = error_set(err, STATUS_BAD_INPUT,
                           "%s: the figures of run %lld are not as ballast writes them",
                           results->path, (long long)run);
    sqlite3_finalize(statement);
    return status;
}

struct numbers {
    int64_t *items;
    size_t count;
    size_t capacity;
};

static void take_number(sqlite3_stmt *row, void *context)
{
    struct numbers *numbers = context;
    ARRAY_PUSH(numbers->items, numbers->count, numbers->capacity, sqlite3_column_int64(row, 0));
}

int results_runs(struct results *results, int64_t **out_numbers, size_t *out_count,
                 struct error *err)
{
    struct numbers numbers = {0};
    int status =
        each_row(results, "SELECT run FROM run ORDER BY run", 0, take_number, &numbers, err);
    *out_numbers = numbers.items;
    *out_count = numbers.count;
    return status;
}

static bool same_figure(const struct figures *a, const struct figures *b, int figure)
{
    return a->known[figure] == b->known[figure] &&
           (!a->known[figure] || a->value[figure] == b->value[figure]);
}

static bool is_bound(int figure)
{
    return figure == FIGURE_cost_lower_bound_micro_usd ||
           figure == FIGURE_cost_full_service_bound_micro_usd ||
           figure == FIGURE_cost_regret_micro_usd;
}

/* Bounds are asked for, so that not having them is no difference. */
static bool same_figures(const struct figures *stored, const struct figures *figures,
                         bool *out_without_bounds)
{
    *out_without_bounds = false;
    for (int i = 0; i < FIGURE_COUNT_OF_ALL; i++) {
        if (same_figure(stored, figures, i) || (is_bound(i) && !figures->known[i]))
            continue;
        if (!is_bound(i) || stored->known[i])
            return false;
        *out_without_bounds = true;
    }
    return true;
}

int results_check_figures(struct results *results, int64_t run, const struct figures *figures,
                          struct error *err)
{
    sqlite3_stmt *statement = NULL;
    struct figures stored = {0};
    bool without_bounds = false;
    int status = results_figures(results, run, &stored, err);
    if (!status)
        status = results_prepare(results, &statement,
                                 "SELECT program_commit FROM local WHERE run=?1", err);
    if (status)
        return status;
    sqlite3_bind_int64(statement, 1, run);
    if (sqlite3_step(statement) != SQLITE_ROW)
        status = results_fail(results, err);
    else if (!same_figures(&stored, figures, &without_bounds))
        status = error_set(err, STATUS_CHECK_FAILED,
                           "%s keeps run %lld as another build (commit %s) recorded it, with other "
                           "figures; record into another file to keep these",
                           results->path, (long long)run,
                           (const char *)sqlite3_column_text(statement, 0));
    else if (without_bounds)
        status = error_set(err, STATUS_CHECK_FAILED,
                           "%s keeps run %lld as it was recorded, without its bounds; record into "
                           "another file to keep them",
                           results->path, (long long)run);
    sqlite3_finalize(statement);
    return status;
}

static int64_t column_time(sqlite3_stmt *statement, int column)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL
               ? RECORD_NEVER
               : sqlite3_column_int64(statement, column);
}

int results_first_call(struct results *results, int64_t run, int64_t *out_time_s, bool *out_found,
                       struct error *err)
{
    sqlite3_stmt *statement = NULL;
    int status = results_prepare(results, &statement,
                                 "SELECT first_s FROM decision WHERE run=?1 AND outcome='accepted'"
                                 " ORDER BY ordinal LIMIT 1",
                                 err);
    if (status)
        return status;
    sqlite3_bind_int64(statement, 1, run);
    int code = sqlite3_step(statement);
    *out_found = code == SQLITE_ROW;
    if (*out_found)
        *out_time_s = sqlite3_column_int64(statement, 0);
    return results_query_end(results, statement, status, code, err);
}

int results_launches_at(struct results *results, int64_t run, int64_t time_s,
                        struct stored_launches *out_launches, struct error *err)
{
    *out_launches = (struct stored_launches){0};
    sqlite3_stmt *statement = NULL;
    int status =
        results_prepare(results, &statement,
                        "SELECT count(*), min(running_s), max(joined_s) FROM instance"
                        " WHERE run=?1 AND requested_s=?2 AND kind='on-demand' AND NOT warm",
                        err);
    if (status)
        return status;
    sqlite3_bind_int64(statement, 1, run);
    sqlite3_bind_int64(statement, 2, time_s);
    if (sqlite3_step(statement) == SQLITE_ROW)
        *out_launches = (struct stored_launches){.instances = sqlite3_column_int64(statement, 0),
                                                 .first_running_s = column_time(statement, 1),
                                                 .last_joined_s = column_time(statement, 2)};
    else
        status = results_fail(results, err);
    sqlite3_finalize(statement);
    return status;
}

int results_rebalance_at(struct results *results, int64_t run, int64_t time_s,
                         struct stored_rebalance *out_rebalance, struct error *err)
{
    *out_rebalance = (struct stored_rebalance){0};
    if (results->version < 3)
        return STATUS_OK;
    sqlite3_stmt *statement = NULL;
    int status =
        results_prepare(results, &statement,
                        "SELECT total(recommended_s<=?2), total(released_s<=?2), total(replacement)"
                        " FROM rebalance JOIN instance USING(run, instance)"
                        " WHERE run=?1 AND requested_s<=?2 AND (ended_s IS NULL OR ended_s>?2)",
                        err);
    if (status)
        return status;
    sqlite3_bind_int64(statement, 1, run);
    sqlite3_bind_int64(statement, 2, time_s);
    if (sqlite3_step(statement) == SQLITE_ROW)
        *out_rebalance =
            (struct stored_rebalance){.marked = sqlite3_column_int64(statement, 0),
                                      .released = sqlite3_column_int64(statement, 1),
                                      .replacements = sqlite3_column_int64(statement, 2)};
    else
        status = results_fail(results, err);
    sqlite3_finalize(statement);
    return status;
}
