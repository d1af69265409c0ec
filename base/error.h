/* Errors: how every room reports what went wrong.
 *
 * Two kinds of trouble never mix. A bug is an assert. Everything the outside world can cause (a bad
 * file, a full disk, a wrong option) is a return code with one line of text.
 *
 * A function that can fail returns `int`: STATUS_OK (0) or one of the codes below, which are also
 * the program's exit codes, and fills the caller's `struct error`. The text is one line without a
 * trailing newline; it says what is wrong, where (file, line, field), and what to do. The first
 * error wins: a function that fails because one below it failed returns that code and leaves the
 * text alone, or puts words before it with error_prefix.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stddef.h>

enum status {
    STATUS_OK = 0,           /* done */
    STATUS_CHECK_FAILED = 1, /* the check ran and found a breach */
    STATUS_BAD_INPUT = 2,    /* usage or bad input: the user can mend it */
    STATUS_FAILURE = 3,      /* the machine failed: disk, memory, permissions, network */
};

struct error {
    int status; /* the enum status that was returned */
    char text[1024];
};

/* Fill `err` (may be NULL) and return `status`, so that `return error_set(err, ...)` reads well.
 * Control characters in the formatted text are replaced by '?', so hostile names cannot forge
 * lines. */
int error_set(struct error *err, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Put "PREFIX: " before the text that is there. Returns err->status. */
int error_prefix(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* STATUS_FAILURE "out of memory". */
int error_no_memory(struct error *err);

#endif
