/* Writing the resolved scenario: canonical JSON, and beside it each leaf with where it comes from.
 * Inside scenario/ only.
 */
#ifndef SCENARIO_WRITER_H
#define SCENARIO_WRITER_H

#include "scenario/reader.h"

struct writer {
    struct reader *reader;
    struct text *out;
    struct text path;  /* of the object or list being written */
    size_t parents[8]; /* lengths of the paths around it */
    size_t depth;
    bool comma; /* something stands before in it */
    size_t value_capacity;
};

/* Open and close an object or list; key NULL at the top. */
void write_open(struct writer *writer, const char *key, char bracket);
void write_close(struct writer *writer, char bracket);
/* The same for an item of a list. */
void write_open_item(struct writer *writer, size_t index, char bracket);

/* One leaf. `given` is the node it was read from, or NULL: then it is a default, looked up by its
 * path. */
void write_integer(struct writer *writer, const char *key, int64_t value, const cJSON *given);
void write_decimal(struct writer *writer, const char *key, int64_t micro, const cJSON *given);
void write_string(struct writer *writer, const char *key, const char *text, const cJSON *given);
void write_bool(struct writer *writer, const char *key, bool value, const cJSON *given);
void write_time(struct writer *writer, const char *key, int64_t time_s, const cJSON *given);
/* A string as an item of a list. */
void write_item(struct writer *writer, size_t index, const char *text, const cJSON *given);
/* Any JSON. */
void write_value(struct writer *writer, const char *key, const char *json, const cJSON *given);
/* Any JSON, with its source said; `why` is a literal. */
void write_json(struct writer *writer, const char *key, const char *json, enum value_source source,
                const char *why);
/* `json` is written, but listed among the values as `summary`, for what is too long to list. */
void write_long(struct writer *writer, const char *key, const char *json, const char *summary,
                const cJSON *given);

/* interruptions.c: `interruptions`. */
void write_interruptions(struct writer *writer);

/* launch_failures.c: its keys of `account`, if the user says any. */
void write_launch_failures(struct writer *writer);

/* advisor.c: `interruptions.advisor`, if the user says any. */
void write_advisor(struct writer *writer);

/* resolved_traces.c: `traces`. */
void write_traces(struct writer *writer);
/* [time, value] as an item of a list. */
void add_step(struct text *text, bool first, int64_t time_s, int64_t micro);

/* resolved_fleet.c: `spot_fleet`, and `modify_spot_fleet`. */
void write_fleet(struct writer *writer);
void write_modifications(struct writer *writer);
/* ... and `cancel_spot_fleet`, if the user says it. */
void write_cancellation(struct writer *writer);

/* capacity_rebalance.c: the request's SpotMaintenanceStrategies, if it has any. */
void write_capacity_rebalance(struct writer *writer, const cJSON *fleet);

/* price_terms.c: `prices`, if the user says any. */
void write_price_terms(struct writer *writer);

/* faults.c: `controller.faults`, if there are any. */
void write_faults(struct writer *writer);

/* cluster.c: `cluster`, if there are services or the user says any of it. */
void write_cluster(struct writer *writer);
/* gates.c: `gates`, if the user says any. */
void write_gates(struct writer *writer);
/* user_data.c: `UserData` that joins `cluster`; nothing if that is NULL. */
void write_user_data(struct writer *writer, const char *cluster, const cJSON *given);

/* distribution.c: `instances_distribution`, if the user says any. */
void write_distribution(struct writer *writer);

/* scaling_resolved.c: `scaling`, if the user has it. */
void write_scaling(struct writer *writer);

/* resolved.c: each of the fields of `base`; `object` is what the user said of them, or NULL.
 * `account`: presets may have filled them in. */
struct field;
void write_fields(struct writer *writer, const struct field *fields, const void *base,
                  const cJSON *object, bool account);

#endif
