/* What a change may not make worse: gates. */
#include "base/memory.h"
#include "scenario/parts.h"
#include "scenario/writer.h"

#include <stdlib.h>

enum { GATES_MAX = 100, SEEDS_MAX = 10000 };

const char *const gate_statistic_names[] = {"mean", "median", "max", "min", "total", NULL};

static int read_condition(struct reader *reader, const cJSON *node, struct condition *out_condition)
{
    const char *text = NULL;
    struct error err = {0};
    int status = reader_string(reader, node, &text);
    if (!status && condition_parse(out_condition, text, &err))
        status = reader_fail(reader, node, "%s", err.text);
    return status;
}

static int read_gate(struct reader *reader, const cJSON *node, struct gate *gate)
{
    static const char *const keys[] = {"condition", "seeds", "of", NULL};
    if (cJSON_IsString(node))
        return read_condition(reader, node, &gate->condition);
    int status = reader_keys(reader, node, keys);
    if (!status && !member(node, "condition"))
        status = reader_fail(reader, node,
                             "no \"condition\": add it, as "
                             "\"cost.total_micro_usd <= baseline * 1.01\"");
    if (!status && !member(node, "seeds"))
        status = reader_fail(reader, node,
                             "no \"seeds\": add it, or write the condition alone, "
                             "without braces, for the scenario's own seed");
    if (!status)
        status = reader_int64(reader, member(node, "seeds"), 2, SEEDS_MAX, &gate->seeds);
    int of = GATE_MEAN;
    if (!status && member(node, "of"))
        status = reader_word(reader, member(node, "of"), gate_statistic_names, &of);
    gate->of = (enum gate_statistic)of;
    return status ? status : read_condition(reader, member(node, "condition"), &gate->condition);
}

int read_gates(struct reader *reader)
{
    struct scenario *scenario = reader->scenario;
    const cJSON *gates = member(reader->root, "gates");
    if (!gates)
        return STATUS_OK;
    int status = reader_list(reader, gates, GATES_MAX);
    if (status)
        return status;
    scenario->gates = memory_new((size_t)cJSON_GetArraySize(gates) + 1, sizeof *scenario->gates);
    for (const cJSON *node = gates->child; node && !status; node = node->next)
        status = read_gate(reader, node, &scenario->gates[scenario->gate_count++]);
    return status;
}

void gates_clean_up(struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->gate_count; i++)
        condition_clean_up(&scenario->gates[i].condition);
    free(scenario->gates);
}

void write_gates(struct writer *writer)
{
    const struct scenario *scenario = writer->reader->scenario;
    const cJSON *gates = member(writer->reader->root, "gates");
    if (!gates)
        return;
    const cJSON *node = gates->child;
    write_open(writer, "gates", '[');
    for (size_t i = 0; i < scenario->gate_count; i++, node = node->next) {
        const struct gate *gate = &scenario->gates[i];
        if (gate->seeds == 0) {
            write_item(writer, i, gate->condition.text, node);
            continue;
        }
        write_open_item(writer, i, '{');
        write_string(writer, "condition", gate->condition.text, member(node, "condition"));
        write_integer(writer, "seeds", gate->seeds, member(node, "seeds"));
        write_string(writer, "of", gate_statistic_names[gate->of], member(node, "of"));
        write_close(writer, '}');
    }
    write_close(writer, ']');
}
