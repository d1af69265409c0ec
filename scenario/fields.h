/* Tables of plain settings: one row says a key's name, kind, default and bounds; reading and
 * writing the resolved scenario both go by them. Inside scenario/ only.
 */
#ifndef SCENARIO_FIELDS_H
#define SCENARIO_FIELDS_H

#include <stddef.h>
#include <stdint.h>

enum field_kind {
    FIELD_INTEGER, /* int64_t */
    FIELD_BOOLEAN, /* bool; with `words`, the first word is false and the second true */
    FIELD_DELAY,   /* struct delay; the default is a constant */
};

struct field {
    const char *key; /* NULL ends a table */
    enum field_kind kind;
    size_t offset; /* within the struct the table is of */
    int64_t default_value;
    int64_t min; /* both included; of values the user gives */
    int64_t max;
    const char *const *words;
};

extern const struct field account_fields[];     /* struct account */
extern const struct field controller_fields[];  /* struct controller_settings */
extern const struct field invocation_fields[];  /* struct controller_settings: written if used */
extern const struct field guard_fields[];       /* struct controller_guards */
extern const struct field cluster_fields[];     /* struct cluster_settings */
extern const struct field notice_loss_fields[]; /* struct account, written once given */
extern const struct field rebalance_account_fields[]; /* struct account, written with capacity
                                                         rebalancing or once given */
extern const struct field launch_failure_fields[];    /* struct launch_failures, in account */
extern const struct field scaling_habit_fields[];     /* struct scaling_habits, in account */

#endif
