/* ballast policy: the policies, as they describe themselves. */
#include "base/decimal.h"
#include "base/text.h"
#include "commands.h"
#include "options.h"
#include "policy/builtin.h"

#include <stdio.h>
#include <string.h>

/* A value of a parameter as users write it. Returns out. */
static const char *value_text(const struct ballast_parameter *parameter, int64_t value,
                              char out[DECIMAL_TEXT_SIZE])
{
    if (value == BALLAST_UNKNOWN)
        return "from the observation";
    switch (parameter->type) {
    case BALLAST_CAPACITY:
        return decimal_format(value, out);
    case BALLAST_BOOLEAN:
        return value ? "true" : "false";
    case BALLAST_CHOICE:
        return parameter->choices[value];
    case BALLAST_INTEGER:
    case BALLAST_DURATION:
        break;
    }
    return int128_format(value, out);
}

static void print_bounds(const struct ballast_parameter *parameter)
{
    char low[DECIMAL_TEXT_SIZE];
    char high[DECIMAL_TEXT_SIZE];
    if (parameter->type == BALLAST_CHOICE) {
        for (size_t i = 0; parameter->choices[i]; i++)
            printf("%s%s", i ? ", " : "one of ", parameter->choices[i]);
    } else if (parameter->type == BALLAST_BOOLEAN) {
        printf("true or false");
    } else {
        printf("%s to %s%s%s", value_text(parameter, parameter->min, low),
               value_text(parameter, parameter->max, high), *parameter->unit ? " " : "",
               parameter->unit);
    }
}

static void show_text(const struct ballast_policy *policy)
{
    char text[DECIMAL_TEXT_SIZE];
    printf("%s: %s\n\nsource: %s\n", policy->name, policy->description, policy->source);
    if (policy->parameter_count)
        printf("\nparameters\n");
    for (size_t i = 0; i < policy->parameter_count; i++) {
        const struct ballast_parameter *parameter = &policy->parameters[i];
        printf("  %s = %s\n      %s\n      ", parameter->name,
               value_text(parameter, parameter->default_value, text), parameter->help);
        print_bounds(parameter);
        printf("\n");
    }
    for (size_t p = 0; p < policy->preset_count; p++) {
        const struct ballast_preset *preset = &policy->presets[p];
        printf("\npreset %s:%s: %s\n", policy->name, preset->name, preset->description);
        for (size_t i = 0; i < policy->parameter_count; i++) {
            if (preset->values[i] != policy->parameters[i].default_value)
                printf("  %s = %s\n", policy->parameters[i].name,
                       value_text(&policy->parameters[i], preset->values[i], text));
        }
    }
    if (policy->read_count)
        printf("\nlooks at\n");
    for (size_t i = 0; i < policy->read_count; i++) {
        const struct ballast_read *read = &policy->reads[i];
        if (read->kind != BALLAST_READ_METRIC)
            continue;
        printf("  %s (CloudWatch %s), over ", read->metric,
               read->api == BALLAST_GET_METRIC_DATA ? "GetMetricData" : "GetMetricStatistics");
        if (read->lookback_parameter)
            printf("%s\n", policy->parameters[read->lookback_parameter - 1].name);
        else
            printf("%d s\n", (int)read->lookback_s);
    }
    printf("  the backup group (DescribeAutoScalingGroups)\n");
}

static void add_string(struct text *text, const char *key, const char *value)
{
    text_addf(text, "\"%s\":", key);
    text_add_json_string(text, value);
}

