#include "policy/spot_pools.h"

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
