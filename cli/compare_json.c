#include "base/memory.h"
#include "base/timestamp.h"
#include "compare_print.h"

#include <string.h>

/* sum / count in the figure's unit as JSON: an exact decimal, or the nearest of six places. */
static void add_mean(struct text *text, enum figure figure, int128 sum, size_t count)
{
    enum figure_kind kind = figure_descriptions[figure].kind;
    bool micro = kind == FIGURE_UNIT_S || kind == FIGURE_UNITS;
    char value[DECIMAL_TEXT_SIZE];
    text_add(text,
             decimal_format(divide_half_even(micro ? sum : sum * MICRO, (int128)count), value));
}

static void add_member(struct text *text, const char *key, const char *value)
{
    text_addf(text, "\"%s\":", key);
    text_add_json_string(text, value);
}

static void add_side(struct text *text, const struct compare_side *side)
{
    text_add(text, "{");
    add_member(text, "source", side->path);
    text_add(text, ",");
    add_member(text, "name", side->scenario.name);
    text_add(text, ",");
    add_member(text, "policy", side->scenario.policy.name);
    if (side->recorded) {
        text_add(text, ",");
        add_member(text, "version", side->version);
    }
    text_add(text, "}");
}

static void add_differences(struct text *text, const struct comparison *comparison)
{
    text_add(text, ",\"differences\":[");
    for (size_t i = 0; i < comparison->difference_count; i++) {
        const struct compare_difference *difference = &comparison->differences[i];
        text_add(text, i ? ",{" : "{");
        add_member(text, "path", difference->path);
        for (size_t which = 0; which < COMPARE_SIDES; which++) {
            text_add(text, ",");
            add_member(text, compare_side_names[which],
                       difference->values[which] ? difference->values[which] : "");
        }
        text_add(text, "}");
    }
    text_add(text, "]");
}

static void add_worlds(struct text *text, const struct comparison *comparison)
{
    char from[TIMESTAMP_TEXT_SIZE];
    char to[TIMESTAMP_TEXT_SIZE];
    text_add(text, ",\"worlds\":[");
    for (size_t i = 0; i < comparison->world_count; i++) {
        const struct compare_world *world = &comparison->worlds[i];
        text_add(text, i ? ",{" : "{");
        add_member(text, "name", world->name);
        text_add(text, ",");
        add_member(text, "point", world->point);
        text_addf(text, ",\"world\":%zu", world->group);
        text_addf(text, ",\"seed\":%llu,\"from\":\"%s\",\"to\":\"%s\",\"repeats\":%s,\"parts\":",
                  (unsigned long long)world->seed, timestamp_format(world->from_s, from),
                  timestamp_format(world->to_s, to), world->repeats ? "true" : "false");
        if (world->divergence.kind == DIVERGENCE_NONE)
            text_add(text, "null");
        else
            text_addf(text, "\"%s\"", timestamp_format(world->divergence.time_s, from));
        for (size_t which = 0; which < COMPARE_SIDES; which++) {
            const struct compare_run *run = &world->runs[which];
            text_addf(text, ",\"%s\":{", compare_side_names[which]);
            if (world->numbers[which])
                text_addf(text, "\"run\":%lld,", (long long)world->numbers[which]);
            text_addf(text, "\"trace_hash\":\"%s\",", run->trace_hash);
            figures_add_json(&run->figures, text);
            text_add(text, "}");
        }
        text_add(text, "}");
    }
    text_add(text, "]");
}

static void add_p(struct text *text, const struct paired_result *result)
{
    char p[DECIMAL_TEXT_SIZE];
    if (result->bounded)
        text_addf(
            text, ",\"p\":%s",
            decimal_format(divide_half_even((int128)result->p_part * MICRO, result->p_whole), p));
    else
        text_add(text, ",\"p\":null");
}

static void add_figure(struct text *text, const struct comparison *comparison,
                       const struct compare_figure *figure)
{
    const struct paired_result *result = &figure->result;
    text_add(text, "{");
    add_member(text, "figure", figure_descriptions[figure->figure].name);
    text_addf(text, ",\"n\":%zu,\"old\":", result->count);
    add_mean(text, figure->figure, result->old_sum, result->count);
    text_add(text, ",\"new\":");
    add_mean(text, figure->figure, result->new_sum, result->count);
    text_add(text, ",\"difference\":");
    add_mean(text, figure->figure, result->new_sum - result->old_sum, result->count);
    text_add(text, ",\"interval\":");
    if (result->bounded) {
        text_add(text, "[");
        add_mean(text, figure->figure, result->low.sum, result->low.count);
        text_add(text, ",");
        add_mean(text, figure->figure, result->high.sum, result->high.count);
        text_add(text, "]");
    } else {
        text_add(text, "null");
    }
    add_p(text, result);
    text_addf(text, ",\"significant\":%s,\"holm\":%s,\"lower\":%zu,\"higher\":%zu,\"same\":%zu",
              figure->claimed ? "true" : "false", figure->holds ? "true" : "false", result->lower,
              result->higher, result->same);
    text_add(text, ",\"largest\":");
    if (result->largest > 0) {
        text_add(text, "{");
        add_member(text, "world", comparison->worlds[figure->largest_at].name);
        text_add(text, ",\"size\":");
        add_mean(text, figure->figure, result->largest, 1);
        text_add(text, "}");
    } else {
        text_add(text, "null");
    }
    text_add(text, "}");
}

void compare_json(const struct comparison *comparison, const struct parting *parting,
                  struct text *text)
{
    text_add(text, "{");
    for (size_t which = 0; which < COMPARE_SIDES; which++) {
        text_addf(text, "%s\"%s\":", which ? "," : "", compare_side_names[which]);
        add_side(text, &comparison->sides[which]);
    }
    add_differences(text, comparison);
    add_worlds(text, comparison);
    text_addf(text, ",\"counted\":%zu,\"one_market\":%s,\"tested\":%zu,\"figures\":[",
              comparison->counted, comparison->one_market ? "true" : "false", comparison->tested);
    for (size_t i = 0; i < comparison->figure_count; i++) {
        text_add(text, i ? "," : "");
        add_figure(text, comparison, &comparison->figures[i]);
    }
    bool swept = comparison->sides[COMPARE_OLD].swept; /* then neither is known */
    text_add(text, "],\"shortage_episodes\":");
    if (swept)
        text_add(text, "null,\"divergence\":null");
    else
        text_addf(text, "{\"old\":%zu,\"new\":%zu,\"independent\":%zu}",
                  comparison->episodes[COMPARE_OLD], comparison->episodes[COMPARE_NEW],
                  comparison->independent_episodes);
    if (!swept) {
        text_add(text, ",");
        parting_json(parting, comparison, text);
    }
    text_add(text, ",\"warnings\":[");
    for (size_t i = 0; i < comparison->warning_count; i++) {
        text_add(text, i ? "," : "");
        text_add_json_string(text, comparison->warnings[i]);
    }
    text_add(text, "]}\n");
}
