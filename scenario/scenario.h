/* A scenario: everything that says what is to be simulated, read and checked, in plain structs.
 *
 * scenario_read reads one JSON file that embeds or points to AWS's own formats (paths relative to
 * the file), applies --set overrides, fills in defaults and refuses what cannot be simulated. What
 * comes out is complete and consistent: the simulator checks nothing again but what depends on
 * traces.
 *
 * Units: seconds, micro-units, micro-USD per hour. Strings are owned by the scenario.
 */
#ifndef SCENARIO_SCENARIO_H
#define SCENARIO_SCENARIO_H

#include "base/error.h"
#include "base/text.h"
#include "policy/choice.h"
#include "policy/controller.h"
#include "policy/policy.h"
#include "record/condition.h"
#include "scenario/faults.h"
#include "scenario/scaling.h"
#include "traces/synth.h"
#include "traces/trace.h"

#include <stdbool.h>
#include <stdint.h>

/* ---- delays -----------------------------------------------------------------------------------
 */

enum delay_kind {
    DELAY_CONSTANT = 0, /* a number, or {"distribution":"constant","value_s":n} */
    DELAY_UNIFORM,      /* {"distribution":"uniform","min_s":a,"max_s":b}, both included */
    DELAY_EXPONENTIAL,  /* {"distribution":"exponential","min_s":a,"mean_s":b}: a + exponential of
                           mean b - a */
    DELAY_EMPIRICAL,    /* {"distribution":"empirical","values_s":[...]}: each equally likely */
};

struct delay {
    enum delay_kind kind;
    int64_t min_s; /* the constant, or the lower end */
    int64_t max_s; /* upper end, or the mean */
    int64_t *values_s;
    size_t value_count;
};

/* ---- AWS's own --------------------------------------------------------------------------------
 */

enum allocation_strategy {
    STRATEGY_LOWEST_PRICE = 0,
    STRATEGY_DIVERSIFIED,
    STRATEGY_CAPACITY_OPTIMIZED,
    STRATEGY_PRICE_CAPACITY_OPTIMIZED,
    STRATEGY_CAPACITY_OPTIMIZED_PRIORITIZED,
};
/* In AWS's words; NULL ends it. */
extern const char *const allocation_strategy_names[];
#define PRIORITY_NONE INT64_MAX /* an override without Priority comes last */
enum fleet_type { FLEET_MAINTAIN = 0, FLEET_REQUEST };
/* What the fleet does about instances with a rebalance recommendation
 * (SpotMaintenanceStrategies.CapacityRebalance.ReplacementStrategy). */
enum replacement_strategy {
    REPLACEMENT_NONE = 0,                /* nothing: not asked for */
    REPLACEMENT_LAUNCH,                  /* "launch" */
    REPLACEMENT_LAUNCH_BEFORE_TERMINATE, /* "launch-before-terminate" */
};

/* One pool the fleet may launch in: a launch specification (or an override) in one zone. A
 * specification that lists several subnets or zones becomes several of these, in order. */
struct fleet_pool {
    char *instance_type;
    char *zone;
    int64_t weight_micro;           /* WeightedCapacity; default 1 */
    int64_t cap_per_unit_micro_usd; /* SpotPrice, per unit and hour; -1: none given, the cap is
                                       on-demand */
    int64_t on_demand_micro_usd;    /* per instance and hour; -1 if not known */
    int64_t priority;               /* of the override, the lowest first; or PRIORITY_NONE */
    size_t specification;           /* index in the request file, for messages */
    char *cluster; /* that its instances join; NULL unless the scenario names one */
};

