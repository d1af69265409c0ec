/* Traces as a run needs them: what the market did, in memory, in time order.
 *
 * A *market* is a (zone, instance type, product) with its spot price as steps: a price holds from
 * its second until the next step. Nothing is known before the first step. An *interruption* says
 * that at a second a pool lost a number of instances. A *demand series* is steps of units required.
 *
 * Compiling collapses: records that restate the price are dropped, of records of one market in one
 * second the newer end's is kept, and of those before `from` only the one in force at `from`
 * remains.
 */
#ifndef TRACES_TRACE_H
#define TRACES_TRACE_H

#include "base/error.h"
#include "base/hash.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct price_step {
    int64_t time_s;
    int64_t micro_usd_per_hour;
};

/* Steps of which a market knows the highest price together. */
enum { PEAK_STEPS = 64 };

struct market {
    char *zone;          /* "us-east-1a" or "use1-az4" */
    char *instance_type; /* "c3.xlarge" */
    char *product;       /* "Linux/UNIX" */
    struct price_step *steps;
    size_t step_count;
    int64_t
        *peaks; /* the highest price of each PEAK_STEPS steps in a row; NULL before it is sealed */
    int64_t first_record_s; /* of all records known, also outside the range compiled */
    int64_t last_record_s;
    int64_t longest_silence_s; /* longest time between two records within the range compiled */
    int64_t longest_silence_from_s;
};

/* At time_s the pool loses its `instances` lowest occupied slots; or, where it is known of how many
 * that ran there they were lost, that share of them. */
struct interruption_step {
    int64_t time_s;
    char *zone;
    char *instance_type;
    int64_t instances; /* > 0 */
    int64_t of;        /* of so many that were up, >= instances; 0: not known */
};

#define CAPACITY_UNLIMITED INT64_MAX

/* From time_s on at most so many spot instances can run in a place. Before a place's first step
 * nothing limits it. */
struct capacity_step {
    int64_t time_s;
    char *zone;
    char *instance_type;
    int64_t instances; /* >= 0, or CAPACITY_UNLIMITED */
};

struct demand_step {
    int64_t time_s;
    int64_t required_micro; /* micro-units */
};

/* All that one run reads of the past. Plain arrays, read-only once compiled, shared by threads. */
struct trace_set {
    struct market *markets;
    size_t market_count;
    struct interruption_step *interruptions; /* by time, then zone, then type */
    size_t interruption_count;
    struct capacity_step *capacities; /* by time, then zone, then type */
    size_t capacity_count;
    char hash[HASH_TEXT_SIZE]; /* SHA-256 over everything above: equal hashes, equal input */
    bool synthetic;            /* any of it was generated */
};

/* The orders of these lists, for qsort; 0: of one second and one place. */
int interruption_by_time(const void *a, const void *b);
int capacity_by_time(const void *a, const void *b);

void trace_set_clean_up(struct trace_set *set);
/* Compute set->hash and the markets' peaks from its contents. */
void trace_set_seal(struct trace_set *set);

/* The first of `count` steps, from `from` on, that comes after time_s; count: none does. Quick
 * where it is near. */
size_t price_step_after(const struct price_step *steps, size_t count, size_t from, int64_t time_s);
/* The first of a market's steps, from `from` on, that is above a price; step_count: none is. Quick
 * where it is far. */
size_t market_step_above(const struct market *market, size_t from, int64_t micro_usd_per_hour);
/* Likewise the first that is below one price or above another. */
size_t market_step_outside(const struct market *market, size_t from, int64_t low_micro_usd,
                           int64_t high_micro_usd);

struct market_key {
    const char *zone;
    const char *instance_type;
    const char *product;
};

/* What is known of a place, and when: within [first_s, end_s) all of its interruptions, or its
 * limits; outside of it nothing. */
enum trace_covers { COVERS_INTERRUPTIONS = 0, COVERS_CAPACITY };
enum { TRACE_NAME_SIZE = 128 };

struct trace_coverage {
    enum trace_covers what;
    char zone[TRACE_NAME_SIZE];
    char instance_type[TRACE_NAME_SIZE];
    int64_t first_s;
    int64_t end_s;
    char provider[TRACE_NAME_SIZE]; /* whose cloud it was: "aws" */
};

/* What the database knows of a place, by kind, then time; to be freed. Nothing is said of what was
 * generated, or imported before this was noted. */
int trace_coverage(const char *path, const char *zone, const char *instance_type,
                   struct trace_coverage **out_known, size_t *out_count, struct error *err);

/* Add to `set`, from the trace database at `path`, the markets wanted (steps in force within [from,
 * to)), the interruptions of their places, and these places' limits (from the one in force at
 * `from` on). A market that is not in the database is left out; the caller tells. Several databases
 * may be added; a market found in two of them is refused. */
int trace_compile(struct trace_set *set, const char *path, const struct market_key *wanted,
                  size_t wanted_count, int64_t from_s, int64_t to_s, struct error *err);

/* The zones in which the database knows this type and product, sorted; NULL-terminated, to be freed
 * each and whole. */
int trace_zones(const char *path, const char *instance_type, const char *product, char ***out_zones,
                struct error *err);

/* The demand series imported under `name`, steps from the one in force at `from_s` up to `to_s`; to
 * be freed. */
int trace_demand(const char *path, const char *name, int64_t from_s, int64_t to_s,
                 struct demand_step **out_steps, size_t *out_count, struct error *err);

struct trace_price {
    int64_t micro_usd_per_hour;    /* -1: none is known */
    char catalog[TRACE_NAME_SIZE]; /* whose price it is */
    int64_t since_s;               /* from when on that catalogue holds; -1: it bears no date */
};

/* The Linux on-demand price of a type in a region at at_s. `catalog` names an imported catalogue,
 * which holds whatever its date. With NULL, of the catalogues dated at or before at_s the newest
 * that knows the type wins; where none does, those without a date hold. Catalogues of one date, or
 * without, that disagree are refused. */
int trace_on_demand_price(const char *path, const char *catalog, const char *region,
                          const char *instance_type, int64_t at_s, struct trace_price *out_price,
                          struct error *err);

/* Whether the prices of catalogues are this product's: Linux without a licence to be paid for. */
bool trace_catalog_has(const char *product);

/* vCPU (in millionths) and memory of a type, from imported instance types, catalogues and Spot
 * Advisor files: from the one named, or, with NULL, from all, which must agree. -1 where none knows
 * it. */
int trace_instance_type(const char *path, const char *catalog, const char *instance_type,
                        int64_t *out_vcpu_micro, int64_t *out_memory_mib, struct error *err);

/* What the Spot Instance Advisor said: from low_percent on and below high_percent of the type's
 * instances were interrupted within the trailing month (no rate, and of the past), and spot was
 * savings_percent cheaper than on demand on average (negative: dearer). */
struct trace_advice {
    bool found;
    char name[TRACE_NAME_SIZE];
    int64_t low_percent;
    int64_t high_percent; /* 100 for the open band */
    int64_t savings_percent;
};

/* `name` is that of the import, or NULL if there is only one; `os` is "Linux" or "Windows". */
int trace_advisor(const char *path, const char *name, const char *region, const char *os,
                  const char *instance_type, struct trace_advice *out_advice, struct error *err);

#endif
