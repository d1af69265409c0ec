/* A suite: several scenarios, each in as many worlds as its gates ask for, on all cores. */
#ifndef CLI_SUITE_H
#define CLI_SUITE_H

#include "session.h"

#include "reports/gate.h"

struct suite_item {
    const char *file;
    struct session session;
    bool open;
    struct figures *worlds;
    size_t world_count;
    struct calls_made calls;
};

struct suite {
    struct suite_item *items;
    size_t count;
};

struct suite_request {
    const char *command;                 /* for the progress line */
    const struct option_list *scenarios; /* files */
    const struct session_options *options;
    const char *threads; /* --threads, or NULL */
};

/* Read all, then run all; two scenarios of one name are refused. Clean up whatever it returns. */
int suite_run(struct suite *out_suite, const struct suite_request *request, struct error *err);
void suite_clean_up(struct suite *suite);

struct gate_run suite_gate_run(const struct suite_item *item);

#endif
