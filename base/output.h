/* Files that a command writes for people or for other programs: pages, verdicts, summaries, first
 * scenarios.
 *
 * A file is written whole or not at all: beside its place, without a name, and then put there. A
 * command that is killed leaves nothing. For the moment before it takes its place it is called
 * PATH.new; where there is such a file, somebody else's or that of another process on its way, the
 * next free name is taken: PATH.1.new, and so on. A file system that has no files without a name
 * (NFS) gives it this name from the start: there a killed command leaves it, and it may be deleted.
 * What is no file of its own kind, such as /dev/stdout, a pipe or a link, is written straight into.
 *
 * A database is never written over. Nobody wants a page where runs were recorded, and a path that
 * was meant for another option is soon typed.
 */
#ifndef BASE_OUTPUT_H
#define BASE_OUTPUT_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

/* STATUS_BAD_INPUT if a database lies there or there is no folder for it, STATUS_FAILURE if it
 * cannot be written; what was there then stays. */
int output_write(const char *path, const char *bytes, size_t size, struct error *err);

/* The same for what is written piece by piece, into `file`. */
struct output {
    FILE *file;
    char *path;
    char
        *beside; /* the name of a file of our own; NULL: it has none, or is written straight into */
    bool nameless; /* a file of our own without a name */
    mode_t mode;   /* of what was there; 0: nothing was */
};
int output_begin(struct output *output, const char *path, struct error *err);
/* Put it in its place; with a status other than STATUS_OK, forget it. Returns the first error of
 * either. */
int output_end(struct output *output, int status, struct error *err);

/* STATUS_BAD_INPUT if a database lies there: for who writes later, and would tell now. */
int output_check(const char *path, struct error *err);

/* STATUS_BAD_INPUT if there is no folder for the file to be in. */
int output_check_folder(const char *path, struct error *err);

/* What keeps a file that is not there from being made, in words; `otherwise` if that is not the
 * folder. For who is told less by a library. */
const char *output_obstacle(const char *path, const char *otherwise);

/* Whether both paths lead to one file that is there. */
bool output_is_same(const char *path, const char *other);

#endif
