#include "record/database.h"

#include "base/memory.h"
#include "base/timestamp.h"
#include "policy/words.h"
#include "record/schema.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct results {
    sqlite3 *database;
    char *path;
    const struct ballast_policy *policy;
    int64_t run;
    bool open; /* a run is being recorded */
    struct error error;
    sqlite3_stmt *add_capacity, *add_instance, *add_interruption, *add_decision;
};

/* ---- opening
 * ------------------------------------------------------------------------------------------ */

static int fail(struct results *results, struct error *err)
{
    int code = sqlite3_errcode(results->database);
    int status =
        code == SQLITE_NOTADB || code == SQLITE_CORRUPT ? STATUS_BAD_INPUT : STATUS_FAILURE;
    return error_set(err, status, "%s: %s", results->path, sqlite3_errmsg(results->database));
}

static int run_sql(struct results *results, const char *sql, struct error *err)
{
    return sqlite3_exec(results->database, sql, NULL, NULL, NULL) ? fail(results, err) : STATUS_OK;
}

static int prepare(struct results *results, sqlite3_stmt **statement, const char *sql,
                   struct error *err)
{
    return sqlite3_prepare_v3(results->database, sql, -1, SQLITE_PREPARE_PERSISTENT, statement,
                              NULL)
               ? fail(results, err)
               : STATUS_OK;
}

static int pragma(struct results *results, const char *sql, int *out_value, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    int status = prepare(results, &statement, sql, err);
    if (!status && sqlite3_step(statement) == SQLITE_ROW)
        *out_value = sqlite3_column_int(statement, 0);
    if (sqlite3_finalize(statement) && !status)
        status = fail(results, err);
    return status;
}

static int create(struct results *results, struct error *err)
{
    struct text sql = {0};
    text_add(&sql, "BEGIN IMMEDIATE;");
    results_schema(&sql);
    text_addf(&sql, "PRAGMA application_id=%d; PRAGMA user_version=%d; COMMIT;",
              RESULTS_APPLICATION_ID, RESULTS_SCHEMA_VERSION);
    int status = text_status(&sql, err);
    if (!status)
        status = run_sql(results, sql.data, err);
    text_clean_up(&sql);
    return status;
}

static int check(struct results *results, bool for_writing, struct error *err)
{
    int application = 0;
    int version = 0;
    int tables = 0;
    int status = pragma(results, "PRAGMA application_id", &application, err);
    if (!status)
        status = pragma(results, "PRAGMA user_version", &version, err);
    if (!status)
        status = pragma(results, "SELECT count(*) FROM sqlite_master", &tables, err);
    if (status)
        return status;
    if (tables == 0 && application == 0 && for_writing)
        return create(results, err);
    if (application != RESULTS_APPLICATION_ID)
        return error_set(err, STATUS_BAD_INPUT, "%s: not a results database of Ballast",
                         results->path);
    if (version != RESULTS_SCHEMA_VERSION)
        return error_set(err, STATUS_BAD_INPUT,
                         "%s: a results database of version %d, this program knows version %d: use "
                         "a newer ballast, or another file",
                         results->path, version, RESULTS_SCHEMA_VERSION);
    return STATUS_OK;
}

