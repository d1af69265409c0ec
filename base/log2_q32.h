/* Binary logarithms in fixed point, the same on every machine. */
#ifndef BASE_LOG2_Q32_H
#define BASE_LOG2_Q32_H

#include <stdint.h>

/* log2(x / 2^63) in units of 2^-32, for x from 2^63 to 2^64 - 1: as many of its binary digits as
 * are found by squaring x and rounding down, 32 times. */
uint64_t log2_q32(uint64_t x);
/* The same, digit by digit: what it is by definition, in five times the time. */
uint64_t log2_q32_by_digits(uint64_t x);

#endif
