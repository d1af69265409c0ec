/* Demand forms: one reader for what is required, in units or in tasks. */
#include "scenario/demand_forms.h"

#include "base/decimal.h"
#include "base/memory.h"
#include "base/timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORMS_MAX = 100 }; /* of one sum */

const char *demand_measure_name(enum demand_measure measure)
{
    return measure == DEMAND_TASKS ? "tasks" : "units";
}

void demand_form_push(struct demand_form *form, int64_t time_s, int64_t micro)
{
    struct demand_step step = {time_s, micro};
    ARRAY_PUSH(form->steps, form->count, form->capacity, step);
}

void demand_form_trim(struct demand_form *form)
{
    const struct scenario *scenario = form->reader->scenario;
    size_t kept = 0;
    for (size_t i = 0; i < form->count; i++) {
        struct demand_step step = form->steps[i];
        if (step.time_s >= scenario->to_s)
            break;
        if (step.time_s < scenario->from_s)
            step.time_s = scenario->from_s;
        if (kept && form->steps[kept - 1].time_s == step.time_s)
            kept--;
        if (kept && form->steps[kept - 1].required_micro == step.required_micro)
            continue;
        form->steps[kept++] = step;
    }
    form->count = kept;
}

int demand_form_amount(struct demand_form *form, const cJSON *node, int64_t *out_micro)
{
    if (form->measure == DEMAND_UNITS)
        return reader_decimal(form->reader, node, 0, DEMAND_MAX_MICRO, out_micro);
    int64_t tasks = 0;
    int status = reader_int64(form->reader, node, 0, DEMAND_MAX_MICRO / MICRO, &tasks);
    *out_micro = tasks * MICRO;
    return status;
}

void demand_form_write(struct demand_form *form, const char *key, const char *json)
{
    bool first = form->json.size == 0 || form->json.data[form->json.size - 1] == '{';
    text_addf(&form->json, "%s\"%s\":%s", first ? "" : ",", key, json);
}

void demand_form_write_decimal(struct demand_form *form, const char *key, int64_t micro)
{
    char text[DECIMAL_TEXT_SIZE];
    demand_form_write(form, key, decimal_format(micro, text));
}

static void write_form_time(struct demand_form *form, const char *key, int64_t time_s)
{
    char time[TIMESTAMP_TEXT_SIZE];
    char text[TIMESTAMP_TEXT_SIZE + 2];
    snprintf(text, sizeof text, "\"%s\"", timestamp_format(time_s, time));
    demand_form_write(form, key, text);
}

int64_t demand_round_up(enum demand_measure measure, int128 numerator, int128 denominator)
{
    int128 value = divide_ceiling(numerator, denominator);
    if (measure == DEMAND_TASKS)
        value = divide_ceiling(value, MICRO) * MICRO;
    /* Far above the limit is as wrong as just above it. */
    return value > 2 * DEMAND_MAX_MICRO ? 2 * DEMAND_MAX_MICRO : (int64_t)value;
}

/* ---- constant, series, step, spike --------------------------------------------------------------
 */

static void write_steps(struct demand_form *form)
{
    if (form->count == 1) { /* what a series comes to if it never changes within the run */
        demand_form_write_decimal(form, demand_measure_name(form->measure),
                                  form->steps[0].required_micro);
        return;
    }
    text_add(&form->json, "\"series\":[");
    for (size_t i = 0; i < form->count; i++) {
        char time[TIMESTAMP_TEXT_SIZE];
        char value[DECIMAL_TEXT_SIZE];
        text_addf(&form->json, "%s[\"%s\",%s]", i ? "," : "",
                  timestamp_format(form->steps[i].time_s, time),
                  decimal_format(form->steps[i].required_micro, value));
    }
    text_add(&form->json, "]");
}

static int read_constant(struct demand_form *form, const cJSON *node)
{
    int64_t micro = 0;
    int status = demand_form_amount(form, node, &micro);
    if (status)
        return status;
    demand_form_push(form, form->reader->scenario->from_s, micro);
    write_steps(form);
    return STATUS_OK;
}

static int read_series(struct demand_form *form, const cJSON *list)
{
    struct reader *reader = form->reader;
    int status = reader_list(reader, list, STEPS_MAX);
    int64_t last_s = INT64_MIN;
    for (const cJSON *node = status ? NULL : list->child; node && !status; node = node->next) {
        int64_t time_s = 0;
        int64_t micro = 0;
        status = read_step(reader, node, last_s, 0, DEMAND_MAX_MICRO, &time_s, &micro);
        if (!status && form->measure == DEMAND_TASKS && micro % MICRO)
            status = reader_fail(reader, node->child->next, "must be a whole number of tasks");
        last_s = time_s;
        demand_form_push(form, time_s, micro);
    }
    if (!status && (form->count == 0 || form->steps[0].time_s > reader->scenario->from_s))
        status = reader_fail(reader, list,
                             "says nothing about the scenario's \"from\": begin it with a pair at "
                             "or before that");
    if (status)
        return status;
    demand_form_trim(form);
    write_steps(form);
    return STATUS_OK;
}

