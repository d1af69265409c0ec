/* The account's constants and the controller's schedule: `account` and `controller`. */
#include "base/decimal.h"
#include "base/memory.h"
#include "scenario/fields.h"
#include "scenario/overrides.h"
#include "scenario/parts.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* ---- delays ------------------------------------------------------------------------------------
 */

enum { EMPIRICAL_MAX = 10000 };

static int read_seconds(struct reader *reader, const cJSON *object, const char *key, int64_t min,
                        int64_t *out_s)
{
    const cJSON *node = member(object, key);
    if (!node)
        return reader_fail(reader, object, "no \"%s\": add it", key);
    return reader_int64(reader, node, min, DELAY_MAX_S, out_s);
}

static int read_empirical(struct reader *reader, const cJSON *object, struct delay *delay)
{
    const cJSON *values = member(object, "values_s");
    if (!values)
        return reader_fail(reader, object, "no \"values_s\": add it");
    int status = reader_list(reader, values, EMPIRICAL_MAX);
    if (status)
        return status;
    if (!values->child)
        return reader_fail(reader, values, "must not be empty");
    delay->value_count = (size_t)cJSON_GetArraySize(values);
    delay->values_s = memory_new(delay->value_count, sizeof *delay->values_s);
    int64_t *next = delay->values_s;
    for (const cJSON *node = values->child; node && !status; node = node->next)
        status = reader_int64(reader, node, 0, DELAY_MAX_S, next++);
    return status;
}

int read_delay(struct reader *reader, const cJSON *node, struct delay *out_delay)
{
    static const char *const names[] = {"constant", "uniform", "exponential", "empirical", NULL};
    static const char *const keys[4][4] = {{"distribution", "value_s", NULL},
                                           {"distribution", "min_s", "max_s", NULL},
                                           {"distribution", "min_s", "mean_s", NULL},
                                           {"distribution", "values_s", NULL}};
    free(out_delay->values_s);
    *out_delay = (struct delay){.kind = DELAY_CONSTANT};
    if (cJSON_IsNumber(node))
        return reader_int64(reader, node, 0, DELAY_MAX_S, &out_delay->min_s);
    if (!cJSON_IsObject(node))
        return reader_fail(reader, node, "must be a number of seconds or {\"distribution\": ...}");
    const cJSON *distribution = member(node, "distribution");
    if (!distribution)
        return reader_fail(reader, node,
                           "no \"distribution\": name constant, uniform, exponential "
                           "or empirical");
    int kind = 0;
    int status = reader_word(reader, distribution, names, &kind);
    if (!status)
        status = reader_keys(reader, node, keys[kind]);
    if (status)
        return status;
    out_delay->kind = (enum delay_kind)kind;
    switch (out_delay->kind) {
    case DELAY_CONSTANT:
        return read_seconds(reader, node, "value_s", 0, &out_delay->min_s);
    case DELAY_EMPIRICAL:
        return read_empirical(reader, node, out_delay);
    case DELAY_UNIFORM:
    case DELAY_EXPONENTIAL:
        status = read_seconds(reader, node, "min_s", 0, &out_delay->min_s);
        if (!status)
            status = read_seconds(reader, node, keys[kind][2], out_delay->min_s, &out_delay->max_s);
        return status;
    }
    return STATUS_OK;
}

/* ---- tables of fields ---------------------------------------------------------------------------
 */

static const char *const off_on_replace[] = {"termination", "notice", NULL};
static const char *const off_on_lock[] = {"instance-hour", "continuous", NULL};

#define ACCOUNT(member) offsetof(struct account, member)

const struct field account_fields[] = {
    {"spot_launch_delay_s", FIELD_DELAY, ACCOUNT(spot_launch_delay), 30, 0, DELAY_MAX_S, NULL},
    {"on_demand_launch_delay_s", FIELD_DELAY, ACCOUNT(on_demand_launch_delay), 30, 0, DELAY_MAX_S,
     NULL},
    {"join_delay_s", FIELD_DELAY, ACCOUNT(join_delay), 60, 0, DELAY_MAX_S, NULL},
    {"metric_delay_s", FIELD_DELAY, ACCOUNT(metric_delay), 15, 0, DELAY_MAX_S, NULL},
    {"fleet_tick_s", FIELD_INTEGER, ACCOUNT(fleet_tick_s), 60, 1, 3600, NULL},
    {"metric_period_s", FIELD_INTEGER, ACCOUNT(metric_period_s), 0, 60, 3600, NULL},
    {"metric_gap_permille", FIELD_INTEGER, ACCOUNT(metric_gap_permille), 0, 0, 1000, NULL},
    {"interruption_notice_s", FIELD_INTEGER, ACCOUNT(interruption_notice_s), 120, 0, 3600, NULL},
    {"group_termination_s", FIELD_INTEGER, ACCOUNT(group_termination_s), 60, 0, DELAY_MAX_S, NULL},
    {"replace_on", FIELD_BOOLEAN, ACCOUNT(replace_on_notice), 0, 0, 0, off_on_replace},
    {"drain_on_notice", FIELD_BOOLEAN, ACCOUNT(drain_on_notice), 0, 0, 0, NULL},
    {"clamp_pending", FIELD_BOOLEAN, ACCOUNT(clamp_pending), 0, 0, 0, NULL},
    {"launch_at_equal", FIELD_BOOLEAN, ACCOUNT(launch_at_equal), 0, 0, 0, NULL},
    {"price_lock", FIELD_BOOLEAN, ACCOUNT(price_lock_continuous), 0, 0, 0, off_on_lock},
    {NULL, FIELD_INTEGER, 0, 0, 0, 0, NULL},
};