struct spot_fleet {
    enum allocation_strategy strategy;
    enum fleet_type type;
    int64_t pools_to_use; /* InstancePoolsToUseCount, with lowestPrice; default 1 */
    enum replacement_strategy replacement;
    int64_t termination_delay_s; /* TerminationDelay, with launch-before-terminate; else 0 */
    int64_t target_micro;
    int64_t on_demand_micro;            /* OnDemandTargetCapacity */
    bool on_demand_prioritized;         /* OnDemandAllocationStrategy, else lowestPrice */
    int64_t spot_budget_micro_usd;      /* SpotMaxTotalPrice, per hour; 0: none */
    int64_t on_demand_budget_micro_usd; /* OnDemandMaxTotalPrice, likewise */
    bool excess_no_termination;         /* ExcessCapacityTerminationPolicy = noTermination */
    bool terminate_with_expiration;     /* TerminateInstancesWithExpiration */
    int64_t valid_from_s;               /* INT64_MIN if not given */
    int64_t valid_until_s;              /* INT64_MAX if not given */
    bool launch_templates;              /* LaunchTemplateConfigs, not LaunchSpecifications */
    bool detailed_monitoring;           /* every launch specification has Monitoring.Enabled */
    struct fleet_pool *pools;
    size_t pool_count;
};

/* A modification that does not name TargetCapacity: the target stays what it is by then, also where
 * `scaling` or a policy has set it. */
#define TARGET_KEPT INT64_C(-1)

/* ModifySpotFleetRequest at a time. */
struct fleet_modification {
    int64_t time_s;
    int64_t target_micro; /* or TARGET_KEPT */
    bool excess_no_termination;
    int64_t on_demand_micro; /* OnDemandTargetCapacity from then on */
};

/* CancelSpotFleetRequests at a time. */
struct fleet_cancellation {
    bool given;
    int64_t time_s;
    bool terminate_instances;
};

struct backup_group {
    char *name;
    int64_t min_size;
    int64_t max_size;
    int64_t desired_capacity;
    int64_t default_cooldown_s;
    char **zones; /* at least one: "" where neither zone nor mapped subnet is known */
    size_t zone_count;
    char *instance_type;
    int64_t units_per_instance_micro;
    int64_t on_demand_micro_usd; /* per instance and hour */
    char *cluster;               /* as a pool's */
};

/* ---- our own ----------------------------------------------------------------------------------
 */

enum billing_regime { BILLING_BY_DATE = 0, BILLING_HOURLY, BILLING_PER_SECOND };
struct scenario;
/* From when on instances of the product that begin to run are billed per second, where the date
 * decides; INT64_MAX: never. Linux since 2017-10-02, Windows since 2021-06-11, Red Hat since
 * 2024-04-01 (AWS's announcements of these days), SUSE by the hour (EC2 user guide). */
int64_t scenario_per_second_since(const struct scenario *scenario);
/* Whether an instance that began to run then is. */
bool scenario_per_second(const struct scenario *scenario, int64_t running_s);

enum interruption_source {
    INTERRUPTIONS_PRICE = 0,
    INTERRUPTIONS_NONE,
    INTERRUPTIONS_TRACE,
    INTERRUPTIONS_ADVISOR, /* generated from the Spot Instance Advisor's bands */
};

/* What comes with interruptions, whoever says when they are (`interruptions`). */
struct interruption_terms {
    int64_t rebalance_permille;  /* chance of a recommendation before an interruption */
    struct delay rebalance_lead; /* from the recommendation to the interruption */
    struct delay shortage;       /* a place takes nothing new for so long after a record */
};

/* How often the Spot Instance Advisor says that a type is interrupted: one of five bands. */
struct advisor_band {
    char *instance_type;
    int band; /* "<5%" is 0, ">20%" 4 */
};

enum advisor_frequency { ADVISOR_MIDDLE = 0, ADVISOR_LOW, ADVISOR_HIGH };

/* What interruptions are made from with source `advisor` (`interruptions.advisor`). */
struct advisor_terms {
    struct advisor_band *bands; /* by type */
    size_t band_count;
    char *trace;                      /* imported data that says the other types', or NULL */
    enum advisor_frequency frequency; /* where in its band a type lies */
    int64_t open_band_permille;       /* upper end of the band that has none */
    int64_t bunch_permille;           /* share of a place that one bunch takes */
    int64_t bunch_span_s;             /* within so long */
};

