/* A command that answers lines: started once, given a line at a time, asked for one in return.
 *
 * It is run by /bin/sh in a process group of its own. Its standard error is ours; its standard
 * input and output are pipes. Not safe for two threads at once. */
#ifndef BASE_COPROCESS_H
#define BASE_COPROCESS_H

#include "base/error.h"

#include <stdint.h>

enum { COPROCESS_LINE_MAX = 1024 * 1024 }; /* bytes of an answer */

struct coprocess; /* heap object */

int coprocess_start(struct coprocess **out, const char *command, struct error *err);

/* Send `line`, which has no newline, and wait for one that comes back, for at most limit_ms in all.
 * *out_line is borrowed until the next call, without its newline. The error says what it did
 * instead of answering: how it ended, that it took too long, that it had said more than it was
 * asked; what then comes of it is the caller's to end. To end after it closed its output it has
 * what is left of the time, but a second at least and ten at most. */
int coprocess_ask(struct coprocess *process, const char *line, int64_t limit_ms,
                  const char **out_line, struct error *err);

/* Its input is closed; if it has not ended a second later it is killed, and what it started. NULL
 * is fine. */
void coprocess_end(struct coprocess *process);

#endif
