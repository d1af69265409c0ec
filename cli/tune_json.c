/* What tuning came to, for machines. */
#include "base/memory.h"
#include "base/timestamp.h"
#include "tune.h"

#include <stdlib.h>

static void add_decimal(struct text *out, int128 micro)
{
    char text[DECIMAL_TEXT_SIZE];
    text_add(out, decimal_format(micro, text));
}

static void add_integer(struct text *out, int128 value)
{
    char text[DECIMAL_TEXT_SIZE];
    text_add(out, int128_format(value, text));
}

/* {"objectives":[...],"cost_micro_usd":...,"unfulfilled_unit_s":...,"meets":true} without braces */
static void add_outcome(const struct tune *tune, const struct tune_outcome *outcome,
                        struct text *out)
{
    text_add(out, "\"objectives\":[");
    for (size_t k = 0; k < tune->request->objective_count; k++) {
        text_add(out, k ? "," : "");
        add_decimal(out, outcome->objectives[k]);
    }
    text_add(out, "],\"cost_micro_usd\":");
    add_integer(out, outcome->cost_micro_usd);
    text_add(out, ",\"unfulfilled_unit_s\":");
    add_decimal(out, outcome->unfulfilled_micro_unit_s);
    text_addf(out, ",\"meets\":%s", outcome->meets ? "true" : "false");
}

static void add_point(const struct tune *tune, size_t point, const struct tune_outcome *outcome,
                      struct text *out)
{
    if (point == TUNE_NONE) {
        text_add(out, "null");
        return;
    }
    text_addf(out, "{\"point\":%zu,\"varied\":", point);
    tune_add_varied(tune, point, NULL, out);
    text_add(out, ",");
    add_outcome(tune, outcome, out);
    text_add(out, "}");
}

static void add_window(const struct window *window, struct text *out)
{
    char from[TIMESTAMP_TEXT_SIZE];
    char to[TIMESTAMP_TEXT_SIZE];
    text_addf(out, "\"from\":\"%s\",\"to\":\"%s\"", timestamp_format(window->from_s, from),
              timestamp_format(window->to_s, to));
}

static void add_stopped(const struct tune *tune, struct text *out)
{
    if (tune->request->stop_early)
        text_addf(out, ",\"stopped_early\":{\"exact\":\"%s\",\"points\":%zu,\"runs_left_out\":%zu}",
                  tune->request->stop_early == TUNE_STOP_FRONT ? "front" : "best", tune->stop_count,
                  tune->skipped);
    else
        text_add(out, ",\"stopped_early\":null");
}

static void add_asked(const struct tune_told *told, struct text *out)
{
    const struct tune *tune = told->tune;
    text_add(out, "{\"scenario\":");
    text_add_json_string(out, tune->scenarios[0].name);
    text_addf(out, ",\"points\":%zu,\"runs\":%zu,\"computed\":%zu,\"minimize\":[",
              tune->point_count, tune->runs, tune->computed);
    for (size_t k = 0; k < tune->request->objective_count; k++) {
        text_add(out, k ? "," : "");
        text_add_json_string(out, told->objectives[k]);
    }
    text_add(out, "],\"subject_to\":[");
    for (size_t k = 0; k < tune->request->limit_count; k++) {
        text_add(out, k ? "," : "");
        text_add_json_string(out, tune->request->limits[k].text);
    }
    text_add(out, "],\"narrowed\":");
    if (tune->request->narrow)
        text_addf(out, "{\"rounds\":%zu,\"grid\":%zu,\"added\":%zu,\"left_out\":%zu}", tune->rounds,
                  tune->grid_count, tune->point_count - tune->grid_count, tune->left_out);
    else
        text_add(out, "null");
    add_stopped(tune, out);
    text_add(out, ",\"windows\":[");
    for (size_t i = 0; i < tune->windows.count; i++) {
        text_add(out, i ? ",{" : "{");
        add_window(&tune->windows.items[i], out);
        text_add(out, "}");
    }
    text_addf(out, "],\"left_out_s\":%lld,\"seeds\":[", (long long)tune->windows.left_out_s);
    for (size_t i = 0; i < tune->scenario_count; i++)
        text_addf(out, "%s%llu", i ? "," : "", (unsigned long long)tune->scenarios[i].seed);
    text_add(out, "]");
}

