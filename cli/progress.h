/* How far a long command is: one line on stderr, and only where that is a terminal. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
    const char *what;  /* "run: 12 of 52 runs": the command's name */
    const char *units; /* "runs", unless it is set to something else */
    size_t total;
    const char *best; /* said at the end of the line; borrowed, may be NULL */
    bool shown;
    int64_t began_ms;
    int64_t last_ms; /* last written */
};

struct progress progress_begin(const char *what, size_t total);
void progress_show(struct progress *progress, size_t done);
/* Take the line away again. */
void progress_end(const struct progress *progress);

#endif
