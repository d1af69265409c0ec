/* What a read was answered, as text: how a recording keeps it (policy/observed.h says how, and
 * writes it). Inside record/ only. */
#ifndef RECORD_ANSWER_H
#define RECORD_ANSWER_H

#include "base/json.h"
#include "policy/observed.h"

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
