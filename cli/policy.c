/* ballast policy: the policies and the modifiers, as they describe themselves. */
#include "base/decimal.h"
#include "base/memory.h"
#include "base/text.h"
#include "commands.h"
#include "policy/builtin.h"
#include "policy/choice.h"
#include "policy/cloud.h"
#include "policy_test.h"
#include "shared_options.h"
#include "show.h"

#include <stdio.h>
#include <stdlib.h>
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

/* What a modifier has in common with policies, to be shown as they are. */
static struct ballast_policy shown_modifier(const struct policy_modifier *modifier)
{
    return (struct ballast_policy){.name = modifier->name,
                                   .description = modifier->description,
                                   .source = modifier->source,
                                   .parameters = modifier->parameters,
                                   .parameter_count = modifier->parameter_count};
}

static void show_reads(const struct ballast_policy *policy)
{
    printf("\nlooks at\n");
    for (size_t i = 0; i < policy->read_count; i++) {
        const struct ballast_read *read = &policy->reads[i];
        printf("  %s", cloud_read_api(read));
        if (read->kind == BALLAST_READ_METRIC && read->lookback_parameter)
            printf(" of %s over %s", read->metric,
                   policy->parameters[read->lookback_parameter - 1].name);
        else if (read->kind == BALLAST_READ_METRIC)
            printf(" of %s over %d s", read->metric, (int)read->lookback_s);
        printf("\n");
    }
    printf("  DescribeAutoScalingGroups of the backup group\n");
}

static void show_text(const struct ballast_policy *policy)
{
    char text[DECIMAL_TEXT_SIZE];
    printf("%s\n", policy->name);
    show_wrapped(stdout, "  ", policy->description);
    show_wrapped(stdout, "  source: ", policy->source);
    if (policy->parameter_count)
        printf("\nparameters\n");
    for (size_t i = 0; i < policy->parameter_count; i++) {
        const struct ballast_parameter *parameter = &policy->parameters[i];
        printf("  %s = %s\n", parameter->name,
               value_text(parameter, parameter->default_value, text));
        show_wrapped(stdout, "      ", parameter->help);
        printf("      ");
        print_bounds(parameter);
        printf("\n");
    }
    for (size_t p = 0; p < policy->preset_count; p++) {
        const struct ballast_preset *preset = &policy->presets[p];
        printf("\npreset %s:%s\n", policy->name, preset->name);
        show_wrapped(stdout, "  ", preset->description);
        for (size_t i = 0; i < policy->parameter_count; i++) {
            if (preset->values[i] != policy->parameters[i].default_value)
                printf("  %s = %s\n", policy->parameters[i].name,
                       value_text(&policy->parameters[i], preset->values[i], text));
        }
    }
}

static void add_string(struct text *text, const char *key, const char *value)
{
    text_addf(text, "\"%s\":", key);
    text_add_json_string(text, value);
}

/* A value as a scenario writes it; null where the observation supplies it. */
static void add_json_value(struct text *text, const struct ballast_parameter *parameter,
                           int64_t value)
{
    char out[DECIMAL_TEXT_SIZE];
    if (value == BALLAST_UNKNOWN)
        text_add(text, "null");
    else if (parameter->type == BALLAST_CHOICE)
        text_add_json_string(text, parameter->choices[value]);
    else
        text_add(text, value_text(parameter, value, out));
}

static void add_json_read(struct text *text, const struct ballast_policy *policy,
                          const struct ballast_read *read)
{
    text_addf(text, ",{\"api\":\"%s\"", cloud_read_api(read));
    if (read->kind == BALLAST_READ_METRIC) {
        text_addf(text, ",\"metric\":\"%s\",\"lookback_s\":", read->metric);
        if (read->lookback_parameter)
            text_add_json_string(text, policy->parameters[read->lookback_parameter - 1].name);
        else
            text_addf(text, "%d", (int)read->lookback_s);
    }
    text_add(text, "}");
}