int results_open(struct results **out, const char *path, bool for_writing, struct error *err)
{
    *out = NULL;
    if (*path == '\0')
        return error_set(err, STATUS_BAD_INPUT, "the results database needs a file name");
    struct stat info;
    bool missing = stat(path, &info) != 0;
    if (missing && !for_writing)
        return error_set(err, STATUS_BAD_INPUT, "%s: no such results database: %s", path,
                         strerror(errno));
    if (!missing && S_ISDIR(info.st_mode))
        return error_set(err, STATUS_BAD_INPUT, "%s: a directory, not a results database", path);
    struct results *results = memory_new(1, sizeof *results);
    results->path = memory_copy_text(path);
    /* A killed run may have left a journal, which a reader must be able to roll back too. Where the
     * file may not be written SQLite opens it for reading. */
    int flags = SQLITE_OPEN_READWRITE | (for_writing ? SQLITE_OPEN_CREATE : 0);
    int status = STATUS_OK;
    if (sqlite3_open_v2(path, &results->database, flags, NULL))
        status = error_set(err, STATUS_FAILURE, "%s: cannot be opened: %s", path,
                           sqlite3_errmsg(results->database));
    if (!status) {
        sqlite3_busy_timeout(results->database, 10000);
        status = check(results, for_writing, err);
        if (!status && !for_writing)
            status = run_sql(results, "PRAGMA query_only=1", err);
    }
    if (status) {
        results_close(results);
        return status;
    }
    *out = results;
    return STATUS_OK;
}

static void finalize_all(struct results *results)
{
    sqlite3_stmt **all[] = {&results->add_capacity, &results->add_instance,
                            &results->add_interruption, &results->add_decision};
    for (size_t i = 0; i < ARRAY_LENGTH(all); i++) {
        sqlite3_finalize(*all[i]);
        *all[i] = NULL;
    }
}

void results_close(struct results *results)
{
    if (!results)
        return;
    finalize_all(results);
    sqlite3_close(results->database);
    free(results->path);
    free(results);
}

/* ---- recording
 * ----------------------------------------------------------------------------------------- */

char *results_key(const struct run_identity *identity, char out_key[HASH_TEXT_SIZE])
{
    struct hash *hash = hash_new();
    hash_add_int64(hash, RESULTS_SCHEMA_VERSION);
    hash_add_string(hash, identity->version);
    hash_add_string(hash, identity->scenario_json);
    hash_add_string(hash, identity->policy);
    hash_add_string(hash, identity->trace_hash);
    hash_add_string(hash, identity->demand_hash);
    return hash_finish(hash, out_key);
}

static void bind_text(sqlite3_stmt *statement, int index, const char *text)
{
    sqlite3_bind_text(statement, index, text, -1, SQLITE_TRANSIENT);
}

static int step(struct results *results, sqlite3_stmt *statement, struct error *err)
{
    int result = sqlite3_step(statement);
    int status = result == SQLITE_DONE || result == SQLITE_ROW ? STATUS_OK : fail(results, err);
    sqlite3_reset(statement);
    return status;
}

static int find_key(struct results *results, const char *key, int64_t *out_run, bool *out_known,
                    struct error *err)
{
    sqlite3_stmt *statement = NULL;
    int status = prepare(results, &statement, "SELECT run FROM run WHERE key=?1", err);
    if (status)
        return status;
    bind_text(statement, 1, key);
    int result = sqlite3_step(statement);
    *out_known = result == SQLITE_ROW;
    if (*out_known)
        *out_run = sqlite3_column_int64(statement, 0);
    else if (result != SQLITE_DONE)
        status = fail(results, err);
    sqlite3_finalize(statement);
    return status;
}

static int add_run(struct results *results, const struct run_identity *identity, const char *key,
                   struct error *err)
{
    sqlite3_stmt *statement = NULL;
    int status = prepare(results, &statement, "INSERT INTO run(key,name) VALUES(?1,?2)", err);
    if (status)
        return status;
    bind_text(statement, 1, key);
    bind_text(statement, 2, identity->name);
    status = step(results, statement, err);
    sqlite3_finalize(statement);
    results->run = sqlite3_last_insert_rowid(results->database);
    if (!status)
        status = prepare(results, &statement,
                         "INSERT INTO provenance VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)", err);
    if (status)
        return status;
    sqlite3_bind_int64(statement, 1, results->run);
    bind_text(statement, 2, identity->version);
    bind_text(statement, 3, identity->policy);
    sqlite3_bind_int64(statement, 4, (sqlite3_int64)identity->seed);
    bind_text(statement, 5, identity->trace_hash);
    sqlite3_bind_int(statement, 6, identity->synthetic);
    bind_text(statement, 7, identity->interruptions);
    sqlite3_bind_int64(statement, 8, identity->from_s);
    sqlite3_bind_int64(statement, 9, identity->to_s);
    bind_text(statement, 10, identity->scenario_json);
    status = step(results, statement, err);
    sqlite3_finalize(statement);
    if (!status)
        status =
            prepare(results, &statement,
                    "INSERT INTO local VALUES(?1,?2,?3,strftime('%Y-%m-%dT%H:%M:%SZ','now'))", err);
    if (status)
        return status;
    sqlite3_bind_int64(statement, 1, results->run);
    bind_text(statement, 2, identity->folder);
    bind_text(statement, 3, identity->commit);
    status = step(results, statement, err);
    sqlite3_finalize(statement);
    return status;
}

