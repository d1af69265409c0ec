/* {"trace": NAME, ...}: an imported series. */
#include "base/memory.h"
#include "scenario/demand_forms.h"

#include <stdlib.h>

int read_demand_trace_form(struct demand_form *form, const cJSON *object)
{
    struct reader *reader = form->reader;
    const struct scenario *scenario = reader->scenario;
    const cJSON *node = member(object, "trace");
    const char *name = NULL;
    int status = reader_string(reader, node, &name);
    for (size_t i = 0; !status && i < scenario->trace_path_count; i++) {
        struct demand_step *steps = NULL;
        size_t count = 0;
        status = trace_demand(scenario->trace_paths[i], name, scenario->from_s, scenario->to_s,
                              &steps, &count, reader->err);
        if (!status && count && form->count)
            status = reader_fail(reader, node, "\"%s\" is in two of the traces: keep one", name);
        if (!status && count) {
            form->steps = steps;
            form->count = count;
            form->capacity = count;
            continue;
        }
        free(steps);
    }
    if (status)
        return status;
    if (form->count == 0)
        return reader_fail(reader, node,
                           "no demand series \"%s\" in the traces with a value before \"to\": "
                           "import it, or write {\"series\": [[time, %s], ...]}",
                           name, demand_measure_name(form->measure));
    if (form->steps[0].time_s > scenario->from_s)
        return reader_fail(reader, node, "\"%s\" begins after the scenario's \"from\"", name);
    text_add(&form->json, "\"trace\":");
    text_add_json_string(&form->json, name);
    return STATUS_OK;
}