/* Constants of the account. Defaults and their sources stand in scenario/defaults.c. */
struct account {
    struct delay spot_launch_delay;      /* accepted request to running */
    struct delay on_demand_launch_delay; /* accepted request to InService */
    struct delay join_delay;             /* running to serving */
    struct delay metric_delay;           /* period's end to readable */
    int64_t fleet_tick_s;                /* the fleet acts at multiples of this since the epoch */
    int64_t metric_period_s;             /* 0: 60 with detailed monitoring, else 300 */
    int64_t metric_gap_permille;         /* chance that a period's points are never published */
    int64_t interruption_notice_s;       /* 120 */
    int64_t notice_lost_permille;        /* chance that nobody learns of an interruption's notice */
    int64_t group_termination_s;         /* a termination's activity lasts this long: 60 */
    bool replace_on_notice;              /* replace_on: "notice" instead of "termination" */
    bool drain_on_notice;                /* a noticed instance serves nothing */
    bool clamp_pending;                  /* PendingCapacity is published as at least 0 */
    bool launch_at_equal;                /* launch when spot price equals the cap */
    bool price_lock_continuous;          /* price_lock: "continuous" instead of "instance-hour" */
    bool marked_fulfilled;               /* FulfilledCapacity counts instances with a rebalance
                                            recommendation; with capacity rebalancing only */
};

/* Launches of the backup that fail where on-demand capacity is short (further keys of `account`).
 */
struct launch_failures {
    int64_t
        permille; /* on_demand_failure_permille: chance in a place that is short; 0: none fail */
    int64_t failure_s;   /* from the request to the failure */
    int64_t retry_s;     /* from a failure to the first retry */
    int64_t retry_max_s; /* which doubles up to this */
    bool cools;          /* a failed launch starts the cooldown */
};

struct controller_settings {
    int64_t every_s; /* a multiple of 60, or a divisor of 60 */
    int64_t phase_s;
    struct delay jitter; /* 0 */
    bool alarm;
    struct delay duration; /* of an invocation, from its reads to its calls */
    int64_t concurrency;   /* reserved concurrency of the function; 0: unlimited */
    struct controller_guards guards;
    struct faults faults;
};

/* What is required over the run, read from one of the demand forms (docs/scenario.md). */
struct demand_series {
    struct demand_step *steps; /* within the run: the first at `from`, no two equal neighbours */
    size_t count;
    char *json; /* the form, canonical, every default filled in: for the resolved scenario */
};

void demand_series_clean_up(struct demand_series *series);

/* How the scheduler chooses an instance for a task, as ECS's placementStrategy. */
enum placement {
    PLACEMENT_SPREAD_ZONES = 0, /* spread over attribute:ecs.availability-zone */
    PLACEMENT_SPREAD_INSTANCES, /* spread over instanceId */
    PLACEMENT_BINPACK_CPU,      /* least remaining CPU */
    PLACEMENT_BINPACK_MEMORY,   /* least remaining memory */
    PLACEMENT_RANDOM,
};
enum { PLACEMENTS_MAX = 5 }; /* strategies of one service (AWS quota) */

/* An ECS service and its task definition (`demand.services`). */
struct cluster_service {
    char *name;
    int64_t cpu;        /* of one task, in 1/1024 vCPU */
    int64_t memory_mib; /* of one task */
    int64_t minimum_healthy_percent;
    int64_t maximum_percent;
    enum placement placements[PLACEMENTS_MAX]; /* in order; at least one */
    size_t placement_count;
    bool distinct_instance;     /* one task per instance */
    bool load_balanced;         /* a task serves once its load balancer knows it */
    bool zone_rebalancing;      /* availabilityZoneRebalancing: tasks move to emptier zones */
    struct demand_series tasks; /* desired, in millionths: whole tasks */
};

/* What an instance of a type has. */
struct cluster_type {
    char *instance_type;
    int64_t vcpu;
    int64_t memory_mib; /* nominal */
    const char *source; /* what in the traces says so; NULL: the scenario says it */
};

/* The ECS cluster (`cluster`): read where there are services. */
struct cluster_settings {
    char *name;                 /* NULL if not given: all instances join it */
    struct cluster_type *types; /* of fleet and backup, by name */
    size_t type_count;
    int64_t registered_memory_permille; /* of the nominal memory, what an instance registers */
    struct delay task_start;            /* placed to RUNNING */
    struct delay lb_registration;       /* RUNNING to serving behind a load balancer */
    int64_t deregistration_delay_s;     /* before a task behind a load balancer is told to stop */
    int64_t task_stop_s;                /* told to stop to stopped */
    int64_t service_tick_s; /* the scheduler acts at multiples of this since the epoch */
};

