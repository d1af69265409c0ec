/* A real account behind the cloud port: what the controller asks is asked of AWS.
 *
 * Every call that fails is told to the log and answered as the port wants it: a read with
 * BALLAST_ERROR and AWS's code (or "ConnectionError", "Timeout", "BadReply", "NoCredentials"), a
 * change with CLOUD_FAILED. A fleet, group or cluster that AWS does not know is BALLAST_EMPTY, and
 * counts and is told as a failure too; a cluster that nobody named is the error "NotConfigured".
 *
 * Spot prices are the newest of each instance type of the fleet, in the zones that the request
 * names or its subnets are in (asked once, for a subnet does not move); where it names neither, in
 * all zones of the region. What the fleet runs in each is what its active instances make there;
 * where these cannot be asked for it is unknown. Interruption and rebalance notices are unknown:
 * they come as events, not by asking.
 */
#ifndef LIVE_ACCOUNT_H
#define LIVE_ACCOUNT_H

#include "live/calls.h"

struct live_account_names {
    const char *fleet_id;
    const char *group;
    const char *cluster; /* NULL: none */
    const char *product; /* of spot prices: "Linux/UNIX" */
    int64_t units_per_instance_micro;
};

struct live_account;

/* What is passed is borrowed, but `names`, which is copied as it is. */
struct live_account *live_account_new(struct client *client, const struct live_account_names *names,
                                      const struct live_log *log);
void live_account_destroy(struct live_account *account);

/* The fleet's request, its pools in the zones that it names or its subnets are in. No part of an
 * evaluation: a failure is the caller's, and not counted. A fleet that AWS does not know is the
 * error "NotFound". On error nothing needs cleaning up. */
int live_account_pools(struct live_account *account, struct aws_spot_fleet *out_fleet,
                       struct aws_error *out_error, struct error *err);

/* The time is this from now on, in place of the wall clock's: a twin's. */
void live_account_set_now(struct live_account *account, int64_t now_s);

/* Answers hold until the next `now`. */
struct cloud live_account_cloud(struct live_account *account);

/* Calls of this port that failed since the last `now`. */
int64_t live_account_failures(const struct live_account *account);

#endif
