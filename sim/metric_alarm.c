#include "metric_alarm.h"

/* What the real points of the range say. */
struct tally {
    int64_t real;
    int64_t breaching;
    int64_t oldest_breach; /* how many periods old: 1 is the newest; 0: none breaches */
};

/* Of the newest `limit` real points. */
static struct tally count(const enum alarm_point *points, size_t range, int64_t limit)
{
    struct tally tally = {0};
    for (size_t age = 1; age <= range && tally.real < limit; age++) {
        enum alarm_point point = points[range - age];
        if (point == POINT_MISSING)
            continue;
        tally.real++;
        if (point == POINT_BREACHING) {
            tally.breaching++;
            tally.oldest_breach = (int64_t)age;
        }
    }
    return tally;
}

static enum alarm_state alarm_if(bool alarm)
{
    return alarm ? ALARM_ALARM : ALARM_OK;
}

/* There are no N real points, and too few breach: what missing ones mean decides. */
static enum alarm_state with_missing(const struct alarm_terms *terms, const struct tally *tally,
                                     enum alarm_state before)
{
    int64_t fine = tally->real - tally->breaching;
    int64_t filled = terms->periods - tally->real;
    switch (terms->missing) {
    case MISSING_IS_BREACHING:
        return alarm_if(tally->breaching + filled >= terms->points);
    case MISSING_IS_NOT_BREACHING:
        return ALARM_OK;
    case MISSING_IS_IGNORED:
        return fine ? ALARM_OK : before;
    case MISSING_IS_MISSING:
        break;
    }
    if (tally->real == 0)
        return ALARM_INSUFFICIENT_DATA;
    return alarm_if(fine == 0 && tally->oldest_breach >= terms->points);
}

enum alarm_state alarm_evaluate(const struct alarm_terms *terms, const enum alarm_point *points,
                                size_t range, enum alarm_state before)
{
    struct tally tally = count(points, range, terms->periods);
    if (tally.breaching >= terms->points)
        return ALARM_ALARM;
    if (tally.real >= terms->periods)
        return ALARM_OK;
    return with_missing(terms, &tally, before);
}

bool alarm_breaches(const struct alarm_terms *terms, int64_t value_micro)
{
    switch (terms->comparison) {
    case COMPARE_GREATER_OR_EQUAL:
        return value_micro >= terms->threshold_micro;
    case COMPARE_GREATER:
        return value_micro > terms->threshold_micro;
    case COMPARE_LESS:
        return value_micro < terms->threshold_micro;
    case COMPARE_LESS_OR_EQUAL:
        break;
    }
    return value_micro <= terms->threshold_micro;
}
