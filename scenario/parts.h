/* The parts a scenario is read in. Each reads its own keys of the working tree into
 * reader->scenario and complains at its place. Inside scenario/ only; called by scenario.c in this
 * order.
 */
#ifndef SCENARIO_PARTS_H
#define SCENARIO_PARTS_H

#include "scenario/reader.h"

#include <assert.h>

/* Bounds of a scenario; docs/scenario.md lists them. */
enum {
    SPAN_MAX_S = 29 * 366 * 86400,
    DELAY_MAX_S = 86400,
    TARGET_MAX_UNITS = 10000, /* AWS's quota of one fleet */
    INSTANCES_MAX = 10000,
    POOLS_MAX = 300, /* AWS's quota of one fleet */
    COOLDOWN_MAX_S = 30 * 86400,
    STEPS_MAX = 1000000, /* of one series written in the scenario */
    VCPU_MAX = 10000,    /* of an instance */
    MEMORY_MAX_MIB = 1 << 28,
};
#define DEMAND_MAX_MICRO (100000 * (int64_t)1000000)
#define PRICE_MAX_MICRO  (10000 * (int64_t)1000000) /* USD per hour */
/* What one instance costs over the longest span at the highest price is an integer of 64 bits. */
static_assert(SPAN_MAX_S < INT64_MAX / PRICE_MAX_MICRO, "an instance's cost would not fit");

static const int64_t interruptions_unpriced_since_s = 1511827200; /* 2017-11-28T00:00:00Z */
static const int64_t rebalance_since_s = 1604534400;              /* 2020-11-05T00:00:00Z */

int expand_mixed_group(struct reader *reader); /* mixed_group.c: mixed_group; before all others */
int check_mixed_group(struct reader *reader);  /* mixed_group.c: once the demand is known */
int read_time_span(struct reader *reader);   /* span.c: name, from, to, measure, seed, start, ... */
int read_traces(struct reader *reader);      /* trace_sources.c: traces, product, catalog */
int read_account(struct reader *reader);     /* account.c: account */
void apply_presets(struct reader *reader);   /* account.c: once the fleet's monitoring is known */
int read_controller(struct reader *reader);  /* account.c: controller */
int read_faults(struct reader *reader);      /* faults.c: controller.faults */
int read_fleet(struct reader *reader);       /* fleet.c: spot_fleet */
int read_group(struct reader *reader);       /* group.c: backup_group */
int read_prices(struct reader *reader);      /* prices.c: on_demand_usd_per_hour */
int read_price_terms(struct reader *reader); /* price_terms.c: prices */
int read_distribution(struct reader *reader);  /* distribution.c: instances_distribution; after the
                                                  fleet, before the demand */
int read_scaling(struct reader *reader);       /* scaling.c: scaling, aas_ and alarm_ of account */
int read_demand(struct reader *reader);        /* demand.c: demand, modify_spot_fleet */
int read_cluster(struct reader *reader);       /* cluster.c: cluster, once services are known */
int read_policy(struct reader *reader);        /* policy_choice.c: policy */
int read_gates(struct reader *reader);         /* gates.c: gates */
void note_doubts(struct reader *reader);       /* doubts.c: set-ups that are likely mistakes */
void note_distribution(struct reader *reader); /* distribution.c: once the demand is known */
int write_resolved(struct reader *reader);     /* resolved.c */

/* demand.c: whether some of the fleet is on-demand at some time. */
bool fleet_uses_on_demand(const struct scenario *scenario);

/* policy_choice.c: a policy named by its file, seen from `folder` instead of from here; others
 * stay. To be freed. */
char *policy_from_here(const char *written, const char *folder);

/* gates.c */
void gates_clean_up(struct scenario *scenario);

/* fleet_pools.c: of read_fleet, the pools. `cap_micro_usd` is the request's SpotPrice, or -1. */
int read_fleet_pools(struct reader *reader, const cJSON *fleet, int64_t cap_micro_usd);

/* capacity_rebalance.c: of read_fleet, SpotMaintenanceStrategies; once type and strategy are read.
 * And what makes it idle or risky, once the pools are. */
int read_capacity_rebalance(struct reader *reader, const cJSON *fleet);
void note_capacity_rebalance(struct reader *reader);

int read_interruptions(struct reader *reader); /* interruptions.c: interruptions; before account */
int read_launch_failures(struct reader *reader); /* launch_failures.c: of account */
int read_advisor(struct reader *reader);         /* advisor.c: interruptions.advisor */

/* What the imported Spot Advisor data of that name says of a type in the zone's region, for the
 * scenario's product. `reader` has the memory, or is NULL: so with known_zones. */
