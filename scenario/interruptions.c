/* `interruptions`: who says when instances are interrupted, and what comes with it. */
#include "base/memory.h"
#include "scenario/fields.h"
#include "scenario/parts.h"
#include "scenario/writer.h"

#include <stddef.h>

static const char *const sources[] = {"price", "none", "trace", "advisor", NULL};

#define TERM(member) offsetof(struct interruption_terms, member)

static const struct field rebalance_fields[] = {
    {"rebalance_permille", FIELD_INTEGER, TERM(rebalance_permille), 0, 0, 1000, NULL},
    {"rebalance_lead_s", FIELD_DELAY, TERM(rebalance_lead), 600, 0, DELAY_MAX_S, NULL},
    {NULL, FIELD_INTEGER, 0, 0, 0, 0, NULL},
};

static const struct field shortage_fields[] = {
    {"shortage_s", FIELD_DELAY, TERM(shortage), 0, 0, DELAY_MAX_S, NULL},
    {NULL, FIELD_INTEGER, 0, 0, 0, 0, NULL},
};

/* What belongs together: all of a table is written, with its defaults, once one of it is given. */
static const struct field *const tables[] = {rebalance_fields, shortage_fields};

static bool names_any(const cJSON *object, const struct field *fields)
{
    for (; fields->key; fields++) {
        if (member(object, fields->key))
            return true;
    }
    return false;
}

static int read_terms(struct reader *reader, const cJSON *object)
{
    const char *others[32] = {"source", "advisor"};
    size_t count = 2;
    for (size_t i = 0; i < ARRAY_LENGTH(tables); i++) {
        for (const struct field *field = tables[i]; field->key; field++)
            others[count++] = field->key;
    }
    int status = STATUS_OK;
    for (size_t i = 0; i < ARRAY_LENGTH(tables) && !status; i++)
        status =
            read_fields(reader, tables[i], object, others, &reader->scenario->interruption_terms);
    return status;
}

/* What is asked for, but cannot come. */
static void note_idle_terms(struct reader *reader)
{
    struct scenario *scenario = reader->scenario;
    if (scenario->interruption_terms.rebalance_permille == 0)
        return;
    if (scenario->interruptions == INTERRUPTIONS_PRICE)
        add_note(scenario, true,
                 "rebalance recommendations come before interruptions for lack of capacity; with "
                 "interruptions.source \"price\" there are none, and so no recommendations");
    else if (scenario->to_s <= rebalance_since_s)
        add_note(scenario, true,
                 "rebalance recommendations are asked for, but AWS gives them since 2020-11-05 "
                 "only, to instances launched since: there are none in this run");
}

int read_interruptions(struct reader *reader)
{
    struct scenario *scenario = reader->scenario;
    const cJSON *object = member(reader->root, "interruptions");
    int status = read_terms(reader, object);
    int index = 0;
    if (!status && member(object, "source"))
        status = reader_word(reader, member(object, "source"), sources, &index);
    scenario->interruptions = (enum interruption_source)index;
    if (!status)
        note_idle_terms(reader);
    return status ? status : read_advisor(reader);
}

void write_interruptions(struct writer *writer)
{
    const cJSON *object = member(writer->reader->root, "interruptions");
    const struct scenario *scenario = writer->reader->scenario;
    write_open(writer, "interruptions", '{');
    write_string(writer, "source", sources[scenario->interruptions], member(object, "source"));
    for (size_t i = 0; i < ARRAY_LENGTH(tables); i++) {
        if (names_any(object, tables[i]))
            write_fields(writer, tables[i], &scenario->interruption_terms, object, false);
    }
    write_advisor(writer);
    write_close(writer, '}');
}
