#include "live/lock.h"

#include "base/decimal.h"
#include "base/hash.h"
#include "base/memory.h"
#include "live/environment.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

const char *live_lock_folder(char *const *environment)
{
    const char *const folders[] = {"/run/lock", environment_get(environment, "XDG_RUNTIME_DIR"),
                                   environment_get(environment, "TMPDIR")};
    for (size_t i = 0; i < ARRAY_LENGTH(folders); i++) {
        struct stat folder;
        if (folders[i] && stat(folders[i], &folder) == 0 && S_ISDIR(folder.st_mode) &&
            access(folders[i], W_OK | X_OK) == 0)
            return folders[i];
    }
    return "/tmp";
}

static int add_endpoint(struct hash *hash, const struct settings *settings,
                        enum aws_service service, struct error *err)
{
    struct endpoint endpoint = {0};
    int status = settings_endpoint(settings, service, &endpoint, err);
    if (status)
        return status;
    hash_add_string(hash, endpoint.base);
    hash_add_string(hash, endpoint.path);
    endpoint_clean_up(&endpoint);
    return STATUS_OK;
}

/* FOLDER/ballast-FLEET-HASH.lock; the fleet for people, the hash for what it is. */
static int name_file(char **out_path, const char *folder, const struct settings *settings,
                     const char *fleet_id, const char *group, struct error *err)
{
    enum { READABLE = 60, DIGITS = 16 };
    char digits[HASH_TEXT_SIZE];
    char readable[READABLE + 1];
    struct hash *hash = hash_new();
    int status = add_endpoint(hash, settings, AWS_EC2, err);
    if (!status)
        status = add_endpoint(hash, settings, AWS_AUTO_SCALING, err);
    hash_add_string(hash, settings->region);
    hash_add_string(hash, fleet_id);
    hash_add_string(hash, group);
    hash_finish(hash, digits);
    if (status)
        return status;
    snprintf(readable, sizeof readable, "%s", fleet_id);
    for (char *at = readable; *at; at++)
        *at = isalnum((unsigned char)*at) || *at == '-' ? *at : '_';
    *out_path = memory_format("%s/ballast-%s-%.*s.lock", folder, readable, DIGITS, digits);
    return STATUS_OK;
}

static int open_file(struct live_lock *lock, struct error *err)
{
    enum { FLAGS = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK };
    struct stat file;
    /* Not created where it is there: in a folder open to all, Linux refuses that for a file of
     * another user, and whose it is could not be told. */
    lock->file = open(lock->path, FLAGS);
    if (lock->file < 0 && errno == ENOENT)
        lock->file = open(lock->path, FLAGS | O_CREAT, 0600);
    int cause = errno;
    bool foreign = lock->file < 0 ? cause == EACCES && lstat(lock->path, &file) == 0 &&
                                        file.st_uid != geteuid()
                                  : fstat(lock->file, &file) == 0 && file.st_uid != geteuid();
    if (foreign)
        return error_set(err, STATUS_FAILURE,
                         "%s: is the lock of another user's (%lld) evaluation of this fleet: end "
                         "that one, or remove the file if there is none",
                         lock->path, (long long)file.st_uid);
    if (lock->file < 0)
        return error_set(err, STATUS_FAILURE, "%s: the lock cannot be opened: %s", lock->path,
                         strerror(cause));
    return S_ISREG(file.st_mode)
               ? STATUS_OK
               : error_set(err, STATUS_FAILURE,
                           "%s: is no file: remove it, it is in a lock's place", lock->path);
}

static int refuse(const struct live_lock *lock, struct error *err)
{
    char holder[DECIMAL_TEXT_SIZE];
    ssize_t size = pread(lock->file, holder, sizeof holder - 1, 0);
    holder[size > 0 ? size : 0] = '\0';
    holder[strspn(holder, "0123456789")] = '\0';
    return error_set(err, STATUS_FAILURE,
                     "%s: another evaluation of this fleet is going on (process %s): one at a time",
                     lock->path, *holder ? holder : "unknown");
}

/* The file may have been removed by its last holder between our opening and locking it. */
static bool in_place(const struct live_lock *lock)
{
    struct stat ours;
    struct stat there;
    return fstat(lock->file, &ours) == 0 && lstat(lock->path, &there) == 0 &&
           ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

static int hold(struct live_lock *lock, struct error *err)
{
    for (;;) {
        int status = open_file(lock, err);
        if (status)
            return status;
        if (flock(lock->file, LOCK_EX | LOCK_NB) < 0)
            return errno == EWOULDBLOCK ? refuse(lock, err)
                                        : error_set(err, STATUS_FAILURE, "%s: cannot be locked: %s",
                                                    lock->path, strerror(errno));
        if (in_place(lock))
            return STATUS_OK;
        close(lock->file);
        lock->file = -1;
    }
}

int live_lock_take(struct live_lock *out_lock, const char *folder, const struct settings *settings,
                   const char *fleet_id, const char *group, struct error *err)
{
    *out_lock = (struct live_lock){.file = -1};
    int status = name_file(&out_lock->path, folder, settings, fleet_id, group, err);
    if (!status)
        status = hold(out_lock, err);
    if (status) {
        if (out_lock->file >= 0)
            close(out_lock->file);
        free(out_lock->path);
        *out_lock = (struct live_lock){.file = -1};
        return status;
    }
    /* Who holds it is for people: a full disk is no reason not to go on. */
    char holder[DECIMAL_TEXT_SIZE];
    int size = snprintf(holder, sizeof holder, "%lld\n", (long long)getpid());
    if (ftruncate(out_lock->file, 0) == 0)
        (void)!pwrite(out_lock->file, holder, (size_t)size, 0);
    return STATUS_OK;
}

void live_lock_release(struct live_lock *lock)
{
    if (lock->file >= 0) {
        unlink(lock->path);
        close(lock->file);
    }
    free(lock->path);
    *lock = (struct live_lock){.file = -1};
}
