/* The calls of AWS that the adapter makes, one function each, named as AWS names them.
 *
 * Each returns STATUS_OK, or STATUS_FAILURE with `out_error` set as client_call sets it; a reply of
 * status 200 that does not hold what the call must return is "BadReply". Lists that come in pages
 * are read to their end; a token that repeats is an error. Capacity is in micro-units, times in
 * seconds UTC. Wire formats: the query protocols (XML) for all but ECS (JSON 1.1).
 */
#ifndef LIVE_CALLS_H
#define LIVE_CALLS_H

#include "live/launch.h"
#include "policy/cloud.h"

/* ---- CloudWatch, namespace AWS/EC2Spot, dimension FleetRequestId ---- */

/* Points in the order returned: unordered from GetMetricStatistics, newest first from
 * GetMetricData. More than `capacity` points are an error. */
int aws_get_metric(struct client *client, const char *fleet_id,
                   const struct cloud_metric_query *query, struct ballast_point *out_points,
                   size_t capacity, size_t *out_count, struct aws_error *out_error,
                   struct error *err);

struct aws_dimension {
    const char *name;
    const char *value;
};

/* A metric of any namespace, by exactly these dimensions: each set of them is another metric. */
struct aws_series_query {
    const char *namespace;
    const char *metric;
    const struct aws_dimension *dimensions;
    size_t dimension_count;
    enum ballast_statistic statistic;
    int64_t period_s;
    int64_t start_s; /* included */
    int64_t end_s;   /* excluded */
};

/* GetMetricData: all points, oldest first. A metric that there is not has none. Free the list. */
int aws_get_metric_series(struct client *client, const struct aws_series_query *query,
                          struct ballast_point **out_points, size_t *out_count,
                          struct aws_error *out_error, struct error *err);

/* ---- EC2 ---- */

struct aws_pool {
    char instance_type[64];
    char zone[64];   /* "": the request says none, or only a subnet */
    char subnet[64]; /* "": the request says none */
    int64_t weight_micro;
};

struct aws_spot_fleet {
    int64_t target_micro;
    int64_t fulfilled_micro;
    char state[32];    /* "active", "modifying", ... */
    char activity[32]; /* "fulfilled", ...; "" where AWS says none */
    struct aws_pool *pools;
    size_t pool_count;
    /* How it is set up: */
    int64_t valid_until_s;        /* INT64_MAX: not said */
    bool ends_instances;          /* TerminateInstancesWithExpiration */
    struct aws_launches launches; /* specifications, or the templates that it names */
};

/* A pool for each type in each zone, or subnet, that the request names, where it lists several too.
 * *out_found is false, and all else zero, where the reply lists no such fleet. */
int aws_describe_spot_fleet_request(struct client *client, const char *fleet_id,
                                    struct aws_spot_fleet *out_fleet, bool *out_found,
                                    struct aws_error *out_error, struct error *err);
void aws_spot_fleet_clean_up(struct aws_spot_fleet *fleet);

struct aws_fleet_instance {
    char instance_id[32];
    char instance_type[64];
    char health[16]; /* "healthy", "unhealthy", "" */
};

/* May be out of date, says AWS. Free the list. */
int aws_describe_spot_fleet_instances(struct client *client, const char *fleet_id,
                                      struct aws_fleet_instance **out_list, size_t *out_count,
                                      struct aws_error *out_error, struct error *err);

struct aws_spot_instance {
    char instance_id[32];
    char instance_type[64];
    char zone[64];
};

/* The fleet's running spot instances, by the tag that a fleet puts on them.
 * DescribeSpotFleetInstances tells no zone. Free the list. */
int aws_describe_spot_instances_of_fleet(struct client *client, const char *fleet_id,
                                         struct aws_spot_instance **out_list, size_t *out_count,
                                         struct aws_error *out_error, struct error *err);

