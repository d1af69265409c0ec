#include "output.h"

#include "memory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* How every SQLite file begins, its closing NUL included. */
static const char sqlite_magic[16] = "SQLite format 3";

int output_check(const char *path, struct error *err)
{
    char head[sizeof sqlite_magic] = "";
    struct stat info;
    if (stat(path, &info) != 0 || !S_ISREG(info.st_mode))
        return STATUS_OK;
    FILE *file = fopen(path, "rbe");
    size_t size = file ? fread(head, 1, sizeof head, file) : 0;
    if (file)
        fclose(file);
    if (size < sizeof head || memcmp(head, sqlite_magic, sizeof head) != 0)
        return STATUS_OK;
    return error_set(err, STATUS_BAD_INPUT,
                     "%s: is a database, which is not written over: name another file", path);
}

static int fail(const char *path, struct error *err)
{
    return error_set(err, STATUS_FAILURE, "%s: cannot be written: %s", path, strerror(errno));
}

/* A file that nobody had before, beside its place; NULL, with errno, if there can be none. */
static FILE *open_beside(struct output *output)
{
    enum { NAMES_MOST = 1000 };
    for (int i = 0; i < NAMES_MOST; i++) {
        output->beside =
            i ? memory_format("%s.%d.new", output->path, i) : memory_format("%s.new", output->path);
        FILE *file = fopen(output->beside, "wbex");
        if (file || errno != EEXIST)
            return file;
        free(output->beside);
    }
    output->beside = NULL;
    errno = EEXIST;
    return NULL;
}

int output_begin(struct output *output, const char *path, struct error *err)
{
    int status = output_check(path, err);
    if (status)
        return status;
    struct stat info;
    bool there = lstat(path, &info) == 0;
    *output = (struct output){.path = memory_copy_text(path)};
    output->mode = there ? info.st_mode & 07777 : 0;
    output->file = !there || S_ISREG(info.st_mode) ? open_beside(output) : fopen(path, "wbe");
    if (output->file)
        return STATUS_OK;
    status = fail(path, err);
    free(output->path);
    free(output->beside);
    return status;
}

/* All on the disk: then it may take the place of what was there. */
static bool finish(FILE *file)
{
    struct stat info;
    bool written = fflush(file) == 0 && !ferror(file);
    if (written && fstat(fileno(file), &info) == 0 && S_ISREG(info.st_mode))
        written = fsync(fileno(file)) == 0;
    int cause = errno;
    if (fclose(file) && written)
        return false;
    errno = cause;
    return written;
}

int output_end(struct output *output, int status, struct error *err)
{
    bool written = finish(output->file);
    if (written && !status && output->beside)
        written = (!output->mode || chmod(output->beside, output->mode) == 0) &&
                  rename(output->beside, output->path) == 0;
    int cause = errno;
    if (output->beside && (status || !written))
        unlink(output->beside);
    errno = cause;
    if (!status && !written)
        status = fail(output->path, err);
    free(output->path);
    free(output->beside);
    return status;
}

int output_write(const char *path, const char *bytes, size_t size, struct error *err)
{
    struct output output;
    int status = output_begin(&output, path, err);
    if (status)
        return status;
    bool written = fwrite(bytes, 1, size, output.file) == size;
    return output_end(&output, written ? STATUS_OK : fail(path, err), err);
}

bool output_is_same(const char *path, const char *other)
{
    struct stat a;
    struct stat b;
    return stat(path, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}
