#include "record/recording.h"

#include "base/decimal.h"
#include "base/memory.h"
#include "record/answer.h"
#include "record/results.h"
#include "record/row.h"
#include "record/said.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct recording {
    struct results *results;
    const struct recording_settings *settings;
    int64_t recording;
    int64_t ordinal; /* of the last evaluation */
    struct text text;
};

/* The names in `text` as a JSON object. Parameters are in their own base unit. */
static void add_parameters(struct text *text, const struct recording_settings *settings)
{
    const struct ballast_policy *policy = settings->policy;
    text_add(text, "{");
    for (size_t i = 0; i < policy->parameter_count; i++) {
        text_addf(text, "%s\"%s\":", i ? "," : "", policy->parameters[i].name);
        if (settings->parameters[i] == BALLAST_UNKNOWN)
            text_add(text, "null");
        else
            text_addf(text, "%" PRId64, settings->parameters[i]);
    }
    text_add(text, "}");
}

static void add_guards(struct text *text, const struct controller_guards *guards)
{
    text_addf(text,
              "{\"max_step_instances\":%" PRId64 ",\"max_desired_instances\":%" PRId64
              ",\"stale_after_s\":%" PRId64 "}",
              guards->max_step_instances, guards->max_desired_instances, guards->stale_after_s);
}

static char *settings_key(const struct recording_settings *settings, const char *parameters,
                          const char *guards, char out_key[HASH_TEXT_SIZE])
{
    struct hash *hash = hash_new();
    const char *const texts[] = {settings->region,      settings->fleet_id, settings->group,
                                 settings->cluster,     settings->product,  settings->policy->name,
                                 settings->policy_name, parameters,         guards,
                                 settings->clock,       settings->version};
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++)
        hash_add_string(hash, texts[i] ? texts[i] : "");
    hash_add_int64(hash, settings->units_per_instance_micro);
    hash_add_int64(hash, settings->policy->state_version);
    hash_add_int64(hash, settings->every_s);
    return hash_finish(hash, out_key);
}

static int add_recording(struct recording *recording, struct error *err)
{
    const struct recording_settings *settings = recording->settings;
    char key[HASH_TEXT_SIZE];
    struct text parameters = {0};
    struct text guards = {0};
    struct row row;
    add_parameters(&parameters, settings);
    add_guards(&guards, &settings->guards);
    settings_key(settings, parameters.data, guards.data, key);
    int status = row_begin(&row, recording->results,
                           "INSERT INTO recording VALUES(NULL,?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,"
                           "?12,?13,?14) ON CONFLICT(key) DO NOTHING",
                           err);
    if (!status) {
        row_text(&row, key);
        row_text(&row, settings->region);
        row_text(&row, settings->fleet_id);
        row_text(&row, settings->group);
        row_text(&row, settings->cluster);
        row_text(&row, settings->product);
        row_units(&row, settings->units_per_instance_micro);
        row_text(&row, settings->policy_name);
        row_integer(&row, settings->policy->state_version);
        row_text(&row, parameters.data);
        row_text(&row, guards.data);
        row_text(&row, settings->clock);
        row_integer(&row, settings->every_s);
        row_text(&row, settings->version);
        status = row_end(&row, err);
    }
    if (!status)
        status = row_begin(&row, recording->results, "SELECT recording FROM recording WHERE key=?1",
                           err);
    if (!status) {
        row_text(&row, key);
        status = row_number(&row, 0, &recording->recording, err);
    }
    text_clean_up(&parameters);
    text_clean_up(&guards);
    return status;
}

int recording_open(struct recording **out, struct results *results,
                   const struct recording_settings *settings, struct error *err)
{
    struct recording *recording = memory_new(1, sizeof *recording);
    recording->results = results;
    recording->settings = settings;
    int status = add_recording(recording, err);
    if (status)
        recording_close(recording);
    *out = status ? NULL : recording;
    return status;
}

struct results *recording_results(const struct recording *recording)
{
    return recording->results;
}

int64_t recording_number(const struct recording *recording)
{
    return recording->recording;
}

void recording_close(struct recording *recording)
{
    if (!recording)
        return;
    text_clean_up(&recording->text);
    free(recording);
}