const struct field notice_loss_fields[] = {
    {"notice_lost_permille", FIELD_INTEGER, ACCOUNT(notice_lost_permille), 0, 0, 1000, NULL},
    {NULL, FIELD_INTEGER, 0, 0, 0, 0, NULL},
};

const struct field rebalance_account_fields[] = {
    {"marked_fulfilled", FIELD_BOOLEAN, ACCOUNT(marked_fulfilled), 1, 0, 0, NULL},
    {NULL, FIELD_INTEGER, 0, 0, 0, 0, NULL},
};

#define CONTROLLER(member) offsetof(struct controller_settings, member)

const struct field controller_fields[] = {
    {"every_s", FIELD_INTEGER, CONTROLLER(every_s), 60, 1, 86400, NULL},
    {"phase_s", FIELD_INTEGER, CONTROLLER(phase_s), 30, 0, 86399, NULL},
    {"jitter_s", FIELD_DELAY, CONTROLLER(jitter), 0, 0, DELAY_MAX_S, NULL},
    {"alarm", FIELD_BOOLEAN, CONTROLLER(alarm), 1, 0, 0, NULL},
    {NULL, FIELD_INTEGER, 0, 0, 0, 0, NULL},
};

const struct field invocation_fields[] = {
    {"duration_s", FIELD_DELAY, CONTROLLER(duration), 0, 0, DELAY_MAX_S, NULL},
    {"concurrency", FIELD_INTEGER, CONTROLLER(concurrency), 0, 0, 1000, NULL},
    {NULL, FIELD_INTEGER, 0, 0, 0, 0, NULL},
};

const struct field guard_fields[] = {
    {"max_step_instances", FIELD_INTEGER, offsetof(struct controller_guards, max_step_instances), 0,
     0, INSTANCES_MAX, NULL},
    {"max_desired_instances", FIELD_INTEGER,
     offsetof(struct controller_guards, max_desired_instances), 0, 0, INSTANCES_MAX, NULL},
    {"stale_after_s", FIELD_INTEGER, offsetof(struct controller_guards, stale_after_s), 0, 0,
     DELAY_MAX_S, NULL},
    {"dry_run", FIELD_BOOLEAN, offsetof(struct controller_guards, dry_run), 0, 0, 0, NULL},
    {NULL, FIELD_INTEGER, 0, 0, 0, 0, NULL},
};

static void field_default(const struct field *field, void *base)
{
    char *at = (char *)base + field->offset;
    switch (field->kind) {
    case FIELD_INTEGER:
        *(int64_t *)(void *)at = field->default_value;
        break;
    case FIELD_BOOLEAN:
        *(bool *)(void *)at = field->default_value != 0;
        break;
    case FIELD_DELAY:
        *(struct delay *)(void *)at = (struct delay){.min_s = field->default_value};
        break;
    }
}

static int field_read(struct reader *reader, const struct field *field, const cJSON *node,
                      void *base)
{
    char *at = (char *)base + field->offset;
    switch (field->kind) {
    case FIELD_INTEGER:
        return reader_int64(reader, node, field->min, field->max, (int64_t *)(void *)at);
    case FIELD_DELAY:
        return read_delay(reader, node, (struct delay *)(void *)at);
    case FIELD_BOOLEAN:
        break;
    }
    if (!field->words)
        return reader_bool(reader, node, (bool *)(void *)at);
    int index = 0;
    int status = reader_word(reader, node, field->words, &index);
    *(bool *)(void *)at = index == 1;
    return status;
}

int read_given_fields(struct reader *reader, const struct field *fields, const cJSON *object,
                      void *base)
{
    int status = STATUS_OK;
    for (const struct field *field = fields; field->key && !status; field++) {
        const cJSON *node = member(object, field->key);
        field_default(field, base);
        if (node)
            status = field_read(reader, field, node, base);
    }
    return status;
}

