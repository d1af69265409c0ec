/* ballast scenario: what a scenario says, with every default and its source; and the schema. */
#include "scenario/scenario.h"
#include "commands.h"
#include "overrides.h"
#include "shared_options.h"

#include <stdio.h>
#include <string.h>

static const char show_name[] = "scenario show";

/* "user's", or "default: assumed, nobody has published it". */
static void print_source(const struct scenario_value *value)
{
    switch (value->source) {
    case VALUE_USER:
    case VALUE_SET:
    case VALUE_PRESET:
    case VALUE_DERIVED:
        printf("%s%s%s", value_source_name(value->source), *value->why ? ": " : "", value->why);
        break;
    case VALUE_DOCUMENTED:
    case VALUE_MEASURED:
    case VALUE_ASSUMED:
    case VALUE_CHOSEN:
        printf("default (%s): %s", value_source_name(value->source), value->why);
        break;
    }
}

static void print_table(const struct scenario *scenario)
{
    enum { PATH_MAX_WIDTH = 56, VALUE_MAX_WIDTH = 28 };
    int path_width = 0;
    int value_width = 0;
    for (size_t i = 0; i < scenario->value_count; i++) {
        int path = (int)strlen(scenario->values[i].path);
        int value = (int)strlen(scenario->values[i].value);
        if (path > path_width && path <= PATH_MAX_WIDTH)
            path_width = path;
        if (value > value_width && value <= VALUE_MAX_WIDTH)
            value_width = value;
    }
    for (size_t i = 0; i < scenario->value_count; i++) {
        const struct scenario_value *value = &scenario->values[i];
        printf("%-*s  %-*s  ", path_width, value->path, value_width, value->value);
        print_source(value);
        putchar('\n');
    }
    for (size_t i = 0; i < scenario->note_count; i++)
        printf("%s%s: %s\n", i ? "" : "\n", scenario->notes[i].warning ? "warning" : "note",
               scenario->notes[i].text);
}

static int print_json(const struct scenario *scenario, struct error *err)
{
    struct text text = {0};
    text_addf(&text, "{\"scenario\":%s,\"values\":[", scenario->resolved.data);
    for (size_t i = 0; i < scenario->value_count; i++) {
        const struct scenario_value *value = &scenario->values[i];
        text_addf(&text, "%s{\"path\":", i ? "," : "");
        text_add_json_string(&text, value->path);
        text_addf(&text, ",\"value\":%s,\"source\":\"%s\",\"why\":", value->value,
                  value_source_name(value->source));
        text_add_json_string(&text, value->why);
        text_add(&text, "}");
    }
    text_add(&text, "],\"notes\":[");
    for (size_t i = 0; i < scenario->note_count; i++) {
        text_addf(&text, "%s{\"warning\":%s,\"text\":", i ? "," : "",
                  scenario->notes[i].warning ? "true" : "false");
        text_add_json_string(&text, scenario->notes[i].text);
        text_add(&text, "}");
    }
    text_add(&text, "]}\n");
    int status = text_status(&text, err);
    if (!status)
        fwrite(text.data, 1, text.size, stdout);
    text_clean_up(&text);
    return status;
}

static int show(const char *path, const char *policy, const struct option_list *set, bool json,
                struct error *err)
{
    struct overrides overrides;
    struct scenario scenario = {0};
    int status = overrides_read(&overrides, set, false, err);
    const struct scenario_options options = {
        .overrides = overrides.items, .override_count = overrides.count, .policy = policy};
    if (!status)
        status = scenario_read(&scenario, path, &options, err);
    if (!status && json)
        status = print_json(&scenario, err);
    else if (!status)
        print_table(&scenario);
    scenario_clean_up(&scenario);
    overrides_clean_up(&overrides);
    return status;
}

static int command_show(int argc, char **argv)
{
    const char *policy = NULL;
    struct option_list set = {0};
    bool json = false;
    const struct option_spec specs[] = {
        OPTION_POLICY(&policy),
        OPTION_SET(&set),
        OPTION_JSON(&json),
        {0},
    };
    static const struct command_help help = {
        .name = show_name,
        .arguments = "SCENARIO",
        .description =
            "Print the whole scenario (\"-\" is standard input): every value, and for each\n"
            "whether it is the user's or a default, and where the default comes from.",
        .min_arguments = 1,
        .max_arguments = 1,
    };
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    struct error err = {0};
    status = show(arguments.values[0], policy, &set, json, &err);
    return command_close(&help, specs, &arguments, status, &err);
}

static int command_schema(int argc, char **argv)
{
    static const struct option_spec specs[] = {{0}};
    static const struct command_help help = {
        .name = "scenario schema",
        .arguments = "",
        .description = "Print the JSON Schema (2020-12) of scenario files.",
        .max_arguments = 0,
    };
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    fputs(scenario_schema, stdout);
    options_clean_up(specs, &arguments);
    return command_end(help.name, STATUS_OK);
}

int command_scenario(int argc, char **argv)
{
    static const struct subcommand commands[] = {
        {"show", command_show, "every value of a scenario, with each default's source"},
        {"schema", command_schema, "the JSON Schema of scenario files"},
        {0},
    };
    return command_family("scenario", "show a scenario with every default, and print its schema",
                          commands, argc, argv);
}
