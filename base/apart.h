/* Work done apart, in a child process: what goes wrong there ends the child and nobody else. For
 * code that is not ours, which may crash, never end, or leave the process.
 *
 * The child is a copy of the caller: what it changes is lost, but in memory from apart_memory. It
 * has no standard output and error. */
#ifndef BASE_APART_H
#define BASE_APART_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How it ended. */
struct apart_end {
    bool done;  /* the work returned */
    int signal; /* else: of this signal (SIGALRM: it had not ended in time), or 0 */
    int code;   /* else: with this exit code */
};

/* Zeroed memory that a child's work and its parent have in common. Aborts when out of memory. */
void *apart_memory(size_t size);
void apart_free(void *memory, size_t size);

/* Do work(context) in a child that has `limit_ms` of a processor's time for it, and ten times that
 * by the clock, but at most 20 s more, and wait: how much else the machine has to do is not held
 * against it. STATUS_FAILURE if there can be no child; how the work ended is in *out_end. */
int apart_do(void (*work)(void *context), void *context, int64_t limit_ms,
             struct apart_end *out_end, struct error *err);

/* In the child: it has `limit_ms` from now on. */
void apart_again(int64_t limit_ms);

/* How it ended in words: "ended by signal 11 (Segmentation fault)". Returns out_text. */
char *apart_words(const struct apart_end *end, char *out_text, size_t size);

#endif
