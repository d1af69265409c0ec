/* ballast merge: the shards of a sweep in one database. */
#include "record/merge.h"
#include "commands.h"
#include "shared_options.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

static void tell(const char *into, const struct merge_counts *counts, bool json)
{
    int64_t missing = counts->listed - counts->there;
    if (json) {
        printf("{\"points\":%" PRId64 ",\"computed\":%" PRId64 ",\"added\":%" PRId64
               ",\"missing\":%" PRId64 "}\n",
               counts->listed, counts->there, counts->added, missing);
        return;
    }
    printf("%s: %" PRId64 " of %" PRId64 " points, %" PRId64 " of them added now\n", into,
           counts->there, counts->listed, counts->added);
    if (missing)
        printf("%" PRId64 " %s missing: join the other shards, or let the sweep's command, without "
               "--shard,\ncompute them here\n",
               missing, missing == 1 ? "is" : "are");
}

int command_merge(int argc, char **argv)
{
    const char *into = NULL;
    bool json = false;
    const struct option_spec specs[] = {
        {.name = "into",
         .placeholder = "FILE",
         .help = "the results database they are joined in (made if there is none)",
         .value = &into},
        OPTION_JSON(&json),
        {0},
    };
    static const struct command_help help = {
        .name = "merge",
        .arguments = "DB...",
        .description =
            "Join the databases that the shards of one sweep left. Joining the same again changes\n"
            "nothing. Databases of different sweeps are refused.",
        .min_arguments = 1,
        .max_arguments = SIZE_MAX,
    };
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    struct error err = {0};
    struct merge_counts counts = {0};
    if (!into)
        status = error_set(&err, STATUS_BAD_INPUT,
                           "--into FILE is needed: the database they are joined in");
    if (!status)
        status = results_merge(into, arguments.values, arguments.count, &counts, &err);
    if (!status)
        tell(into, &counts, json);
    return command_close(&help, specs, &arguments, status, &err);
}
