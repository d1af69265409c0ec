#include "options.h"

#include "base/memory.h"
#include "manual.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_help(const struct command_help *help, const struct option_spec *specs)
{
    printf("usage: ballast %s%s%s [options]\n\n%s\n", help->name, *help->arguments ? " " : "",
           help->arguments, help->description);
    printf("\noptions:\n");
    for (const struct option_spec *spec = specs; spec->name; spec++) {
        char left[64];
        char letter[8] = "";
        if (spec->letter)
            snprintf(letter, sizeof letter, "-%c, ", spec->letter);
        snprintf(left, sizeof left, "%s--%s%s%s", letter, spec->name, spec->placeholder ? " " : "",
                 spec->placeholder ? spec->placeholder : "");
        printf("  %-26s %s%s\n", left, spec->help, spec->list ? " (repeatable)" : "");
    }
    printf("  %-26s %s\n", "--help", "this text");
    printf("\nexit codes: 0 ok, 1 the check failed, 2 usage or bad input, 3 runtime failure\n");
}

static int usage_error(const struct command_help *help, const char *what, const char *word)
{
    struct error err = {0};
    error_set(&err, STATUS_BAD_INPUT, "%s%s (see ballast %s --help)", what, word, help->name);
    return command_fail(help->name, &err);
}

static void add(struct option_list *list, const char *value)
{
    list->values = memory_resize(list->values, list->count + 1, sizeof *list->values);
    list->values[list->count++] = value;
}

/* Take one option at argv[*at]; moves *at past its value. */
static int take_option(const struct command_help *help, const struct option_spec *specs, int argc,
                       char **argv, int *at)
{
    const char *word = argv[*at];
    const char *name = word + 2;
    bool is_long = word[1] == '-';
    const char *equals = is_long ? strchr(name, '=') : NULL;
    size_t length = equals ? (size_t)(equals - name) : strlen(name);
    const struct option_spec *spec = specs;
    while (spec->name &&
           (is_long ? strlen(spec->name) != length || memcmp(spec->name, name, length) != 0
                    : spec->letter != word[1]))
        spec++;
    if (!spec->name)
        return usage_error(help, "unknown option ", word);
    if (spec->flag) {
        if (equals)
            return usage_error(help, "this option takes no value: ", word);
        *spec->flag = true;
        return STATUS_OK;
    }
    const char *value = equals ? equals + 1 : NULL;
    if (!value) {
        if (*at + 1 >= argc)
            return usage_error(help, "this option needs a value: ", word);
        value = argv[++*at];
    }
    /* Mostly a variable of a script that was never set. */
    if (!*value)
        return usage_error(help, "the value of this option is empty: ", word);
    if (spec->list)
        add(spec->list, value);
    else
        *spec->value = value;
    return STATUS_OK;
}

int options_parse(const struct command_help *help, const struct option_spec *specs, int argc,
                  char **argv, struct option_list *out_arguments)
{
    *out_arguments = (struct option_list){0};
    bool only_arguments = false;
    int status = STATUS_OK;
    for (int i = 1; !status && i < argc; i++) {
        const char *word = argv[i];
        if (!only_arguments && strcmp(word, "--") == 0) {
            only_arguments = true;
        } else if (!only_arguments && (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)) {
            print_help(help, specs);
            status = OPTIONS_DONE;
        } else if (!only_arguments && strcmp(word, "--help=man") == 0) {
            manual_of_command(help, specs);
            status = OPTIONS_DONE;
        } else if (!only_arguments && strcmp(word, "--help=completion") == 0) {
            manual_completion_of_command(help, specs);
            status = OPTIONS_DONE;
        } else if (!only_arguments && strcmp(word, "--help=options") == 0) {
            manual_list_options(specs);
            status = OPTIONS_DONE;
        } else if (!only_arguments &&
                   (strncmp(word, "--", 2) == 0 || (word[0] == '-' && word[1] && !word[2]))) {
            status = take_option(help, specs, argc, argv, &i);
        } else if (!only_arguments && word[0] == '-' && word[1]) {
            status = usage_error(help, "unknown option ", word);
        } else if (!*word) {
            status = usage_error(help, "an argument is empty: ", help->arguments);
        } else if (out_arguments->count == help->max_arguments) {
            status = usage_error(help, "one argument too many: ", word);
        } else {
            add(out_arguments, word);
        }
    }
    if (!status && out_arguments->count < help->min_arguments)
        status = usage_error(help, "missing argument: ", help->arguments);
    if (status)
        options_clean_up(specs, out_arguments);
    return status;
}

void options_clean_up(const struct option_spec *specs, struct option_list *arguments)
{
    for (const struct option_spec *spec = specs; spec->name; spec++) {
        if (spec->list) {
            free(spec->list->values);
            *spec->list = (struct option_list){0};
        }
    }
    free(arguments->values);
    *arguments = (struct option_list){0};
}

int command_fail(const char *name, const struct error *err)
{
    fprintf(stderr, "ballast %s: %s\n", name, err->text);
    return err->status;
}

int command_end(const char *name, int status)
{
    if (status == OPTIONS_DONE)
        status = STATUS_OK;
    /* One line is enough: an error that was told already is not followed by what it led to. */
    if (status || (fflush(stdout) == 0 && !ferror(stdout)))
        return status;
    struct error err = {0};
    error_set(&err, STATUS_FAILURE, "the output could not be written: %s", strerror(errno));
    return command_fail(name, &err);
}

int command_close(const struct command_help *help, const struct option_spec *specs,
                  struct option_list *arguments, int status, const struct error *err)
{
    if (status)
        command_fail(help->name, err);
    options_clean_up(specs, arguments);
    return command_end(help->name, status);
}
