/* Conditions as they are written, read into steps. */
#include "record/condition.h"

#include "base/memory.h"
#include "base/nearest.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

const char *const relation_words[] = {
    [RELATION_AT_MOST] = "<=", [RELATION_BELOW] = "<",  [RELATION_AT_LEAST] = ">=",
    [RELATION_ABOVE] = ">",    [RELATION_EQUAL] = "==", [RELATION_UNEQUAL] = "!=",
};

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
