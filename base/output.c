#include "output.h"

#include "memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* How every SQLite file begins, its closing NUL included. */
static const char sqlite_magic[16] = "SQLite format 3";

enum { WAY_SIZE = 32 }; /* "/proc/self/fd/NUMBER" and its NUL */

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

/* Take the first free name beside the file's place: `take` makes a file of that name, unless there
 * is one already (EEXIST). False, with errno, if there can be none. */
static bool take_name(struct output *output, bool (*take)(struct output *output))
{
    enum { NAMES_MOST = 1000 };
    for (int i = 0; i < NAMES_MOST; i++) {
        output->beside =
            i ? memory_format("%s.%d.new", output->path, i) : memory_format("%s.new", output->path);
        if (take(output))
            return true;
        int cause = errno;
        free(output->beside);
        output->beside = NULL;
        errno = cause;
        if (cause != EEXIST)
            return false;
    }
    errno = EEXIST;
    return false;
}

static bool open_named(struct output *output)
{
    output->file = fopen(output->beside, "wbex");
    return output->file != NULL;
}

static void way_of(const struct output *output, char out_way[WAY_SIZE])
{
    snprintf(out_way, WAY_SIZE, "/proc/self/fd/%d", fileno(output->file));
}

static bool name_nameless(struct output *output)
{
    char way[WAY_SIZE];
    way_of(output, way);
    return linkat(AT_FDCWD, way, AT_FDCWD, output->beside, AT_SYMLINK_FOLLOW) == 0;
}

/* To be freed. */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? memory_copy_bytes(path, (size_t)(slash - path) + 1) : memory_copy_text(".");
}

int output_check_folder(const char *path, struct error *err)
{
    struct stat info;
    char *folder = folder_of(path);
    bool there =
        stat(folder, &info) == 0 ? S_ISDIR(info.st_mode) : errno != ENOENT && errno != ENOTDIR;
    size_t length = strlen(folder);
    int status = STATUS_OK;
    if (!there)
        status = error_set(err, STATUS_BAD_INPUT,
                           "%s: there is no folder %.*s: make it, or name another file", path,
                           (int)(length > 1 ? length - 1 : length), folder);
    free(folder);
    return status;
}

/* In the folder it is to stand in; false where there are no such files, or none could be named. */
static bool open_nameless(struct output *output)
{
    char way[WAY_SIZE];
    char *folder = folder_of(output->path);
    int file = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
    free(folder);
    output->file = file >= 0 ? fdopen(file, "wb") : NULL;
    if (!output->file) {
        if (file >= 0)
            close(file);
        return false;
    }
    way_of(output, way);
    output->nameless = access(way, F_OK) == 0;
    if (!output->nameless)
        fclose(output->file);
    return output->nameless;
}

/* A file of our own; false, with errno, if there can be none. */
static bool open_beside(struct output *output)
{
    return open_nameless(output) || take_name(output, open_named);
}

int output_begin(struct output *output, const char *path, struct error *err)
{
    int status = output_check(path, err);
    if (!status)
        status = output_check_folder(path, err);
    if (status)
        return status;
    struct stat info;
    bool there = lstat(path, &info) == 0;
    *output = (struct output){.path = memory_copy_text(path)};
    output->mode = there ? info.st_mode & 07777 : 0;
    bool beside = !there || S_ISREG(info.st_mode);
    if (!beside)
        output->file = fopen(path, "wbe");
    if (beside ? open_beside(output) : output->file != NULL)
        return STATUS_OK;
    status = fail(path, err);
    free(output->path);
    return status;
}

/* All on the disk: then it may take the place of what was there. */
static bool is_written(FILE *file)
{
    struct stat info;
    bool written = fflush(file) == 0 && !ferror(file);
    if (written && fstat(fileno(file), &info) == 0 && S_ISREG(info.st_mode))
        written = fsync(fileno(file)) == 0;
    return written;
}

static bool put_in_place(struct output *output)
{
    if (output->mode && fchmod(fileno(output->file), output->mode) != 0)
        return false;
    if (output->nameless && !take_name(output, name_nameless))
        return false;
    return rename(output->beside, output->path) == 0;
}

int output_end(struct output *output, int status, struct error *err)
{
    bool own = output->nameless || output->beside;
    bool done = is_written(output->file) && (status || !own || put_in_place(output));
    int cause = errno;
    if (fclose(output->file) && done && !own) {
        done = false;
        cause = errno;
    }
    if (output->beside && (status || !done))
        unlink(output->beside);
    errno = cause;
    if (!status && !done)
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

const char *output_obstacle(const char *path, const char *otherwise)
{
    char *folder = folder_of(path);
    bool obstacle = access(path, F_OK) != 0 && access(folder, W_OK | X_OK) != 0;
    int cause = errno;
    free(folder);
    return obstacle ? strerror(cause) : otherwise;
}

bool output_is_same(const char *path, const char *other)
{
    struct stat a;
    struct stat b;
    return stat(path, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}
