/* The clock, the wait and the luck that the adapter lives by; tests put their own in its place. */
#ifndef LIVE_CLOCK_H
#define LIVE_CLOCK_H

#include <stdint.h>

struct live_clock {
    int64_t (*now_s)(void *context);        /* wall time */
    int64_t (*monotonic_ms)(void *context); /* never set back */
    void (*sleep_ms)(int64_t duration_ms, void *context);
    uint64_t (*luck)(void *context); /* 64 bits, for jitter only */
    void *context;
};

/* The machine's own. */
struct live_clock live_clock_of_machine(void);

#endif
