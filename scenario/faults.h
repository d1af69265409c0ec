/* Faults injected into the controller's world (`controller.faults`): events of the schedule that
 * are lost or come twice, functions that fail, calls that fail, metrics that come late or not at
 * all.
 *
 * A fault falls either on given times or, within [from, to), by chance; docs/model.md, "Faults",
 * says what each does, and which of it AWS documents.
 */
#ifndef SCENARIO_FAULTS_H
#define SCENARIO_FAULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fault_kind {
    FAULT_API_ERROR = 0,
    FAULT_INVOCATION_DROPPED,
    FAULT_DUPLICATE_INVOCATION,
    FAULT_FUNCTION_ERROR,
    FAULT_FUNCTION_TIMEOUT,
    FAULT_LATE_METRICS,
    FAULT_MISSING_METRICS,
    FAULT_METRIC_ORDER,
};
enum { FAULT_KINDS = FAULT_METRIC_ORDER + 1 };

/* What an invocation calls; the number is part of a draw's key. */
enum fault_call {
    CALL_ANY = 0, /* of a fault: every call; of a draw: the invocation itself */
    CALL_GET_METRIC_STATISTICS,
    CALL_GET_METRIC_DATA,
    CALL_DESCRIBE_SPOT_FLEET_REQUESTS,
    CALL_DESCRIBE_AUTO_SCALING_GROUPS,
    CALL_DESCRIBE_CLUSTERS,
    CALL_DESCRIBE_SPOT_PRICE_HISTORY,
    CALL_SET_DESIRED_CAPACITY,
    CALL_MODIFY_SPOT_FLEET_REQUEST,
    FAULT_CALLS
};

/* In AWS's words; NULL ends it. Index 0 is "every call". */
extern const char *const fault_call_names[];
/* "api-error", ...; NULL ends it. */
extern const char *const fault_kind_names[];

struct fault {
    enum fault_kind kind;
    int64_t *at_s; /* rising, or NULL: it falls on the minutes (metrics: the periods) of these */
    size_t at_count;
    int64_t permille;     /* else by this chance, in thousandths, */
    int64_t from_s;       /* from here (INT64_MIN: always) */
    int64_t to_s;         /* to before here (INT64_MAX: always) */
    enum fault_call call; /* api-error */
    char *code;           /* api-error: what the call is answered */
    bool after_effect;  /* api-error of a call that changes something: it does, and only the answer
                           is lost */
    int64_t delay_s;    /* after_s or delay_s */
    bool retried;       /* function-error, function-timeout: Lambda is told, and tries again */
    const char *metric; /* missing-metrics: one of them, or NULL: all */
    bool oldest_first;  /* metric-order: else newest first */
};

struct faults {
    struct fault *list;
    size_t count;
    char *json; /* the list, canonical, every default filled in; NULL unless there are any */
};

void faults_clean_up(struct faults *faults);

/* Whether it can fall on `time_s` at all, chance apart. `span_s` is how wide a given time is. */
bool fault_is_due(const struct fault *fault, int64_t time_s, int64_t span_s);
/* The first second from time_s on on which it can; INT64_MAX: none. */
int64_t fault_next_s(const struct fault *fault, int64_t time_s, int64_t span_s);

#endif