static int prepare_inserts(struct results *results, struct error *err)
{
    int status = prepare(results, &results->add_capacity,
                         "INSERT INTO capacity_change VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)", err);
    if (!status)
        status = prepare(results, &results->add_instance,
                         "INSERT INTO instance VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,"
                         "?14,?15)",
                         err);
    if (!status)
        status = prepare(results, &results->add_interruption,
                         "INSERT INTO interruption VALUES(?1,?2,?3,?4,?5)", err);
    if (!status)
        status = prepare(results, &results->add_decision,
                         "INSERT INTO decision VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,"
                         "?14,?15,?16)",
                         err);
    return status;
}

int results_begin(struct results *results, const struct run_identity *identity, int64_t *out_run,
                  bool *out_known, struct error *err)
{
    char key[HASH_TEXT_SIZE];
    results_key(identity, key);
    int status = run_sql(results, "BEGIN IMMEDIATE", err);
    if (status)
        return status;
    status = find_key(results, key, out_run, out_known, err);
    if (!status && !*out_known) {
        status = add_run(results, identity, key, err);
        if (!status)
            status = prepare_inserts(results, err);
        *out_run = results->run;
        results->open = true;
    }
    if (status || *out_known) {
        results->open = false;
        run_sql(results, "ROLLBACK", NULL);
    }
    return status;
}

static void bind_capacity(sqlite3_stmt *statement, int index, int64_t micro)
{
    char text[DECIMAL_TEXT_SIZE];
    bind_text(statement, index, decimal_format(micro, text));
}

static void bind_time(sqlite3_stmt *statement, int index, int64_t time_s)
{
    if (time_s == RECORD_NEVER)
        sqlite3_bind_null(statement, index);
    else
        sqlite3_bind_int64(statement, index, time_s);
}

static int sink_capacity(const struct record_capacity *capacity, void *context)
{
    struct results *results = context;
    sqlite3_stmt *add = results->add_capacity;
    sqlite3_bind_int64(add, 1, results->run);
    sqlite3_bind_int64(add, 2, capacity->time_s);
    bind_capacity(add, 3, capacity->required_micro);
    bind_capacity(add, 4, capacity->spot_up_micro);
    bind_capacity(add, 5, capacity->on_demand_up_micro);
    bind_capacity(add, 6, capacity->fleet_target_micro);
    bind_capacity(add, 7, capacity->fleet_fulfilled_micro);
    sqlite3_bind_int64(add, 8, capacity->group_desired);
    sqlite3_bind_int64(add, 9, capacity->group_running);
    return step(results, add, &results->error);
}

