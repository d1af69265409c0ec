/* A simulation held open: advanced to a second, looked at, acted upon, closed.
 *
 *     simulation_open ─► { simulation_advance ─► look, act }... ─► simulation_close
 *
 * simulate() (sim.h) is these in a row. The twin holds one open and lets its clients look and act.
 *
 * ORDER. simulation_advance(S) goes through every second up to and including S. What is done then
 * is done in second S after all of S's events, where an evaluation would stand: the account is
 * looked at as the controller would see it in that second, and a call that is accepted takes effect
 * as the controller's would. So a controller outside that evaluates in the scenario's seconds meets
 * what the one inside would have met.
 *
 * FAULTS. The scenario's injected API errors fall on calls from outside as they fall on the
 * controller's: those made in one period of the schedule are the calls of that period's evaluation.
 *
 * Not thread-safe; scenario and traces are borrowed until it is closed.
 */
#ifndef SIM_SIMULATION_H
#define SIM_SIMULATION_H

#include "policy/cloud.h"
#include "sim/sim.h"

enum { FLEET_TARGET_MOST = 10000 }; /* units of one fleet (AWS quota) */

struct simulation;

struct simulation_options {
    const struct scenario *scenario;
    const struct trace_set *traces;
    const struct record_sink *sink;      /* or NULL */
    const struct sim_observer *observer; /* or NULL */
    bool no_controller;                  /* neither the schedule nor the alarm calls anybody */
    bool skipping;           /* evaluations that would end as the last one did are only counted
                                (skipping.h); then it is not to be looked at or acted upon */
    int64_t metrics_reach_s; /* metrics can be asked for as far back as this, or as the policy and
                                the alarms look */
};

/* The account as it is before its first second. On error nothing needs closing. */
int simulation_open(struct simulation **out_simulation, const struct simulation_options *options,
                    struct error *err);
/* Go on to the end of second_s, or of the scenario's last second if that comes first. */
int simulation_advance(struct simulation *simulation, int64_t second_s, struct error *err);
/* As if nothing happened until the scenario's end: close the books, and free it. `status` is that
 * of the last call; after an error *out_figures is undefined. Returns the first error. */
int simulation_close(struct simulation *simulation, int status, struct figures *out_figures,
                     struct error *err);

/* ---- what can be seen ---------------------------------------------------------------------------
 */

/* The second it was advanced to; before that, the scenario's `from`. */
int64_t simulation_now(const struct simulation *simulation);

struct fleet_seen {
    const struct spot_fleet *request; /* as it was made; the target is below */
    int64_t target_micro;
    int64_t fulfilled_micro;
    int64_t on_demand_base_micro;   /* OnDemandTargetCapacity as it was asked for, */
    int64_t on_demand_target_micro; /* and as much of it as the target holds */
    int64_t on_demand_fulfilled_micro;
    bool excess_no_termination;
    bool active;           /* it launches */
    enum record_end ended; /* END_FLEET_EXPIRED, END_FLEET_CANCELLED, or END_STILL_RUNNING */
    int64_t end_s;         /* when it ended or will; INT64_MAX: never */
    bool end_terminates;   /* its instances end with it */
    int64_t instances;     /* that have not ended, running or being launched */
    int64_t noticed;       /* of the running ones, those the fleet itself is ending */
};
void simulation_fleet(const struct simulation *simulation, struct fleet_seen *out_fleet);

struct group_seen {
    int64_t min_size;
    int64_t max_size;
    int64_t default_cooldown_s;
    int64_t desired_capacity;
    int64_t activities;          /* in progress */
    int64_t last_activity_end_s; /* RECORD_NEVER before the first */
    int64_t waiting;             /* instances wanted whose launch failed */
};
void simulation_group(const struct simulation *simulation, struct group_seen *out_group);

/* Every instance there ever was, numbered from 0 in the order of their requests. */
struct instance_seen {
    enum record_market_kind kind;
    bool of_fleet; /* else the group's */
    const char *instance_type;
    const char *zone;
    int64_t weight_micro;
    int64_t requested_s;
    int64_t running_s; /* RECORD_NEVER until it runs, as all below */
    int64_t joined_s;
    int64_t notice_s;
    int64_t ended_s;
    enum record_end end; /* why it has its notice or ended */
};
size_t simulation_instance_count(const struct simulation *simulation);
void simulation_instance(const struct simulation *simulation, size_t number,
                         struct instance_seen *out_instance);

/* As DescribeClusters says it; false where no cluster is simulated. */
bool simulation_cluster(const struct simulation *simulation, struct ballast_cluster *out_cluster);

/* Metrics of the fleet as GetMetricStatistics and GetMetricData would return them, at most
 * BALLAST_POINTS_MAX points. Faults fall on it, unless it is a `further` query of the same call. */
void simulation_metric(struct simulation *simulation, const struct cloud_metric_query *query,
                       bool further, struct ballast_point *out_points, size_t capacity,
                       struct ballast_answer *out_answer);
/* How far apart its points are. */
int64_t simulation_metric_period(const struct simulation *simulation);

/* A minute's point of the cluster's reservation, in millionths of a percent. */
struct reservation_seen {
    int64_t stamp_s;
    int64_t percent_micro;
};
/* The i-th newest that was published, false where there are no more; *out_readable is whether it
 * can be asked for yet. There are none but where something scales by them. No faults fall on it. */
bool simulation_reservation(const struct simulation *simulation, enum watched_metric metric,
                            size_t i, struct reservation_seen *out_point, bool *out_readable);

/* ---- what can be done ---------------------------------------------------------------------------
 */

/* The injected error that falls on a call of this kind made now, or NULL; each call is asked for
 * once. With *out_after_effect what it asks for is done, and only its answer is lost. */
const char *simulation_fault(struct simulation *simulation, enum fault_call call,
                             bool *out_after_effect);

enum cloud_outcome simulation_set_desired(struct simulation *simulation, int64_t desired,
                                          bool honor_cooldown);

/* CLOUD_VALIDATION_ERROR: a fleet of type request, or one that is not active, or no such target. */
enum cloud_outcome simulation_modify_fleet(struct simulation *simulation, int64_t target_micro,
                                           int64_t on_demand_micro, bool excess_no_termination);
/* RequestSpotFleet: in the place of a fleet that has ended and has no instance left; `request` must
 * stay until the simulation is closed. Prices of its pools must be in the traces
 * (STATUS_BAD_INPUT); STATUS_CHECK_FAILED: there is another fleet, or what the scenario has bound
 * to its own. Points of the fleet's metrics begin anew. */
int simulation_request_fleet(struct simulation *simulation, const struct spot_fleet *request,
                             struct error *err);
/* CancelSpotFleetRequests; false if it had ended already. */
bool simulation_cancel_fleet(struct simulation *simulation, bool terminate_instances);
/* CreateAutoScalingGroup in the place of a group that was deleted: without instances, activities or
 * cooldown. Update it then. False while activities of the other are in progress. */
bool simulation_renew_group(struct simulation *simulation);
/* UpdateAutoScalingGroup: bounds and cooldown; desired capacity moves into the bounds. They must
 * make sense: 0 <= min_size <= max_size, default_cooldown_s >= 0. */
void simulation_update_group(struct simulation *simulation, int64_t min_size, int64_t max_size,
                             int64_t default_cooldown_s);

#endif
