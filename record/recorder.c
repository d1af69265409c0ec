/* Recording a run: one transaction from results_begin to results_end. */
#include "base/memory.h"
#include "policy/words.h"
#include "record/results.h"

#include <string.h>

/* What a key is made of. Another number makes every run another one. */
enum { KEY_VERSION = 1 };

char *results_key(const struct run_identity *identity, char out_key[HASH_TEXT_SIZE])
{
    struct hash *hash = hash_new();
    hash_add_int64(hash, KEY_VERSION);
    hash_add_string(hash, identity->version);
    hash_add_string(hash, identity->scenario_json);
    hash_add_string(hash, identity->policy);
    hash_add_string(hash, identity->trace_hash);
    hash_add_string(hash, identity->demand_hash);
    return hash_finish(hash, out_key);
}

static int find_key(struct results *results, const char *key, int64_t *out_run, bool *out_known,
                    struct error *err)
{
    sqlite3_stmt *statement = NULL;
    int status = results_prepare(results, &statement, "SELECT run FROM run WHERE key=?1", err);
    if (status)
        return status;
    results_bind(statement, 1, key);
    int code = sqlite3_step(statement);
    *out_known = code == SQLITE_ROW;
    if (*out_known)
        *out_run = sqlite3_column_int64(statement, 0);
    return results_query_end(results, statement, status, code, err);
}

/* Insert one row of texts; NULL texts are NULL. Columns of numbers take their text as a number. */
static int insert(struct results *results, const char *sql, const char *const *texts, int count,
                  struct error *err)
{
    sqlite3_stmt *statement = NULL;
    int status = results_prepare(results, &statement, sql, err);
    if (status)
        return status;
    for (int i = 0; i < count; i++)
        results_bind(statement, i + 1, texts[i]);
    sqlite3_step(statement);
    if (sqlite3_reset(statement))
        status = results_fail(results, err);
    sqlite3_finalize(statement);
    return status;
}

static int add_run(struct results *results, const struct run_identity *identity, const char *key,
                   struct error *err)
{
    char run[DECIMAL_TEXT_SIZE];
    char seed[DECIMAL_TEXT_SIZE];
    char from[DECIMAL_TEXT_SIZE];
    char to[DECIMAL_TEXT_SIZE];
    const char *const head[] = {key, identity->name};
    int status =
        insert(results, "INSERT INTO run(key,name,figures) VALUES(?1,?2,'')", head, 2, err);
    if (status)
        return status;
    results->run = sqlite3_last_insert_rowid(results->database);
    int128_format(results->run, run);
    const char *const provenance[] = {run,
                                      identity->version,
                                      identity->policy,
                                      int128_format((int128)identity->seed, seed),
                                      identity->trace_hash,
                                      identity->demand_hash,
                                      identity->synthetic ? "1" : "0",
                                      identity->interruptions,
                                      int128_format(identity->from_s, from),
                                      int128_format(identity->to_s, to),
                                      identity->scenario_json};
    status = insert(results, "INSERT INTO provenance VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)",
                    provenance, (int)ARRAY_LENGTH(provenance), err);
    const char *const local[] = {run, identity->folder, identity->commit,
                                 identity->notes_json ? identity->notes_json : "[]"};
    if (!status)
        status = insert(
            results, "INSERT INTO local VALUES(?1,?2,?3,strftime('%Y-%m-%dT%H:%M:%SZ','now'),?4)",
            local, (int)ARRAY_LENGTH(local), err);
    return status;
}

static int open_batches(struct results *results, struct error *err)
{
    const struct {
        struct batch **batch;
        const char *table;
        int columns;
    } batches[] = {
        {&results->capacity, "capacity_change", 9},  {&results->instance, "instance", 15},
        {&results->interruption, "interruption", 5}, {&results->rebalance, "rebalance", 5},
        {&results->decision, "decision", 18},        {&results->scheduled, "schedule", 16}};
    for (size_t i = 0; i < ARRAY_LENGTH(batches); i++) {
        *batches[i].batch = batch_new(results->database, batches[i].table, batches[i].columns);
        if (!*batches[i].batch)
            return results_fail(results, err);
    }
    return STATUS_OK;
}

void results_close_batches(struct results *results)
{
    struct batch **all[] = {&results->capacity,  &results->instance, &results->interruption,
                            &results->rebalance, &results->decision, &results->scheduled};
    for (size_t i = 0; i < ARRAY_LENGTH(all); i++) {
        batch_destroy(*all[i]);
        *all[i] = NULL;
    }
}

