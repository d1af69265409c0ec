/* The twin: the simulated account behind AWS's own protocols.
 *
 * twin_answer takes one HTTP request, whole, and makes its reply: no socket, no thread, so that
 * tests and fuzzers reach all of it. twin/server.h puts it behind a port.
 *
 * CLOCK. The account lives in the scenario's time. With speed 0 it stands still but for
 * POST /_ballast/clock; with speed N it goes N seconds for each one that passes, beginning within
 * the scenario's first minute, at the same second of the minute as the wall clock. It ends with the
 * scenario's last second. GET /_ballast/clock says {"now": EPOCH_S}. Clients that send the header
 * "X-Ballast-Clock: simulated" speak simulated time; to all others every time is shifted to the
 * present, by wall time less simulated time as of their request.
 *
 * ACCOUNT. One Spot Fleet, one Auto Scaling group, one ECS cluster: the scenario's. What
 * docs/twin.md calls not simulated is refused as AWS refuses it, or answered as if it were never
 * used.
 */
#ifndef TWIN_TWIN_H
#define TWIN_TWIN_H

#include "base/error.h"
#include "live/clock.h"
#include "scenario/regions.h"
#include "scenario/scenario.h"
#include "traces/trace.h"
#include "twin/message.h"

struct twin_options {
    const struct scenario *scenario; /* these are borrowed */
    const struct trace_set *traces;
    const char *access_key; /* whom requests must be signed by */
    const char *secret_key;
    struct live_clock clock; /* wall and monotonic time */
    int64_t speed;           /* simulated seconds a second; 0: only as told */
    bool controller;         /* the scenario's controller runs too */
    /* The scenario with another spot_fleet, JSON, in the place of its own: for RequestSpotFleet.
     * NULL: that is refused. On success the twin cleans *out_scenario up. */
    int (*with_fleet)(struct scenario *out_scenario, const char *spot_fleet, void *context,
                      struct error *err);
    void *context;
};

/* What clients need to know to talk to it. */
struct twin_names {
    char fleet[48]; /* "sfr-..." */
    const char *group;
    const char *cluster; /* NULL: no cluster is simulated */
    char region[REGION_TEXT_SIZE];
    char account[13];
};

struct twin;

int twin_open(struct twin **out_twin, const struct twin_options *options, struct error *err);
void twin_close(struct twin *twin);
const struct twin_names *twin_names(const struct twin *twin);

/* Answer. The reply's body is the caller's to clean up (text_clean_up). */
void twin_answer(struct twin *twin, const struct wire_request *request,
                 struct wire_reply *out_reply);

#endif
