/* What is remembered from one evaluation to the next: the policy's state and how many evaluations
 * failed in a row. One file, with a lock of its own beside live/lock.h's: that one is of a fleet on
 * this machine, this one of a file, which may be given to two fleets by mistake or be shared by
 * machines.
 *
 * The file names the fleet, the group, the policy with its parameters, and the state's version; a
 * file of another fleet or group is refused, and a state of another policy, parameters or version
 * is not used: the policy then starts anew, which is warned about. It is written anew beside
 * itself, flushed to the disk and put in place in one step, so that a crash leaves the old one or
 * the new one. The lock is held on FILE.lock, which stays.
 */
#ifndef LIVE_STATE_H
#define LIVE_STATE_H

#include "live/profiles.h"
#include "policy/policy.h"

struct live_state_key {
    const char *fleet_id;
    const char *group;
    const struct ballast_policy *policy;
    const int64_t *parameters;
};

struct live_state {
    char *path;
    int lock; /* descriptor */
    int64_t failures;
};

/* Lock, and read the file, if it is there, into `policy_state` (as controller_state gives it, set
 * up; left as it is where there is nothing to use). Another holder of the lock is STATUS_FAILURE.
 * On error nothing needs cleaning up. */
int live_state_open(struct live_state *out_state, const char *path,
                    const struct live_state_key *key, void *policy_state,
                    const struct live_log *log, struct error *err);
int live_state_save(struct live_state *state, const struct live_state_key *key,
                    const void *policy_state, struct error *err);
void live_state_close(struct live_state *state);

#endif
