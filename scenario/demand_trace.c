/* {"trace": NAME, ...}: an imported series, moved in time and scaled. docs/model.md, "Demand". */
#include "base/memory.h"
#include "base/timestamp.h"
#include "scenario/demand_forms.h"
#include "scenario/scenario_memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { EVERY_MAX_S = 86400 };
#define FACTOR_MAX_MICRO (1000000 * (int64_t)MICRO)

static const char *rate_key(enum demand_measure measure)
{
    return measure == DEMAND_TASKS ? "requests_per_s_per_task" : "requests_per_s_per_unit";
}

static int read_series(struct reader *reader, const char *path, const char *name, int64_t from_s,
                       int64_t to_s, struct demand_step **out_steps, size_t *out_count)
{
    struct scenario_memory *memory = reader->memory;
    if (memory) {
        pthread_mutex_lock(&memory->using);
        scenario_memory_watch(memory, path);
        pthread_mutex_unlock(&memory->using);
    }
    return demand_memory_read(memory ? memory->demands : NULL, path, name, from_s, to_s, out_steps,
                              out_count, &reader->all_kept, reader->err);
}

/* The series' values from the one in force at the run's `from`, at the run's own times. */
static int find_series(struct demand_form *form, const cJSON *node, const char *name,
                       int64_t shift_s)
{
    struct reader *reader = form->reader;
    const struct scenario *scenario = reader->scenario;
    int status = STATUS_OK;
    for (size_t i = 0; !status && i < scenario->trace_path_count; i++) {
        struct demand_step *steps = NULL;
        size_t count = 0;
        status = read_series(reader, scenario->trace_paths[i], name, scenario->from_s - shift_s,
                             scenario->to_s - shift_s, &steps, &count);
        if (!status && count && form->count)
            status = reader_fail(reader, node, "\"%s\" is in two of the traces: keep one", name);
        if (!status && count) {
            form->steps = steps;
            form->count = count;
            form->capacity = count;
            continue;
        }
        free(steps);
    }
    if (status)
        return status;
    if (form->count == 0)
        return reader_fail(reader, node,
                           "no demand series \"%s\" in the traces with a value before \"to\": "
                           "import it, or write {\"series\": [[time, %s], ...]}",
                           name, demand_measure_name(form->measure));
    for (size_t i = 0; i < form->count; i++)
        form->steps[i].time_s += shift_s;
    if (form->steps[0].time_s > scenario->from_s)
        return reader_fail(reader, node, "\"%s\" begins after the scenario's \"from\"%s", name,
                           shift_s ? ": choose a later \"starts_at\"" : "");
    return STATUS_OK;
}

/* ---- gaps --------------------------------------------------------------------------------------
 */

/* The interval that most values are apart, 0 if no one makes up more than half. Whatever makes up
 * more than half is what a vote, in which each pair of different ones cancels out, leaves. */
static int64_t usual_interval(const struct demand_form *form)
{
    int64_t usual_s = 0;
    size_t votes = 0;
    size_t most = 0;
    for (size_t i = 0; i + 1 < form->count; i++) {
        int64_t length_s = form->steps[i + 1].time_s - form->steps[i].time_s;
        if (votes == 0)
            usual_s = length_s;
        votes = length_s == usual_s ? votes + 1 : votes - 1;
    }
    for (size_t i = 0; i + 1 < form->count; i++)
        most += form->steps[i + 1].time_s - form->steps[i].time_s == usual_s;
    return 2 * most > form->count - 1 ? usual_s : 0;
}

/* A step holds until the next, also through a gap and beyond the series' end: say where it does. */
static void note_gaps(struct demand_form *form, const char *name)
{
    struct scenario *scenario = form->reader->scenario;
    int64_t usual_s = usual_interval(form);
    int64_t longest_s = 0;
    int64_t longest_from_s = 0;
    int64_t gaps = 0;
    char time[TIMESTAMP_TEXT_SIZE];
    if (usual_s == 0)
        return;
    for (size_t i = 0; i + 1 < form->count; i++) {
        int64_t length_s = form->steps[i + 1].time_s - form->steps[i].time_s;
        gaps += length_s > usual_s;
        if (length_s > longest_s) {
            longest_s = length_s;
            longest_from_s = form->steps[i].time_s;
        }
    }
    if (gaps)
        add_note(scenario, true,
                 "demand: \"%s\" has gaps (%" PRId64 "), the longest of %" PRId64
                 " s from %s: the value before a gap holds through it",
                 name, gaps, longest_s, timestamp_format(longest_from_s, time));
    int64_t last_s = form->steps[form->count - 1].time_s;
    if (scenario->to_s - last_s > usual_s)
        add_note(scenario, true,
                 "demand: \"%s\" has its last value at %s: it holds until the run's end", name,
                 timestamp_format(last_s, time));
}

/* ---- scaling -----------------------------------------------------------------------------------
 */