static int sink_instance(const struct record_instance *instance, void *context)
{
    struct results *results = context;
    sqlite3_stmt *add = results->add_instance;
    char cost[DECIMAL_TEXT_SIZE];
    sqlite3_bind_int64(add, 1, results->run);
    sqlite3_bind_int64(add, 2, instance->instance);
    bind_text(add, 3, instance->kind == RECORD_SPOT ? "spot" : "on-demand");
    bind_text(add, 4, instance->instance_type);
    bind_text(add, 5, instance->zone);
    bind_capacity(add, 6, instance->weight_micro);
    bind_time(add, 7, instance->slot);
    sqlite3_bind_int(add, 8, instance->warm);
    sqlite3_bind_int64(add, 9, instance->requested_s);
    bind_time(add, 10, instance->running_s);
    bind_time(add, 11, instance->joined_s);
    bind_time(add, 12, instance->notice_s);
    bind_time(add, 13, instance->ended_s);
    bind_text(add, 14, record_end_name(instance->end));
    bind_text(add, 15, int128_format(instance->cost_micro_usd_s, cost));
    return step(results, add, &results->error);
}

static int sink_interruption(const struct record_interruption *interruption, void *context)
{
    struct results *results = context;
    sqlite3_stmt *add = results->add_interruption;
    sqlite3_bind_int64(add, 1, results->run);
    sqlite3_bind_int64(add, 2, interruption->instance);
    sqlite3_bind_int64(add, 3, interruption->notice_s);
    bind_time(add, 4, interruption->ended_s);
    bind_text(add, 5, record_end_name(interruption->cause));
    return step(results, add, &results->error);
}

static int sink_decision(const struct record_decision *decision, void *context)
{
    struct results *results = context;
    sqlite3_stmt *add = results->add_decision;
    const struct ballast_policy *policy = results->policy;
    uint32_t reason = decision->decision.reason;
    char words[512];
    sqlite3_bind_int64(add, 1, results->run);
    sqlite3_bind_int64(add, 2, decision->ordinal);
    sqlite3_bind_int64(add, 3, decision->first_s);
    sqlite3_bind_int64(add, 4, decision->last_s);
    sqlite3_bind_int64(add, 5, decision->evaluations);
    bind_text(add, 6, decision->trigger == BALLAST_ALARM ? "alarm" : "schedule");
    bind_text(add, 7, decision->action == BALLAST_SET_DESIRED ? "set-desired" : "hold");
    if (decision->decision.action == BALLAST_SET_DESIRED) {
        sqlite3_bind_int64(add, 8, decision->desired_capacity);
        sqlite3_bind_int(add, 9, decision->decision.honor_cooldown);
    } else {
        sqlite3_bind_null(add, 8);
        sqlite3_bind_null(add, 9);
    }
    if (decision->decision.set_fleet_target)
        sqlite3_bind_int64(add, 10, decision->decision.fleet_target);
    else
        sqlite3_bind_null(add, 10);
    if (decision->desired_before == BALLAST_UNKNOWN)
        sqlite3_bind_null(add, 11);
    else
        sqlite3_bind_int64(add, 11, decision->desired_before);
    bind_text(add, 12, controller_guard_name(decision->guard));
    bind_text(add, 13, cloud_outcome_name(decision->outcome));
    bind_text(add, 14, cloud_outcome_name(decision->fleet_outcome));
    bind_text(add, 15, reason < policy->reason_count ? policy->reasons[reason].name : "unnamed");
    bind_text(add, 16,
              policy_reason_words(policy, reason, decision->decision.figures, words, sizeof words));
    return step(results, add, &results->error);
}

struct record_sink results_sink(struct results *results, const struct ballast_policy *policy)
{
    results->policy = policy;
    return (struct record_sink){.context = results,
                                .capacity = sink_capacity,
                                .instance = sink_instance,
                                .interruption = sink_interruption,
                                .decision = sink_decision};
}

static int write_figures(struct results *results, const struct figures *figures, struct error *err)
{
    struct text sql = {0};
    text_add(&sql, "UPDATE run SET ");
    for (int i = 0; i < FIGURE_COUNT_OF_ALL; i++) {
        char value[DECIMAL_TEXT_SIZE];
        enum figure_kind kind = figure_descriptions[i].kind;
        bool quoted = figures->known[i] && (kind == FIGURE_UNIT_S || kind == FIGURE_UNITS);
        figure_format(figures, (enum figure)i, value);
        text_addf(&sql, "%s%s=%s%s%s", i ? "," : "", figure_descriptions[i].column,
                  quoted ? "'" : "", value, quoted ? "'" : "");
    }
    text_addf(&sql, " WHERE run=%lld", (long long)results->run);
    int status = text_status(&sql, err);
    if (!status)
        status = run_sql(results, sql.data, err);
    text_clean_up(&sql);
    return status;
}

