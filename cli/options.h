/* Options: one table per command, and everything users meet follows from it: parsing, --help,
 * errors.
 *
 * A command fills a `struct command_line` and calls options_parse. Which target of a row is set
 * says what kind of option it is: flag     no argument; set to true text     one argument; the last
 * one given wins integer  one argument, a whole number within min..max list     one argument each
 * time, kept in order Texts are borrowed from argv. What is not given leaves its target as it was,
 * so targets hold the defaults.
 *
 * `--help` and `-h` are understood by every command. Options may stand anywhere; after "--"
 * everything is positional. Errors are one line, exit code 2:  ballast run: unknown option --foo
 * (see ballast run --help)
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Texts in the order given. Zero-initialise; free(items) when done (options_list_clean_up). */
struct option_list {
    const char **items;
    size_t count;
    size_t capacity;
};

struct option_row {
    const char *name;     /* long name without the dashes */
    const char *argument; /* placeholder such as "FILE"; NULL for a flag */
    const char *help;     /* one or more sentences, wrapped when shown */
    bool *flag;           /* exactly one of these four is set */
    const char **text;
    int64_t *integer;
    struct option_list *list;
    int64_t min; /* integer: both included; 0 and 0 mean any */
    int64_t max;
};

enum { ANY_NUMBER = -1 };

struct command_line {
    const char *command;     /* "run", or "trace import" */
    const char *usage;       /* what follows the command: "SCENARIO [OPTION]..." */
    const char *description; /* paragraphs, wrapped when shown; lines that begin with a space are
                                kept as they are */
    const struct option_row *options; /* ends with a row whose name is NULL; may be NULL */
    int positional_min;
    int positional_max; /* or ANY_NUMBER */
};

/* options_parse says that the command is to be carried out. */
enum { OPTIONS_GO_ON = -1 };

/* Parse argv[1] .. argv[argc - 1]; argv[0] is the command's own word. Returns OPTIONS_GO_ON, or the
 * exit code with which to return: 0 after --help (printed on stdout), 2 after an error (told on
 * stderr). Positional arguments are added to `positional`, which may be NULL where none are
 * allowed.
 *
 *     int status = options_parse(&line, argc, argv, &positional);
 *     if (status != OPTIONS_GO_ON)
 *         return status;
 */
int options_parse(const struct command_line *line, int argc, char **argv,
                  struct option_list *positional);

void options_list_clean_up(struct option_list *list);

/* "ballast COMMAND: TEXT" on stderr. Returns err->status. */
int command_fail(const char *command, const struct error *err);
/* "ballast COMMAND: TEXT (see ballast COMMAND --help)" on stderr. Returns STATUS_BAD_INPUT. */
int command_misused(const char *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* One command, or subcommand, of a dispatch table. */
struct command {
    const char *name;
    const char *summary; /* a few words, for the list */
    int (*run)(int argc, char **argv);
};

/* Carry out the subcommand named by argv[1]: its run is called with argv + 1. `parent` is "trace";
 * `commands` ends with a row whose name is NULL. Without a subcommand, or with --help, lists them.
 */
int command_dispatch(const char *parent, const char *description, const struct command *commands,
                     int argc, char **argv);

#endif
