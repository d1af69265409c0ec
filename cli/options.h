/* Options of a command: one table, one parser, one --help.
 *
 * A command describes itself in a `struct command_help` and a table of options ended by an entry
 * without a name. options_parse handles --help, its other forms (manual.h) and every usage error
 * itself; the command sees only what is right.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* A list of values of an option that may be given several times. */
struct option_list {
    const char **values; /* borrowed from argv */
    size_t count;
};

struct option_spec {
    const char *name;        /* without the dashes: "db" */
    char letter;             /* of its short form, "-o"; 0: it has none */
    const char *placeholder; /* what its value is called: "FILE"; NULL for a flag */
    const char *help;
    bool *flag;               /* one of these three is set */
    const char **value;       /* last one wins */
    struct option_list *list; /* repeatable */
};

struct command_help {
    const char *name;        /* "run": errors read "ballast run: ..." */
    const char *arguments;   /* "SCENARIO" */
    const char *description; /* what it does, a few lines */
    size_t min_arguments;
    size_t max_arguments; /* SIZE_MAX: any number */
};

enum { OPTIONS_DONE = -1 }; /* help was printed: the command is done, exit code 0 */

/* Parse argv[1...]. The positional arguments go to *out_arguments (borrowed, in order; free the
 * lists and this with options_clean_up). Returns STATUS_OK, OPTIONS_DONE, or STATUS_BAD_INPUT after
 * one line on stderr. */
int options_parse(const struct command_help *help, const struct option_spec *specs, int argc,
                  char **argv, struct option_list *out_arguments);
void options_clean_up(const struct option_spec *specs, struct option_list *arguments);

/* Print "ballast NAME: TEXT" on stderr and return err->status. */
int command_fail(const char *name, const struct error *err);

/* What a command that ends returns: stdout is flushed, and what could not be written is an error.
 */
int command_end(const char *name, int status);

/* The end of a command whose options were parsed: a `status` other than STATUS_OK is told by what
 * `err` holds, the options are cleaned up. Returns what command_end does. */
int command_close(const struct command_help *help, const struct option_spec *specs,
                  struct option_list *arguments, int status, const struct error *err);

#endif