/* What is paid beside or instead of list prices (`prices`). */
struct price_terms {
    int64_t on_demand_discount_permille;
    int64_t spot_discount_permille;
    int64_t prepaid_instances; /* of the backup: its first so many running cost nothing more */
    int64_t volume_gib_micro;  /* of every instance */
    int64_t volume_micro_usd_per_gib_month;
    int64_t address_micro_usd_per_hour; /* of every instance */
};

/* Fleet and backup group as the two parts of one mixed-instances group that follows the demand
 * (`instances_distribution`; docs/model.md, "Mixed-instances group"). */
struct instances_distribution {
    bool given;
    int64_t on_demand_base;       /* units served on demand before anything else */
    int64_t on_demand_percentage; /* of the units above the base */
};

/* The units to be served on demand when so many are wanted in all; the rest is the fleet's. */
int64_t distribution_on_demand(const struct instances_distribution *distribution, int64_t units);

/* One finding that does not stop a run: an ignored key, a doubtful set-up. */
struct scenario_note {
    bool warning; /* else information */
    char *text;   /* one line */
};

/* Where a value of the resolved scenario comes from. */
enum value_source {
    VALUE_USER = 0,   /* the scenario or a file it points to */
    VALUE_SET,        /* --set or --policy */
    VALUE_PRESET,     /* account.preset, or the policy's preset */
    VALUE_DOCUMENTED, /* default: AWS documents it */
    VALUE_MEASURED,   /* default: published measurements */
    VALUE_ASSUMED,    /* default: nobody has published it */
    VALUE_CHOSEN,     /* default: ours to choose, it says what is simulated */
    VALUE_DERIVED,    /* follows from other values */
};

/* "user's", "--set", "preset", "documented", ... */
const char *value_source_name(enum value_source source);

/* One leaf of the resolved scenario. */
struct scenario_value {
    char *path;  /* "account.join_delay_s" */
    char *value; /* JSON */
    enum value_source source;
    const char *why;  /* where the default stands or what the value follows from; never NULL */
    const char *low;  /* an assumed one: the ends of what is plausible, as --set takes them, or */
    const char *high; /* NULL: `ballast run --assumptions` tries them */
};

enum gate_statistic { GATE_MEAN, GATE_MEDIAN, GATE_MAX, GATE_MIN, GATE_TOTAL };

/* "mean", ...; NULL-terminated. */
extern const char *const gate_statistic_names[];

/* A condition that a change must not break. */
struct gate {
    struct condition condition;
    int64_t seeds;          /* over so many worlds, of the scenario's seed and those after it; 0: of
                               the scenario's own alone */
    enum gate_statistic of; /* what is made of their figures */
};

struct scenario {
    char *file;        /* as the user named it */
    char *name;        /* the file's name where the scenario has none */
    char *description; /* "" if there is none */
    int64_t from_s;
    int64_t to_s;
    int64_t measure_from_s;
    int64_t measure_to_s;
    uint64_t seed;
    bool cold; /* start: "cold" */

    char **trace_names; /* databases, as the user wrote them */
    char **trace_paths; /* the same, resolved against the scenario's folder */
    size_t trace_path_count;
    struct trace_set inline_traces; /* prices and interruptions written in the scenario itself */
    struct synth_parameters *synth; /* generated traces asked for */
    size_t synth_count;
    char *advisor_prices; /* imported Spot Advisor data that stands in for prices, or NULL */
    char *product;        /* "Linux/UNIX" */
    char *catalog;        /* NULL: whichever is there */

    struct spot_fleet fleet;
    struct fleet_modification *modifications; /* by time */
    size_t modification_count;
    bool target_follows_demand;
    struct instances_distribution distribution;
    struct fleet_scaling scaling;
    struct fleet_cancellation cancellation;
    struct backup_group group;

