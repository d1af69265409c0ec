#include "policy/parameters.h"

#include "base/decimal.h"

#include <string.h>

static int out_of_bounds(const struct ballast_parameter *parameter, const char *text,
                         struct error *err)
{
    char low[DECIMAL_TEXT_SIZE];
    char high[DECIMAL_TEXT_SIZE];
    bool units = parameter->type == BALLAST_CAPACITY;
    return error_set(
        err, STATUS_BAD_INPUT, "%s: \"%.40s\" is not a number from %s to %s", parameter->name, text,
        units ? decimal_format(parameter->min, low) : int128_format(parameter->min, low),
        units ? decimal_format(parameter->max, high) : int128_format(parameter->max, high));
}

static int parse_choice(const struct ballast_parameter *parameter, const char *const *choices,
                        const char *text, int64_t *out_value, struct error *err)
{
    for (int64_t i = 0; choices[i]; i++) {
        if (strcmp(choices[i], text) == 0) {
            *out_value = i;
            return STATUS_OK;
        }
    }
    return error_set(err, STATUS_BAD_INPUT, "%s: \"%.40s\" is none of its values (%s, %s%s)",
                     parameter->name, text, choices[0], choices[1] ? choices[1] : "",
                     choices[1] && choices[2] ? ", ..." : "");
}

int policy_parse_value(const struct ballast_parameter *parameter, const char *text,
                       int64_t *out_value, struct error *err)
{
    static const char *const switches[] = {"false", "true", NULL};
    if (parameter->type == BALLAST_BOOLEAN)
        return parse_choice(parameter, switches, text, out_value, err);
    if (parameter->type == BALLAST_CHOICE)
        return parse_choice(parameter, parameter->choices, text, out_value, err);
    int64_t micro = 0;
    if (decimal_parse(text, strlen(text), &micro) != DECIMAL_OK)
        return out_of_bounds(parameter, text, err);
    int64_t value = micro;
    if (parameter->type != BALLAST_CAPACITY) {
        if (micro % MICRO != 0)
            return out_of_bounds(parameter, text, err);
        value = micro / MICRO;
    }
    if (value < parameter->min || value > parameter->max)
        return out_of_bounds(parameter, text, err);
    *out_value = value;
    return STATUS_OK;
}

bool policy_value_allowed(const struct ballast_parameter *parameter, int64_t value)
{
    if (value == parameter->default_value)
        return true;
    if (parameter->type == BALLAST_BOOLEAN)
        return value == 0 || value == 1;
    int64_t choices = 0;
    if (parameter->type == BALLAST_CHOICE) {
        while (parameter->choices[choices])
            choices++;
        return value >= 0 && value < choices;
    }
    return value >= parameter->min && value <= parameter->max;
}