int find_advice(const struct scenario *scenario, struct reader *reader, const char *name,
                const char *zone, const char *instance_type, struct trace_advice *out_advice,
                struct error *err);
/* Once the fleet is known: each of its types has a band. */
int check_advisor(struct reader *reader);
/* Interruptions of the wanted markets over the run, made from the advisor's bands, are added to
 * `set` (advisor.c). */
int advisor_generate(const struct scenario *scenario, const struct market_key *wanted,
                     size_t wanted_count, struct trace_set *set, struct error *err);

/* One [time, value] of a series, later than after_s. */
int read_step(struct reader *reader, const cJSON *node, int64_t after_s, int64_t min_micro,
              int64_t max_micro, int64_t *out_time_s, int64_t *out_micro);

/* A demand form (docs/scenario.md, "demand") of units or of tasks, as steps within the run in
 * millionths: whole tasks are multiples of a million. On error *out is empty; else clean it up with
 * demand_series_clean_up. */
enum demand_measure { DEMAND_UNITS = 0, DEMAND_TASKS };
int read_demand_form(struct reader *reader, const cJSON *node, enum demand_measure measure,
                     struct demand_series *out);

/* The zone of a subnet by the scenario's `subnets`; fails at `node` where it has none. */
int subnet_zone(struct reader *reader, const cJSON *node, const char *subnet,
                const char **out_zone);

/* Split "a, b" at commas: *cursor advances, spaces are dropped; false at the end. The piece is
 * written to out_piece[256], cut if longer. */
bool next_piece(const char **cursor, char out_piece[256]);

/* "default" or "noTermination", in AWS's or the CLI's spelling. */
int read_excess_policy(struct reader *reader, const cJSON *node, bool *out_no_termination);

/* The fields of `base`: their defaults, then what `object` (may be NULL) says. Its keys are those
 * of the table and `others` (NULL-terminated, or NULL); any other is refused. */
struct field;
int read_fields(struct reader *reader, const struct field *fields, const cJSON *object,
                const char *const *others, void *base);

/* The same for an object that other tables say keys of, too: its other keys are left alone. */
int read_given_fields(struct reader *reader, const struct field *fields, const cJSON *object,
                      void *base);

/* A delay: a number of seconds or {"distribution": ...}. */
int read_delay(struct reader *reader, const cJSON *node, struct delay *out_delay);

/* The markets a scenario looks for in its traces, one for each however many pools it has; the first
 * `required` are the fleet's own (wanted_markets.c). `keys` is to be freed, what it names is not.
 */
struct wanted_markets {
    struct market_key *keys;
    size_t count;
    size_t required;
};
struct wanted_markets wanted_markets(const struct scenario *scenario);

/* known_zones.c: the zones in which the scenario's traces know this type and product, sorted; to be
 * freed, each and whole. */
int known_zones(const struct scenario *scenario, struct reader *reader, const char *instance_type,
                char ***out_zones, size_t *out_count, struct error *err);

/* Refuse a run that goes beyond what imported files know of interruptions and limits in the fleet's
 * places (trace_known.c). `places` are markets; their products do not matter. */
int check_known(struct scenario *scenario, const struct market_key *places, size_t count,
                struct error *err);

/* Orders for qsort: markets by zone, type, product; interruptions by time, then place. */
int by_market_place(const void *a, const void *b);
int by_interruption_time(const void *a, const void *b);

/* services.c: {"services": [...]} in the place of a demand form. Fills in scenario->services and
 * what all of them require. */
int read_services(struct reader *reader, const cJSON *node);
/* task_definition.c: of read_services, what a task of `service` needs; once the service is read. */
int read_task_definition(struct reader *reader, const cJSON *node, struct cluster_service *service);
/* user_data.c: with a cluster's name given, which cluster each launch specification joins. */
int read_user_data(struct reader *reader);
/* instance_sizes.c: what the traces say that an instance of type->instance_type has: of what was
 * imported as the scenario's `catalog` if that knows both vCPU and memory, else of all, which must
 * agree. Fills in the rest of *type; *out_known is false, and the rest as it was, if they do not
 * know both. Sources that disagree are refused. */
int find_instance_size(struct reader *reader, struct cluster_type *type, bool *out_known);
/* Free services and cluster (cluster.c). */
void cluster_clean_up(struct scenario *scenario);

/* Add a note, unless the very same is there already. */
void add_note(struct scenario *scenario, bool warning, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The period metrics have: metric_period_s, or what monitoring makes it. */
int64_t metric_period(const struct scenario *scenario);

#endif
