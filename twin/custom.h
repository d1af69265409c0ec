/* Metrics that users put into CloudWatch: kept by the minute, for 15 days.
 *
 * A metric is a namespace, a name and a set of dimensions; its key is these as one text, the
 * dimensions in the order of their names. Nothing the simulator decides looks at them.
 */
#ifndef TWIN_CUSTOM_H
#define TWIN_CUSTOM_H

#include "twin/call.h"

enum {
    CUSTOM_DIMENSIONS_MAX = 30,  /* of one metric (AWS quota) */
    CUSTOM_MINUTES_MAX = 500000, /* in all: what is more is refused */
};

/* What the values of one minute come to. */
struct custom_minute {
    int64_t time_s;
    double count;
    double sum;
    double min;
    double max;
};

struct custom_metric {
    char *key;
    char *parts; /* these point into it, the dimensions as name, value, ... */
    const char *namespace;
    const char *name;
    const char *dimensions[2 * CUSTOM_DIMENSIONS_MAX];
    size_t dimension_count;
    char unit[32];                 /* of the newest value; "None" */
    struct custom_minute *minutes; /* by time */
    size_t count;
    size_t capacity;
};

struct custom_metrics {
    struct custom_metric *list;
    size_t count;
    size_t capacity;
    size_t minutes;
};

void custom_clean_up(struct custom_metrics *metrics);

/* The metric's key, of the call's memory; NULL, and the call failed, if its dimensions are none. */
const char *custom_key(struct call *call, const char *namespace, const char *name,
                       const struct tree *dimensions);
/* The metric by that key, or NULL. */
const struct custom_metric *custom_find(const struct custom_metrics *metrics, const char *key);
/* The same, made if it is not there. */
struct custom_metric *custom_make(struct custom_metrics *metrics, const char *key);
/* Add values of a minute; what is older than 15 days before now_s goes. False: there are too many.
 */
bool custom_add(struct custom_metrics *metrics, struct custom_metric *metric, int64_t now_s,
                const struct custom_minute *minute);

#endif