struct aws_fleet_event {
    int64_t time_s;
    char type[32];     /* "instanceChange", "fleetRequestChange", "error", "information" */
    char sub_type[64]; /* "launched", "terminated", "modify_succeeded", ... */
    char instance_id[32];
    char instance_type[64]; /* of launches, where AWS describes them; else "" */
    char zone[64];          /* likewise */
};

/* Since start_s, oldest first; visible up to 30 s late, kept 48 h (AWS). Free the list. */
int aws_describe_spot_fleet_request_history(struct client *client, const char *fleet_id,
                                            int64_t start_s, struct aws_fleet_event **out_list,
                                            size_t *out_count, struct aws_error *out_error,
                                            struct error *err);

struct aws_spot_price {
    char instance_type[64];
    char zone[64];
    char product[64];
    int64_t time_s;
    int64_t micro_usd_per_hour;
};

/* Prices of these types for one product, of every zone or of `zone`; those in force at start_s and
 * all changes up to end_s, newest first. Free the list. */
struct aws_price_query {
    const char *const *instance_types;
    size_t type_count;
    const char *product;
    const char *zone; /* NULL: all */
    int64_t start_s;
    int64_t end_s;
};

int aws_describe_spot_price_history(struct client *client, const struct aws_price_query *query,
                                    struct aws_spot_price **out_list, size_t *out_count,
                                    struct aws_error *out_error, struct error *err);

struct aws_subnet {
    char subnet[64];
    char zone[64];
};

/* Free the list. A subnet that is not there is an error of AWS's. */
int aws_describe_subnets(struct client *client, const char *const *subnets, size_t subnet_count,
                         struct aws_subnet **out_list, size_t *out_count,
                         struct aws_error *out_error, struct error *err);

/* Whole units. */
int aws_modify_spot_fleet_request(struct client *client, const char *fleet_id, int64_t target,
                                  struct aws_error *out_error, struct error *err);

/* ---- Auto Scaling ---- */

enum { AWS_ZONES_MAX = 16, AWS_TYPES_MAX = 64, AWS_PROCESSES_MAX = 12 };

struct aws_group {
    int64_t min_size;
    int64_t max_size;
    int64_t desired_capacity;
    int64_t in_service; /* instances whose LifecycleState is InService */
    int64_t pending;    /* Pending, Pending:Wait, Pending:Proceed */
    /* How it is set up: */
    int64_t default_cooldown_s; /* BALLAST_UNKNOWN: not said */
    char zones[AWS_ZONES_MAX][64];
    size_t zone_count;
    char types[AWS_TYPES_MAX][64]; /* of overrides and of the instances it has, each once */
    size_t type_count;
    char suspended[AWS_PROCESSES_MAX][40]; /* processes */
    size_t suspended_count;
    char configuration[256];  /* launch configuration, or "" */
    struct aws_launch launch; /* `template` alone is said */
};

/* *out_found is false where the reply lists no such group. */
int aws_describe_auto_scaling_group(struct client *client, const char *name,
                                    struct aws_group *out_group, bool *out_found,
                                    struct aws_error *out_error, struct error *err);
int aws_set_desired_capacity(struct client *client, const char *name, int64_t desired_capacity,
                             bool honor_cooldown, struct aws_error *out_error, struct error *err);

/* ---- ECS, STS ---- */

/* *out_found is false where the reply lists it among the failures. */
int aws_describe_cluster(struct client *client, const char *name,
                         struct ballast_cluster *out_cluster, bool *out_found,
                         struct aws_error *out_error, struct error *err);

struct aws_identity {
    char account[16];
    char arn[256];
};

int aws_get_caller_identity(struct client *client, struct aws_identity *out_identity,
                            struct aws_error *out_error, struct error *err);

/* The server's time less ours, in seconds, by GetCallerIdentity's Date; the time that the reply
 * took counts as nothing. A reply without Date is the error "BadReply". */
int aws_clock_difference(struct client *client, int64_t *out_difference_s,
                         struct aws_error *out_error, struct error *err);

#endif
