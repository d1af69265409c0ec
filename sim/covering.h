/* How many instances cover an amount, where amounts that follow one another are often covered by as
 * many: only another number is divided for.
 */
#ifndef SIM_COVERING_H
#define SIM_COVERING_H

#include <stdint.h>

struct covering {
    int64_t units_micro; /* what an instance covers, above 0 */
    int64_t above_micro; /* amounts above this, and up to the next, are covered by `count` */
    int64_t up_to_micro;
    int64_t count;
};

static inline struct covering covering_with(int64_t units_micro)
{
    return (struct covering){.units_micro = units_micro, .above_micro = -units_micro};
}

/* Of an amount of 0 or more. */
static inline int64_t covering_count(struct covering *covering, int64_t micro)
{
    if (micro <= covering->above_micro || micro > covering->up_to_micro) {
        int64_t units_micro = covering->units_micro;
        covering->count = micro / units_micro + (micro % units_micro > 0);
        covering->up_to_micro = covering->count * units_micro;
        covering->above_micro = covering->up_to_micro - units_micro;
    }
    return covering->count;
}

#endif
