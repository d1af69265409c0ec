/* How the controller of a real account is doing, by its recording: for people and for checks. */
#ifndef RECORD_STATUS_H
#define RECORD_STATUS_H

#include "policy/policy.h"
#include "record/database.h"

enum { STATUS_DAY_S = 86400 };

/* One read of the last evaluation. */
struct recording_status_read {
    char of[64];         /* the metric's name, or the API's */
    char status[16];     /* "ok", "empty", "error" */
    char error[128];     /* AWS's code; "" without one */
    int64_t newest_s;    /* of a metric's points; RECORD_NEVER */
    int64_t value_micro; /* that point's; BALLAST_UNKNOWN */
};

/* One fleet and group, in one region, by one clock. Numbers that are not known are
 * BALLAST_UNKNOWN. */
struct recording_status {
    char region[64];
    char fleet_id[128];
    char group[256];
    bool twin; /* its times are a twin's */
    char policy[256];
    int64_t every_s;
    /* The last evaluation. */
    int64_t due_s;
    int64_t time_s;
    char mode[16];       /* "shadow", "apply", "stopped" */
    char stopped_by[32]; /* "" for nothing */
    char action[16];     /* after the guards, as is desired_capacity */
    int64_t desired_capacity;
    char outcome[48];
    char guard[32];
    char words[512];
    char group_status[16];
    int64_t group_desired;
    int64_t group_max;
    int64_t group_in_service;
    int64_t units_per_instance_micro;
    struct recording_status_read reads[BALLAST_READS_MAX];
    size_t read_count;
    /* Up to it. An evaluation fails with a call of its own. */
    int64_t failures_in_a_row;
    /* Of the day before it, with it. */
    int64_t day_evaluations;
    int64_t day_failed;
    int64_t day_calls;   /* SetDesiredCapacity, dry runs too */
    int64_t day_refused; /* of them neither accepted nor a dry run */
    int64_t day_missed;  /* due times passed over, in stretches that ended within it */
};

/* Of every account that has an evaluation, in the order of region, fleet and group; to be freed. */
int recording_status_read(struct results *results, struct recording_status **out_list,
                          size_t *out_count, struct error *err);

#endif