/* When the last evaluation of this fleet and group was due; RECORD_NEVER. */
static int last_due(struct recording *recording, int64_t *out_due_s, struct error *err)
{
    const struct recording_settings *settings = recording->settings;
    struct row row;
    int status =
        row_begin(&row, recording->results,
                  "SELECT max((SELECT due_s FROM evaluation e WHERE e.recording=r.recording"
                  " ORDER BY ordinal DESC LIMIT 1)) FROM recording r WHERE region=?1 AND fleet=?2"
                  " AND backup_group=?3 AND clock=?4",
                  err);
    if (status)
        return status;
    row_text(&row, settings->region);
    row_text(&row, settings->fleet_id);
    row_text(&row, settings->group);
    row_text(&row, settings->clock);
    return row_number(&row, RECORD_NEVER, out_due_s, err);
}

int recording_decided(struct recording *recording, int64_t due_s, bool *out_decided,
                      struct error *err)
{
    int64_t last_s = RECORD_NEVER;
    int status = last_due(recording, &last_s, err);
    *out_decided = !status && last_s >= due_s;
    return status;
}

/* ---- what is intended -------------------------------------------------------------------------
 */

static int add_missed(struct recording *recording, int64_t last_s, int64_t due_s, struct error *err)
{
    const int64_t every_s = recording->settings->every_s;
    int64_t times = last_s == RECORD_NEVER ? 0 : (due_s - last_s - 1) / every_s;
    struct row row;
    if (times <= 0)
        return STATUS_OK;
    int status = row_begin(&row, recording->results, "INSERT INTO missed VALUES(?1,?2,?3,?4)", err);
    if (status)
        return status;
    row_integer(&row, recording->recording);
    row_integer(&row, due_s - times * every_s);
    row_integer(&row, due_s - every_s);
    row_integer(&row, times);
    return row_end(&row, err);
}

static const char *status_name(enum ballast_answer_status status)
{
    return status == BALLAST_OK ? "ok" : status == BALLAST_EMPTY ? "empty" : "error";
}

static int add_read(struct recording *recording, const struct recording_intention *intention,
                    size_t index, struct error *err)
{
    const struct ballast_read *read = &recording->settings->policy->reads[index];
    const struct ballast_answer *answer = &intention->decided->observation.answers[index];
    struct row row;
    int status = row_begin(&row, recording->results,
                           "INSERT INTO evaluation_read VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,"
                           "?12)",
                           err);
    if (status)
        return status;
    row_integer(&row, recording->recording);
    row_integer(&row, recording->ordinal);
    row_integer(&row, (int64_t)index);
    row_text(&row, cloud_read_api(read));
    if (read->kind == BALLAST_READ_METRIC) {
        const struct cloud_metric_query query =
            controller_query(intention->controller, index, intention->decided->observation.now_s);
        row_text(&row, query.metric);
        row_text(&row, cloud_statistic_name(query.statistic));
        row_integer(&row, query.period_s);
        row_integer(&row, query.start_s);
        row_integer(&row, query.end_s);
    } else {
        for (int i = 0; i < 5; i++)
            row_null(&row);
    }
    row_text(&row, status_name(answer->status));
    row_text(&row, answer->status == BALLAST_ERROR ? answer->error_code : NULL);
    recording->text.size = 0;
    if (answer->status == BALLAST_OK)
        answer_write(&recording->text, read->kind, answer);
    row_text(&row, answer->status == BALLAST_OK ? recording->text.data : NULL);
    return row_end(&row, err);
}

static void row_hex(struct row *row, struct text *text, const void *bytes, size_t size)
{
    text->size = 0;
    text_add(text, "");
    for (size_t i = 0; i < size; i++)
        text_addf(text, "%02x", ((const unsigned char *)bytes)[i]);
    row_copy(row, size ? text->data : "");
}

static void add_seen(struct row *row, const struct ballast_observation *observation)
{
    const struct ballast_group *group = &observation->group;
    row_text(row, status_name(group->status));
    row_text(row, group->status == BALLAST_ERROR ? group->error_code : NULL);
    const int64_t numbers[] = {group->min_size,
                               group->max_size,
                               group->desired_capacity,
                               group->in_service,
                               group->pending,
                               observation->interruption_notices,
                               observation->rebalance_notices};
    for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++)
        row_unless(row, numbers[i], BALLAST_UNKNOWN);
}

