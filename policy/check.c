#include "policy/check.h"

#include "base/memory.h"
#include "policy/cloud.h"
#include "policy/parameters.h"

#include <inttypes.h>
#include <string.h>

enum {
    NAME_MAX_BYTES = 64,
    UNIT_MAX_BYTES = 32,
    WORDS_MAX_BYTES = 1000, /* of one sentence */
    CHOICES_MAX = 64,
    PRESETS_MAX = 64,
    REASONS_MAX = 256,
    PERIOD_S = 60, /* every period is a multiple of it */
};

/* Beyond it a number read from JSON is not exact. */
static const int64_t NUMBER_MAX = INT64_C(9000000000000000);

/* Lower case, then also digits and `joint`. */
static bool is_name(const char *text, char joint)
{
    if (!text || text[0] < 'a' || text[0] > 'z')
        return false;
    size_t length = 0;
    for (; text[length]; length++) {
        char c = text[length];
        if (length == NAME_MAX_BYTES ||
            !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == joint))
            return false;
    }
    return true;
}

/* Printable ASCII that needs no escape anywhere. */
static bool is_plain(const char *text, size_t limit)
{
    if (!text)
        return false;
    size_t length = 0;
    for (; text[length]; length++) {
        char c = text[length];
        if (length == limit || c < ' ' || c > '~' || c == '"' || c == '\\')
            return false;
    }
    return true;
}

/* One line of words, not empty. */
static bool is_sentence(const char *text)
{
    if (!text || !*text)
        return false;
    size_t length = 0;
    for (; text[length]; length++) {
        if (length == WORDS_MAX_BYTES || (unsigned char)text[length] < ' ' || text[length] == 127)
            return false;
    }
    return true;
}

static int check_table(const char *what, const void *table, size_t count, size_t limit,
                       struct error *err)
{
    if (count > limit)
        return error_set(err, STATUS_BAD_INPUT, "it has %zu %s, at most %zu are allowed", count,
                         what, limit);
    if (count && !table)
        return error_set(err, STATUS_BAD_INPUT, "it says it has %zu %s, and names no table of them",
                         count, what);
    return STATUS_OK;
}

/* ---- parameters -------------------------------------------------------------------------------
 */

static int check_choices(const struct ballast_parameter *parameter, struct error *err)
{
    size_t count = 0;
    for (; parameter->choices && parameter->choices[count]; count++) {
        if (count == CHOICES_MAX || !*parameter->choices[count] ||
            !is_plain(parameter->choices[count], NAME_MAX_BYTES))
            return error_set(err, STATUS_BAD_INPUT, "parameter %s: choice %zu is no plain word",
                             parameter->name, count);
        for (size_t i = 0; i < count; i++) {
            if (strcmp(parameter->choices[i], parameter->choices[count]) == 0)
                return error_set(err, STATUS_BAD_INPUT, "parameter %s: two choices are \"%s\"",
                                 parameter->name, parameter->choices[i]);
        }
    }
    if (count == 0)
        return error_set(err, STATUS_BAD_INPUT, "parameter %s: it has no choices", parameter->name);
    if (parameter->default_value < 0 || parameter->default_value >= (int64_t)count)
        return error_set(err, STATUS_BAD_INPUT, "parameter %s: its default is none of its choices",
                         parameter->name);
    return STATUS_OK;
}

static int check_value(const struct ballast_parameter *parameter, struct error *err)
{
    int64_t value = parameter->default_value;
    switch (parameter->type) {
    case BALLAST_CHOICE:
        return check_choices(parameter, err);
    case BALLAST_BOOLEAN:
        return value == 0 || value == 1
                   ? STATUS_OK
                   : error_set(err, STATUS_BAD_INPUT,
                               "parameter %s: its default is neither 0 nor 1", parameter->name);
    case BALLAST_INTEGER:
    case BALLAST_DURATION:
    case BALLAST_CAPACITY:
        break;
    default:
        return error_set(err, STATUS_BAD_INPUT, "parameter %s: there is no type %d",
                         parameter->name, (int)parameter->type);
    }
    if (parameter->min > parameter->max || parameter->min < -NUMBER_MAX ||
        parameter->max > NUMBER_MAX)
        return error_set(err, STATUS_BAD_INPUT,
                         "parameter %s: its bounds are %" PRId64 " and %" PRId64
                         ": write min <= max, both within 9e15",
                         parameter->name, parameter->min, parameter->max);
    if (value != BALLAST_UNKNOWN && (value < parameter->min || value > parameter->max))
        return error_set(err, STATUS_BAD_INPUT,
                         "parameter %s: its default %" PRId64 " is outside its bounds",
                         parameter->name, value);
    return STATUS_OK;
}

