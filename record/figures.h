/* The figures: every number a run is judged by, named once.
 *
 * The list below is the one place where figures are named. The struct, `run --json`, the columns of
 * the `run` table (dots become underscores), the summary, gates and objectives are made from it.
 *
 * Kinds:
 *   MONEY    micro-USD, an integer                      (JSON integer, or null)
 *   UNIT_S   unit-seconds: held as micro-unit-seconds   (JSON exact decimal)
 *   UNITS    units: held as micro-units                 (JSON exact decimal)
 *   SECONDS  seconds                                    (JSON integer)
 *   COUNT    a count                                    (JSON integer)
 *
 * All figures are of [measure.from, measure.to). Served at every instant: served_spot =
 * min(required, spot up); served_on_demand = min(required - served_spot, on-demand up); unfulfilled
 * = the rest of required; surplus = all that is up and not served. `up` is what has joined and is
 * neither draining nor terminated.
 */
#ifndef RECORD_FIGURES_H
#define RECORD_FIGURES_H

#include "base/decimal.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

/* FIGURE(group, name, KIND, help). Order is the order of output. */
#define FIGURES(FIGURE)                                                                            \
    FIGURE(cost, spot_micro_usd, MONEY, "what the fleet's spot instances cost")                    \
    FIGURE(cost, on_demand_micro_usd, MONEY, "what on-demand instances cost")                      \
    FIGURE(cost, other_micro_usd, MONEY, "volumes and addresses, where asked for")                 \
    FIGURE(cost, total_micro_usd, MONEY, "the sum of the three")                                   \
    FIGURE(cost, all_on_demand_micro_usd, MONEY,                                                   \
           "reference: all that is required, on the backup's instance type alone")                 \
    FIGURE(cost, on_demand_surplus_micro_usd, MONEY,                                               \
           "the part of on_demand for capacity up that served nothing")                            \
    FIGURE(cost, lower_bound_micro_usd, MONEY, "least cost of what this run served")               \
    FIGURE(cost, full_service_bound_micro_usd, MONEY, "least cost of all that was required")       \
    FIGURE(cost, regret_micro_usd, MONEY, "total less lower_bound")                                \
    FIGURE(capacity, required_unit_s, UNIT_S, "capacity required")                                 \
    FIGURE(capacity, served_spot_unit_s, UNIT_S, "required capacity served by spot")               \
    FIGURE(capacity, served_on_demand_unit_s, UNIT_S, "required capacity served by on-demand")     \
    FIGURE(capacity, unfulfilled_unit_s, UNIT_S, "required capacity nobody served")                \
    FIGURE(capacity, surplus_unit_s, UNIT_S, "capacity up that served nothing")                    \
    FIGURE(capacity, shortfall_s, SECONDS, "time with any shortfall")                              \
    FIGURE(capacity, shortfall_episodes, COUNT, "unbroken stretches of shortfall")                 \
    FIGURE(capacity, worst_shortfall_units, UNITS, "largest shortfall at any instant")             \
    FIGURE(capacity, recovery_s, SECONDS,                                                          \
           "time in which spot alone serves all required while backup instances still run")        \
    FIGURE(capacity, task_unserved_s, SECONDS, "task-seconds not served")                          \
    FIGURE(events, evaluations, COUNT, "times the policy was asked")                               \
    FIGURE(events, spot_launches, COUNT, "spot instances requested and accepted")                  \
    FIGURE(events, spot_interruptions, COUNT, "spot instances interrupted by the market")          \
    FIGURE(events, on_demand_launches, COUNT, "backup instances launched")                         \
    FIGURE(events, on_demand_launch_failures, COUNT, "backup launches that failed")                \
    FIGURE(events, scale_out, COUNT, "accepted calls that raised desired capacity")                \
    FIGURE(events, scale_in, COUNT, "accepted calls that lowered desired capacity")                \
    FIGURE(events, scale_in_refused, COUNT, "refused calls that would have lowered it")            \
    FIGURE(events, scale_in_refused_episodes, COUNT, "unbroken runs of such refusals")             \
    FIGURE(events, scale_in_blocked_s, SECONDS,                                                    \
           "from each episode's first refusal to acceptance or to the wish being dropped")

enum figure_kind { FIGURE_MONEY, FIGURE_UNIT_S, FIGURE_UNITS, FIGURE_SECONDS, FIGURE_COUNT };

/* FIGURE_cost_spot_micro_usd, ... */
enum figure {
#define FIGURE(group, name, kind, help) FIGURE_##group##_##name,
    FIGURES(FIGURE)
#undef FIGURE
        FIGURE_COUNT_OF_ALL
};

struct figure_description {
    const char *name;   /* "cost.spot_micro_usd" */
    const char *column; /* "cost_spot_micro_usd" */
    const char *group;  /* "cost" */
    const char *leaf;   /* "spot_micro_usd" */
    enum figure_kind kind;
    const char *help;
};

extern const struct figure_description figure_descriptions[FIGURE_COUNT_OF_ALL];

/* The value of every figure in its kind's base unit (micro-USD, micro-unit-seconds, micro-units, s,
 * 1). */
struct figures {
    int128 value[FIGURE_COUNT_OF_ALL];
    bool known[FIGURE_COUNT_OF_ALL]; /* false prints null */
};

/* Index of "cost.total_micro_usd" (or of the column's name), or -1. */
int figure_find(const char *name);

/* A value as JSON and SQL show it: an integer or exact decimal, or "null". Returns out_text. */
char *figure_format(const struct figures *figures, enum figure figure,
                    char out_text[DECIMAL_TEXT_SIZE]);

/* The inverse, of a known value: false where the text is none of this figure. */
bool figure_parse(enum figure figure, const char *text, int128 *out_value);

/* Append {"cost":{...},"capacity":{...},"events":{...}}'s members: "cost":{...},... without outer
 * braces. */
void figures_add_json(const struct figures *figures, struct text *text);

/* Read back what figures_add_json wrote, exactly; what stands there as null or not at all is
 * unknown. False if it is anything else. */
bool figures_read_json(const char *json, struct figures *out_figures);

#endif