static void policy_json(const struct ballast_policy *policy, struct text *text)
{
    static const char *const types[] = {"integer", "duration", "capacity", "boolean", "choice"};
    char value[DECIMAL_TEXT_SIZE];
    text_add(text, "{");
    add_string(text, "name", policy->name);
    text_add(text, ",");
    add_string(text, "description", policy->description);
    text_add(text, ",");
    add_string(text, "source", policy->source);
    text_add(text, ",\"parameters\":[");
    for (size_t i = 0; i < policy->parameter_count; i++) {
        const struct ballast_parameter *p = &policy->parameters[i];
        bool bounded = p->type != BALLAST_CHOICE && p->type != BALLAST_BOOLEAN;
        text_add(text, i ? ",{" : "{");
        add_string(text, "name", p->name);
        text_addf(text, ",\"type\":\"%s\",\"unit\":\"%s\",", types[p->type], p->unit);
        add_string(text, "default", value_text(p, p->default_value, value));
        if (bounded) {
            text_addf(text, ",\"min\":%s", value_text(p, p->min, value));
            text_addf(text, ",\"max\":%s", value_text(p, p->max, value));
        }
        text_add(text, ",");
        add_string(text, "help", p->help);
        text_add(text, "}");
    }
    text_add(text, "],\"presets\":[");
    for (size_t i = 0; i < policy->preset_count; i++) {
        text_add(text, i ? ",{" : "{");
        add_string(text, "name", policy->presets[i].name);
        text_add(text, ",");
        add_string(text, "description", policy->presets[i].description);
        text_add(text, "}");
    }
    text_add(text, "]}");
}

static int print_json(const struct text *text, struct error *err)
{
    int status = text_status(text, err);
    if (!status)
        printf("%s\n", text->data);
    return status;
}

static int command_policy_list(int argc, char **argv)
{
    static const struct command_help help = {
        .name = "policy list",
        .arguments = "",
        .description = "List the built-in policies and their presets.",
    };
    bool json = false;
    const struct option_spec specs[] = {
        {.name = "json", .help = "print one JSON list", .flag = &json}, {0}};
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    struct text text = {0};
    struct error err = {0};
    text_add(&text, "[");
    for (const struct ballast_policy *const *p = policy_builtin; *p; p++) {
        if (json) {
            text_add(&text, p == policy_builtin ? "" : ",");
            policy_json(*p, &text);
            continue;
        }
        printf("%-24s %s\n", (*p)->name, (*p)->description);
        for (size_t i = 0; i < (*p)->preset_count; i++)
            printf("%s:%-*s %s\n", (*p)->name, 23 - (int)strlen((*p)->name), (*p)->presets[i].name,
                   (*p)->presets[i].description);
    }
    text_add(&text, "]");
    if (json)
        status = print_json(&text, &err);
    text_clean_up(&text);
    if (status)
        command_fail(help.name, &err);
    options_clean_up(specs, &arguments);
    return command_end(help.name, status);
}

static int command_policy_show(int argc, char **argv)
{
    static const struct command_help help = {
        .name = "policy show",
        .arguments = "NAME",
        .description = "Show a policy: its parameters with defaults and bounds, its presets, what "
                       "it looks at.",
        .min_arguments = 1,
        .max_arguments = 1,
    };
    bool json = false;
    const struct option_spec specs[] = {
        {.name = "json", .help = "print one JSON object", .flag = &json}, {0}};
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    struct text text = {0};
    struct error err = {0};
    const struct ballast_policy *policy = policy_find(arguments.values[0]);
    if (!policy) {
        status = error_set(&err, STATUS_BAD_INPUT, "no policy \"%s\" (see ballast policy list)",
                           arguments.values[0]);
    } else if (json) {
        policy_json(policy, &text);
        status = print_json(&text, &err);
    } else {
        show_text(policy);
    }
    text_clean_up(&text);
    if (status)
        command_fail(help.name, &err);
    options_clean_up(specs, &arguments);
    return command_end(help.name, status);
}

int command_policy(int argc, char **argv)
{
    static const struct subcommand subcommands[] = {
        {"list", command_policy_list, "the built-in policies and presets"},
        {"show", command_policy_show, "one policy: parameters, presets, what it looks at"},
        {0},
    };
    return command_family("policy", subcommands, argc, argv);
}