static void add_reach(const struct tune *tune, size_t d, struct text *out)
{
    const struct grid_dimension *dimension = &tune->request->grid->dimensions[d];
    text_add(out, ",\"reached\":[");
    for (size_t v = 0; v < dimension->value_count; v++) {
        const struct tune_reach *reach = &tune->parameters[d].reach[v];
        struct text value = {0};
        grid_add_value(dimension, v, &value);
        text_add(out, v ? ",{\"value\":" : "{\"value\":");
        text_add_json_string(out, value.data);
        text_clean_up(&value);
        text_add(out, ",\"objectives\":");
        for (size_t k = 0; k < tune->request->objective_count && reach->any; k++) {
            text_add(out, k ? "," : "[");
            add_decimal(out, reach->objectives[k]);
        }
        text_add(out, reach->any ? "]" : "null");
        for (size_t k = 0; k < tune->request->objective_count && tune->stop_count && reach->any;
             k++) {
            text_add(out, k ? "," : ",\"at_least\":[");
            text_add(out, reach->at_least[k] ? "true" : "false");
        }
        text_add(out, tune->stop_count && reach->any ? "]}" : "}");
    }
    text_add(out, "]");
}

static void add_chosen(const struct tune *tune, size_t d, struct text *out)
{
    const struct grid_dimension *dimension = &tune->request->grid->dimensions[d];
    const struct tune_parameter *parameter = &tune->parameters[d];
    if (tune->bootstrap.count == tune->bootstrap.none) {
        text_add(out, ",\"chosen\":null");
        return;
    }
    struct text value = {0};
    grid_add_value(dimension, parameter->low, &value);
    text_add(out, ",\"chosen\":{\"interval\":[");
    text_add_json_string(out, value.data);
    text_clean_up(&value);
    grid_add_value(dimension, parameter->high, &value);
    text_add(out, ",");
    text_add_json_string(out, value.data);
    text_clean_up(&value);
    text_addf(out, "],\"as_good\":%zu}", parameter->kept);
}

static void add_interval(const char *name, struct tune_interval interval, bool micro,
                         struct text *out)
{
    text_addf(out, "%s[", name);
    (micro ? add_decimal : add_integer)(out, interval.low);
    text_add(out, ",");
    (micro ? add_decimal : add_integer)(out, interval.high);
    text_add(out, "]");
}

static void add_bootstrap(const struct tune *tune, struct text *out)
{
    const struct tune_bootstrap *bootstrap = &tune->bootstrap;
    text_add(out, ",\"bootstrap\":");
    if (bootstrap->count == 0) {
        text_add(out, "null");
        return;
    }
    text_addf(out, "{\"resamples\":%zu,\"none_meets\":%zu,", bootstrap->count, bootstrap->none);
    if (tune->stop_count)
        text_addf(out, "\"unsure\":%zu,", bootstrap->unsure);
    text_add(out, "\"objectives\":[");
    for (size_t k = 0; k < tune->request->objective_count; k++)
        add_interval(k ? "," : "", bootstrap->objectives[k], true, out);
    add_interval("],\"cost_micro_usd\":", bootstrap->cost_micro_usd, false, out);
    add_interval(",\"unfulfilled_unit_s\":", bootstrap->unfulfilled_micro_unit_s, true, out);
    text_add(out, "}");
}

