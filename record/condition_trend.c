/* Which way a condition's value goes while figures grow. */
#include "record/condition.h"

/* What is known of a part. */
struct part {
    enum condition_trend trend;
    int sign; /* 1: never below zero, -1: never above, 0: unknown */
};

static enum condition_trend opposite(enum condition_trend trend)
{
    if (trend == TREND_GROWS)
        return TREND_SHRINKS;
    return trend == TREND_SHRINKS ? TREND_GROWS : trend;
}

static struct part negate(struct part part)
{
    return (struct part){opposite(part.trend), -part.sign};
}

static struct part add(struct part a, struct part b)
{
    struct part sum = {TREND_UNKNOWN, a.sign == b.sign ? a.sign : 0};
    if (a.trend == TREND_STILL || a.trend == b.trend)
        sum.trend = b.trend;
    else if (b.trend == TREND_STILL)
        sum.trend = a.trend;
    return sum;
}

/* By a factor, or divisor, that stays. */
static enum condition_trend stretch(enum condition_trend trend, int sign)
{
    if (trend == TREND_STILL || sign > 0)
        return trend;
    return sign < 0 ? opposite(trend) : TREND_UNKNOWN;
}

static struct part multiply(struct part a, struct part b)
{
    struct part product = {TREND_UNKNOWN, a.sign * b.sign};
    if (a.trend == TREND_STILL)
        product.trend = stretch(b.trend, a.sign);
    else if (b.trend == TREND_STILL)
        product.trend = stretch(a.trend, b.sign);
    else if (a.trend == b.trend && a.sign > 0 && b.sign > 0)
        product.trend = a.trend;
    return product;
}

static struct part divide(struct part a, struct part b)
{
    return (struct part){b.trend == TREND_STILL ? stretch(a.trend, b.sign) : TREND_UNKNOWN,
                         a.sign * b.sign};
}

static struct part combine(enum condition_step_kind kind, struct part a, struct part b)
{
    switch (kind) {
    case STEP_ADD:
        return add(a, b);
    case STEP_SUBTRACT:
        return add(a, negate(b));
    case STEP_MULTIPLY:
        return multiply(a, b);
    default:
        return divide(a, b);
    }
}

/* The steps in postfix order leave one part. */
static struct part part_of(const struct condition_step *steps, size_t count,
                           const bool still[FIGURE_COUNT_OF_ALL])
{
    struct part stack[CONDITION_STEPS_MAX] = {{TREND_STILL, 1}};
    size_t depth = 0;
    for (size_t i = 0; i < count; i++) {
        const struct condition_step *step = &steps[i];
        switch (step->kind) {
        case STEP_NUMBER:
            stack[depth++] = (struct part){TREND_STILL, step->micro < 0 ? -1 : 1};
            break;
        case STEP_FIGURE:
            stack[depth++] = (struct part){still[step->figure] ? TREND_STILL : TREND_GROWS, 1};
            break;
        case STEP_BASELINE:
            stack[depth++] = (struct part){TREND_STILL, 1};
            break;
        case STEP_NEGATE:
            stack[depth - 1] = negate(stack[depth - 1]);
            break;
        default:
            depth--;
            stack[depth - 1] = combine(step->kind, stack[depth - 1], stack[depth]);
            break;
        }
    }
    return stack[0];
}

enum condition_trend condition_trend(const struct condition *condition,
                                     const bool still[FIGURE_COUNT_OF_ALL])
{
    size_t left = condition->left_count;
    if (left == 0 || left == condition->count)
        return part_of(condition->steps, condition->count, still).trend;
    return add(part_of(condition->steps, left, still),
               negate(part_of(condition->steps + left, condition->count - left, still)))
        .trend;
}
