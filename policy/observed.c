#include "policy/observed.h"

#include "base/decimal.h"
#include "policy/cloud.h"

#include <inttypes.h>

/* What a double cannot hold exactly is written as a string. */
enum { EXACT_UNITS = 1000000000 };

static void add_units(struct text *text, int64_t micro)
{
    char number[DECIMAL_TEXT_SIZE];
    bool exact = micro / MICRO < EXACT_UNITS && micro / MICRO > -EXACT_UNITS;
    if (micro == BALLAST_UNKNOWN)
        text_add(text, "null");
    else
        text_addf(text, exact ? "%s" : "\"%s\"", decimal_format(micro, number));
}

static void write_prices(struct text *text, const struct ballast_answer *answer)
{
    text_add(text, "[");
    for (size_t i = 0; i < answer->spot_price_count; i++) {
        const struct ballast_spot_price *price = &answer->spot_prices[i];
        text_add(text, i ? ",[" : "[");
        text_add_json_string(text, price->instance_type);
        text_add(text, ",");
        text_add_json_string(text, price->zone);
        text_addf(text, ",%" PRId64 ",%" PRId64 ",", price->time_s, price->micro_usd_per_hour);
        add_units(text, price->weight_micro);
        text_add(text, ",");
        add_units(text, price->fulfilled_micro);
        text_add(text, "]");
    }
    text_add(text, "]");
}

void answer_write(struct text *text, enum ballast_read_kind kind,
                  const struct ballast_answer *answer)
{
    switch (kind) {
    case BALLAST_READ_METRIC:
        text_add(text, "[");
        for (size_t i = 0; i < answer->point_count; i++) {
            text_addf(text, "%s[%" PRId64 ",", i ? "," : "", answer->points[i].time_s);
            add_units(text, answer->points[i].value_micro);
            text_add(text, "]");
        }
        text_add(text, "]");
        break;
    case BALLAST_READ_FLEET:
        text_add(text, "{\"target\":");
        add_units(text, answer->fleet->target_micro);
        text_add(text, ",\"fulfilled\":");
        add_units(text, answer->fleet->fulfilled_micro);
        text_addf(text, ",\"active\":%s}", answer->fleet->active ? "true" : "false");
        break;
    case BALLAST_READ_CLUSTER:
        text_addf(text,
                  "{\"registered_instances\":%" PRId64 ",\"running_tasks\":%" PRId64
                  ",\"pending_tasks\":%" PRId64 "}",
                  answer->cluster->registered_instances, answer->cluster->running_tasks,
                  answer->cluster->pending_tasks);
        break;
    case BALLAST_READ_SPOT_PRICES:
        write_prices(text, answer);
        break;
    }
}

static int64_t filled_in(int64_t value, int32_t parameter, const int64_t *parameters)
{
    return parameter ? parameters[parameter - 1] : value;
}

static void add_status(struct text *text, enum ballast_answer_status status, const char *error_code)
{
    static const char *const names[] = {
        [BALLAST_OK] = "ok", [BALLAST_EMPTY] = "empty", [BALLAST_ERROR] = "error"};
    text_addf(text, "\"status\":\"%s\"", names[status]);
    if (status == BALLAST_ERROR) {
        text_add(text, ",\"error_code\":");
        text_add_json_string(text, error_code ? error_code : "");
    }
}

static void add_read(struct text *text, const struct ballast_read *read, const int64_t *parameters,
                     const struct ballast_answer *answer)
{
    text_addf(text, "{\"api\":\"%s\",", cloud_read_api(read));
    if (read->kind == BALLAST_READ_METRIC) {
        text_add(text, "\"metric\":");
        text_add_json_string(text, read->metric);
        text_addf(text,
                  ",\"statistic\":\"%s\",\"period_s\":%" PRId64 ",\"lookback_s\":%" PRId64 ",",
                  cloud_statistic_name((enum ballast_statistic)filled_in(
                      (int64_t)read->statistic, read->statistic_parameter, parameters)),
                  filled_in(read->period_s, read->period_parameter, parameters),
                  filled_in(read->lookback_s, read->lookback_parameter, parameters));
    }
    add_status(text, answer->status, answer->error_code);
    if (answer->status == BALLAST_OK) {
        text_add(text, ",\"answer\":");
        answer_write(text, read->kind, answer);
    }
    text_add(text, "}");
}

static void add_count(struct text *text, const char *key, int64_t count)
{
    if (count == BALLAST_UNKNOWN)
        text_addf(text, ",\"%s\":null", key);
    else
        text_addf(text, ",\"%s\":%" PRId64, key, count);
}

void observation_write(struct text *text, const struct ballast_policy *policy,
                       const int64_t *parameters, const struct ballast_observation *seen)
{
    const struct ballast_group *group = &seen->group;
    text_addf(text, "{\"now\":%" PRId64 ",\"trigger\":\"%s\",\"answers\":[", seen->now_s,
              seen->trigger == BALLAST_ALARM ? "alarm" : "schedule");
    for (size_t i = 0; i < policy->read_count; i++) {
        text_add(text, i ? "," : "");
        add_read(text, &policy->reads[i], parameters, &seen->answers[i]);
    }
    text_add(text, "],\"group\":{");
    add_status(text, group->status, group->error_code);
    add_count(text, "min_size", group->min_size);
    add_count(text, "max_size", group->max_size);
    add_count(text, "desired_capacity", group->desired_capacity);
    add_count(text, "in_service", group->in_service);
    add_count(text, "pending", group->pending);
    text_add(text, ",\"units_per_instance\":");
    add_units(text, group->units_per_instance_micro);
    text_add(text, "}");
    add_count(text, "interruption_notices", seen->interruption_notices);
    add_count(text, "rebalance_notices", seen->rebalance_notices);
    text_add(text, "}");
}

static void add_value(struct text *text, const struct ballast_parameter *parameter, int64_t value)
{
    if (value == BALLAST_UNKNOWN) {
        text_add(text, "null");
        return;
    }
    switch (parameter->type) {
    case BALLAST_CAPACITY:
        add_units(text, value);
        break;
    case BALLAST_BOOLEAN:
        text_add(text, value ? "true" : "false");
        break;
    case BALLAST_CHOICE:
        text_add_json_string(text, parameter->choices[value]);
        break;
    case BALLAST_INTEGER:
    case BALLAST_DURATION:
        text_addf(text, "%" PRId64, value);
        break;
    }
}

void parameters_write(struct text *text, const struct ballast_policy *policy,
                      const int64_t *parameters)
{
    text_add(text, "{");
    for (size_t i = 0; i < policy->parameter_count; i++) {
        text_addf(text, "%s\"%s\":", i ? "," : "", policy->parameters[i].name);
        add_value(text, &policy->parameters[i], parameters[i]);
    }
    text_add(text, "}");
}