static void policy_json(const struct ballast_policy *policy, bool modifier, struct text *text)
{
    static const char *const types[] = {"integer", "duration", "capacity", "boolean", "choice"};
    char value[DECIMAL_TEXT_SIZE];
    text_add(text, "{");
    add_string(text, "name", policy->name);
    text_add(text, modifier ? ",\"modifier\":true," : ",");
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
        text_add(text, "\"default\":");
        add_json_value(text, p, p->default_value);
        if (bounded) {
            text_addf(text, ",\"min\":%s", value_text(p, p->min, value));
            text_addf(text, ",\"max\":%s", value_text(p, p->max, value));
        }
        if (p->type == BALLAST_CHOICE) {
            text_add(text, ",\"choices\":[");
            for (size_t c = 0; p->choices[c]; c++)
                text_addf(text, "%s\"%s\"", c ? "," : "", p->choices[c]);
            text_add(text, "]");
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
        text_add(text, ",\"parameters\":{");
        for (size_t p = 0; p < policy->parameter_count; p++) {
            text_addf(text, "%s\"%s\":", p ? "," : "", policy->parameters[p].name);
            add_json_value(text, &policy->parameters[p], policy->presets[i].values[p]);
        }
        text_add(text, "}}");
    }
    text_add(text,
             modifier ? "],\"reads\":[" : "],\"reads\":[{\"api\":\"DescribeAutoScalingGroups\"}");
    for (size_t i = 0; i < policy->read_count; i++)
        add_json_read(text, policy, &policy->reads[i]);
    text_add(text, "]}");
}

static int print_json(const struct text *text, struct error *err)
{
    int status = text_status(text, err);
    if (!status)
        printf("%s\n", text->data);
    return status;
}

/* One row of the list. */
static void print_name(const char *name, const char *preset, const char *description)
{
    char *whole = memory_format("%s%s%s", name, *preset ? ":" : "", preset);
    char *head = memory_format("%-23s ", whole);
    show_wrapped(stdout, head, description);
    free(head);
    free(whole);
}

static int command_policy_list(int argc, char **argv)
{
    static const struct command_help help = {
        .name = "policy list",
        .arguments = "",
        .description = "List the built-in policies with their presets, and the modifiers that may "
                       "stand around any of them (NAME+MODIFIER).",
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
            policy_json(*p, false, &text);
            continue;
        }
        print_name((*p)->name, "", (*p)->description);
        for (size_t i = 0; i < (*p)->preset_count; i++)
            print_name((*p)->name, (*p)->presets[i].name, (*p)->presets[i].description);
    }
    if (!json)
        printf("\nmodifiers, to stand around any of them: pending-capacity+grace\n");
    for (const struct policy_modifier *const *m = policy_modifiers; *m; m++) {
        if (!json) {
            print_name((*m)->name, "", (*m)->description);
            continue;
        }
        const struct ballast_policy shown = shown_modifier(*m);
        text_add(&text, ",");
        policy_json(&shown, true, &text);
    }
    text_add(&text, "]");
    if (json)
        status = print_json(&text, &err);
    text_clean_up(&text);
    return command_close(&help, specs, &arguments, status, &err);
}

static int command_policy_show(int argc, char **argv)
{
    static const struct command_help help = {
        .name = "policy show",
        .arguments = "NAME[:PRESET][+MODIFIER]...",
        .description = "Show a policy, a modifier, or a policy with modifiers around it "
                       "(pending-capacity+grace): parameters with defaults and bounds, presets, "
                       "what it looks at.",
        .min_arguments = 1,
        .max_arguments = 1,
    };
    bool json = false;
    const struct option_spec specs[] = {OPTION_JSON(&json), {0}};
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    struct text text = {0};
    struct error err = {0};
    struct policy_choice choice = {0};
    const struct policy_modifier *modifier = modifier_find(arguments.values[0]);
    struct ballast_policy shown = {0};
    if (modifier)
        shown = shown_modifier(modifier);
    else if (!(status = policy_choose(&choice, arguments.values[0], &err)))
        shown = *choice.policy;
    if (!status && json) {
        policy_json(&shown, modifier, &text);
        status = print_json(&text, &err);
    } else if (!status) {
        show_text(&shown);
        if (!modifier)
            show_reads(&shown);
    }
    policy_choice_clean_up(&choice);
    text_clean_up(&text);
    return command_close(&help, specs, &arguments, status, &err);
}

int command_policy(int argc, char **argv)
{
    static const struct subcommand subcommands[] = {
        {"list", command_policy_list, "the built-in policies, their presets, and the modifiers"},
        {"show", command_policy_show, "one policy: parameters, presets, what it looks at"},
        {"test", command_policy_test, "does a policy keep the contract, in random worlds?"},
        {0},
    };
    return command_family("policy", "list, show and test policies", subcommands, argc, argv);
}
