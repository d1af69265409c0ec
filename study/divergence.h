/* Where two runs part: the first second in which they do not decide, or are not answered, alike.
 *
 * A trail is what one run called and what its account was, without what it only looked at.
 * DECISIONS part where one calls what the other does not in that second, or with other arguments:
 * deciding to hold is no call, so that runs asked at other times part only where it shows. OUTCOMES
 * part where the same call is answered otherwise. ACCOUNTS part where what is required, up, wanted
 * or running differs; in one world with one account that follows from a decision, and where it
 * comes before any, the worlds differ.
 */
#ifndef STUDY_DIVERGENCE_H
#define STUDY_DIVERGENCE_H

#include "record/record.h"

#include <stdbool.h>
#include <stddef.h>

/* The same call again and again, at every evaluation from first_s to last_s. */
struct trail_call {
    int64_t first_s;
    int64_t last_s;
    int64_t next_s;  /* the evaluation after; INT64_MAX: none */
    int64_t desired; /* SetDesiredCapacity; BALLAST_UNKNOWN: not called */
    bool honor_cooldown;
    int64_t fleet_target; /* ModifySpotFleetRequest; BALLAST_UNKNOWN: not called */
    enum cloud_outcome outcome;
    enum cloud_outcome fleet_outcome;
};

/* Zeroed is empty. */
struct trail {
    struct trail_call *calls;
    size_t call_count;
    size_t call_capacity;
    bool open; /* the last call's next_s is not known yet */
    struct record_capacity *accounts;
    size_t account_count;
    size_t account_capacity;
};

void trail_take_decision(struct trail *trail, const struct record_decision *decision);
void trail_take_account(struct trail *trail, const struct record_capacity *account);
void trail_clean_up(struct trail *trail);

enum divergence_kind { DIVERGENCE_NONE = 0, DIVERGENCE_DECISION, DIVERGENCE_OUTCOME };

/* [0] is the first run's, [1] the second's. */
struct divergence {
    enum divergence_kind kind;
    int64_t time_s;
    bool called[2]; /* in that second; else it held, or was not asked: */
    struct trail_call calls[2];
    bool accounts_part;
    int64_t accounts_s;
    struct record_capacity accounts[2]; /* from that second on */
};

void divergence_find(const struct trail *a, const struct trail *b, struct divergence *out);

#endif
