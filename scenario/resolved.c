/* The resolved scenario: everything, in one order, every default filled in. Reading it again gives
 * the same bytes. */
#include "base/decimal.h"
#include "base/memory.h"
#include "scenario/fields.h"
#include "scenario/parts.h"
#include "scenario/writer.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const cJSON *at(const struct writer *writer, const char *path)
{
    return reader_at(writer->reader, path);
}

/* ---- AWS's own ----------------------------------------------------------------------------------
 */

static void write_group(struct writer *writer)
{
    const struct backup_group *group = &writer->reader->scenario->group;
    const cJSON *node = at(writer, "backup_group.group");
    write_open(writer, "backup_group", '{');
    write_open(writer, "group", '{');
    write_string(writer, "AutoScalingGroupName", group->name, member(node, "AutoScalingGroupName"));
    write_integer(writer, "MinSize", group->min_size, member(node, "MinSize"));
    write_integer(writer, "MaxSize", group->max_size, member(node, "MaxSize"));
    write_integer(writer, "DesiredCapacity", group->desired_capacity,
                  member(node, "DesiredCapacity"));
    write_integer(writer, "DefaultCooldown", group->default_cooldown_s,
                  member(node, "DefaultCooldown"));
    if (*group->zones[0]) {
        const cJSON *given = member(node, "AvailabilityZones");
        write_open(writer, "AvailabilityZones", '[');
        for (size_t i = 0; i < group->zone_count; i++)
            write_item(writer, i, group->zones[i],
                       given ? given : member(node, "AvailabilityZoneIds"));
        write_close(writer, ']');
    }
    write_close(writer, '}');
    write_open(writer, "launch", '{');
    write_string(writer, "InstanceType", group->instance_type,
                 at(writer, "backup_group.launch.InstanceType"));
    write_user_data(writer, group->cluster, at(writer, "backup_group.launch.UserData"));
    write_close(writer, '}');
    write_decimal(writer, "units_per_instance", group->units_per_instance_micro,
                  at(writer, "backup_group.units_per_instance"));
    write_close(writer, '}');
}

/* ---- prices and demand --------------------------------------------------------------------------
 */

struct type_price {
    const char *type;
    int64_t micro_usd;
};

static int by_type(const void *a, const void *b)
{
    const struct type_price *x = a;
    const struct type_price *y = b;
    return strcmp(x->type, y->type);
}

/* The prices the run uses: of the backup's type and the fleet's, where known. */
static void write_prices(struct writer *writer)
{
    const struct scenario *scenario = writer->reader->scenario;
    size_t count = scenario->fleet.pool_count + 1;
    struct type_price *prices = memory_new(count, sizeof *prices);
    prices[0] =
        (struct type_price){scenario->group.instance_type, scenario->group.on_demand_micro_usd};
    for (size_t i = 1; i < count; i++) {
        const struct fleet_pool *pool = &scenario->fleet.pools[i - 1];
        prices[i] = (struct type_price){pool->instance_type, pool->on_demand_micro_usd};
    }
    qsort(prices, count, sizeof *prices, by_type);
    const cJSON *map = at(writer, "on_demand_usd_per_hour");
    write_open(writer, "on_demand_usd_per_hour", '{');
    for (size_t i = 0; i < count; i++) {
        if (prices[i].micro_usd < 0 || (i && strcmp(prices[i - 1].type, prices[i].type) == 0))
            continue;
        char text[DECIMAL_TEXT_SIZE];
        if (member(map, prices[i].type))
            write_decimal(writer, prices[i].type, prices[i].micro_usd, member(map, prices[i].type));
        else
            write_json(writer, prices[i].type, decimal_format(prices[i].micro_usd, text),
                       VALUE_DERIVED,
                       "the traces' catalogue, or what a generated market is made from");
    }
    write_close(writer, '}');
    free(prices);
}

static void write_demand_form(struct writer *writer, const struct scenario *scenario,
                              const cJSON *node)
{
    enum { SHOWN_MAX = 300 }; /* bytes listed as they are */
    if (strlen(scenario->demand_json) <= SHOWN_MAX) {
        write_value(writer, "demand", scenario->demand_json, node);
        return;
    }
    char *summary = memory_format("%zu steps", scenario->demand_count);
    write_long(writer, "demand", scenario->demand_json, summary, node);
    free(summary);
}

