/* The forms in which a demand is said, inside: demand_forms.c reads them, demand_trace.c the form
 * that names an imported series, demand_shape.c the one made from a day's and a week's shape.
 * Inside scenario/ only; others call read_demand_form (parts.h).
 */
#ifndef SCENARIO_DEMAND_FORMS_H
#define SCENARIO_DEMAND_FORMS_H

#include "base/decimal.h"
#include "scenario/parts.h"

/* One form while it is read: what it says and how the resolved scenario writes it. */
struct demand_form {
    struct reader *reader;
    enum demand_measure measure;
    struct demand_step *steps; /* in order of time; the first at or before the scenario's "from" */
    size_t count;
    size_t capacity;
    struct text json; /* canonical, every default filled in */
};

void demand_form_push(struct demand_form *form, int64_t time_s, int64_t micro);

/* Drop steps that are over at `from` or come at `to` or later, and those that change nothing. */
void demand_form_trim(struct demand_form *form);

/* "units" or "tasks". */
const char *demand_measure_name(enum demand_measure measure);

/* An amount, 0 to DEMAND_MAX_MICRO: tasks are whole. */
int demand_form_amount(struct demand_form *form, const cJSON *node, int64_t *out_micro);

/* Add `,"key":value` to the canonical text, or without the comma where nothing stands before. */
void demand_form_write(struct demand_form *form, const char *key, const char *json);
void demand_form_write_decimal(struct demand_form *form, const char *key, int64_t micro);

/* Raised to what the measure can be: tasks to whole ones, units to a millionth. */
int64_t demand_round_up(enum demand_measure measure, int128 numerator, int128 denominator);

/* {"trace": ...} with its further keys (demand_trace.c). `object` is the whole form. */
int read_demand_trace_form(struct demand_form *form, const cJSON *object);
/* {"shape": {...}} (demand_shape.c). */
int read_demand_shape_form(struct demand_form *form, const cJSON *shape);

#endif