static void add_parameters(const struct tune *tune, struct text *out)
{
    const struct grid *grid = tune->request->grid;
    size_t *values = memory_new(grid->dimension_count, sizeof *values);
    text_add(out, ",\"parameters\":[");
    if (tune->best != TUNE_NONE)
        grid_point(grid, tune->best, values);
    for (size_t d = 0; d < grid->dimension_count && tune->best != TUNE_NONE; d++) {
        const struct tune_parameter *parameter = &tune->parameters[d];
        struct text value = {0};
        text_addf(out, "%s{\"vary\":", d ? "," : "");
        text_add_json_string(out, grid->dimensions[d].name);
        grid_add_value(&grid->dimensions[d], values[d], &value);
        text_add(out, ",\"value\":");
        text_add_json_string(out, value.data);
        text_clean_up(&value);
        text_addf(out, ",\"others_tried\":%zu,\"preferred\":%s,\"as_good\":[", parameter->tried,
                  parameter->preferred ? "true" : "false");
        const char *comma = "";
        for (size_t v = 0; v < grid->dimensions[d].value_count; v++) {
            if (!parameter->as_good[v] || v == values[d])
                continue;
            grid_add_value(&grid->dimensions[d], v, &value);
            text_add(out, comma);
            text_add_json_string(out, value.data);
            text_clean_up(&value);
            comma = ",";
        }
        text_add(out, "]");
        add_chosen(tune, d, out);
        add_reach(tune, d, out);
        text_add(out, "}");
    }
    text_add(out, "]");
    free(values);
}

static void add_walk(const struct tune *tune, struct text *out)
{
    const struct tune_walk *walk = &tune->walk;
    text_add(out, ",\"out_of_sample\":");
    if (tune->request->in_sample) {
        text_add(out, "null");
        return;
    }
    text_add(out, "{\"folds\":[");
    for (size_t i = 0; i < walk->count; i++) {
        const struct tune_fold *fold = &walk->folds[i];
        text_add(out, i ? ",{" : "{");
        add_window(&tune->windows.items[fold->judged], out);
        text_addf(out, ",\"tuned_on\":%zu,\"promised\":", fold->judged - fold->first);
        add_point(tune, fold->point, &fold->promised, out);
        text_add(out, ",\"got\":");
        add_point(tune, fold->point, &fold->got, out);
        text_add(out, "}");
    }
    text_addf(out, "],\"judged\":%zu", walk->judged);
    if (walk->judged) {
        text_add(out, ",\"promised\":{");
        add_outcome(tune, &walk->promised, out);
        text_add(out, "},\"got\":{");
        add_outcome(tune, &walk->got, out);
        text_add(out, "},\"in_sample\":");
        add_point(tune, walk->hindsight_point, &walk->hindsight, out);
    }
    text_add(out, "}");
}

void tune_json(const struct tune_told *told, struct text *out)
{
    const struct tune *tune = told->tune;
    struct text why = {0};
    bool none = tune_why_not(tune, &why);
    add_asked(told, out);
    text_addf(out, ",\"episodes\":%zu,\"recommended\":", tune->episodes);
    add_point(tune, none ? TUNE_NONE : tune->best, none ? NULL : &tune->outcomes[tune->best], out);
    text_add(out, ",\"why_not\":");
    if (none)
        text_add_json_string(out, why.data);
    else
        text_add(out, "null");
    text_clean_up(&why);
    text_add(out, ",\"best\":");
    add_point(tune, tune->best, tune->best == TUNE_NONE ? NULL : &tune->outcomes[tune->best], out);
    add_parameters(tune, out);
    add_bootstrap(tune, out);
    add_walk(tune, out);
    text_add(out, ",\"front\":[");
    for (size_t i = 0; i < tune->front_count; i++) {
        text_add(out, i ? "," : "");
        add_point(tune, tune->front[i], &tune->outcomes[tune->front[i]], out);
    }
    text_add(out, "],\"knee\":");
    if (tune->knee == TUNE_NONE)
        text_add(out, "null");
    else
        text_addf(out, "%zu", tune->front[tune->knee]);
    text_add(out, ",\"warnings\":[");
    for (size_t i = 0; tune_warning(told, i, &why); i++) {
        text_add(out, i ? "," : "");
        text_add_json_string(out, why.data);
        text_clean_up(&why);
    }
    text_clean_up(&why);
    text_add(out, "]}\n");
}
