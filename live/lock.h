/* One controller per fleet and backup group on a machine, whatever state and recording it has.
 *
 * The lock is a file named by where the calls go (the endpoints of EC2 and Auto Scaling, the
 * region), the fleet request and the group, so that two that would act on the same group exclude
 * each other and all others do not. It stands in the first of /run/lock, XDG_RUNTIME_DIR, TMPDIR
 * and /tmp that can be written to. /run/lock comes first because it is the same for cron, which
 * knows no XDG_RUNTIME_DIR, and for a terminal, which has one.
 *
 * It is held by flock(2), so it ends with its holder however that ends; the file itself says who
 * holds it and is removed at the end, or used again where its holder was killed. It is opened
 * without following links, with mode 600; a file of another user is an error.
 */
#ifndef LIVE_LOCK_H
#define LIVE_LOCK_H

#include "live/settings.h"

struct live_lock {
    char *path;
    int file; /* descriptor; -1: not held */
};

/* The folder for locks, borrowed from `environment` or constant. */
const char *live_lock_folder(char *const *environment);

/* Held already, by another user, or not to be had: STATUS_FAILURE, and nothing needs cleaning up.
 * An endpoint that is none is STATUS_BAD_INPUT. */
int live_lock_take(struct live_lock *out_lock, const char *folder, const struct settings *settings,
                   const char *fleet_id, const char *group, struct error *err);
/* Also of one that is not held. */
void live_lock_release(struct live_lock *lock);

#endif
