/* Values as colours: from dark violet, the least, over green to yellow, the largest. In print and
 * to those who do not tell colours apart it is from dark to bright.
 */
#ifndef REPORTS_RAMP_H
#define REPORTS_RAMP_H

#include "base/decimal.h"

#include <stddef.h>
#include <stdint.h>

struct ramp {
    int128 least;
    int128 most;
    bool root; /* a colour stands for the root of the value, above the least: where most values are
                  small beside the largest, these would look alike */
};

/* Of `count` values in order, at least one. */
struct ramp ramp_of(const int128 *values, size_t count);
/* 0xRRGGBB. */
uint32_t ramp_colour(const struct ramp *ramp, int128 value);
/* Of a number that is written upon it. */
uint32_t ramp_ink(const struct ramp *ramp, int128 value);
/* The value whose colour stands so far along the ramp: quarters, 0 to 4. */
int128 ramp_value(const struct ramp *ramp, int quarters);

#endif