int results_end(struct results *results, const struct figures *figures, int status,
                struct error *err)
{
    /* What stopped a record says more than that the run stopped. */
    if (status && results->error.status)
        *err = results->error;
    if (!status)
        status = write_figures(results, figures, err);
    finalize_all(results);
    if (!status)
        status = run_sql(results, "COMMIT", err);
    if (status && results->open)
        run_sql(results, "ROLLBACK", NULL);
    results->open = false;
    return status;
}

/* ---- reading
 * ------------------------------------------------------------------------------------------- */

static char *column_copy(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    return memory_copy_text(text ? text : "");
}

int results_find(struct results *results, const char *which, struct stored_run *out_run,
                 struct error *err)
{
    *out_run = (struct stored_run){0};
    sqlite3_stmt *statement = NULL;
    int status =
        prepare(results, &statement,
                "SELECT r.run, r.key, r.name, p.policy, p.scenario, p.trace_hash, l.folder,"
                " p.version FROM run r JOIN provenance p USING(run) JOIN local l USING(run)"
                " WHERE CAST(r.run AS TEXT)=?1 OR r.name=?1 OR (length(?1)>=4 AND"
                " substr(r.key,1,length(?1))=?1)"
                " ORDER BY CAST(r.run AS TEXT)=?1 DESC, r.name=?1 DESC, r.run DESC",
                err);
    if (status)
        return status;
    bind_text(statement, 1, which);
    int result = sqlite3_step(statement);
    if (result == SQLITE_ROW) {
        *out_run = (struct stored_run){
            .run = sqlite3_column_int64(statement, 0),
            .key = column_copy(statement, 1),
            .name = column_copy(statement, 2),
            .policy = column_copy(statement, 3),
            .scenario_json = column_copy(statement, 4),
            .trace_hash = column_copy(statement, 5),
            .folder = column_copy(statement, 6),
            .version = column_copy(statement, 7),
        };
    } else if (result == SQLITE_DONE) {
        status = error_set(err, STATUS_BAD_INPUT,
                           "%s: no run \"%s\": give its number, its name, or the start of its key",
                           results->path, which);
    } else {
        status = fail(results, err);
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
    *run = (struct stored_run){0};
}

static void copy_column(sqlite3_stmt *statement, int column, char *out, size_t size)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    snprintf(out, size, "%s", text ? text : "");
}

static void say_action(sqlite3_stmt *statement, char *out, size_t size)
{
    const char *action = (const char *)sqlite3_column_text(statement, 4);
    if (sqlite3_column_type(statement, 5) == SQLITE_NULL)
        snprintf(out, size, "hold");
    else
        snprintf(out, size, "SetDesiredCapacity(%lld), %s the cooldown%s",
                 sqlite3_column_int64(statement, 5),
                 sqlite3_column_int(statement, 6) ? "honouring" : "ignoring",
                 strcmp(action, "hold") == 0 ? "; held by a guard" : "");
}

