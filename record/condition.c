#include "record/condition.h"

#include "base/memory.h"
#include "base/nearest.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

const char *const relation_words[] = {
    [RELATION_AT_MOST] = "<=", [RELATION_BELOW] = "<",  [RELATION_AT_LEAST] = ">=",
    [RELATION_ABOVE] = ">",    [RELATION_EQUAL] = "==", [RELATION_UNEQUAL] = "!=",
};

/* ---- reading ----------------------------------------------------------------------------------
 */

struct parser {
    struct condition *condition;
    const char *at;
    struct error *err;
    int depth;
    int figure;       /* the one that is named, -1: none yet, -2: several */
    const char *bare; /* where a bare `baseline` stands first */
};

static int column(const struct parser *parser, const char *at)
{
    return (int)(at - parser->condition->text) + 1;
}

static void skip_space(struct parser *parser)
{
    while (*parser->at == ' ' || *parser->at == '\t')
        parser->at++;
}

static int push(struct parser *parser, struct condition_step step)
{
    struct condition *condition = parser->condition;
    if (condition->count == CONDITION_STEPS_MAX)
        return error_set(parser->err, STATUS_BAD_INPUT, "longer than %d figures and operations",
                         CONDITION_STEPS_MAX);
    condition->steps[condition->count++] = step;
    return STATUS_OK;
}

static int unknown_figure(struct parser *parser, const char *name, const char *at)
{
    const char *words[FIGURE_COUNT_OF_ALL + 2] = {"baseline"};
    for (int i = 0; i < FIGURE_COUNT_OF_ALL; i++)
        words[i + 1] = figure_descriptions[i].name;
    const char *nearest = nearest_word(name, words);
    if (nearest)
        return error_set(parser->err, STATUS_BAD_INPUT,
                         "column %d: unknown figure \"%s\": did you mean \"%s\"?",
                         column(parser, at), name, nearest);
    return error_set(parser->err, STATUS_BAD_INPUT,
                     "column %d: unknown figure \"%s\": docs/results.md lists them",
                     column(parser, at), name);
}

/* A figure's name, "baseline" or "baseline.NAME". */
static int read_name(struct parser *parser)
{
    static const char word[] = "baseline";
    enum { WORD = sizeof word - 1 };
    const char *begin = parser->at;
    while (isalnum((unsigned char)*parser->at) || *parser->at == '_' || *parser->at == '.')
        parser->at++;
    char *name = memory_copy_bytes(begin, (size_t)(parser->at - begin));
    bool baseline = strncmp(name, word, WORD) == 0 && (name[WORD] == '.' || !name[WORD]);
    bool bare = baseline && !name[WORD];
    int figure = bare ? 0 : figure_find(baseline ? name + WORD + 1 : name);
    int status = STATUS_OK;
    if (figure < 0)
        status = unknown_figure(parser, baseline ? name + WORD + 1 : name,
                                baseline ? begin + WORD + 1 : begin);
    free(name);
    if (status)
        return status;
    if (bare && !parser->bare)
        parser->bare = begin;
    if (!baseline)
        parser->figure = parser->figure == -1 || parser->figure == figure ? figure : -2;
    /* A bare one is given its figure at the end; until then it has the count of all. */
    return push(parser, (struct condition_step){.kind = baseline ? STEP_BASELINE : STEP_FIGURE,
                                                .figure = bare ? FIGURE_COUNT_OF_ALL
                                                               : (enum figure)figure});
}

static int read_number(struct parser *parser)
{
    const char *begin = parser->at;
    while (isdigit((unsigned char)*parser->at) || *parser->at == '.')
        parser->at++;
    if ((*parser->at == 'e' || *parser->at == 'E') && parser->at > begin) {
        parser->at++;
        if (*parser->at == '+' || *parser->at == '-')
            parser->at++;
        while (isdigit((unsigned char)*parser->at))
            parser->at++;
    }
    struct condition_step step = {.kind = STEP_NUMBER};
    enum decimal_result result = decimal_parse(begin, (size_t)(parser->at - begin), &step.micro);
    if (result)
        return error_set(parser->err, STATUS_BAD_INPUT, "column %d: the number %s",
                         column(parser, begin), decimal_result_text(result));
    return push(parser, step);
}

static int read_sum(struct parser *parser);

