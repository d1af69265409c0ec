#include "base/error.h"
#include "commands.h"
#include "manual.h"
#include "options.h"

#include <stdio.h>
#include <string.h>

int command_family(const char *family, const char *description,
                   const struct subcommand *subcommands, int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : NULL;
    if (word && (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)) {
        printf("usage: ballast %s COMMAND [options]\n\n%s.\n\n", family, description);
        for (const struct subcommand *s = subcommands; s->name; s++)
            printf("  %-10s %s\n", s->name, s->help);
        return command_end(family, STATUS_OK);
    }
    if (word && strcmp(word, "--help=commands") == 0) {
        manual_list_commands(subcommands);
        return command_end(family, STATUS_OK);
    }
    if (word && strcmp(word, "--help=completion") == 0) {
        manual_completion_of_family(subcommands);
        return command_end(family, STATUS_OK);
    }
    if (word && strcmp(word, "--help=man") == 0) {
        manual_of_family(family, description, subcommands);
        return command_end(family, STATUS_OK);
    }
    for (const struct subcommand *s = subcommands; word && s->name; s++) {
        if (strcmp(s->name, word) == 0)
            return s->run(argc - 1, argv + 1);
    }
    struct error err = {0};
    if (word)
        error_set(&err, STATUS_BAD_INPUT, "unknown command %s (see ballast %s --help)", word,
                  family);
    else
        error_set(&err, STATUS_BAD_INPUT, "which one? (see ballast %s --help)", family);
    return command_fail(family, &err);
}
