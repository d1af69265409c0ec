/* Whether the traces know what happened in the fleet's places all through the run. */
#include "base/memory.h"
#include "base/timestamp.h"
#include "scenario/parts.h"

#include <stdlib.h>
#include <string.h>

static const char *const of_what[] = {
    [COVERS_INTERRUPTIONS] = "which instances were interrupted",
    [COVERS_CAPACITY] = "how many instances can run",
};

static int by_begin(const void *a, const void *b)
{
    const struct trace_coverage *x = a;
    const struct trace_coverage *y = b;
    return (x->first_s > y->first_s) - (x->first_s < y->first_s);
}

/* All that the scenario's databases know of a place, by time. */
static int known_of(const struct scenario *scenario, const struct market_key *place,
                    struct trace_coverage **out_known, size_t *out_count, struct error *err)
{
    *out_known = NULL;
    *out_count = 0;
    int status = STATUS_OK;
    for (size_t i = 0; i < scenario->trace_path_count && !status; i++) {
        struct trace_coverage *known = NULL;
        size_t count = 0;
        status = trace_coverage(scenario->trace_paths[i], place->zone, place->instance_type, &known,
                                &count, err);
        if (count) {
            *out_known = memory_resize(*out_known, *out_count + count, sizeof **out_known);
            memcpy(*out_known + *out_count, known, count * sizeof *known);
            *out_count += count;
        }
        free(known);
    }
    if (*out_count)
        qsort(*out_known, *out_count, sizeof **out_known, by_begin);
    return status;
}

/* The first second of the run of which nothing is known, or `to`. */
static int64_t first_unknown(const struct scenario *scenario, const struct trace_coverage *known,
                             size_t count, enum trace_covers what)
{
    int64_t until_s = scenario->from_s;
    for (size_t i = 0; i < count && until_s < scenario->to_s; i++) {
        if (known[i].what == what && known[i].first_s <= until_s && known[i].end_s > until_s)
            until_s = known[i].end_s;
    }
    return until_s < scenario->to_s ? until_s : scenario->to_s;
}

/* Of its interruptions, or its limits: all of the run, or nothing. */
static int check_place(struct scenario *scenario, const struct market_key *place,
                       const struct trace_coverage *known, size_t count, struct error *err)
{
    int status = STATUS_OK;
    for (int what = COVERS_INTERRUPTIONS; what <= COVERS_CAPACITY && !status; what++) {
        bool any = false;
        for (size_t i = 0; i < count; i++)
            any = any || known[i].what == (enum trace_covers)what;
        char time[TIMESTAMP_TEXT_SIZE];
        int64_t unknown_s = first_unknown(scenario, known, count, (enum trace_covers)what);
        if (any && unknown_s < scenario->to_s)
            status = error_set(err, STATUS_BAD_INPUT,
                               "%s: the traces do not say %s of %s in %s at %s: choose \"from\" "
                               "and \"to\" within what they know (ballast trace list), or import "
                               "the rest",
                               scenario->file, of_what[what], place->instance_type, place->zone,
                               timestamp_format(unknown_s, time));
    }
    for (size_t i = 0; i < count && !status; i++) {
        if (strcmp(known[i].provider, "aws") != 0)
            add_note(scenario, true,
                     "what happened to %s in %s was recorded at %s, not at AWS: its rates are not "
                     "AWS's",
                     place->instance_type, place->zone, known[i].provider);
    }
    return status;
}

int check_known(struct scenario *scenario, const struct market_key *places, size_t count,
                struct error *err)
{
    bool *has = memory_new(count, sizeof *has);
    bool any = false;
    int status = STATUS_OK;
    for (size_t i = 0; i < count && !status; i++) {
        struct trace_coverage *known = NULL;
        size_t known_count = 0;
        status = known_of(scenario, &places[i], &known, &known_count, err);
        if (!status)
            status = check_place(scenario, &places[i], known, known_count, err);
        has[i] = known_count > 0;
        any = any || has[i];
        free(known);
    }
    for (size_t i = 0; i < count && any && !status; i++) {
        if (!has[i])
            add_note(scenario, true,
                     "of %s in %s no imported file says what was interrupted or could be had: "
                     "it looks safer than the places of which one does",
                     places[i].instance_type, places[i].zone);
    }
    free(has);
    return status;
}