static int need_keys(struct reader *reader, const cJSON *object, const char *const *keys)
{
    int status = reader_keys(reader, object, keys);
    for (; *keys && !status; keys++) {
        if (!member(object, *keys))
            status = reader_fail(reader, object, "no \"%s\": add it", *keys);
    }
    return status;
}

static int read_form_time(struct demand_form *form, const cJSON *node, int64_t *out_time_s)
{
    int status = reader_time(form->reader, node, out_time_s);
    if (!status && *out_time_s >= form->reader->scenario->to_s)
        add_note(form->reader->scenario, true,
                 "demand: a change \"at\" the scenario's \"to\" or later is not seen");
    return status;
}

static int read_step_form(struct demand_form *form, const cJSON *node)
{
    static const char *const keys[] = {"from", "to", "at", NULL};
    int64_t before = 0;
    int64_t after = 0;
    int64_t at_s = 0;
    int status = need_keys(form->reader, node, keys);
    if (!status)
        status = demand_form_amount(form, member(node, "from"), &before);
    if (!status)
        status = demand_form_amount(form, member(node, "to"), &after);
    if (!status)
        status = read_form_time(form, member(node, "at"), &at_s);
    if (status)
        return status;
    if (at_s > form->reader->scenario->from_s)
        demand_form_push(form, form->reader->scenario->from_s, before);
    demand_form_push(form, at_s, after);
    text_add(&form->json, "\"step\":{");
    demand_form_write_decimal(form, "from", before);
    demand_form_write_decimal(form, "to", after);
    write_form_time(form, "at", at_s);
    text_add(&form->json, "}");
    return STATUS_OK;
}

static int read_spike_form(struct demand_form *form, const cJSON *node)
{
    static const char *const keys[] = {"base", "to", "at", "length_s", NULL};
    int64_t base = 0;
    int64_t peak = 0;
    int64_t at_s = 0;
    int64_t length_s = 0;
    int status = need_keys(form->reader, node, keys);
    if (!status)
        status = demand_form_amount(form, member(node, "base"), &base);
    if (!status)
        status = demand_form_amount(form, member(node, "to"), &peak);
    if (!status)
        status = read_form_time(form, member(node, "at"), &at_s);
    if (!status)
        status = reader_int64(form->reader, member(node, "length_s"), 1, SPAN_MAX_S, &length_s);
    if (status)
        return status;
    if (at_s > form->reader->scenario->from_s)
        demand_form_push(form, form->reader->scenario->from_s, base);
    demand_form_push(form, at_s, peak);
    demand_form_push(form, at_s + length_s, base);
    text_add(&form->json, "\"spike\":{");
    demand_form_write_decimal(form, "base", base);
    demand_form_write_decimal(form, "to", peak);
    write_form_time(form, "at", at_s);
    text_addf(&form->json, ",\"length_s\":%lld}", (long long)length_s);
    return STATUS_OK;
}

/* ---- one form, and sums of them -----------------------------------------------------------------
 */

enum form_kind {
    FORM_CONSTANT,
    FORM_SERIES,
    FORM_TRACE,
    FORM_SHAPE,
    FORM_STEP,
    FORM_SPIKE,
    FORM_SUM
};

static const char *const further_keys[] = {
    "requests_per_s_per_unit",
    "requests_per_s_per_task",
    "scale_to_mean",
    "multiply",
    "starts_at",
    "every_s",
};

/* Which form an object is; its other keys must be the form's own. */
static int find_kind(struct demand_form *form, const cJSON *object, enum form_kind *out_kind)
{
    const char *const kinds[] = {
        demand_measure_name(form->measure), "series", "trace", "shape", "step", "spike", "sum"};
    const char *keys[ARRAY_LENGTH(kinds) + ARRAY_LENGTH(further_keys) + 1] = {0};
    memcpy(keys, kinds, sizeof kinds);
    memcpy(keys + ARRAY_LENGTH(kinds), further_keys, sizeof further_keys);
    int status = reader_keys(form->reader, object, keys);
    size_t found = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(kinds) && !status; i++) {
        if (member(object, kinds[i])) {
            *out_kind = (enum form_kind)i;
            found++;
        }
    }
    if (!status && found != 1)
        status = reader_fail(form->reader, object,
                             "must hold exactly one of \"%s\", \"series\", \"trace\", \"shape\", "
                             "\"step\", \"spike\", \"sum\"",
                             kinds[0]);
    for (size_t i = 0; i < ARRAY_LENGTH(further_keys) && !status; i++) {
        const cJSON *further = member(object, further_keys[i]);
        if (further && *out_kind != FORM_TRACE)
            status = reader_fail(form->reader, further, "only goes with \"trace\"");
    }
    return status;
}

