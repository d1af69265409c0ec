/* Child processes that run another program, with pipes to it or from it.
 *
 * A child finds its signals as a program does that a shell starts: none blocked, SIGPIPE not
 * ignored, whatever our own settings are at that moment. Of our files it gets the three that it is
 * given and no other, whoever opened it. Whoever starts a child waits for it.
 */
#ifndef BASE_CHILD_H
#define BASE_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct child_spec {
    const char *program;      /* found as a shell finds it: by PATH unless it has a slash */
    char *const *arguments;   /* the first is its name; ends with NULL */
    char *const *environment; /* ends with NULL */
    int input;                /* its standard input; -1: it has nothing to read */
    int output;               /* its standard output */
    bool quiet;               /* its standard error goes nowhere; otherwise it is ours */
    bool group;               /* in a process group of its own, so that all of it can be killed */
};

/* Returns 0, or the errno that says why there is no child. */
int child_start(pid_t *out_child, const struct child_spec *spec);

/* Whether it ends within so many milliseconds; then *out_how is how, as waitpid tells it (0 where
 * somebody else has waited for it). */
bool child_ends(pid_t child, int64_t limit_ms, int *out_how);

/* The same, however long it takes. */
int child_wait(pid_t child);

/* Kill it, or with a negative number its group, and wait for it. */
void child_kill(pid_t child);

/* A clock that nobody sets: milliseconds since some moment. */
int64_t monotonic_ms(void);

#endif