/* A constant, a series and a plain trace stand open; of another form the whole is one value. */
static void write_demand(struct writer *writer)
{
    const struct scenario *scenario = writer->reader->scenario;
    const cJSON *node = at(writer, "demand");
    const cJSON *trace = node && cJSON_GetArraySize(node) == 1 ? member(node, "trace") : NULL;
    if (node && !trace && !member(node, "units") && !member(node, "series")) {
        write_demand_form(writer, scenario, node);
        return;
    }
    write_open(writer, "demand", '{');
    if (trace) {
        write_string(writer, "trace", trace->valuestring, trace);
    } else if (scenario->demand_count == 1) {
        write_decimal(writer, "units", scenario->demand[0].required_micro, node);
    } else {
        struct text json = {0};
        text_add(&json, "[");
        for (size_t i = 0; i < scenario->demand_count; i++)
            add_step(&json, i == 0, scenario->demand[i].time_s, scenario->demand[i].required_micro);
        text_add(&json, "]");
        char *summary = memory_format("%zu steps", scenario->demand_count);
        write_long(writer, "series", json.data, summary, node);
        free(summary);
        text_clean_up(&json);
    }
    write_close(writer, '}');
}

/* ---- account, controller, policy ----------------------------------------------------------------
 */

static char *delay_json(const struct delay *delay)
{
    switch (delay->kind) {
    case DELAY_CONSTANT:
        return memory_format("%" PRId64, delay->min_s);
    case DELAY_UNIFORM:
        return memory_format("{\"distribution\":\"uniform\",\"min_s\":%" PRId64
                             ",\"max_s\":%" PRId64 "}",
                             delay->min_s, delay->max_s);
    case DELAY_EXPONENTIAL:
        return memory_format("{\"distribution\":\"exponential\",\"min_s\":%" PRId64
                             ",\"mean_s\":%" PRId64 "}",
                             delay->min_s, delay->max_s);
    case DELAY_EMPIRICAL:
        break;
    }
    struct text json = {0};
    text_add(&json, "{\"distribution\":\"empirical\",\"values_s\":[");
    for (size_t i = 0; i < delay->value_count; i++)
        text_addf(&json, "%s%" PRId64, i ? "," : "", delay->values_s[i]);
    text_add(&json, "]}");
    return json.data;
}

/* Whether a preset of the account fills in this key. */
static bool is_preset(const struct reader *reader, const char *key)
{
    if (strcmp(key, "metric_delay_s") == 0)
        return reader->preset_late;
    return reader->preset_slow && strstr(key, "_delay_s");
}

static void write_delay(struct writer *writer, const char *key, const struct delay *delay,
                        const cJSON *given, bool preset)
{
    char *json = delay_json(delay);
    if (preset && !given)
        write_json(writer, key, json, VALUE_PRESET, "account.preset");
    else
        write_value(writer, key, json, given);
    free(json);
}

void write_fields(struct writer *writer, const struct field *fields, const void *base,
                  const cJSON *object, bool account)
{
    for (const struct field *field = fields; field->key; field++) {
        const void *place = (const char *)base + field->offset;
        /* Only the list of values tells what was given. */
        const cJSON *given = writer->reader->bare ? NULL : member(object, field->key);
        int64_t number = 0;
        switch (field->kind) {
        case FIELD_INTEGER:
            number = *(const int64_t *)place;
            if (strcmp(field->key, "metric_period_s") == 0)
                number = metric_period(writer->reader->scenario);
            write_integer(writer, field->key, number, given);
            break;
        case FIELD_BOOLEAN:
            if (field->words)
                write_string(writer, field->key, field->words[*(const bool *)place], given);
            else
                write_bool(writer, field->key, *(const bool *)place, given);
            break;
        case FIELD_DELAY:
            write_delay(writer, field->key, place, given,
                        account && is_preset(writer->reader, field->key));
            break;
        }
    }
}

static char *parameter_json(const struct ballast_parameter *parameter, int64_t value)
{
    char decimal[DECIMAL_TEXT_SIZE];
    if (value == BALLAST_UNKNOWN)
        return memory_copy_text("null");
    switch (parameter->type) {
    case BALLAST_CAPACITY:
        return memory_copy_text(decimal_format(value, decimal));
    case BALLAST_BOOLEAN:
        return memory_copy_text(value ? "true" : "false");
    case BALLAST_CHOICE:
        return memory_format("\"%s\"", parameter->choices[value]);
    case BALLAST_INTEGER:
    case BALLAST_DURATION:
        break;
    }
    return memory_format("%" PRId64, value);
}

