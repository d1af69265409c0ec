/* The AWS/ECS metrics of the cluster: CPUReservation and MemoryReservation, one point a minute, in
 * millionths of a percent (docs/model.md, "Alarms"). Kept only where something scales by them.
 */
#ifndef SIM_RESERVATION_H
#define SIM_RESERVATION_H

#include "cluster.h"
#include "scenario/scenario.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RESERVATION_PERIOD_S = 60, RESERVATIONS = 2 };

struct reservation_sample {
    int64_t stamp_s;
    int64_t readable_s;
    int64_t percent_micro[RESERVATIONS]; /* by enum watched_metric */
};

struct reservations {
    struct reservation_sample *ring;
    size_t capacity; /* a power of two */
    size_t count;    /* samples ever taken */
    uint64_t seed;
    const struct delay *delay;
    int64_t gap_permille;
};

/* `reach_s` is how far back they are looked at. */
void reservations_init(struct reservations *reservations, const struct scenario *scenario,
                       int64_t reach_s);
void reservations_clean_up(struct reservations *reservations);

/* Take the sample of the minute whose last second is time_s. There is none where nothing is
 * registered, nor where the minute is a gap. */
void reservations_sample(struct reservations *reservations, int64_t time_s,
                         const struct cluster_reservation *cluster);

/* The i-th newest, or NULL when there are no more. */
const struct reservation_sample *reservations_back(const struct reservations *reservations,
                                                   size_t i);

#endif