int results_begin(struct results *results, const struct run_identity *identity, int64_t *out_run,
                  bool *out_known, struct error *err)
{
    char key[HASH_TEXT_SIZE];
    results_key(identity, key);
    int status = results_run_sql(results, "BEGIN IMMEDIATE", err);
    if (status)
        return status;
    results->error = (struct error){0};
    status = find_key(results, key, out_run, out_known, err);
    if (!status && !*out_known) {
        status = add_run(results, identity, key, err);
        if (!status)
            status = open_batches(results, err);
        *out_run = results->run;
        results->open = true;
    }
    if (status || *out_known) {
        results_close_batches(results);
        results->open = false;
        results_run_sql(results, "ROLLBACK", NULL);
    }
    return status;
}

/* ---- the sink -----------------------------------------------------------------------------------
 */

static void add_capacity(struct batch *batch, int64_t micro)
{
    char text[DECIMAL_TEXT_SIZE];
    if (micro % MICRO == 0)
        batch_integer(batch, micro / MICRO);
    else
        batch_text(batch, decimal_format(micro, text));
}

/* A time, or a slot, that there may not be. */
static void add_unless(struct batch *batch, int64_t value, int64_t none)
{
    if (value == none)
        batch_null(batch);
    else
        batch_integer(batch, value);
}

static int end_row(struct results *results, struct batch *batch)
{
    return batch_end_row(batch) ? results_fail(results, &results->error) : STATUS_OK;
}

static int sink_capacity(const struct record_capacity *capacity, void *context)
{
    struct results *results = context;
    struct batch *batch = results->capacity;
    batch_integer(batch, results->run);
    batch_integer(batch, capacity->time_s);
    add_capacity(batch, capacity->required_micro);
    add_capacity(batch, capacity->spot_up_micro);
    add_capacity(batch, capacity->on_demand_up_micro);
    add_capacity(batch, capacity->fleet_target_micro);
    add_capacity(batch, capacity->fleet_fulfilled_micro);
    batch_integer(batch, capacity->group_desired);
    batch_integer(batch, capacity->group_running);
    return end_row(results, batch);
}

static int sink_instance(const struct record_instance *instance, void *context)
{
    struct results *results = context;
    struct batch *batch = results->instance;
    batch_integer(batch, results->run);
    batch_integer(batch, instance->instance);
    batch_text(batch, instance->kind == RECORD_SPOT ? "spot" : "on-demand");
    batch_text(batch, instance->instance_type);
    batch_text(batch, instance->zone);
    add_capacity(batch, instance->weight_micro);
    add_unless(batch, instance->slot, -1);
    batch_integer(batch, instance->warm);
    batch_integer(batch, instance->requested_s);
    add_unless(batch, instance->running_s, RECORD_NEVER);
    add_unless(batch, instance->joined_s, RECORD_NEVER);
    add_unless(batch, instance->notice_s, RECORD_NEVER);
    add_unless(batch, instance->ended_s, RECORD_NEVER);
    batch_text(batch, record_end_name(instance->end));
    batch_integer(batch, (int64_t)instance->cost_micro_usd_s); /* one instance's sum fits */
    return end_row(results, batch);
}

static int sink_interruption(const struct record_interruption *interruption, void *context)
{
    struct results *results = context;
    struct batch *batch = results->interruption;
    batch_integer(batch, results->run);
    batch_integer(batch, interruption->instance);
    batch_integer(batch, interruption->notice_s);
    add_unless(batch, interruption->ended_s, RECORD_NEVER);
    batch_text(batch, record_end_name(interruption->cause));
    return end_row(results, batch);
}

static int sink_rebalance(const struct record_rebalance *rebalance, void *context)
{
    struct results *results = context;
    struct batch *batch = results->rebalance;
    batch_integer(batch, results->run);
    batch_integer(batch, rebalance->instance);
    add_unless(batch, rebalance->recommended_s, RECORD_NEVER);
    add_unless(batch, rebalance->released_s, RECORD_NEVER);
    batch_integer(batch, rebalance->replacement);
    return end_row(results, batch);
}

static int sink_scheduled(const struct record_scheduled *item, void *context)
{
    struct results *results = context;
    struct batch *batch = results->scheduled;
    batch_integer(batch, results->run);
    batch_text(batch, record_bound_name(item->bound));
    batch_integer(batch, item->item);
    batch_text(batch, item->kind == RECORD_SPOT ? "spot" : "on-demand");
    batch_text(batch, item->instance_type);
    batch_text(batch, item->zone);
    batch_integer(batch, item->instances);
    add_capacity(batch, item->weight_micro);
    batch_integer(batch, item->warm);
    batch_integer(batch, item->requested_s);
    batch_integer(batch, item->running_s);
    batch_integer(batch, item->joined_s);
    batch_integer(batch, item->ended_s);
    batch_integer(batch, item->serves_until_s);
    batch_text(batch, item->ended_by_ec2 ? "ec2" : "given-back");
    batch_integer(batch, (int64_t)item->cost_micro_usd_s);
    return end_row(results, batch);
}

