#include "live/evaluation.h"

#include "base/decimal.h"
#include "base/timestamp.h"
#include "policy/words.h"

#include <inttypes.h>

static void add_string(struct text *line, const char *key, const char *value)
{
    text_addf(line, "\"%s\":", key);
    text_add_json_string(line, value);
}

static void add_time(struct text *line, const char *key, int64_t time_s)
{
    char text[TIMESTAMP_TEXT_SIZE];
    text_addf(line, "\"%s\":\"%s\"", key, timestamp_format(time_s, text));
}

static void add_number(struct text *line, const char *key, int64_t value)
{
    if (value == BALLAST_UNKNOWN)
        text_addf(line, "\"%s\":null", key);
    else
        text_addf(line, "\"%s\":%" PRId64, key, value);
}

static void add_units(struct text *line, const char *key, int64_t micro)
{
    char text[DECIMAL_TEXT_SIZE];
    text_addf(line, "\"%s\":%s", key, decimal_format(micro, text));
}

static void add_status(struct text *line, enum ballast_answer_status status, const char *code)
{
    add_string(line, "status",
               status == BALLAST_OK      ? "ok"
               : status == BALLAST_EMPTY ? "empty"
                                         : code);
}

static void add_points(struct text *line, const struct ballast_answer *answer)
{
    text_addf(line, ",\"points\":%zu", answer->point_count);
    if (answer->point_count == 0)
        return;
    const struct ballast_point *newest = &answer->points[0];
    for (size_t i = 1; i < answer->point_count; i++) {
        if (answer->points[i].time_s > newest->time_s)
            newest = &answer->points[i];
    }
    text_add(line, ",\"newest\":{");
    add_time(line, "time", newest->time_s);
    text_add(line, ",");
    add_units(line, "value", newest->value_micro);
    text_add(line, "}");
}

static void add_read(struct text *line, const struct ballast_read *read,
                     const struct ballast_answer *answer)
{
    text_add(line, "{");
    add_string(line, "api", cloud_read_api(read));
    if (read->kind == BALLAST_READ_METRIC) {
        text_add(line, ",");
        add_string(line, "metric", read->metric);
    }
    text_add(line, ",");
    add_status(line, answer->status, answer->error_code);
    if (read->kind == BALLAST_READ_METRIC)
        add_points(line, answer);
    if (answer->status == BALLAST_OK && answer->fleet) {
        text_add(line, ",");
        add_units(line, "target", answer->fleet->target_micro);
        text_add(line, ",");
        add_units(line, "fulfilled", answer->fleet->fulfilled_micro);
        text_addf(line, ",\"active\":%s", answer->fleet->active ? "true" : "false");
    }
    if (answer->status == BALLAST_OK && answer->cluster)
        text_addf(line,
                  ",\"registered_instances\":%" PRId64 ",\"running_tasks\":%" PRId64
                  ",\"pending_tasks\":%" PRId64,
                  answer->cluster->registered_instances, answer->cluster->running_tasks,
                  answer->cluster->pending_tasks);
    if (answer->status == BALLAST_OK && answer->spot_prices)
        text_addf(line, ",\"pools\":%zu", answer->spot_price_count);
    text_add(line, "}");
}

static void add_group(struct text *line, const struct ballast_group *group)
{
    text_add(line, ",\"backup\":{");
    add_status(line, group->status, group->error_code);
    text_add(line, ",");
    add_number(line, "min_size", group->min_size);
    text_add(line, ",");
    add_number(line, "max_size", group->max_size);
    text_add(line, ",");
    add_number(line, "desired_capacity", group->desired_capacity);
    text_add(line, ",");
    add_number(line, "in_service", group->in_service);
    text_add(line, ",");
    add_number(line, "pending", group->pending);
    text_add(line, ",");
    add_units(line, "units_per_instance", group->units_per_instance_micro);
    text_add(line, "}");
}

void evaluation_json(struct text *out_line, const struct controller_evaluation *evaluation,
                     const struct evaluation_context *context)
{
    const struct ballast_policy *policy = context->policy;
    const struct ballast_observation *observation = evaluation->observation;
    const struct ballast_decision *decision = evaluation->decision;
    bool set = evaluation->action == BALLAST_SET_DESIRED;
    char words[512];
    text_add(out_line, "{");
    add_time(out_line, "time", observation->now_s);
    const char *const named[][2] = {{"mode", context->mode},
                                    {"fleet", context->fleet_id},
                                    {"group", context->group},
                                    {"policy", context->policy_name}};
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) {
        text_add(out_line, ",");
        add_string(out_line, named[i][0], named[i][1]);
    }
    text_add(out_line, ",\"reads\":[");
    for (size_t i = 0; i < policy->read_count; i++) {
        text_add(out_line, i ? "," : "");
        add_read(out_line, &policy->reads[i], &observation->answers[i]);
    }
    text_add(out_line, "]");
    add_group(out_line, &observation->group);
    text_addf(out_line, ",\"action\":\"%s\",", set ? "set-desired" : "hold");
    add_number(out_line, "desired_capacity", set ? evaluation->desired_capacity : BALLAST_UNKNOWN);
    text_addf(out_line, ",\"honor_cooldown\":%s,",
              set && decision->honor_cooldown ? "true" : "false");
    if (decision->set_fleet_target) {
        add_number(out_line, "fleet_target", decision->fleet_target);
        text_add(out_line, ",");
        add_string(out_line, "fleet_outcome", cloud_outcome_name(evaluation->fleet_outcome));
        text_add(out_line, ",");
    }
    add_string(out_line, "reason",
               decision->reason < policy->reason_count ? policy->reasons[decision->reason].name
                                                       : "unknown");
    text_add(out_line, ",");
    add_string(
        out_line, "because",
        policy_reason_words(policy, decision->reason, decision->figures, words, sizeof words));
    text_add(out_line, ",");
    add_string(out_line, "guard", controller_guard_name(evaluation->guard));
    text_add(out_line, ",");
    add_string(out_line, "outcome", cloud_outcome_name(evaluation->outcome));
}