/* Any form but a sum, trimmed to the run. */
static int read_single(struct demand_form *form, const cJSON *object, enum form_kind kind)
{
    int status = STATUS_OK;
    switch (kind) {
    case FORM_CONSTANT:
        status = read_constant(form, member(object, demand_measure_name(form->measure)));
        break;
    case FORM_SERIES:
        status = read_series(form, member(object, "series"));
        break;
    case FORM_TRACE:
        status = read_demand_trace_form(form, object);
        break;
    case FORM_SHAPE:
        status = read_demand_shape_form(form, member(object, "shape"));
        break;
    case FORM_STEP:
        status = read_step_form(form, member(object, "step"));
        break;
    case FORM_SPIKE:
        status = read_spike_form(form, member(object, "spike"));
        break;
    case FORM_SUM:
        status = reader_fail(form->reader, member(object, "sum"),
                             "is within another sum: list its forms in that one");
        break;
    }
    if (!status)
        demand_form_trim(form);
    for (size_t i = 0; i < form->count && !status; i++) {
        if (form->steps[i].required_micro > DEMAND_MAX_MICRO)
            status = reader_fail(form->reader, object, "exceeds 100000 %s",
                                 demand_measure_name(form->measure));
    }
    return status;
}

static void clean_up_form(struct demand_form *form)
{
    free(form->steps);
    text_clean_up(&form->json);
}

/* Add `part` to what `form` has; both are trimmed. */
static void add_form(struct demand_form *form, const struct demand_form *part)
{
    struct demand_form sum = {.reader = form->reader, .measure = form->measure};
    size_t a = 0;
    size_t b = 0;
    while (a < form->count || b < part->count) {
        int64_t a_s = a < form->count ? form->steps[a].time_s : INT64_MAX;
        int64_t b_s = b < part->count ? part->steps[b].time_s : INT64_MAX;
        int64_t time_s = a_s < b_s ? a_s : b_s;
        a += a_s == time_s;
        b += b_s == time_s;
        int64_t micro = a ? form->steps[a - 1].required_micro : 0;
        micro += b ? part->steps[b - 1].required_micro : 0;
        demand_form_push(&sum, time_s, micro);
    }
    free(form->steps);
    form->steps = sum.steps;
    form->count = sum.count;
    form->capacity = sum.capacity;
}

static int read_sum(struct demand_form *form, const cJSON *list)
{
    struct reader *reader = form->reader;
    int status = reader_list(reader, list, FORMS_MAX);
    if (!status && !list->child)
        status = reader_fail(reader, list, "must hold at least one form");
    text_add(&form->json, "\"sum\":[");
    for (const cJSON *node = status ? NULL : list->child; node && !status; node = node->next) {
        struct demand_form part = {.reader = reader, .measure = form->measure};
        enum form_kind kind = FORM_CONSTANT;
        status = find_kind(&part, node, &kind);
        if (!status)
            status = read_single(&part, node, kind);
        if (!status) {
            add_form(form, &part);
            text_addf(&form->json, "%s{%s}", node == list->child ? "" : ",", part.json.data);
        }
        clean_up_form(&part);
    }
    text_add(&form->json, "]");
    for (size_t i = 0; i < form->count && !status; i++) {
        if (form->steps[i].required_micro > DEMAND_MAX_MICRO)
            status = reader_fail(reader, list, "adds up to more than 100000 %s",
                                 demand_measure_name(form->measure));
    }
    demand_form_trim(form);
    return status;
}

int read_demand_form(struct reader *reader, const cJSON *node, enum demand_measure measure,
                     struct demand_series *out)
{
    *out = (struct demand_series){0};
    struct demand_form form = {.reader = reader, .measure = measure};
    enum form_kind kind = FORM_CONSTANT;
    int status = find_kind(&form, node, &kind);
    if (!status)
        status = kind == FORM_SUM ? read_sum(&form, member(node, "sum"))
                                  : read_single(&form, node, kind);
    if (!status)
        status = text_status(&form.json, reader->err);
    if (!status) {
        out->steps = form.steps;
        out->count = form.count;
        out->json = memory_format("{%s}", form.json.data);
        form.steps = NULL;
    }
    clean_up_form(&form);
    return status;
}

void demand_series_clean_up(struct demand_series *series)
{
    free(series->steps);
    free(series->json);
    *series = (struct demand_series){0};
}
