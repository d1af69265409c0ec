/* The policy contract: what a policy is, what it may know, and what it may say.
 *
 * A policy sizes the backup: the on-demand Auto Scaling group behind a Spot Fleet. It is a plain
 * struct. The simulator, the live adapter and replay all call the same `decide`.
 *
 * PURITY. decide(observation, parameters, state) is a function of its arguments: no clock, no
 * randomness, no input or output, no allocation, no globals. Everything it knows is in the
 * observation; everything it remembers is in `state`, plain bytes without pointers, `state_size`
 * long, set up by `init` and versioned by `state_version`. The host copies, stores and restores
 * these bytes.
 *
 * UNITS. Time is int64_t seconds UTC. Capacity is in micro-units (a unit of Spot Fleet target
 * capacity is 1000000). Instances are counted in whole numbers. What is unknown is BALLAST_UNKNOWN,
 * never zero.
 *
 * READS. A policy declares the calls it wants made before each decision. The same table gives the
 * live adapter its API calls and its IAM actions, and the simulator what to answer. Each read is
 * answered at the same index of observation.answers, as OK (points in the order the API returned
 * them, which for GetMetricStatistics is not the order of time), EMPTY, or ERROR with the API's
 * error code.
 *
 * MISSING. Nothing that is missing shrinks the group: where a read failed or returned nothing, a
 * decision holds or grows, unless the user set a parameter that says otherwise. A group that could
 * not be described is left alone. What is asked for is within min_size and max_size.
 *
 * VALID_UNTIL. A decision promises until when it holds: if until then every series goes on at its
 * newest value with the same arrival pattern, and API outcomes repeat, decide would return the same
 * decision and leave the state as it is. The host may skip evaluations up to there. A policy that
 * cannot promise says observation->now_s: it is then asked every time.
 *
 * `ballast policy test FILE` tries a policy against all this in random worlds.
 *
 * This header stands alone (C11 or later, no other header of Ballast) and is installed as
 * ballast/policy.h. Its layout is versioned by BALLAST_POLICY_ABI. Versions from
 * BALLAST_POLICY_ABI_OLDEST on are laid out alike, but for members that were added at the end of
 * the observation: what was compiled for them is still asked.
 */
#ifndef BALLAST_POLICY_H
#define BALLAST_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BALLAST_POLICY_ABI        2
#define BALLAST_POLICY_ABI_OLDEST 1

#define BALLAST_UNKNOWN INT64_MIN
#define BALLAST_FOREVER INT64_MAX
#define BALLAST_MICRO   1000000

enum {
    BALLAST_READS_MAX = 16,      /* reads one policy may declare */
    BALLAST_PARAMETERS_MAX = 32, /* parameters one policy may have */
    BALLAST_POINTS_MAX = 1440,   /* points GetMetricStatistics returns at most (AWS limit) */
    BALLAST_FIGURES_MAX = 6,     /* figures that go with a reason */
    BALLAST_STATE_MAX = 4096,    /* bytes of state */
};

/* ---- parameters -------------------------------------------------------------------------------
 */

enum ballast_parameter_type {
    BALLAST_INTEGER,  /* a whole number */
    BALLAST_DURATION, /* seconds */
    BALLAST_CAPACITY, /* micro-units; written by users as a decimal number of units */
    BALLAST_BOOLEAN,  /* 0 or 1 */
    BALLAST_CHOICE,   /* index into `choices` */
};

/* One parameter. Values are int64_t in the type's own unit. A default of BALLAST_UNKNOWN means that
 * the observation supplies it (units per instance, say); users then see "from the observation". */
struct ballast_parameter {
    const char *name; /* lower case with underscores; its unit at the end where it has one */
    enum ballast_parameter_type type;
    const char *unit; /* "s", "units", "instances", or "" */
    int64_t default_value;
    int64_t min; /* both included; unused for BOOLEAN and CHOICE */
    int64_t max;
    const char *const *choices; /* CHOICE: NULL-terminated names */
    const char *help;           /* one sentence */
};

/* A named set of parameter values, written NAME:PRESET; values for every parameter, in order. */
struct ballast_preset {
    const char *name;
    const char *description;
    const int64_t *values;
};

/* ---- reads ------------------------------------------------------------------------------------
 */

enum ballast_read_kind {
    BALLAST_READ_METRIC = 1,  /* CloudWatch, namespace AWS/EC2Spot, dimension FleetRequestId */
    BALLAST_READ_FLEET,       /* EC2 DescribeSpotFleetRequests */
    BALLAST_READ_CLUSTER,     /* ECS DescribeClusters */
    BALLAST_READ_SPOT_PRICES, /* EC2 DescribeSpotPriceHistory, newest price of each pool */
};

enum ballast_api {
    BALLAST_GET_METRIC_STATISTICS = 0, /* unordered, StartTime rounded down to the minute */
    BALLAST_GET_METRIC_DATA,           /* newest first */
};

enum ballast_statistic {
    BALLAST_MAXIMUM = 0,
    BALLAST_MINIMUM,
    BALLAST_AVERAGE,
    BALLAST_SUM,
    BALLAST_SAMPLE_COUNT,
    BALLAST_STATISTICS /* how many there are */
};

/* The backup group itself is always described and needs no read. Where a member has a `_parameter`
 * companion, BALLAST_PARAMETER(i) there takes the value from parameter i instead. */
#define BALLAST_PARAMETER(index) ((index) + 1)

