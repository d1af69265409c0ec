/* The fleet's pools as DescribeSpotPriceHistory's rows show them, and what to take for the capacity
 * of a pool where nobody says it. Pure, as all of policy/. */
#ifndef POLICY_SPOT_POOLS_H
#define POLICY_SPOT_POOLS_H

#include "policy/policy.h"

/* A CHOICE parameter: rows without fulfilled capacity. */
enum spot_pools_unknown {
    SPOT_POOLS_HOLD = 0, /* the policy holds */
    SPOT_POOLS_EVEN,     /* they share evenly what the other rows leave of the fleet's */
};

#define SPOT_POOLS_UNKNOWN_PARAMETER(choices)                                                      \
    {                                                                                              \
        "unknown_pools", BALLAST_CHOICE, "", SPOT_POOLS_HOLD, 0, 0, choices,                       \
            "when it is not known what the fleet has in a pool, as with a real account: hold, or " \
            "take it for spread evenly"                                                            \
    }

#define SPOT_POOLS_MISSING_REASON                                                                  \
    {                                                                                              \
        "pools-missing", "the call for the pools' spot prices failed or returned nothing"          \
    }
#define SPOT_POOLS_UNKNOWN_REASON                                                                  \
    {                                                                                              \
        "pools-unknown", "what the fleet has in {0} of its {1} pools is unknown"                   \
    }

struct spot_pools {
    const struct ballast_spot_price *rows;
    size_t count;
    size_t unknown;             /* rows without fulfilled capacity */
    int64_t unknown_each_micro; /* what each of them is taken to have, rounded up */
    int64_t most_micro;         /* the most in one row, as it is or as it is taken; at least 0 */
};

/* The rows of `answer`, which is OK, of a fleet that has so much in all. */
struct spot_pools spot_pools_of(const struct ballast_answer *answer, int64_t fulfilled_micro);

/* Whether no two of the rows are of one type and zone. */
bool spot_pools_distinct(const struct ballast_spot_price *rows, size_t count);

/* What the fleet has, or is taken to have, in row `index`. */
static inline int64_t spot_pools_fulfilled(const struct spot_pools *pools, size_t index)
{
    int64_t fulfilled_micro = pools->rows[index].fulfilled_micro;
    return fulfilled_micro == BALLAST_UNKNOWN ? pools->unknown_each_micro : fulfilled_micro;
}

#endif
