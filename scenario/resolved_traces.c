/* `traces` of the resolved scenario. */
#include "base/decimal.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "scenario/writer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void add_step(struct text *text, bool first, int64_t time_s, int64_t micro)
{
    char time[TIMESTAMP_TEXT_SIZE];
    char value[DECIMAL_TEXT_SIZE];
    text_addf(text, "%s[\"%s\",%s]", first ? "" : ",", timestamp_format(time_s, time),
              decimal_format(micro, value));
}

static void write_inline_market(struct writer *writer, const struct market *market,
                                const cJSON *given)
{
    struct text json = {0};
    text_add(&json, "[");
    for (size_t i = 0; i < market->step_count; i++)
        add_step(&json, i == 0, market->steps[i].time_s, market->steps[i].micro_usd_per_hour);
    text_add(&json, "]");
    char *key = memory_format("%s/%s/%s", market->zone, market->instance_type, market->product);
    char *summary = memory_format("%zu prices", market->step_count);
    write_long(writer, key, json.data, summary, given);
    free(summary);
    free(key);
    text_clean_up(&json);
}

/* The beginning of what a step of a place says. */
static void add_when_and_where(struct text *json, bool first, int64_t time_s, const char *zone,
                               const char *type)
{
    char time[TIMESTAMP_TEXT_SIZE];
    text_addf(json, "%s{\"at\":\"%s\",\"zone\":", first ? "" : ",", timestamp_format(time_s, time));
    text_add_json_string(json, zone);
    text_add(json, ",\"type\":");
    text_add_json_string(json, type);
}

static void write_inline_capacity(struct writer *writer, const cJSON *given)
{
    const struct trace_set *set = &writer->reader->scenario->inline_traces;
    struct text json = {0};
    text_add(&json, "[");
    for (size_t i = 0; i < set->capacity_count; i++) {
        const struct capacity_step *step = &set->capacities[i];
        add_when_and_where(&json, i == 0, step->time_s, step->zone, step->instance_type);
        if (step->instances == CAPACITY_UNLIMITED)
            text_add(&json, ",\"instances\":null}");
        else
            text_addf(&json, ",\"instances\":%" PRId64 "}", step->instances);
    }
    text_add(&json, "]");
    char *summary = memory_format("%zu limits", set->capacity_count);
    write_long(writer, "capacity", json.data, summary, given);
    free(summary);
    text_clean_up(&json);
}

static void write_inline(struct writer *writer, size_t index, const cJSON *given)
{
    const struct trace_set *set = &writer->reader->scenario->inline_traces;
    write_open_item(writer, index, '{');
    write_open(writer, "prices", '{');
    for (size_t i = 0; i < set->market_count; i++)
        write_inline_market(writer, &set->markets[i], given);
    write_close(writer, '}');
    struct text json = {0};
    text_add(&json, "[");
    for (size_t i = 0; i < set->interruption_count; i++) {
        const struct interruption_step *step = &set->interruptions[i];
        add_when_and_where(&json, i == 0, step->time_s, step->zone, step->instance_type);
        text_addf(&json, ",\"instances\":%" PRId64, step->instances);
        if (step->of)
            text_addf(&json, ",\"of\":%" PRId64, step->of);
        text_add(&json, "}");
    }
    text_add(&json, "]");
    char *summary = memory_format("%zu interruptions", set->interruption_count);
    write_long(writer, "interruptions", json.data, summary, given);
    free(summary);
    text_clean_up(&json);
    if (set->capacity_count)
        write_inline_capacity(writer, given);
    write_close(writer, '}');
}

static void write_synth_field(struct writer *writer, const struct synth_field *field,
                              const struct synth_parameters *synth, const cJSON *given)
{
    int64_t value = *(const int64_t *)(const void *)((const char *)synth + field->offset);
    char text[DECIMAL_TEXT_SIZE];
    decimal_format((int128)value * (MICRO / field->scale), text);
    if (given)
        write_value(writer, field->key, text, given);
    else
        write_json(writer, field->key, text, VALUE_CHOSEN, "the regime's (docs/synthetic.md)");
}

static void write_synth(struct writer *writer, size_t index, const struct synth_parameters *synth,
                        const cJSON *given)
{
    const struct scenario *scenario = writer->reader->scenario;
    write_open_item(writer, index, '{');
    write_open(writer, "synth", '{');
    bool bid_era = synth->regime == SYNTH_BID_ERA;
    write_string(writer, "regime", bid_era ? "bid-era" : "modern", member(given, "regime"));
    if (member(given, "seed")) {
        write_integer(writer, "seed", (int64_t)synth->seed, member(given, "seed"));
    } else {
        char seed[32];
        snprintf(seed, sizeof seed, "%" PRIu64, scenario->seed);
        write_json(writer, "seed", seed, VALUE_DERIVED, "the scenario's seed");
    }
    write_time(writer, "from", synth->from_s, member(given, "from"));
    write_time(writer, "to", synth->to_s, member(given, "to"));
    write_open(writer, "markets", '{');
    for (size_t i = 0; i < synth->market_count; i++) {
        const struct synth_market *market = &synth->markets[i];
        char *key = memory_format("%s/%s", market->zone, market->instance_type);
        write_decimal(writer, key, market->on_demand_micro_usd, given);
        free(key);
    }
    write_close(writer, '}');
    for (const struct synth_field *field = synth_fields; field->key; field++)
        write_synth_field(writer, field, synth, member(given, field->key));
    write_close(writer, '}');
    write_close(writer, '}');
}

/* Databases as the user wrote them, then all that is inline, then what is generated. */
void write_traces(struct writer *writer)
{
    const struct scenario *scenario = writer->reader->scenario;
    const cJSON *list = reader_at(writer->reader, "traces");
    write_open(writer, "traces", '[');
    size_t index = 0;
    for (; index < scenario->trace_path_count; index++)
        write_item(writer, index, scenario->trace_names[index], list);
    if (scenario->inline_traces.market_count || scenario->inline_traces.interruption_count ||
        scenario->inline_traces.capacity_count)
        write_inline(writer, index++, list);
    const cJSON *entry = list->child;
    for (size_t i = 0; i < scenario->synth_count; i++, entry = entry->next) {
        while (!cJSON_IsObject(entry) || !member(entry, "synth"))
            entry = entry->next;
        write_synth(writer, index++, &scenario->synth[i], member(entry, "synth"));
    }
    if (scenario->advisor_prices) {
        write_open_item(writer, index, '{');
        write_string(writer, "advisor", scenario->advisor_prices, list);
        write_close(writer, '}');
    }
    write_close(writer, ']');
}