    struct demand_step *demand; /* first step at or before from_s */
    size_t demand_count;
    bool demand_given;                /* else the request's initial target */
    bool demand_is_lent;              /* steps and form are the options' memory's */
    char *demand_json;                /* its form, canonical; NULL unless given */
    char demand_hash[HASH_TEXT_SIZE]; /* SHA-256 over the steps: equal hashes, equal demand */

    struct cluster_service *services; /* none: no cluster is simulated */
    size_t service_count;
    struct cluster_settings cluster;

    enum billing_regime billing;
    struct price_terms price_terms;
    enum interruption_source interruptions;
    struct interruption_terms interruption_terms;
    struct advisor_terms advisor;
    struct account account;
    struct launch_failures launch_failures;
    struct controller_settings controller;
    struct policy_choice policy;

    struct gate *gates; /* what `check` demands of the figures; no result depends on them */
    size_t gate_count;

    struct scenario_note *notes;
    size_t note_count;
    bool bare; /* none are made */

    bool is_kept; /* all that it was read from is in the options' memory: reading it again with the
                   * same options gives the same */

    struct text resolved;          /* the whole scenario as JSON with every default filled in: the
                                    * provenance.          Canonical: equal scenarios give equal bytes;
                                    * subnets are          written as their zones. */
    struct scenario_value *values; /* its leaves, in order */
    size_t value_count;
};

struct scenario_override {
    const char *path;  /* "controller.guards.dry_run", "policy.parameters.window_s", ... */
    const char *value; /* JSON, or a bare word taken as a string */
};

/* What was read from files, kept for whoever reads much the same scenario again and again: the
 * scenario's file and those it names (64 of them, 16 MiB of text), parsed; what trace databases
 * answered (4,096 prices, sizes, lists of zones), and imported demand series (16); and demand that
 * was made of a form that the scenario gives (64, 64 MiB), which scenarios borrow: they are cleaned
 * up before it. What is kept is not looked up or made again; what is beyond is each time. Threads
 * may share it. */
struct scenario_memory;
struct scenario_memory *scenario_memory_new(void);
void scenario_memory_free(struct scenario_memory *memory); /* or NULL */
/* Whether the files that are kept still are what they were when they were read, and trace databases
 * would answer alike. */
bool scenario_memory_is_current(struct scenario_memory *memory);

struct scenario_options {
    const struct scenario_override *overrides; /* --set, in order */
    size_t override_count;
    const char *policy;             /* --policy NAME[:PRESET], or NULL */
    struct scenario_memory *memory; /* NULL: all is read from its files */
    bool bare;                      /* without what is only told: values and notes stay empty */
    bool again; /* bare, and it was read like this before and is_kept: without what only finds
                 * mistakes or names the run; resolved and demand_hash stay empty */
};

/* Whether instances that join `cluster`, a pool's or the group's, are outside the scenario's: they
 * never serve. */
bool outside_cluster(const struct scenario *scenario, const char *cluster);

/* Read, check and complete. On error *out_scenario is empty. Clean up with scenario_clean_up. */
int scenario_read(struct scenario *out_scenario, const char *path,
                  const struct scenario_options *options, struct error *err);
/* The same from text; relative paths are resolved against `folder`. */
int scenario_parse(struct scenario *out_scenario, const char *name, const char *folder,
                   const char *text, size_t size, const struct scenario_options *options,
                   struct error *err);
void scenario_clean_up(struct scenario *scenario);

/* Load what the scenario's traces say: compile the databases, add inline and generated ones, check
 * that they cover the run, and refuse a replay whose interruptions cannot be known. `notes` are
 * added to the scenario. */
int scenario_load_traces(struct scenario *scenario, struct trace_set *out_traces,
                         struct error *err);

/* Whether its seed has a say in what scenario_load_traces loads: generated markets that have no
 * seed of their own, interruptions made from the Spot Advisor's bands. */
bool scenario_draws_traces(const struct scenario *scenario);

/* Whether the two look for the same markets in their traces: the fleet's, and the backup's where
 * its launches can fail. */
bool scenario_same_markets(const struct scenario *a, const struct scenario *b);
/* A text of these markets: the same where they are. */
void scenario_add_markets(const struct scenario *scenario, struct text *out);

/* The published JSON Schema. */
extern const char scenario_schema[];

#endif