static int check_parameters(const struct ballast_policy *policy, struct error *err)
{
    int status = check_table("parameters", policy->parameters, policy->parameter_count,
                             BALLAST_PARAMETERS_MAX, err);
    for (size_t i = 0; !status && i < policy->parameter_count; i++) {
        const struct ballast_parameter *parameter = &policy->parameters[i];
        if (!is_name(parameter->name, '_'))
            return error_set(err, STATUS_BAD_INPUT,
                             "the name of parameter %zu is not lower case with underscores", i);
        for (size_t k = 0; k < i; k++) {
            if (strcmp(parameter->name, policy->parameters[k].name) == 0)
                return error_set(err, STATUS_BAD_INPUT, "two parameters are named %s",
                                 parameter->name);
        }
        if (!is_plain(parameter->unit, UNIT_MAX_BYTES) || !is_sentence(parameter->help))
            return error_set(err, STATUS_BAD_INPUT,
                             "parameter %s: it needs a unit (\"\" for none) and a line of help",
                             parameter->name);
        status = check_value(parameter, err);
    }
    return status;
}

static int check_presets(const struct ballast_policy *policy, struct error *err)
{
    int status = check_table("presets", policy->presets, policy->preset_count, PRESETS_MAX, err);
    for (size_t i = 0; !status && i < policy->preset_count; i++) {
        const struct ballast_preset *preset = &policy->presets[i];
        if (!is_name(preset->name, '-') || !is_sentence(preset->description))
            return error_set(err, STATUS_BAD_INPUT,
                             "preset %zu needs a name (lower case with dashes) and a description",
                             i);
        for (size_t k = 0; k < i; k++) {
            if (strcmp(preset->name, policy->presets[k].name) == 0)
                return error_set(err, STATUS_BAD_INPUT, "two presets are named %s", preset->name);
        }
        if (policy->parameter_count && !preset->values)
            return error_set(err, STATUS_BAD_INPUT, "preset %s has no values", preset->name);
        for (size_t k = 0; k < policy->parameter_count; k++) {
            if (!policy_value_allowed(&policy->parameters[k], preset->values[k]))
                return error_set(err, STATUS_BAD_INPUT,
                                 "preset %s: its %s, %" PRId64 ", is outside the bounds",
                                 preset->name, policy->parameters[k].name, preset->values[k]);
        }
    }
    return status;
}

/* ---- reads ------------------------------------------------------------------------------------
 */

/* The seconds of a query: fixed, or those of a parameter that is a duration and always above 0. */
static bool is_seconds(const struct ballast_policy *policy, int32_t fixed, int32_t parameter)
{
    if (parameter == 0)
        return fixed > 0;
    if (parameter < 0 || (size_t)parameter > policy->parameter_count)
        return false;
    const struct ballast_parameter *from = &policy->parameters[parameter - 1];
    return from->type == BALLAST_DURATION && from->min > 0 && from->max <= INT32_MAX &&
           from->default_value != BALLAST_UNKNOWN;
}

static bool is_statistic(const struct ballast_policy *policy, const struct ballast_read *read)
{
    int32_t parameter = read->statistic_parameter;
    if (parameter == 0)
        return (int)read->statistic >= 0 && read->statistic < BALLAST_STATISTICS;
    if (parameter < 0 || (size_t)parameter > policy->parameter_count ||
        policy->parameters[parameter - 1].type != BALLAST_CHOICE)
        return false;
    const char *const *choices = policy->parameters[parameter - 1].choices;
    for (int i = 0; i < BALLAST_STATISTICS; i++) {
        if (!choices[i] || strcmp(choices[i], cloud_statistic_name((enum ballast_statistic)i)) != 0)
            return false;
    }
    return !choices[BALLAST_STATISTICS];
}

