#include "live/clock.h"

#include "base/child.h"

#include <stddef.h>
#include <sys/random.h>
#include <time.h>

static int64_t now_s(void *context)
{
    (void)context;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec;
}

static int64_t time_ms(void *context)
{
    (void)context;
    return monotonic_ms();
}

static void sleep_ms(int64_t duration_ms, void *context)
{
    (void)context;
    struct timespec rest = {duration_ms / 1000, (duration_ms % 1000) * 1000000};
    while (nanosleep(&rest, &rest) != 0)
        continue;
}

static uint64_t luck(void *context)
{
    (void)context;
    uint64_t bits = 0;
    if (getrandom(&bits, sizeof bits, GRND_NONBLOCK) != (ssize_t)sizeof bits)
        bits = (uint64_t)monotonic_ms() * UINT64_C(0x9e3779b97f4a7c15);
    return bits;
}

struct live_clock live_clock_of_machine(void)
{
    return (struct live_clock){now_s, time_ms, sleep_ms, luck, NULL};
}
