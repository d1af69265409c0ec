/* Conditions over figures: "cost.total_micro_usd <= baseline * 1.01".
 *
 *   condition   sum ("<=" | "<" | ">=" | ">" | "==" | "!=") sum
 *   sum         product (("+" | "-") product)...
 *   product     factor (("*" | "/") factor)...
 *   factor      number | figure | "baseline" | "baseline." figure | "-" factor | "(" sum ")"
 *
 * A figure is named as in record/figures.h and has the value `run --json` prints. `baseline` is the
 * baseline's value of the one figure that the condition names. Numbers have at most six decimals.
 * Arithmetic is exact: fractions of 128-bit integers, never rounded; what does not fit is an error.
 */
#ifndef RECORD_CONDITION_H
#define RECORD_CONDITION_H

#include "base/error.h"
#include "record/figures.h"

enum { CONDITION_STEPS_MAX = 48, CONDITION_DEPTH_MAX = 16 };

enum relation {
    RELATION_AT_MOST,
    RELATION_BELOW,
    RELATION_AT_LEAST,
    RELATION_ABOVE,
    RELATION_EQUAL,
    RELATION_UNEQUAL
};

/* "<=", ... */
extern const char *const relation_words[];

enum condition_step_kind {
    STEP_NUMBER,
    STEP_FIGURE,
    STEP_BASELINE,
    STEP_ADD,
    STEP_SUBTRACT,
    STEP_MULTIPLY,
    STEP_DIVIDE,
    STEP_NEGATE
};

/* Both sides in postfix order. */
struct condition {
    char *text; /* as it was written */
    struct condition_step {
        enum condition_step_kind kind;
        enum figure figure; /* FIGURE and BASELINE */
        int64_t micro;      /* NUMBER: in millionths */
    } steps[CONDITION_STEPS_MAX];
    size_t count;
    size_t left_count; /* the first so many are the left side */
    enum relation relation;
};

/* The error says what is wrong and at which column, without the text. On error nothing needs
 * cleaning up. */
int condition_parse(struct condition *out_condition, const char *text, struct error *err);
void condition_clean_up(struct condition *condition);

bool condition_uses_baseline(const struct condition *condition);

/* Both sides as exact decimals; more than six decimals are rounded half to even for showing. */
struct condition_result {
    bool holds;
    char left[DECIMAL_TEXT_SIZE];
    char right[DECIMAL_TEXT_SIZE];
};

/* A sum alone, without a relation, to be valued; it has no baseline. */
int condition_parse_sum(struct condition *out_sum, const char *text, struct error *err);
/* Its value in millionths, rounded half to even. What cannot be computed is STATUS_BAD_INPUT, as
 * below. */
int condition_value(const struct condition *sum, const struct figures *figures, int128 *out_micro,
                    struct error *err);

/* Which way a value goes while figures grow: none of them ever shrinks, or is below zero. */
enum condition_trend {
    TREND_STILL, /* it stays */
    TREND_GROWS, /* or stays */
    TREND_SHRINKS,
    TREND_UNKNOWN
};
/* Of a sum, or of the left side of a condition less its right side; figures that are `still` stay
 * as they are. What can be told from the signs of the parts alone: TREND_UNKNOWN may do any. */
enum condition_trend condition_trend(const struct condition *condition,
                                     const bool still[FIGURE_COUNT_OF_ALL]);

/* `baseline` may be NULL where the condition does not use it. A figure without a value, a division
 * by zero or a number that does not fit is STATUS_BAD_INPUT. */
int condition_judge(const struct condition *condition, const struct figures *figures,
                    const struct figures *baseline, struct condition_result *out_result,
                    struct error *err);

#endif
