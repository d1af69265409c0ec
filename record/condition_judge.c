/* What conditions come to, in exact fractions. */
#include "record/condition.h"

#include "base/decimal.h"

#include <assert.h>

/* top / bottom, in lowest terms, bottom > 0. */
struct fraction {
    int128 top;
    int128 bottom;
};

static struct fraction lowest_terms(int128 top, int128 bottom)
{
    int128 a = top < 0 ? -top : top;
    int128 b = bottom;
    while (b != 0) {
        int128 rest = a % b;
        a = b;
        b = rest;
    }
    return a > 1 ? (struct fraction){top / a, bottom / a} : (struct fraction){top, bottom};
}

/* false where it does not fit. */
static bool multiply(struct fraction a, struct fraction b, struct fraction *out)
{
    /* Across first, which keeps the products small. */
    struct fraction c = lowest_terms(a.top, b.bottom);
    struct fraction d = lowest_terms(b.top, a.bottom);
    int128 top = 0;
    int128 bottom = 0;
    if (__builtin_mul_overflow(c.top, d.top, &top) ||
        __builtin_mul_overflow(c.bottom, d.bottom, &bottom))
        return false;
    *out = (struct fraction){top, bottom};
    return true;
}

static bool add(struct fraction a, struct fraction b, struct fraction *out)
{
    int128 left = 0;
    int128 right = 0;
    int128 top = 0;
    int128 bottom = 0;
    if (__builtin_mul_overflow(a.top, b.bottom, &left) ||
        __builtin_mul_overflow(b.top, a.bottom, &right) ||
        __builtin_add_overflow(left, right, &top) ||
        __builtin_mul_overflow(a.bottom, b.bottom, &bottom))
        return false;
    *out = lowest_terms(top, bottom);
    return true;
}

static struct fraction value_of(const struct figures *figures, enum figure figure)
{
    enum figure_kind kind = figure_descriptions[figure].kind;
    return lowest_terms(figures->value[figure],
                        kind == FIGURE_UNIT_S || kind == FIGURE_UNITS ? MICRO : 1);
}

static int figure_value(const struct condition_step *step, const struct figures *figures,
                        struct fraction *out, struct error *err)
{
    const char *name = figure_descriptions[step->figure].name;
    if (!figures->known[step->figure])
        return error_set(err, STATUS_BAD_INPUT, "%s%s has no value (null)%s",
                         step->kind == STEP_BASELINE ? "baseline." : "", name,
                         step->kind == STEP_BASELINE ? ": write the baseline anew with --update"
                                                     : " in this run");
    *out = value_of(figures, step->figure);
    return STATUS_OK;
}

static int carry_out(enum condition_step_kind kind, struct fraction a, struct fraction b,
                     struct fraction *out, struct error *err)
{
    bool fits = false;
    if (kind == STEP_DIVIDE) {
        if (b.top == 0)
            return error_set(err, STATUS_BAD_INPUT, "divides by zero");
        struct fraction inverse =
            b.top < 0 ? (struct fraction){-b.bottom, -b.top} : (struct fraction){b.bottom, b.top};
        fits = multiply(a, inverse, out);
    } else if (kind == STEP_MULTIPLY) {
        fits = multiply(a, b, out);
    } else {
        if (kind == STEP_SUBTRACT)
            b.top = -b.top;
        fits = add(a, b, out);
    }
    return fits ? STATUS_OK
                : error_set(err, STATUS_BAD_INPUT,
                            "comes to a number too large or too fine to compute");
}

static int evaluate(const struct condition_step *steps, size_t count, const struct figures *figures,
                    const struct figures *baseline, struct fraction *out, struct error *err)
{
    struct fraction stack[CONDITION_STEPS_MAX] = {{0, 1}};
    size_t depth = 0;
    for (size_t i = 0; i < count; i++) {
        int status = STATUS_OK;
        switch (steps[i].kind) {
        case STEP_NUMBER:
            stack[depth++] = lowest_terms(steps[i].micro, MICRO);
            break;
        case STEP_FIGURE:
            status = figure_value(&steps[i], figures, &stack[depth++], err);
            break;
        case STEP_BASELINE:
            assert(baseline);
            status = figure_value(&steps[i], baseline, &stack[depth++], err);
            break;
        case STEP_NEGATE:
            stack[depth - 1].top = -stack[depth - 1].top;
            break;
        case STEP_ADD:
        case STEP_SUBTRACT:
        case STEP_MULTIPLY:
        case STEP_DIVIDE:
            depth--;
            status =
                carry_out(steps[i].kind, stack[depth - 1], stack[depth], &stack[depth - 1], err);
            break;
        }
        if (status)
            return status;
    }
    *out = stack[0];
    return STATUS_OK;
}

/* false where it is too large to show, which is further than any figure goes. */
static bool format(struct fraction value, char out_text[DECIMAL_TEXT_SIZE])
{
    int128 micro = 0;
    if (__builtin_mul_overflow(value.top, (int128)MICRO, &micro))
        return false;
    decimal_format(divide_half_even(micro, value.bottom), out_text);
    return true;
}

int condition_judge(const struct condition *condition, const struct figures *figures,
                    const struct figures *baseline, struct condition_result *out_result,
                    struct error *err)
{
    struct fraction left = {0, 1};
    struct fraction right = {0, 1};
    struct fraction difference = {0, 1};
    int status = evaluate(condition->steps, condition->left_count, figures, baseline, &left, err);
    if (!status)
        status = evaluate(condition->steps + condition->left_count,
                          condition->count - condition->left_count, figures, baseline, &right, err);
    if (!status)
        status = carry_out(STEP_SUBTRACT, left, right, &difference, err);
    if (status)
        return status;
    if (!format(left, out_result->left) || !format(right, out_result->right))
        return error_set(err, STATUS_BAD_INPUT, "comes to a number too large to show");
    switch (condition->relation) {
    case RELATION_AT_MOST:
        out_result->holds = difference.top <= 0;
        break;
    case RELATION_BELOW:
        out_result->holds = difference.top < 0;
        break;
    case RELATION_AT_LEAST:
        out_result->holds = difference.top >= 0;
        break;
    case RELATION_ABOVE:
        out_result->holds = difference.top > 0;
        break;
    case RELATION_EQUAL:
        out_result->holds = difference.top == 0;
        break;
    case RELATION_UNEQUAL:
        out_result->holds = difference.top != 0;
        break;
    }
    return STATUS_OK;
}

int condition_value(const struct condition *sum, const struct figures *figures, int128 *out_micro,
                    struct error *err)
{
    struct fraction value = {0, 1};
    int128 micro = 0;
    int status = evaluate(sum->steps, sum->count, figures, NULL, &value, err);
    if (status)
        return status;
    if (__builtin_mul_overflow(value.top, (int128)MICRO, &micro))
        return error_set(err, STATUS_BAD_INPUT, "comes to a number too large to show");
    *out_micro = divide_half_even(micro, value.bottom);
    return STATUS_OK;
}
