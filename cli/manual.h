/* The commands' own tables in other forms: as manual pages, and as lists for shells to complete
 * from. So there is no second text that could say something else.
 */
#ifndef CLI_MANUAL_H
#define CLI_MANUAL_H

#include "commands.h"
#include "options.h"

/* --help=man: the page as man(7) source. */
void manual_of_command(const struct command_help *help, const struct option_spec *specs);
/* `family` is "" for ballast itself; `description` is a few lines. */
void manual_of_family(const char *family, const char *description,
                      const struct subcommand *subcommands);

/* --help=completion: a line for each thing that may be typed, of three texts with tabs between: the
 * word, what follows it, and its help. What follows is "flag", "command", "file", "folder",
 * "policy", "one-of:a|b" or "value", which only the user knows. The word "-" stands for the
 * arguments. */
void manual_completion_of_command(const struct command_help *help, const struct option_spec *specs);
void manual_completion_of_family(const struct subcommand *subcommands);

/* --help=options: a line each, "--db FILE", "--json". */
void manual_list_options(const struct option_spec *specs);
/* --help=commands: a line each. */
void manual_list_commands(const struct subcommand *subcommands);

#endif
