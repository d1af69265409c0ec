/* What an instance type has where the scenario does not say it: from the catalogues, instance types
 * and Spot Advisor data in its trace databases. */
#include "base/decimal.h"
#include "scenario/parts.h"
#include "scenario/trace_answers.h"

/* Take one database's word; what the others said must agree. */
static int take(struct reader *reader, const char *path, const char *type, int64_t found,
                int64_t *known)
{
    if (found >= 0 && *known >= 0 && found != *known)
        return error_set(reader->err, STATUS_BAD_INPUT,
                         "%s: it disagrees with another of the scenario's traces on the vCPU or "
                         "memory of %s: say them in \"cluster.instance_types\"",
                         path, type);
    if (found >= 0)
        *known = found;
    return STATUS_OK;
}

/* From what was imported as `name`, or, with NULL, from all there is. */
static int look_up(struct reader *reader, const char *name, const char *type,
                   int64_t *out_vcpu_micro, int64_t *out_memory_mib)
{
    const struct scenario *scenario = reader->scenario;
    int status = STATUS_OK;
    *out_vcpu_micro = -1;
    *out_memory_mib = -1;
    for (size_t i = 0; i < scenario->trace_path_count && !status; i++) {
        const char *path = scenario->trace_paths[i];
        const struct trace_question question = {
            .kind = QUESTION_SIZE, .path = path, .name = name, .instance_type = type};
        struct trace_answer answer;
        status = trace_ask(reader->memory, &question, &answer, &reader->all_kept, reader->err);
        if (status)
            return status;
        status = take(reader, path, type, answer.vcpu_micro, out_vcpu_micro);
        if (!status)
            status = take(reader, path, type, answer.memory_mib, out_memory_mib);
        trace_answer_clean_up(&answer);
    }
    return status;
}

int find_instance_size(struct reader *reader, struct cluster_type *type, bool *out_known)
{
    const char *catalog = reader->scenario->catalog;
    const char *name = type->instance_type;
    int64_t vcpu_micro = -1;
    int64_t memory_mib = -1;
    int status = STATUS_OK;
    *out_known = false;
    if (catalog)
        status = look_up(reader, catalog, name, &vcpu_micro, &memory_mib);
    bool whole = vcpu_micro >= 0 && memory_mib >= 0;
    if (!status && !whole)
        status = look_up(reader, NULL, name, &vcpu_micro, &memory_mib);
    /* A share of a vCPU is no size of an instance of EC2: the scenario has to say what is meant. */
    if (status || vcpu_micro % MICRO || vcpu_micro < MICRO ||
        vcpu_micro > VCPU_MAX * (int64_t)MICRO || memory_mib < 1 || memory_mib > MEMORY_MAX_MIB)
        return status;
    type->vcpu = vcpu_micro / MICRO;
    type->memory_mib = memory_mib;
    type->source = whole ? "the traces: what the scenario's catalog says of the type"
                         : "the traces: their catalogues, instance types and Spot Advisor data, "
                           "which agree";
    *out_known = true;
    return STATUS_OK;
}
