#include "policy/spot_pools.h"

#include <string.h>

struct spot_pools spot_pools_of(const struct ballast_answer *answer, int64_t fulfilled_micro)
{
    struct spot_pools pools = {.rows = answer->spot_prices, .count = answer->spot_price_count};
    int64_t known_micro = 0;
    int64_t most_micro = 0;
    for (size_t i = 0; i < pools.count; i++) {
        int64_t there_micro = pools.rows[i].fulfilled_micro;
        if (there_micro == BALLAST_UNKNOWN) {
            pools.unknown++;
            continue;
        }
        known_micro += there_micro;
        most_micro = there_micro > most_micro ? there_micro : most_micro;
    }
    int64_t rest_micro = fulfilled_micro - known_micro;
    if (pools.unknown && rest_micro > 0)
        pools.unknown_each_micro =
            (rest_micro + (int64_t)pools.unknown - 1) / (int64_t)pools.unknown;
    pools.most_micro =
        pools.unknown_each_micro > most_micro ? pools.unknown_each_micro : most_micro;
    return pools;
}

bool spot_pools_distinct(const struct ballast_spot_price *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (strcmp(rows[i].instance_type, rows[k].instance_type) == 0 &&
                strcmp(rows[i].zone, rows[k].zone) == 0)
                return false;
        }
    }
    return true;
}
