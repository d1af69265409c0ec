/* What a Lambda function is invoked with.
 *
 *   the schedule's     {"fleetID": "sfr-…"}, or EventBridge's own ({"source": "aws.events", …}, or
 *                      "aws.scheduler"), which names no fleet
 *   the alarm's        {"Records": [{"Sns": {"Message": "…"}}]}: the message is an alarm of
 *                      CloudWatch as JSON, whose Trigger.Dimensions name the FleetRequestId
 *
 * All else is refused, so that a function wired to something else does not pass unnoticed.
 */
#ifndef LAMBDA_EVENT_H
#define LAMBDA_EVENT_H

#include "base/error.h"
#include "policy/policy.h"

enum { LAMBDA_FLEET_SIZE = 128 };

struct lambda_event {
    enum ballast_trigger trigger;
    char fleet_id[LAMBDA_FLEET_SIZE]; /* "": the event names none */
};

/* `text` of `size` bytes; STATUS_BAD_INPUT where it is no such event. */
int lambda_event_read(struct lambda_event *out_event, const char *text, size_t size,
                      struct error *err);

#endif
