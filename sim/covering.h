/* How many instances cover an amount, where amounts that follow one another are often covered by as
 * many: only another number is divided for.
 */
#ifndef SIM_COVERING_H
#define SIM_COVERING_H

#include <stdint.h>

struct covering {
    int64_t units_micro; /* what an instance covers, above 0 */
    int64_t first_micro; /* of the amounts, units_micro of them, that are covered by `count` */
    int64_t count;
};

static inline struct covering covering_with(int64_t units_micro)
{
    return (struct covering){.units_micro = units_micro, .first_micro = 1 - units_micro};
}

/* Of an amount of 0 or more. */
static inline int64_t covering_count(struct covering *covering, int64_t micro)
{
    int64_t units_micro = covering->units_micro;
    if ((uint64_t)(micro - covering->first_micro) >= (uint64_t)units_micro) {
        covering->count = micro / units_micro + (micro % units_micro > 0);
        covering->first_micro = (covering->count - 1) * units_micro + 1;
    }
    return covering->count;
}

#endif
