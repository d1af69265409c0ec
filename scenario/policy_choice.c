/* `policy`: which one, and its parameters, checked against the policy's own table. */
#include "base/decimal.h"
#include "scenario/parts.h"
static int read_value(struct reader *reader, const struct ballast_parameter *parameter,
                      const cJSON *node, int64_t *out_value)
{
    if (cJSON_IsNull(node) && parameter->default_value == BALLAST_UNKNOWN) {
        *out_value = BALLAST_UNKNOWN;
        return STATUS_OK;
    }
    bool on = false;
    int index = 0;
    int status = STATUS_OK;
    switch (parameter->type) {
    case BALLAST_INTEGER:
    case BALLAST_DURATION:
        return reader_int64(reader, node, parameter->min, parameter->max, out_value);
    case BALLAST_CAPACITY:
        return reader_decimal(reader, node, parameter->min, parameter->max, out_value);
    case BALLAST_BOOLEAN:
        status = reader_bool(reader, node, &on);
        *out_value = on;
        return status;
    case BALLAST_CHOICE:
        status = reader_word(reader, node, parameter->choices, &index);
        *out_value = index;
        return status;
    }
    return status;
}

static int read_parameters(struct reader *reader, const cJSON *object)
{
    struct policy_choice *choice = &reader->scenario->policy;
    const struct ballast_policy *policy = choice->policy;
    const char *keys[BALLAST_PARAMETERS_MAX + 1] = {0};
    for (size_t i = 0; i < policy->parameter_count; i++)
        keys[i] = policy->parameters[i].name;
    int status = reader_keys(reader, object, keys);
    for (size_t i = 0; i < policy->parameter_count && !status; i++) {
        const cJSON *node = member(object, keys[i]);
        if (node)
            status = read_value(reader, &policy->parameters[i], node, &choice->values[i]);
    }
    return status;
}

static int64_t read_number(const struct policy_choice *choice, int32_t parameter, int32_t fixed)
{
    return parameter ? choice->values[parameter - 1] : fixed;
}

/* CloudWatch's own limits on the queries the parameters make. */
static int check_reads(struct reader *reader, const cJSON *node)
{
    const struct policy_choice *choice = &reader->scenario->policy;
    for (size_t i = 0; i < choice->policy->read_count; i++) {
        const struct ballast_read *read = &choice->policy->reads[i];
        if (read->kind != BALLAST_READ_METRIC)
            continue;
        int64_t period_s = read_number(choice, read->period_parameter, read->period_s);
        int64_t lookback_s = read_number(choice, read->lookback_parameter, read->lookback_s);
        if (period_s <= 0 || period_s % 60 != 0)
            return reader_fail(reader, node, "a metric period of %lld s is not a multiple of 60",
                               (long long)period_s);
        if (lookback_s / period_s > BALLAST_POINTS_MAX)
            return reader_fail(reader, node,
                               "%lld s at a period of %lld s are more than the %d points "
                               "CloudWatch returns",
                               (long long)lookback_s, (long long)period_s, BALLAST_POINTS_MAX);
    }
    return STATUS_OK;
}

int read_policy(struct reader *reader)
{
    static const char *const keys[] = {"name", "parameters", NULL};
    const cJSON *node = member(reader->root, "policy");
    const char *name = reader->scenario->distribution.given ? "none" : "pending-capacity";
    int status = node ? reader_keys(reader, node, keys) : STATUS_OK;
    const cJSON *name_node = node ? member(node, "name") : NULL;
    if (!status && name_node)
        status = reader_string(reader, name_node, &name);
    struct error err = {0};
    if (!status && policy_choose(&reader->scenario->policy, name, &err))
        status = reader_fail(reader, name_node ? name_node : node, "%s", err.text);
    const cJSON *parameters = node ? member(node, "parameters") : NULL;
    if (!status && parameters)
        status = read_parameters(reader, parameters);
    return status ? status : check_reads(reader, parameters ? parameters : node);
}
