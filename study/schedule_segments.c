/* When instances of a purchase can run, of a schedule that keeps to limits of places. */
#include "base/memory.h"
#include "study/schedule_lane.h"

static void add_segment(struct segments *segments, const struct segment *segment)
{
    if (segment->first_s < segment->ended_s)
        ARRAY_PUSH(segments->list, segments->count, segments->capacity, *segment);
}

/* A segment, cut where the limit of its place falls below `need`: all are given back the second
 * before, and so none is taken; the next are launched when it is high enough again. Where it falls
 * to 0 the segment has ended. */
static void add_within_limits(struct segments *segments, const struct purchase *item,
                              const struct scenario *scenario, const struct segment *segment,
                              int64_t need)
{
    struct segment part = *segment;
    bool room = true;
    int64_t delay_s = delay_least(&scenario->account.spot_launch_delay);
    for (size_t i = 0; i < item->limit_count && item->limits[i].time_s < segment->ended_s; i++) {
        int64_t time_s = item->limits[i].time_s;
        bool here = item->limits[i].instances == 0 || item->limits[i].instances >= need;
        if (room && !here) {
            part.ended_s = part.serves_until_s =
                time_s - 1 < segment->serves_until_s ? time_s - 1 : segment->serves_until_s;
            part.by_ec2 = false;
            add_segment(segments, &part);
        } else if (!room && here) {
            part = *segment;
            if (time_s > scenario->from_s && time_s + delay_s > part.first_s)
                part.first_s = time_s + delay_s;
        }
        room = here;
    }
    if (room)
        add_segment(segments, &part);
}

/* A stretch, cut where records take instances of the place. */
static void add_stretch(struct segments *segments, const struct purchase *item,
                        const struct scenario *scenario, const struct stretch *stretch,
                        int64_t need)
{
    int64_t first_s = stretch->first_s;
    for (size_t l = 0; l < item->recorded_count; l++) {
        const struct stretch *loss = &item->losses[l];
        if (loss->ended_s <= first_s || loss->ended_s >= stretch->ended_s)
            continue;
        add_within_limits(segments, item, scenario,
                          &(struct segment){.first_s = first_s,
                                            .begun_s = stretch->begun_s,
                                            .ended_s = loss->ended_s,
                                            .serves_until_s = loss->serves_until_s},
                          need);
        first_s = loss->ended_s;
    }
    add_within_limits(segments, item, scenario,
                      &(struct segment){.first_s = first_s,
                                        .begun_s = stretch->begun_s,
                                        .ended_s = stretch->ended_s,
                                        .serves_until_s = stretch->serves_until_s,
                                        .by_ec2 = stretch->ended_s != INT64_MAX},
                      need);
}

void segments_find(struct segments *segments, const struct purchase *item,
                   const struct scenario *scenario, int64_t need)
{
    segments->count = 0;
    for (size_t i = 0; i < item->stretch_count; i++)
        add_stretch(segments, item, scenario, &item->stretches[i], need);
}

const struct segment *segment_of(const struct segments *segments, int64_t time_s, int64_t latest_s)
{
    size_t low = 0;
    size_t high = segments->count; /* ends grow with the beginnings: the first that is not over */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (segments->list[middle].ended_s <= time_s)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < segments->count && segments->list[low].first_s <= latest_s; low++) {
        if (latest_s <= segments->list[low].begun_s || latest_s < time_s)
            return &segments->list[low];
    }
    return NULL;
}
