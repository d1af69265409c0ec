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

static bool write_all(const char *path, const char *bytes, size_t size)
{
    FILE *file = fopen(path, "wbe");
    bool written = file && fwrite(bytes, 1, size, file) == size && fflush(file) == 0;
    struct stat info;
    if (written && fstat(fileno(file), &info) == 0 && S_ISREG(info.st_mode))
        written = fsync(fileno(file)) == 0;
    int cause = errno;
    if (file && fclose(file) && written) {
        written = false;
        cause = errno;
    }
    errno = cause;
    return written;
}

int output_write(const char *path, const char *bytes, size_t size, struct error *err)
{
    int status = output_check(path, err);
    if (status)
        return status;
    struct stat info;
    bool there = lstat(path, &info) == 0;
    bool written;
    if (there && !S_ISREG(info.st_mode)) {
        written = write_all(path, bytes, size);
    } else {
        char *beside = memory_format("%s.new", path);
        written = write_all(beside, bytes, size) &&
                  (!there || chmod(beside, info.st_mode & 07777) == 0) && rename(beside, path) == 0;
        int cause = errno;
        if (!written)
            unlink(beside);
        free(beside);
        errno = cause;
    }
    return written
               ? STATUS_OK
               : error_set(err, STATUS_FAILURE, "%s: cannot be written: %s", path, strerror(errno));
}

bool output_is_same(const char *path, const char *other)
{
    struct stat a;
    struct stat b;
    return stat(path, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}
