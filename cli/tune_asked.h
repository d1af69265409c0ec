/* What `ballast tune` is asked for. Inside cli/ only. */
#ifndef CLI_TUNE_ASKED_H
#define CLI_TUNE_ASKED_H

#include "options.h"
#include "overrides.h"
#include "space.h"
#include "study/tune.h"

enum { TUNE_LIMITS_MOST = 16, TUNE_OPTIONS_MOST = 32 };

/* As it is written. */
struct tune_asked {
    struct space_options space;
    const char *threads;
    const char *shortfall_cost;
    const char *windows;
    const char *lead;
    const char *train;
    const char *seeds;
    const char *bootstrap;
    const char *bootstrap_seed;
    const char *narrow;
    const char *stop_early;
    const char *policy;
    struct option_list set;
    struct option_list minimize;
    struct option_list limits;
    bool no_interruptions;
    bool in_sample;
    bool stepping;
    bool json;
};

/* What was asked for, read. */
struct tune_wanted {
    struct condition objectives[TUNE_OBJECTIVES_MOST];
    const char *names[TUNE_OBJECTIVES_MOST];
    struct condition limits[TUNE_LIMITS_MOST];
    char *shortfall_name;
    struct grid grid;
    struct overrides overrides;
    struct tune_request request;
};

/* The options, with what they fill in. */
void tune_options(struct tune_asked *asked, struct option_spec out[TUNE_OPTIONS_MOST]);

/* Read it, but for what the request is told and tells. To be forgotten also after an error. */
int tune_read_asked(const struct tune_asked *asked, const char *path, struct tune_wanted *wanted,
                    struct error *err);
void tune_forget(struct tune_wanted *wanted);

#endif