static void write_policy(struct writer *writer)
{
    const struct policy_choice *choice = &writer->reader->scenario->policy;
    const cJSON *given = at(writer, "policy.parameters");
    write_open(writer, "policy", '{');
    if (writer->reader->scenario->distribution.given && !at(writer, "policy.name"))
        write_json(writer, "name", "\"none\"", VALUE_DERIVED, "the group sizes itself");
    else
        write_string(writer, "name", choice->name, at(writer, "policy.name"));
    const char *sha256 = policy_choice_sha256(choice);
    if (sha256 && at(writer, "policy.sha256")) {
        write_string(writer, "sha256", sha256, at(writer, "policy.sha256"));
    } else if (sha256) {
        char *json = memory_format("\"%s\"", sha256);
        write_json(writer, "sha256", json, VALUE_DERIVED,
                   choice->loaded ? "of the file" : "of the files it names");
        free(json);
    }
    write_open(writer, "parameters", '{');
    for (size_t i = 0; i < choice->policy->parameter_count; i++) {
        const struct ballast_parameter *parameter = &choice->policy->parameters[i];
        const cJSON *node = member(given, parameter->name);
        bool preset = i < choice->preset_count;
        char *json = parameter_json(parameter, choice->values[i]);
        if (node)
            write_value(writer, parameter->name, json, node);
        else if (choice->values[i] == BALLAST_UNKNOWN)
            write_json(writer, parameter->name, json, VALUE_DERIVED, "from the observation");
        else
            write_json(writer, parameter->name, json, preset ? VALUE_PRESET : VALUE_CHOSEN,
                       preset ? "the policy's preset" : "the policy's default");
        free(json);
    }
    write_close(writer, '}');
    write_close(writer, '}');
}

/* ---- all ----------------------------------------------------------------------------------------
 */

static void write_head(struct writer *writer)
{
    const struct scenario *scenario = writer->reader->scenario;
    write_string(writer, "name", scenario->name, at(writer, "name"));
    if (*scenario->description)
        write_string(writer, "description", scenario->description, at(writer, "description"));
    write_time(writer, "from", scenario->from_s, at(writer, "from"));
    write_time(writer, "to", scenario->to_s, at(writer, "to"));
    write_open(writer, "measure", '{');
    write_time(writer, "from", scenario->measure_from_s, at(writer, "measure.from"));
    write_time(writer, "to", scenario->measure_to_s, at(writer, "measure.to"));
    write_close(writer, '}');
    write_integer(writer, "seed", (int64_t)scenario->seed, at(writer, "seed"));
    write_string(writer, "start", scenario->cold ? "cold" : "warm", at(writer, "start"));
    write_traces(writer);
    write_string(writer, "product", scenario->product, at(writer, "product"));
    if (scenario->catalog)
        write_string(writer, "catalog", scenario->catalog, at(writer, "catalog"));
}

int write_resolved(struct reader *reader)
{
    static const char *const regimes[] = {"by-date", "hourly", "per-second"};
    struct scenario *scenario = reader->scenario;
    struct writer writer = {.reader = reader, .out = &scenario->resolved};
    write_open(&writer, NULL, '{');
    write_head(&writer);
    write_fleet(&writer);
    write_modifications(&writer);
    write_scaling(&writer);
    write_cancellation(&writer);
    write_group(&writer);
    write_prices(&writer);
    write_price_terms(&writer);
    write_distribution(&writer);
    write_demand(&writer);
    write_cluster(&writer);
    write_string(&writer, "billing", regimes[scenario->billing], at(&writer, "billing"));
    write_interruptions(&writer);
    write_open(&writer, "account", '{');
    write_fields(&writer, account_fields, &scenario->account, at(&writer, "account"), true);
    if (at(&writer, "account.notice_lost_permille"))
        write_fields(&writer, notice_loss_fields, &scenario->account, at(&writer, "account"),
                     false);
    if (scenario->fleet.replacement != REPLACEMENT_NONE || at(&writer, "account.marked_fulfilled"))
        write_fields(&writer, rebalance_account_fields, &scenario->account, at(&writer, "account"),
                     false);
    write_launch_failures(&writer);
    if (scenario->scaling.given)
        write_fields(&writer, scaling_habit_fields, &scenario->scaling.habits,
                     at(&writer, "account"), false);
    write_close(&writer, '}');
    write_open(&writer, "controller", '{');
    write_fields(&writer, controller_fields, &scenario->controller, at(&writer, "controller"),
                 false);
    if (at(&writer, "controller.duration_s") || at(&writer, "controller.concurrency"))
        write_fields(&writer, invocation_fields, &scenario->controller, at(&writer, "controller"),
                     false);
    write_open(&writer, "guards", '{');
    write_fields(&writer, guard_fields, &scenario->controller.guards,
                 at(&writer, "controller.guards"), false);
    write_close(&writer, '}');
    write_faults(&writer);
    write_close(&writer, '}');
    write_policy(&writer);
    write_gates(&writer);
    write_close(&writer, '}');
    text_clean_up(&writer.path);
    return text_status(&scenario->resolved, reader->err);
}