static void add_decision(struct row *row, const struct recording *recording,
                         const struct controller_decided *decided)
{
    struct said_decision said;
    said_decision(&said, recording->settings->policy, decided);
    row_text(row, said.calls ? "set-desired" : "hold");
    row_unless(row, said.policy_desired, BALLAST_UNKNOWN);
    row_unless(row, said.desired, BALLAST_UNKNOWN);
    row_unless(row, said.honor_cooldown, BALLAST_UNKNOWN);
    row_unless(row, said.fleet_target, BALLAST_UNKNOWN);
    row_copy(row, said.guard);
    row_copy(row, said.reason);
    row_copy(row, said.words);
    row_copy(row, said.figures);
}

static const char *intended(bool called, bool acts)
{
    return !called ? cloud_outcome_name(CLOUD_NOT_CALLED)
           : acts  ? "unknown"
                   : cloud_outcome_name(CLOUD_DRY_RUN);
}

static int add_evaluation(struct recording *recording, const struct recording_intention *intention,
                          struct error *err)
{
    const struct controller_decided *decided = intention->decided;
    size_t size = recording->settings->policy->state_size;
    bool calls = decided->action == BALLAST_SET_DESIRED;
    bool targets = decided->decision.set_fleet_target;
    struct row row;
    int status = row_begin(&row, recording->results,
                           "INSERT INTO evaluation VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,"
                           "?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?23,?24,?25,?26,?27,?28,?29,?"
                           "30)",
                           err);
    if (status)
        return status;
    row_integer(&row, recording->recording);
    row_integer(&row, recording->ordinal);
    row_integer(&row, intention->due_s);
    row_integer(&row, decided->observation.now_s);
    row_text(&row, decided->observation.trigger == BALLAST_ALARM ? "alarm" : "schedule");
    row_text(&row, intention->mode);
    row_text(&row, intention->stopped_by);
    row_hex(&row, &recording->text, intention->state_before, size);
    row_hex(&row, &recording->text, intention->state_after, size);
    add_seen(&row, &decided->observation);
    add_decision(&row, recording, decided);
    row_text(&row, intended(calls, intention->acts));
    row_text(&row, intended(targets, intention->acts));
    bool open = (calls || targets) && intention->acts;
    row_unless(&row, open ? BALLAST_UNKNOWN : intention->failed_calls, BALLAST_UNKNOWN);
    status = row_end(&row, err);
    for (size_t i = 0; !status && i < decided->observation.answer_count; i++)
        status = add_read(recording, intention, i, err);
    return status;
}

static int next_ordinal(struct recording *recording, struct error *err)
{
    struct row row;
    int status = row_begin(&row, recording->results,
                           "SELECT max(ordinal)+1 FROM evaluation WHERE recording=?1", err);
    if (status)
        return status;
    row_integer(&row, recording->recording);
    return row_number(&row, 0, &recording->ordinal, err);
}

int recording_intend(struct recording *recording, const struct recording_intention *intention,
                     struct error *err)
{
    int64_t last_s = RECORD_NEVER;
    int status = results_run_sql(recording->results, "BEGIN IMMEDIATE", err);
    if (status)
        return status;
    status = last_due(recording, &last_s, err);
    if (!status && last_s >= intention->due_s)
        status = error_set(err, STATUS_FAILURE,
                           "another evaluation has decided and recorded this time already");
    if (!status)
        status = next_ordinal(recording, err);
    if (!status)
        status = add_missed(recording, last_s, intention->due_s, err);
    if (!status)
        status = add_evaluation(recording, intention, err);
    if (!status)
        status = results_run_sql(recording->results, "COMMIT", err);
    if (status)
        results_run_sql(recording->results, "ROLLBACK", NULL);
    return status;
}

int recording_outcome(struct recording *recording, enum cloud_outcome outcome,
                      enum cloud_outcome fleet_outcome, int64_t failed_calls, struct error *err)
{
    struct row row;
    int status = row_begin(&row, recording->results,
                           "UPDATE evaluation SET outcome=?1, fleet_outcome=?2, failed_calls=?3"
                           " WHERE recording=?4 AND ordinal=?5",
                           err);
    if (status)
        return status;
    row_text(&row, cloud_outcome_name(outcome));
    row_text(&row, cloud_outcome_name(fleet_outcome));
    row_integer(&row, failed_calls);
    row_integer(&row, recording->recording);
    row_integer(&row, recording->ordinal);
    return row_end(&row, err);
}
