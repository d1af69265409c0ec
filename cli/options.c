#include "options.h"

#include "base/memory.h"
#include "wrap.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPTIONS_MAX = 32, HELP_INDENT = 24, HELP_WIDTH = 80 };
enum { VALUE_HELP = 'h', VALUE_FIRST = 256 };

static const char exit_codes[] =
    "Exit codes: 0 done, 1 the check failed, 2 usage or bad input, 3 the machine failed.";

void options_list_clean_up(struct option_list *list)
{
    free(list->items);
    *list = (struct option_list){0};
}

/* ---- errors -----------------------------------------------------------------------------------
 */

int command_fail(const char *command, const struct error *err)
{
    fflush(stdout);
    fprintf(stderr, "ballast %s: %s\n", command, err->text);
    return err->status;
}

int command_misused(const char *command, const char *format, ...)
{
    struct error err;
    char text[900];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    error_set(&err, STATUS_BAD_INPUT, "%s (see ballast %s --help)", text, command);
    return command_fail(command, &err);
}

/* ---- help -------------------------------------------------------------------------------------
 */

static void print_row(const char *name, const char *argument, const char *help)
{
    char head[80];
    snprintf(head, sizeof head, argument ? "  --%s %s" : "  --%s", name, argument);
    size_t length = strlen(head);
    printf("%s", head);
    if (length + 2 > HELP_INDENT)
        printf("\n%*s", HELP_INDENT, "");
    else
        printf("%*s", (int)(HELP_INDENT - length), "");
    wrap_print(stdout, help, HELP_INDENT, HELP_WIDTH);
}

static void print_help(const struct command_line *line)
{
    printf("Usage: ballast %s %s\n\n", line->command, line->usage);
    wrap_print(stdout, line->description, 0, HELP_WIDTH);
    printf("\nOptions:\n");
    for (const struct option_row *row = line->options; row && row->name; row++)
        print_row(row->name, row->argument, row->help);
    print_row("help", NULL, "Print this and exit.");
    printf("\n");
    wrap_print(stdout, exit_codes, 0, HELP_WIDTH);
}

/* ---- parsing ----------------------------------------------------------------------------------
 */

static int take_integer(const struct command_line *line, const struct option_row *row,
                        const char *text)
{
    char *end = NULL;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (end == text || *end)
        return command_misused(line->command, "--%s \"%s\" is not a whole number", row->name, text);
    bool bounded = row->min != 0 || row->max != 0;
    if (errno || (bounded && (value < row->min || value > row->max)))
        return command_misused(line->command, "--%s %s is out of range (%lld to %lld)", row->name,
                               text, bounded ? (long long)row->min : (long long)INT64_MIN,
                               bounded ? (long long)row->max : (long long)INT64_MAX);
    *row->integer = value;
    return OPTIONS_GO_ON;
}

static int take(const struct command_line *line, const struct option_row *row, const char *text)
{
    if (row->flag)
        *row->flag = true;
    else if (row->text)
        *row->text = text;
    else if (row->list)
        ARRAY_PUSH(row->list->items, row->list->count, row->list->capacity, text);
    else
        return take_integer(line, row, text);
    return OPTIONS_GO_ON;
}

/* The option getopt stumbled over, without a value that follows '='. */
static int complain(const struct command_line *line, int what, char **argv)
{
    const char *word = argv[optind - 1];
    char short_option[3] = {'-', (char)optopt, '\0'};
    bool is_long = strncmp(word, "--", 2) == 0;
    if (!is_long && optopt)
        word = short_option;
    int length = (int)strcspn(word, "=");
    if (what == ':')
        return command_misused(line->command, "option %.*s needs a value", length, word);
    if (is_long && optopt)
        return command_misused(line->command, "option %.*s takes no value", length, word);
    return command_misused(line->command, "unknown option %.*s", length, word);
}

static int check_positional(const struct command_line *line, const struct option_list *positional)
{
    int count = positional ? (int)positional->count : 0;
    if (line->positional_max != ANY_NUMBER && count > line->positional_max)
        return command_misused(line->command, "\"%s\" is one argument too many",
                               positional->items[line->positional_max]);
    if (count < line->positional_min)
        return command_misused(line->command, "an argument is missing: ballast %s %s",
                               line->command, line->usage);
    return OPTIONS_GO_ON;
}

int options_parse(const struct command_line *line, int argc, char **argv,
                  struct option_list *positional)
{
    struct option options[OPTIONS_MAX + 2] = {{0}};
    int count = 0;
    for (; line->options && line->options[count].name && count < OPTIONS_MAX; count++)
        options[count] =
            (struct option){.name = line->options[count].name,
                            .has_arg = line->options[count].flag ? no_argument : required_argument,
                            .val = VALUE_FIRST + count};
    options[count] = (struct option){.name = "help", .has_arg = no_argument, .val = VALUE_HELP};

    struct option_list own = {0};
    struct option_list *words = positional ? positional : &own;
    int status = OPTIONS_GO_ON;
    opterr = 0;
    optind = 0; /* start anew, and forget the order of a parse before */
    while (status == OPTIONS_GO_ON) {
        int value = getopt_long(argc, argv, ":h", options, NULL);
        if (value == -1)
            break;
        if (value == VALUE_HELP) {
            print_help(line);
            status = STATUS_OK;
        } else if (value == '?' || value == ':') {
            status = complain(line, value, argv);
        } else {
            status = take(line, &line->options[value - VALUE_FIRST], optarg);
        }
    }
    for (int i = optind; status == OPTIONS_GO_ON && i < argc; i++)
        ARRAY_PUSH(words->items, words->count, words->capacity, argv[i]);
    if (status == OPTIONS_GO_ON)
        status = check_positional(line, words);
    options_list_clean_up(&own);
    return status;
}

/* ---- subcommands ------------------------------------------------------------------------------
 */

static void print_commands(const char *parent, const char *description,
                           const struct command *commands)
{
    printf("Usage: ballast %s COMMAND [ARGUMENT]...\n\n", parent);
    wrap_print(stdout, description, 0, HELP_WIDTH);
    printf("\nCommands:\n");
    for (const struct command *command = commands; command->name; command++)
        printf("  %-12s  %s\n", command->name, command->summary);
    printf("\nEach tells more with --help.\n");
}

int command_dispatch(const char *parent, const char *description, const struct command *commands,
                     int argc, char **argv)
{
    if (argc < 2)
        return command_misused(parent, "which command?");
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_commands(parent, description, commands);
        return STATUS_OK;
    }
    for (const struct command *command = commands; command->name; command++) {
        if (strcmp(command->name, argv[1]) == 0)
            return command->run(argc - 1, argv + 1);
    }
    return command_misused(parent, "unknown command \"%s\"", argv[1]);
}