struct ballast_read {
    enum ballast_read_kind kind;
    enum ballast_api api; /* METRIC only, as all below */
    const char *metric;   /* "PendingCapacity", ... */
    enum ballast_statistic statistic;
    int32_t statistic_parameter; /* a CHOICE whose indices are enum ballast_statistic */
    int32_t period_s;            /* a multiple of 60 */
    int32_t period_parameter;
    int32_t lookback_s; /* the query covers [now - lookback, now) */
    int32_t lookback_parameter;
};

/* ---- observation ------------------------------------------------------------------------------
 */

enum ballast_answer_status {
    BALLAST_OK = 0,
    BALLAST_EMPTY, /* the call succeeded and returned nothing */
    BALLAST_ERROR, /* the call failed: see error_code */
};

/* One CloudWatch data point, stamped with the start of its period. */
struct ballast_point {
    int64_t time_s;
    int64_t value_micro;
};

/* DescribeSpotFleetRequests. */
struct ballast_fleet {
    int64_t target_micro;
    int64_t fulfilled_micro;
    bool active; /* state is active or modifying */
};

/* The newest spot price of one pool. */
struct ballast_spot_price {
    const char *instance_type;
    const char *zone;
    int64_t time_s;
    int64_t micro_usd_per_hour;
    int64_t weight_micro;    /* the fleet's weighted capacity of one instance */
    int64_t fulfilled_micro; /* capacity the fleet runs there, or BALLAST_UNKNOWN */
};

/* DescribeClusters. */
struct ballast_cluster {
    int64_t registered_instances; /* includes DRAINING ones */
    int64_t running_tasks;
    int64_t pending_tasks;
};

struct ballast_answer {
    enum ballast_answer_status status;
    const char *error_code; /* ERROR: the API's code, such as "Throttling"; else NULL */
    const struct ballast_point *points;
    size_t point_count;
    const struct ballast_fleet *fleet;
    const struct ballast_cluster *cluster;
    const struct ballast_spot_price *spot_prices;
    size_t spot_price_count;
};

/* DescribeAutoScalingGroups for the backup group. With status ERROR or EMPTY every number is
 * BALLAST_UNKNOWN, but units_per_instance_micro, which is configuration. */
struct ballast_group {
    enum ballast_answer_status status;
    const char *error_code;
    int64_t min_size;
    int64_t max_size;
    int64_t desired_capacity;
    int64_t in_service; /* instances */
    int64_t pending;    /* instances being launched */
    int64_t units_per_instance_micro;
};

enum ballast_trigger {
    BALLAST_SCHEDULE = 0, /* the once-a-minute rule */
    BALLAST_ALARM,        /* the PendingCapacity alarm, through its topic */
};

struct ballast_observation {
    int64_t now_s;
    enum ballast_trigger trigger;
    const struct ballast_answer *answers; /* one for each declared read, in order */
    size_t answer_count;
    struct ballast_group group;
    int64_t interruption_notices; /* since the last evaluation, or BALLAST_UNKNOWN */
    int64_t rebalance_notices;    /* likewise */
    /* Since version 2: no two rows of one answer's spot prices are of one type and zone, as two
     * specifications of the fleet may be. False: it is not known. */
    bool pools_distinct;
};

/* ---- decision ---------------------------------------------------------------------------------
 */

enum ballast_action {
    BALLAST_HOLD = 0,    /* leave the group alone */
    BALLAST_SET_DESIRED, /* SetDesiredCapacity(desired_capacity, HonorCooldown=honor_cooldown) */
};

/* One kind of reason. `text` says the decision in words; "{0}" is figure 0 as a whole number,
 * "{0u}" as units (from micro-units), "{0s}" as seconds, "{0t}" as a time. */
struct ballast_reason {
    const char *name; /* lower case with dashes */
    const char *text;
};

struct ballast_decision {
    enum ballast_action action;
    bool honor_cooldown;
    bool set_fleet_target;    /* also ModifySpotFleetRequest(TargetCapacity=fleet_target) */
    int64_t desired_capacity; /* instances; meaningful with SET_DESIRED */
    int64_t fleet_target;     /* units; meaningful with set_fleet_target */
    uint32_t reason;          /* index into the policy's reasons */
    int64_t figures[BALLAST_FIGURES_MAX]; /* unused ones are 0 */
    int64_t valid_until_s;
};

/* ---- policy -----------------------------------------------------------------------------------
 */

struct ballast_policy {
    uint32_t abi; /* BALLAST_POLICY_ABI */
    const char *name;
    const char *description; /* one line */
    const char *source;      /* where the rule comes from */
    const struct ballast_parameter *parameters;
    size_t parameter_count;
    const struct ballast_preset *presets;
    size_t preset_count;
    const struct ballast_read *reads;
    size_t read_count;
    const struct ballast_reason *reasons;
    size_t reason_count;
    uint32_t state_version;
    size_t state_size; /* bytes, at most BALLAST_STATE_MAX; 0 for a policy without memory */
    /* Set up zeroed state. May be NULL when zeroes will do. */
    void (*init)(const int64_t *parameters, void *state);
    /* `parameters` holds parameter_count values within their bounds. */
    struct ballast_decision (*decide)(const struct ballast_observation *observation,
                                      const int64_t *parameters, void *state);
};

/* A user's own policy is a shared object that exports this one symbol. */
extern const struct ballast_policy *const ballast_policy_v1;

#endif
