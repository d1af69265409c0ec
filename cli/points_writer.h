/* Points as they are computed, into a results database: committed about once a second, so that a
 * kill loses little; and the signals that end such a command between points. Inside cli/ only. */
#ifndef CLI_POINTS_WRITER_H
#define CLI_POINTS_WRITER_H

#include "record/points.h"

/* Zeroed but for `results`, which is borrowed. */
struct points_writer {
    struct results *results;
    bool open; /* a transaction */
    int64_t committed_ms;
};

int points_writer_add(struct points_writer *writer, const char *key, const struct figures *figures,
                      struct error *err);
/* Commit the rest, also where the work before it failed: `status` and `err` are its; the first
 * error of both is returned. */
int points_writer_end(struct points_writer *writer, int status, struct error *err);

/* SIGINT and SIGTERM are blocked from here on, and looked for between points. */
void interrupts_block(void);
bool interrupts_pending(void *unused);

#endif