/* Every value is multiplied by numerator / denominator, exactly, and then raised to what the
 * measure can be. */
struct factor {
    int128 numerator;
    int128 denominator;
};

static int read_mean(struct demand_form *form, const cJSON *node, struct factor *factor)
{
    const struct scenario *scenario = form->reader->scenario;
    int64_t mean = 0;
    int status = demand_form_amount(form, node, &mean);
    if (status)
        return status;
    demand_form_write_decimal(form, "scale_to_mean", mean);
    int128 sum = 0;
    for (size_t i = 0; i < form->count; i++) {
        int64_t end_s = i + 1 < form->count ? form->steps[i + 1].time_s : scenario->to_s;
        sum += (int128)form->steps[i].required_micro * (end_s - form->steps[i].time_s);
    }
    if (sum == 0)
        return reader_fail(form->reader, node,
                           "the series is 0 throughout the run: it has no mean to scale");
    *factor = (struct factor){(int128)mean * (scenario->to_s - scenario->from_s), sum};
    return STATUS_OK;
}

static int read_requests(struct demand_form *form, const cJSON *object, const char *key,
                         struct factor *factor)
{
    struct reader *reader = form->reader;
    int64_t rate_micro = 0;
    int64_t every_s = 0;
    int status = reader_decimal(reader, member(object, key), 1, FACTOR_MAX_MICRO, &rate_micro);
    if (!status && !member(object, "every_s"))
        status = reader_fail(reader, object,
                             "no \"every_s\": add of how many seconds one value counts the "
                             "requests (60: requests per minute)");
    if (!status)
        status = reader_int64(reader, member(object, "every_s"), 1, EVERY_MAX_S, &every_s);
    if (status)
        return status;
    char text[DECIMAL_TEXT_SIZE];
    demand_form_write_decimal(form, key, rate_micro);
    demand_form_write(form, "every_s", int128_format(every_s, text));
    *factor = (struct factor){MICRO, (int128)every_s * rate_micro};
    return STATUS_OK;
}

static int read_factor(struct demand_form *form, const cJSON *object, struct factor *factor)
{
    struct reader *reader = form->reader;
    const char *requests = rate_key(form->measure);
    const char *others = rate_key(form->measure == DEMAND_TASKS ? DEMAND_UNITS : DEMAND_TASKS);
    const cJSON *mean = member(object, "scale_to_mean");
    const cJSON *multiply = member(object, "multiply");
    const cJSON *rate = member(object, requests);
    *factor = (struct factor){1, 1};
    if (member(object, others))
        return reader_fail(reader, member(object, others), "%s are asked for here: write \"%s\"",
                           demand_measure_name(form->measure), requests);
    if ((mean != NULL) + (multiply != NULL) + (rate != NULL) > 1)
        return reader_fail(reader, object,
                           "holds more than one of \"scale_to_mean\", \"multiply\", \"%s\"",
                           requests);
    if (member(object, "every_s") && !rate)
        return reader_fail(reader, member(object, "every_s"), "only goes with \"%s\"", requests);
    if (mean)
        return read_mean(form, mean, factor);
    if (rate)
        return read_requests(form, object, requests, factor);
    if (!multiply)
        return STATUS_OK;
    int64_t micro = 0;
    int status = reader_decimal(reader, multiply, 0, FACTOR_MAX_MICRO, &micro);
    if (!status)
        demand_form_write_decimal(form, "multiply", micro);
    *factor = (struct factor){micro, MICRO};
    return status;
}

int read_demand_trace_form(struct demand_form *form, const cJSON *object)
{
    struct reader *reader = form->reader;
    const cJSON *node = member(object, "trace");
    const cJSON *starts_at = member(object, "starts_at");
    const char *name = NULL;
    int64_t starts_s = reader->scenario->from_s;
    struct factor factor;
    int status = reader_string(reader, node, &name);
    if (!status && starts_at)
        status = reader_time(reader, starts_at, &starts_s);
    if (!status)
        status = find_series(form, node, name, reader->scenario->from_s - starts_s);
    if (status)
        return status;
    note_gaps(form, name);
    demand_form_trim(form);
    text_add(&form->json, "\"trace\":");
    text_add_json_string(&form->json, name);
    if (starts_at) {
        char time[TIMESTAMP_TEXT_SIZE];
        char text[TIMESTAMP_TEXT_SIZE + 2];
        snprintf(text, sizeof text, "\"%s\"", timestamp_format(starts_s, time));
        demand_form_write(form, "starts_at", text);
    }
    status = read_factor(form, object, &factor);
    bool changes = factor.numerator != factor.denominator || form->measure == DEMAND_TASKS;
    for (size_t i = 0; i < form->count && changes && !status; i++)
        form->steps[i].required_micro = demand_round_up(
            form->measure, form->steps[i].required_micro * factor.numerator, factor.denominator);
    return status;
}