int results_decision_at(struct results *results, int64_t run, int64_t time_s,
                        struct stored_decision *out_decision, bool *out_found, struct error *err)
{
    *out_decision = (struct stored_decision){0};
    sqlite3_stmt *statement = NULL;
    int status = prepare(results, &statement,
                         "SELECT first_s, last_s, evaluations, trigger, action, desired_capacity,"
                         " honor_cooldown, outcome, guard, reason, words FROM decision WHERE run=?1"
                         " AND first_s<=?2 ORDER BY ordinal DESC LIMIT 1",
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
        copy_column(statement, 3, d->trigger, sizeof d->trigger);
        say_action(statement, d->action, sizeof d->action);
        copy_column(statement, 7, d->outcome, sizeof d->outcome);
        copy_column(statement, 8, d->guard, sizeof d->guard);
        copy_column(statement, 9, d->reason, sizeof d->reason);
        copy_column(statement, 10, d->words, sizeof d->words);
    } else if (result != SQLITE_DONE) {
        status = fail(results, err);
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

int results_capacity_at(struct results *results, int64_t run, int64_t time_s,
                        struct record_capacity *out_capacity, bool *out_found, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    int status = prepare(results, &statement,
                         "SELECT time_s, required_units, spot_up_units, on_demand_up_units,"
                         " fleet_target_units, fleet_fulfilled_units, group_desired, group_running"
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
        *out_capacity =
            (struct record_capacity){.time_s = sqlite3_column_int64(statement, 0),
                                     .required_micro = column_micro(statement, 1),
                                     .spot_up_micro = column_micro(statement, 2),
                                     .on_demand_up_micro = column_micro(statement, 3),
                                     .fleet_target_micro = column_micro(statement, 4),
                                     .fleet_fulfilled_micro = column_micro(statement, 5),
                                     .group_desired = sqlite3_column_int64(statement, 6),
                                     .group_running = sqlite3_column_int64(statement, 7)};
    else if (result != SQLITE_DONE)
        status = fail(results, err);
    sqlite3_finalize(statement);
    return status;
}

/* ---- the canonical dump
 * --------------------------------------------------------------------------------- */

/* One table's rows of one run: "TABLE|value|value...", text as JSON strings. */
static int dump_table(struct results *results, int64_t run, const struct results_table *table,
                      struct text *line, FILE *out, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    char *sql =
        memory_format("SELECT * FROM %s WHERE run=?1 ORDER BY %s", table->name, table->order);
    int status = prepare(results, &statement, sql, err);
    free(sql);
    if (status)
        return status;
    sqlite3_bind_int64(statement, 1, run);
    int result = 0;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        line->size = 0;
        text_add(line, table->name);
        for (int c = 0; c < sqlite3_column_count(statement); c++) {
            if (strcmp(sqlite3_column_name(statement, c), "run") == 0)
                continue; /* a number that depends on the order of recording */
            text_addf(line, "|%s=", sqlite3_column_name(statement, c));
            if (sqlite3_column_type(statement, c) == SQLITE_TEXT)
                text_add_json_string(line, (const char *)sqlite3_column_text(statement, c));
            else if (sqlite3_column_type(statement, c) != SQLITE_NULL)
                text_add(line, (const char *)sqlite3_column_text(statement, c));
        }
        text_add(line, "\n");
        if (text_status(line, err) || fwrite(line->data, 1, line->size, out) != line->size)
            break;
    }
    if (result != SQLITE_DONE)
        status = result == SQLITE_ROW
                     ? error_set(err, STATUS_FAILURE, "the dump could not be written")
                     : fail(results, err);
    sqlite3_finalize(statement);
    return status;
}

int results_dump(struct results *results, int64_t run, FILE *out, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    int status =
        prepare(results, &statement, "SELECT run FROM run WHERE ?1=0 OR run=?1 ORDER BY key", err);
    if (status)
        return status;
    struct text line = {0};
    sqlite3_bind_int64(statement, 1, run);
    fprintf(out, "ballast-dump|%d\n", RESULTS_SCHEMA_VERSION);
    int result = 0;
    while (!status && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        int64_t number = sqlite3_column_int64(statement, 0);
        for (const struct results_table *table = results_tables; !status && table->name; table++)
            status = dump_table(results, number, table, &line, out, err);
    }
    if (!status && result != SQLITE_DONE)
        status = fail(results, err);
    sqlite3_finalize(statement);
    text_clean_up(&line);
    return status;
}
