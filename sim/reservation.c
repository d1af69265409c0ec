#include "reservation.h"

#include "base/decimal.h"
#include "base/memory.h"
#include "draw.h"
#include "metrics.h"

#include <stdlib.h>

enum { PERCENT = 100 };

void reservations_init(struct reservations *reservations, const struct scenario *scenario,
                       int64_t reach_s)
{
    size_t capacity = 16;
    while (capacity < (size_t)((reach_s + METRIC_LATEST_S) / RESERVATION_PERIOD_S + 16))
        capacity *= 2;
    *reservations = (struct reservations){
        .capacity = capacity,
        .seed = scenario->seed,
        .delay = &scenario->account.metric_delay,
        .gap_permille = scenario->account.metric_gap_permille,
    };
    reservations->ring = memory_new(capacity, sizeof *reservations->ring);
}

void reservations_clean_up(struct reservations *reservations)
{
    free(reservations->ring);
}

static int64_t percent_micro(int64_t reserved, int64_t registered)
{
    return (int64_t)divide_half_even((int128)reserved * PERCENT * MICRO, registered);
}

void reservations_sample(struct reservations *reservations, int64_t time_s,
                         const struct cluster_reservation *cluster)
{
    int64_t stamp_s = time_s + 1 - RESERVATION_PERIOD_S;
    if (cluster->registered_cpu <= 0 || cluster->registered_memory_mib <= 0)
        return;
    if (draw_chance(reservations->gap_permille, reservations->seed, DRAW_METRIC_GAP,
                    (uint64_t)stamp_s))
        return;
    size_t next = reservations->count++ & (reservations->capacity - 1);
    reservations->ring[next] = (struct reservation_sample){
        .stamp_s = stamp_s,
        .readable_s = time_s + 1 +
                      draw_delay(reservations->delay, reservations->seed, DRAW_METRIC,
                                 (uint64_t)stamp_s, 0, 0),
        .percent_micro = {[WATCHED_CPU_RESERVATION] =
                              percent_micro(cluster->reserved_cpu, cluster->registered_cpu),
                          [WATCHED_MEMORY_RESERVATION] = percent_micro(
                              cluster->reserved_memory_mib, cluster->registered_memory_mib)},
    };
}

const struct reservation_sample *reservations_back(const struct reservations *reservations,
                                                   size_t i)
{
    if (i >= reservations->count || i >= reservations->capacity)
        return NULL;
    return &reservations->ring[(reservations->count - 1 - i) & (reservations->capacity - 1)];
}
