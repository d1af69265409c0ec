/* What a read was answered, as text: how a recording keeps it. Inside record/ only.
 *
 * JSON, times in seconds, capacity in units as exact decimals, what is unknown null:
 *   METRIC       [[time, value], ...] in the order returned
 *   FLEET        {"target": 32, "fulfilled": 30.5, "active": true}
 *   CLUSTER      {"registered_instances": 8, "running_tasks": 31, "pending_tasks": 1}
 *   SPOT_PRICES  [["c3.xlarge", "us-east-1a", time, micro-USD per hour, weight, fulfilled], ...]
 */
#ifndef RECORD_ANSWER_H
#define RECORD_ANSWER_H

#include "base/json.h"
#include "base/text.h"
#include "policy/policy.h"

/* Append the text of an answer that is BALLAST_OK. */
void answer_write(struct text *text, enum ballast_read_kind kind,
                  const struct ballast_answer *answer);

/* An answer read back, with room of its own. Zero-initialise; free with answer_clean_up. */
struct stored_answer {
    struct ballast_point *points;
    size_t point_count;
    struct ballast_fleet fleet;
    struct ballast_cluster cluster;
    struct ballast_spot_price *prices;
    size_t price_count;
    struct json_document document; /* whose texts `prices` borrows */
};

/* `name` is what errors call it. What was there is cleaned up first. */
int answer_read(struct stored_answer *answer, enum ballast_read_kind kind, const char *name,
                const char *text, struct error *err);
void answer_clean_up(struct stored_answer *answer);

#endif
