/* Files that a command writes for people or for other programs: pages, verdicts, summaries, first
 * scenarios.
 *
 * A file is written whole or not at all: beside its place, as PATH.new, and then put there. What is
 * no file of its own kind, such as /dev/stdout, a pipe or a link, is written straight into.
 *
 * A database is never written over. Nobody wants a page where runs were recorded, and a path that
 * was meant for another option is soon typed.
 */
#ifndef BASE_OUTPUT_H
#define BASE_OUTPUT_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* STATUS_BAD_INPUT if a database lies there, STATUS_FAILURE if it cannot be written; what was there
 * then stays. */
int output_write(const char *path, const char *bytes, size_t size, struct error *err);

/* STATUS_BAD_INPUT if a database lies there: for who writes later, and would tell now. */
int output_check(const char *path, struct error *err);

/* Whether both paths lead to one file that is there. */
bool output_is_same(const char *path, const char *other);

#endif
