/* Options that several commands take, said once: each is an entry of a table of options, and `to`
 * what it fills in. Inside cli/ only. */
#ifndef CLI_SHARED_OPTIONS_H
#define CLI_SHARED_OPTIONS_H

#include "options.h"

#define OPTION_JSON(to)                                                                            \
    {                                                                                              \
        .name = "json", .help = "print one JSON object", .flag = (to)                              \
    }

#define OPTION_THREADS(to)                                                                         \
    {                                                                                              \
        .name = "threads", .placeholder = "N",                                                     \
        .help = "at most so many runs at once (default: all cores)", .value = (to)                 \
    }

/* How the scenario is read. */
#define OPTION_POLICY(to)                                                                          \
    {                                                                                              \
        .name = "policy", .placeholder = "NAME[:PRESET][+MODIFIER]...",                            \
        .help = "use this policy, with its defaults, instead of the scenario's", .value = (to)     \
    }
#define OPTION_SET(to)                                                                             \
    {                                                                                              \
        .name = "set", .placeholder = "PATH=VALUE", .help = "override a field of the scenario",    \
        .list = (to)                                                                               \
    }
#define OPTION_NO_INTERRUPTIONS(to)                                                                \
    {                                                                                              \
        .name = "no-interruptions", .help = "short for --set interruptions.source=none",           \
        .flag = (to)                                                                               \
    }

/* Of the points of a space. */
#define OPTION_POINTS_DB(to)                                                                       \
    {                                                                                              \
        .name = "db", .placeholder = "FILE",                                                       \
        .help = "the results database (made if there is none)", .value = (to)                      \
    }
#define OPTION_POINTS_SAMPLE(to)                                                                   \
    {                                                                                              \
        .name = "sample", .placeholder = "random:N|lhs:N",                                         \
        .help = "N points instead of all: drawn, or a Latin hypercube", .value = (to)              \
    }
#define OPTION_POINTS_SAMPLE_SEED(to)                                                              \
    {                                                                                              \
        .name = "sample-seed", .placeholder = "N", .help = "with --sample: which draw (1)",        \
        .value = (to)                                                                              \
    }
#define OPTION_POINTS_POLICY(to)                                                                   \
    {                                                                                              \
        .name = "policy", .placeholder = "NAME[:PRESET]...",                                       \
        .help = "the policy of all points, unless it is varied", .value = (to)                     \
    }
#define OPTION_POINTS_SET(to)                                                                      \
    {                                                                                              \
        .name = "set", .placeholder = "PATH=VALUE",                                                \
        .help = "override a field of the scenario for all points", .list = (to)                    \
    }
#define OPTION_POINTS_STEPPING(to)                                                                 \
    {                                                                                              \
        .name = "stepping", .help = "make every evaluation: slower, the same bytes", .flag = (to)  \
    }

/* Which of a file's recordings. */
#define OPTION_RECORDED_FLEET(to)                                                                  \
    {                                                                                              \
        .name = "fleet", .placeholder = "ID",                                                      \
        .help = "whose recording, where the file holds several", .value = (to)                     \
    }
#define OPTION_RECORDED_GROUP(to)                                                                  \
    {                                                                                              \
        .name = "group", .placeholder = "NAME", .help = "likewise", .value = (to)                  \
    }

#endif