/* What the policy asked for, and what was called after the guards. */
static void add_action(struct batch *batch, const struct record_decision *decision)
{
    const struct ballast_decision *asked = &decision->decision;
    bool wants = asked->action == BALLAST_SET_DESIRED;
    bool calls = decision->action == BALLAST_SET_DESIRED;
    batch_text(batch, calls ? "set-desired" : "hold");
    add_unless(batch, wants ? asked->desired_capacity : BALLAST_UNKNOWN, BALLAST_UNKNOWN);
    add_unless(batch, calls ? decision->desired_capacity : BALLAST_UNKNOWN, BALLAST_UNKNOWN);
    add_unless(batch, wants ? asked->honor_cooldown : BALLAST_UNKNOWN, BALLAST_UNKNOWN);
    add_unless(batch, asked->set_fleet_target ? asked->fleet_target : BALLAST_UNKNOWN,
               BALLAST_UNKNOWN);
}

static void add_figures(struct batch *batch, const int64_t *figures)
{
    char text[BALLAST_FIGURES_MAX * 22 + 3];
    size_t used = 0;
    for (int i = 0; i < BALLAST_FIGURES_MAX; i++) {
        char number[DECIMAL_TEXT_SIZE];
        text[used++] = i ? ',' : '[';
        size_t length = strlen(int128_format(figures[i], number));
        memcpy(text + used, number, length);
        used += length;
    }
    text[used++] = ']';
    text[used] = '\0';
    batch_text(batch, text);
}

static int sink_decision(const struct record_decision *decision, void *context)
{
    struct results *results = context;
    struct batch *batch = results->decision;
    const struct ballast_policy *policy = results->policy;
    uint32_t reason = decision->decision.reason;
    char words[512];
    batch_integer(batch, results->run);
    batch_integer(batch, decision->ordinal);
    batch_integer(batch, decision->first_s);
    batch_integer(batch, decision->last_s);
    batch_integer(batch, decision->evaluations);
    batch_text(batch, decision->trigger == BALLAST_ALARM ? "alarm" : "schedule");
    add_action(batch, decision);
    add_unless(batch, decision->desired_before, BALLAST_UNKNOWN);
    batch_text(batch, controller_guard_name(decision->guard));
    batch_text(batch, cloud_outcome_name(decision->outcome));
    batch_text(batch, cloud_outcome_name(decision->fleet_outcome));
    batch_text(batch, reason < policy->reason_count ? policy->reasons[reason].name : "unnamed");
    batch_text(batch, policy_reason_words(policy, reason, decision->decision.figures, words,
                                          sizeof words));
    add_figures(batch, decision->decision.figures);
    return end_row(results, batch);
}

struct record_sink results_sink(struct results *results, const struct ballast_policy *policy)
{
    results->policy = policy;
    return (struct record_sink){.context = results,
                                .capacity = sink_capacity,
                                .instance = sink_instance,
                                .interruption = sink_interruption,
                                .rebalance = sink_rebalance,
                                .decision = sink_decision,
                                .scheduled = sink_scheduled};
}

/* ---- the end ------------------------------------------------------------------------------------
 */

static int flush(struct results *results, struct error *err)
{
    struct batch *all[] = {results->capacity,  results->instance, results->interruption,
                           results->rebalance, results->decision, results->scheduled};
    for (size_t i = 0; i < ARRAY_LENGTH(all); i++) {
        if (batch_flush(all[i]))
            return results_fail(results, err);
    }
    return STATUS_OK;
}

static int write_figures(struct results *results, const struct figures *figures, struct error *err)
{
    struct text sql = {0};
    struct text json = {0};
    text_add(&json, "{");
    figures_add_json(figures, &json);
    text_add(&json, "}");
    text_add(&sql, "UPDATE run SET figures=?1");
    for (int i = 0; i < FIGURE_COUNT_OF_ALL; i++) {
        char value[DECIMAL_TEXT_SIZE];
        text_addf(&sql, ",%s=%s", figure_descriptions[i].column,
                  figure_format(figures, (enum figure)i, value));
    }
    text_addf(&sql, " WHERE run=%lld", (long long)results->run);
    int status = text_status(&sql, err);
    if (!status) {
        const char *const texts[] = {json.data};
        status = insert(results, sql.data, texts, 1, err);
    }
    text_clean_up(&json);
    text_clean_up(&sql);
    return status;
}

int results_end(struct results *results, const struct figures *figures, int status,
                struct error *err)
{
    /* What stopped a record says more than that the run stopped. */
    if (status && results->error.status && err)
        *err = results->error;
    if (!status)
        status = flush(results, err);
    if (!status)
        status = write_figures(results, figures, err);
    results_close_batches(results);
    if (!status)
        status = results_run_sql(results, "COMMIT", err);
    if (status)
        results_run_sql(results, "ROLLBACK", NULL);
    results->open = false;
    return status;
}