static int check_metric(const struct ballast_policy *policy, size_t index, struct error *err)
{
    const struct ballast_read *read = &policy->reads[index];
    bool fixed_period = read->period_parameter == 0;
    if (read->api != BALLAST_GET_METRIC_STATISTICS && read->api != BALLAST_GET_METRIC_DATA)
        return error_set(err, STATUS_BAD_INPUT, "read %zu: there is no API %d", index,
                         (int)read->api);
    if (!is_plain(read->metric, NAME_MAX_BYTES - 1) || !*read->metric)
        return error_set(err, STATUS_BAD_INPUT, "read %zu names no metric", index);
    if (!is_statistic(policy, read))
        return error_set(err, STATUS_BAD_INPUT,
                         "read %zu: its statistic is none, or its parameter no choice of the five "
                         "statistics in their order",
                         index);
    if (!is_seconds(policy, read->period_s, read->period_parameter) ||
        (fixed_period && read->period_s % PERIOD_S != 0))
        return error_set(err, STATUS_BAD_INPUT,
                         "read %zu: its period is no multiple of 60 s above 0", index);
    if (!is_seconds(policy, read->lookback_s, read->lookback_parameter) ||
        (fixed_period && read->lookback_parameter == 0 &&
         read->lookback_s / read->period_s > BALLAST_POINTS_MAX))
        return error_set(err, STATUS_BAD_INPUT,
                         "read %zu: it looks back not at all, or for more than the %d points that "
                         "CloudWatch returns",
                         index, BALLAST_POINTS_MAX);
    return STATUS_OK;
}

static int check_reads(const struct ballast_policy *policy, struct error *err)
{
    int status = check_table("reads", policy->reads, policy->read_count, BALLAST_READS_MAX, err);
    for (size_t i = 0; !status && i < policy->read_count; i++) {
        switch (policy->reads[i].kind) {
        case BALLAST_READ_METRIC:
            status = check_metric(policy, i, err);
            break;
        case BALLAST_READ_FLEET:
        case BALLAST_READ_CLUSTER:
        case BALLAST_READ_SPOT_PRICES:
            break;
        default:
            status = error_set(err, STATUS_BAD_INPUT, "read %zu: there is no kind %d", i,
                               (int)policy->reads[i].kind);
        }
    }
    return status;
}

static int check_reasons(const struct ballast_policy *policy, struct error *err)
{
    int status = check_table("reasons", policy->reasons, policy->reason_count, REASONS_MAX, err);
    if (!status && policy->reason_count == 0)
        return error_set(err, STATUS_BAD_INPUT,
                         "it has no reasons: each decision is said in words");
    for (size_t i = 0; !status && i < policy->reason_count; i++) {
        if (!is_name(policy->reasons[i].name, '-') || !is_sentence(policy->reasons[i].text))
            status = error_set(err, STATUS_BAD_INPUT,
                               "reason %zu needs a name (lower case with dashes) and a text", i);
    }
    return status;
}

int policy_check(const struct ballast_policy *policy, struct error *err)
{
    if (policy->abi < BALLAST_POLICY_ABI_OLDEST || policy->abi > BALLAST_POLICY_ABI)
        return error_set(err, STATUS_BAD_INPUT,
                         "it was compiled for version %" PRIu32
                         " of the policy contract, this program has versions %d to %d: compile it "
                         "again with the installed ballast/policy.h",
                         policy->abi, BALLAST_POLICY_ABI_OLDEST, BALLAST_POLICY_ABI);
    if (!is_name(policy->name, '-'))
        return error_set(err, STATUS_BAD_INPUT, "its name is not lower case with dashes");
    if (!is_sentence(policy->description) || !is_sentence(policy->source))
        return error_set(err, STATUS_BAD_INPUT, "it needs a description and a source, of one line");
    if (!policy->decide)
        return error_set(err, STATUS_BAD_INPUT, "it has no function \"decide\"");
    if (policy->state_size > BALLAST_STATE_MAX)
        return error_set(err, STATUS_BAD_INPUT, "it remembers %zu bytes, at most %d are allowed",
                         policy->state_size, BALLAST_STATE_MAX);
    int status = check_parameters(policy, err);
    if (!status)
        status = check_presets(policy, err);
    if (!status)
        status = check_reads(policy, err);
    return status ? status : check_reasons(policy, err);
}
