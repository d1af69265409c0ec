/* The twin, inside. */
#ifndef TWIN_TWIN_PARTS_H
#define TWIN_TWIN_PARTS_H

#include "record/record.h"
#include "sim/simulation.h"
#include "twin/call.h"
#include "twin/custom.h"
#include "twin/twin.h"

enum { ID_SIZE = 48 };

/* Desired capacity, or the fleet's target, from a time on. */
struct change {
    int64_t time_s;
    int64_t value;
};

struct changes {
    struct change *list;
    size_t count;
    size_t capacity;
};

/* Calls that are to be refused. */
struct throttle {
    int64_t calls;
    char operation[64]; /* "": of any */
};

struct twin {
    struct twin_options options;
    struct simulation *simulation;
    struct record_sink sink;
    struct twin_names names;
    int64_t base_s;  /* simulated time at */
    int64_t base_ms; /* this monotonic time */
    uint64_t requests;
    struct throttle throttle;
    char denied[64]; /* the operation that is, or "" */
    /* The Spot Fleet request that stands, if it is not the scenario's: */
    struct scenario **requested; /* the scenarios of all that were made, the newest last */
    size_t requested_count;
    size_t requested_capacity;
    int64_t fleet_since_s;
    char fleet_before[48];
    size_t fleet_first;   /* its instances are numbered from here */
    size_t fleet_changes; /* of targets, those before it */
    char client_token[80];
    /* The Auto Scaling group, if it is not the scenario's: */
    bool group_deleted;
    char group_name[256];
    int64_t group_since_s;
    struct changes desired; /* of the group; the first is the start's */
    struct changes targets; /* of the fleet */
    struct sim_observer observer;
    struct custom_metrics custom;
    struct changes failures; /* launches of the group that failed: when asked for, when they did */
};

/* Go on to where the clock stands. */
int twin_go_on(struct twin *twin, struct error *err);

/* A path below /_ballast/: answered, and true. */
bool control_answer(struct twin *twin, const struct wire_request *request,
                    struct wire_reply *reply);

/* ---- names of what the account holds (names.c) ---- */

void names_fleet(struct twin_names *names, const struct scenario *scenario, size_t number);
void names_make(struct twin_names *out_names, const struct scenario *scenario);
char *instance_id(size_t number, char out_id[ID_SIZE]);
/* The number behind an id that instance_id could have made; SIZE_MAX otherwise. */
size_t instance_number(const char *id);

/* ---- metrics (points.c) ---- */

/* A metric that is asked for, and how. */
struct metric_query {
    const char *namespace;
    const char *name;
    const struct tree *dimensions; /* the first, or NULL */
    int64_t period_s;
    int64_t start_s;
    int64_t end_s;
};

/* The simulator's are exact, what users put in is not. */
struct metric_point {
    int64_t time_s;
    bool exact;
    int64_t micro;
    double number;
};

struct points {
    struct metric_point *list; /* of the call's memory */
    size_t count;
    const char *unit;
};

enum { DATAPOINTS_MAX = 100800 };

/* The statistic by that name; false if there is none (percentiles are not kept). */
bool metric_statistic(const char *name, enum ballast_statistic *out_statistic);
/* Its points, of the call's memory, in the order that `api` returns them; `further`: faults fell on
 * this call before. */
void put_point(struct put to, const char *name, const struct metric_point *point);
bool metric_points(struct call *call, enum ballast_api api, const struct metric_query *query,
                   enum ballast_statistic statistic, bool further, struct points *out_points);

/* ---- the operations, by file ---- */

bool sts_get_caller_identity(struct call *call);
bool group_describe(struct call *call);
bool group_set_desired_capacity(struct call *call);
bool cloudwatch_get_metric_statistics(struct call *call);
bool cloudwatch_get_metric_data(struct call *call);
/* The group, or the fleet, that the input names is the twin's; else the call fails. */
bool group_named(struct call *call);
bool fleet_named(struct call *call);
bool fleet_known(struct call *call, const char *id);
const char *fleet_state(const struct fleet_seen *fleet);
/* The id of what holds the group back, or "". */
const char *activity_that_blocks(struct call *call);
bool group_activities(struct call *call);
bool group_update(struct call *call);
bool instances_describe(struct call *call);
bool fleet_modify_request(struct call *call);
bool fleet_cancel(struct call *call);
bool fleet_request(struct call *call);
bool group_create(struct call *call);
bool group_delete(struct call *call);
bool fleet_describe(struct call *call);
bool cloudwatch_put_metric_data(struct call *call);
bool cloudwatch_list_metrics(struct call *call);
bool fleet_instances(struct call *call);
bool fleet_history(struct call *call);
bool price_history(struct call *call);
bool ecs_describe_clusters(struct call *call);
bool launch_configurations(struct call *call);
bool launch_template_versions(struct call *call);
/* User data that joins `cluster`, in base64; nothing where that is NULL. */
void put_user_data(struct call *call, struct put to, const char *name, const char *cluster);

#endif