int read_fields(struct reader *reader, const struct field *fields, const cJSON *object,
                const char *const *others, void *base)
{
    const char *keys[96];
    size_t count = 0;
    for (const struct field *field = fields; field->key; field++) {
        keys[count++] = field->key;
    }
    for (; others && *others; others++)
        keys[count++] = *others;
    assert(count < ARRAY_LENGTH(keys));
    keys[count] = NULL;
    int status = object ? reader_keys(reader, object, keys) : STATUS_OK;
    return status ? status : read_given_fields(reader, fields, object, base);
}

/* ---- account ------------------------------------------------------------------------------------
 */

int64_t metric_period(const struct scenario *scenario)
{
    if (scenario->account.metric_period_s)
        return scenario->account.metric_period_s;
    return scenario->fleet.detailed_monitoring ? 60 : 300;
}

static int read_presets(struct reader *reader, const cJSON *node)
{
    static const char *const names[] = {"slow", "late", NULL};
    bool list = cJSON_IsArray(node);
    int status = list ? reader_list(reader, node, 8) : STATUS_OK;
    for (const cJSON *item = list ? node->child : node; item && !status;
         item = list ? item->next : NULL) {
        int index = 0;
        status = reader_word(reader, item, names, &index);
        reader->preset_slow = reader->preset_slow || (!status && index == 0);
        reader->preset_late = reader->preset_late || (!status && index == 1);
    }
    return status;
}

/* Presets change defaults; what the user names wins. */
void apply_presets(struct reader *reader)
{
    struct account *account = &reader->scenario->account;
    const cJSON *object = member(reader->root, "account");
    if (reader->preset_slow) {
        if (!member(object, "spot_launch_delay_s"))
            account->spot_launch_delay = (struct delay){.min_s = 120};
        if (!member(object, "on_demand_launch_delay_s"))
            account->on_demand_launch_delay = (struct delay){.min_s = 120};
        if (!member(object, "join_delay_s"))
            account->join_delay = (struct delay){.min_s = 120};
    }
    if (reader->preset_late && !member(object, "metric_delay_s")) {
        bool minutely = metric_period(reader->scenario) < 300;
        account->metric_delay = (struct delay){
            .kind = DELAY_UNIFORM, .min_s = minutely ? 60 : 300, .max_s = minutely ? 120 : 600};
    }
}

int read_account(struct reader *reader)
{
    struct account *account = &reader->scenario->account;
    const cJSON *object = member(reader->root, "account");
    /* and what is read elsewhere */
    const char *others[32] = {"preset", "notice_lost_permille", "marked_fulfilled"};
    size_t count = 3;
    for (const struct field *field = launch_failure_fields; field->key; field++)
        others[count++] = field->key;
    for (const struct field *field = scaling_habit_fields; field->key; field++)
        others[count++] = field->key;
    assert(count < ARRAY_LENGTH(others));
    int status = read_fields(reader, account_fields, object, others, account);
    if (!status)
        status = read_given_fields(reader, notice_loss_fields, object, account);
    if (!status)
        status = read_given_fields(reader, rebalance_account_fields, object, account);
    const cJSON *preset = object ? member(object, "preset") : NULL;
    if (!status && preset)
        status = read_presets(reader, preset);
    if (!status && account->metric_period_s % 60 != 0)
        status = reader_fail(reader, member(object, "metric_period_s"),
                             "%lld is not a multiple of 60", (long long)account->metric_period_s);
    return status;
}

/* ---- controller ---------------------------------------------------------------------------------
 */

int read_controller(struct reader *reader)
{
    struct controller_settings *settings = &reader->scenario->controller;
    const cJSON *object = member(reader->root, "controller");
    const cJSON *guards = object ? member(object, "guards") : NULL;
    static const char *const others[] = {"guards", "faults", "duration_s", "concurrency", NULL};
    int status = read_fields(reader, controller_fields, object, others, settings);
    for (const struct field *field = invocation_fields; field->key && !status; field++) {
        const cJSON *node = member(object, field->key);
        if (node)
            status = field_read(reader, field, node, settings);
    }
    if (!status)
        status = read_fields(reader, guard_fields, guards, NULL, &settings->guards);
    if (status)
        return status;
    int64_t every_s = settings->every_s;
    if (every_s % 60 != 0 && 60 % every_s != 0)
        return reader_fail(reader, member(object, "every_s"),
                           "%lld neither divides 60 nor is a multiple of it", (long long)every_s);
    if (settings->phase_s >= every_s) {
        const cJSON *phase = member(object, "phase_s");
        if (phase)
            return reader_fail(reader, phase, "%lld is not below every_s %lld",
                               (long long)settings->phase_s, (long long)every_s);
        settings->phase_s = every_s / 2;
    }
    return read_faults(reader);
}