static int read_factor(struct parser *parser) // NOLINT(misc-no-recursion)
{
    skip_space(parser);
    char first = *parser->at;
    if (isdigit((unsigned char)first) || first == '.')
        return read_number(parser);
    if (isalpha((unsigned char)first))
        return read_name(parser);
    if (first != '-' && first != '(')
        return error_set(parser->err, STATUS_BAD_INPUT,
                         "column %d: a figure, a number, \"baseline\" or \"(\" belongs here",
                         column(parser, parser->at));
    if (++parser->depth > CONDITION_DEPTH_MAX)
        return error_set(parser->err, STATUS_BAD_INPUT,
                         "more than %d signs and brackets in "
                         "one another",
                         CONDITION_DEPTH_MAX);
    parser->at++;
    int status = first == '-' ? read_factor(parser) : read_sum(parser);
    skip_space(parser);
    if (!status && first == '-')
        status = push(parser, (struct condition_step){.kind = STEP_NEGATE});
    else if (!status && *parser->at != ')')
        status = error_set(parser->err, STATUS_BAD_INPUT, "column %d: a \")\" is missing",
                           column(parser, parser->at));
    else if (!status)
        parser->at++;
    parser->depth--;
    return status;
}

/* A chain of operators of one rank: `first` or `second`. */
static int read_chain(struct parser *parser, const char *operators, // NOLINT(misc-no-recursion)
                      enum condition_step_kind first, enum condition_step_kind second,
                      int (*read)(struct parser *))
{
    int status = read(parser);
    while (!status) {
        skip_space(parser);
        char sign = *parser->at;
        if (!sign || !strchr(operators, sign))
            break;
        parser->at++;
        status = read(parser);
        if (!status)
            status = push(parser, (struct condition_step){

                                      .kind = sign == operators[0] ? first : second});
    }
    return status;
}

static int read_product(struct parser *parser) // NOLINT(misc-no-recursion)
{
    return read_chain(parser, "*/", STEP_MULTIPLY, STEP_DIVIDE, read_factor);
}

static int read_sum(struct parser *parser) // NOLINT(misc-no-recursion)
{
    return read_chain(parser, "+-", STEP_ADD, STEP_SUBTRACT, read_product);
}

static int read_comparison(struct parser *parser)
{
    skip_space(parser);
    for (size_t i = 0; i <= RELATION_UNEQUAL; i++) {
        /* The longer ones stand before those they begin with. */
        size_t length = strlen(relation_words[i]);
        if (strncmp(parser->at, relation_words[i], length) != 0)
            continue;
        parser->condition->relation = (enum relation)i;
        parser->at += length;
        return STATUS_OK;
    }
    return error_set(parser->err, STATUS_BAD_INPUT,
                     "column %d: one of <=, <, >=, >, == and != belongs here",
                     column(parser, parser->at));
}

/* Give each bare `baseline` the one figure that is named. */
static int fill_in_baseline(struct parser *parser)
{
    if (!parser->bare)
        return STATUS_OK;
    if (parser->figure < 0)
        return error_set(parser->err, STATUS_BAD_INPUT,
                         "column %d: \"baseline\" is of the one figure that is named, and here is "
                         "%s: write baseline.FIGURE",
                         column(parser, parser->bare), parser->figure == -1 ? "none" : "several");
    for (size_t i = 0; i < parser->condition->count; i++) {
        if (parser->condition->steps[i].figure == FIGURE_COUNT_OF_ALL)
            parser->condition->steps[i].figure = (enum figure)parser->figure;
    }
    return STATUS_OK;
}

static int parse(struct condition *out, const char *text, bool relation, struct error *err)
{
    *out = (struct condition){.text = memory_copy_text(text)};
    struct parser parser = {.condition = out, .at = out->text, .err = err, .figure = -1};
    int status = read_sum(&parser);
    out->left_count = out->count;
    if (!status && relation) {
        status = read_comparison(&parser);
        if (!status)
            status = read_sum(&parser);
    }
    skip_space(&parser);
    if (!status && *parser.at)
        status = error_set(err, STATUS_BAD_INPUT, "column %d: nothing may follow here",
                           column(&parser, parser.at));
    if (!status)
        status = fill_in_baseline(&parser);
    if (!status && !relation && condition_uses_baseline(out))
        status = error_set(err, STATUS_BAD_INPUT, "there is no baseline here");
    if (status)
        condition_clean_up(out);
    return status;
}

int condition_parse(struct condition *out_condition, const char *text, struct error *err)
{
    return parse(out_condition, text, true, err);
}

int condition_parse_sum(struct condition *out_sum, const char *text, struct error *err)
{
    return parse(out_sum, text, false, err);
}

void condition_clean_up(struct condition *condition)
{
    free(condition->text);
    *condition = (struct condition){0};
}

bool condition_uses_baseline(const struct condition *condition)
{
    for (size_t i = 0; i < condition->count; i++) {
        if (condition->steps[i].kind == STEP_BASELINE)
            return true;
    }
    return false;
}

/* ---- judging ----------------------------------------------------------------------------------
 */

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
