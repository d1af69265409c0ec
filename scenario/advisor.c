/* The Spot Instance Advisor as a source of interruptions: its bands say what share of a type's
 * instances was interrupted within a month, and bunches are made that do so. docs/model.md, "Spot
 * Advisor". */
#include "base/memory.h"
#include "base/pcg64.h"
#include "scenario/fields.h"
#include "scenario/parts.h"
#include "scenario/regions.h"
#include "scenario/trace_answers.h"
#include "scenario/writer.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
    MONTH_S = 30 * 86400,
    MOMENTS = 3,           /* of one bunch */
    STEPS_LIMIT = 1000000, /* interruptions of one run; each holds its place's names */
    OPEN_BAND = 4,
};

static const char *const band_words[] = {"<5%", "5-10%", "10-15%", "15-20%", ">20%", NULL};
static const char *const frequency_words[] = {"middle", "low", "high", NULL};

static const int64_t lower_ends[] = {0, 50, 100, 150, 200}; /* in thousandths */

#define TERM(member) offsetof(struct advisor_terms, member)

static const struct field advisor_fields[] = {
    {"open_band_permille", FIELD_INTEGER, TERM(open_band_permille), 300, 200, 900, NULL},
    {"bunch_permille", FIELD_INTEGER, TERM(bunch_permille), 500, 10, 1000, NULL},
    {"bunch_span_s", FIELD_INTEGER, TERM(bunch_span_s), 180, 0, 3600, NULL},
    {NULL, FIELD_INTEGER, 0, 0, 0, 0, NULL},
};

/* ---- reading ------------------------------------------------------------------------------------
 */

static int by_type(const void *a, const void *b)
{
    const struct advisor_band *x = a;
    const struct advisor_band *y = b;
    return strcmp(x->instance_type, y->instance_type);
}

static int read_bands(struct reader *reader, const cJSON *object)
{
    struct advisor_terms *terms = &reader->scenario->advisor;
    int status = reader_object(reader, object);
    size_t capacity = 0;
    for (const cJSON *node = status ? NULL : object->child; node && !status; node = node->next) {
        struct advisor_band band = {0};
        status = reader_word(reader, node, band_words, &band.band);
        band.instance_type = memory_copy_text(node->string);
        ARRAY_PUSH(terms->bands, terms->band_count, capacity, band);
    }
    if (!status && terms->band_count)
        qsort(terms->bands, terms->band_count, sizeof *terms->bands, by_type);
    return status;
}

int read_advisor(struct reader *reader)
{
    static const char *const others[] = {"bands", "trace", "frequency", NULL};
    struct scenario *scenario = reader->scenario;
    const cJSON *section = member(reader->root, "interruptions");
    const cJSON *object = member(section, "advisor");
    if (!object && scenario->interruptions == INTERRUPTIONS_ADVISOR)
        return reader_fail(reader, member(section, "source"),
                           "the advisor's bands are not given: add \"advisor\": {\"bands\": "
                           "{\"c5.xlarge\": \"5-10%%\"}} beside it");
    int status = read_fields(reader, advisor_fields, object, others, &scenario->advisor);
    if (status || !object)
        return status;
    int frequency = 0;
    if (member(object, "frequency"))
        status = reader_word(reader, member(object, "frequency"), frequency_words, &frequency);
    scenario->advisor.frequency = (enum advisor_frequency)frequency;
    const char *trace = NULL;
    if (!status && member(object, "trace"))
        status = reader_string(reader, member(object, "trace"), &trace);
    if (trace)
        scenario->advisor.trace = memory_copy_text(trace);
    if (!status && !trace && !member(object, "bands"))
        status = reader_fail(reader, object,
                             "neither \"bands\" nor \"trace\": add {\"c5.xlarge\": \"5-10%%\"} for "
                             "each type, or the name of imported Spot Advisor data");
    if (!status && member(object, "bands"))
        status = read_bands(reader, member(object, "bands"));
    if (!status && (scenario->interruptions == INTERRUPTIONS_PRICE ||
                    scenario->interruptions == INTERRUPTIONS_TRACE))
        add_note(scenario, true,
                 "interruptions.advisor is there, but it is read only with interruptions.source "
                 "\"advisor\"");
    return status;
}

static const struct advisor_band *find_band(const struct advisor_terms *terms, const char *type)
{
    for (size_t i = 0; i < terms->band_count; i++) {
        if (strcmp(terms->bands[i].instance_type, type) == 0)
            return &terms->bands[i];
    }
    return NULL;
}

int find_advice(const struct scenario *scenario, struct reader *reader, const char *name,
                const char *zone, const char *instance_type, struct trace_advice *out_advice,
                struct error *err)
{
    bool unseen = false;
    *out_advice = (struct trace_advice){0};
    char region[REGION_TEXT_SIZE];
    const char *os = strncmp(scenario->product, "Windows", 7) == 0 ? "Windows" : "Linux";
    region_of_zone(zone, region);
    int status = STATUS_OK;
    for (size_t i = 0; *region && i < scenario->trace_path_count && !status && !out_advice->found;
         i++) {
        const struct trace_question question = {.kind = QUESTION_ADVICE,
                                                .path = scenario->trace_paths[i],
                                                .name = name,
                                                .region = region,
                                                .product = os,
                                                .instance_type = instance_type};
        struct trace_answer answer;
        status = trace_ask(reader ? reader->memory : NULL, &question, &answer,
                           reader ? &reader->all_kept : &unseen, err);
        if (status)
            return status;
        *out_advice = answer.advice;
        trace_answer_clean_up(&answer);
    }
    return status;
}

/* The type's band, added from imported data if it is not there. */
static int learn_band(struct reader *reader, const char *zone, const char *type, bool *out_known)
{
    struct scenario *scenario = reader->scenario;
    struct advisor_terms *terms = &scenario->advisor;
    *out_known = find_band(terms, type) != NULL;
    if (*out_known || !terms->trace)
        return STATUS_OK;
    struct trace_advice advice;
    int status = find_advice(scenario, reader, terms->trace, zone, type, &advice, reader->err);
    if (status || !advice.found)
        return status;
    struct advisor_band band = {.instance_type = memory_copy_text(type)};
    while (band.band < OPEN_BAND && lower_ends[band.band + 1] <= 10 * advice.low_percent)
        band.band++;
    terms->bands = memory_resize(terms->bands, terms->band_count + 1, sizeof *terms->bands);
    terms->bands[terms->band_count++] = band;
    *out_known = true;
    return STATUS_OK;
}

int check_advisor(struct reader *reader)
{
    struct scenario *scenario = reader->scenario;
    const struct backup_group *group = &scenario->group;
    const char *trace = scenario->advisor.trace;
    bool known = false;
    int status = STATUS_OK;
    if (scenario->interruptions != INTERRUPTIONS_ADVISOR)
        return STATUS_OK;
    for (size_t i = 0; i < scenario->fleet.pool_count && !status; i++) {
        const struct fleet_pool *pool = &scenario->fleet.pools[i];
        status = learn_band(reader, pool->zone, pool->instance_type, &known);
        if (!status && !known)
            status =
                reader_fail(reader, reader_at(reader, "interruptions.advisor"),
                            "no band of %s in %s, which the fleet launches%s%s%s: add it to "
                            "\"bands\"%s",
                            pool->instance_type, pool->zone,
                            trace ? ", in imported Spot Advisor data \"" : "", trace ? trace : "",
                            trace ? "\"" : "", trace ? ", or name other data as \"trace\"" : "");
    }
    /* Where the backup can fail to launch, its own type's interruptions say when it is short. */
    if (!status && scenario->launch_failures.permille > 0)
        status = learn_band(reader, group->zones[0], group->instance_type, &known);
    return status;
}

void write_advisor(struct writer *writer)
{
    const cJSON *object = reader_at(writer->reader, "interruptions.advisor");
    const struct advisor_terms *terms = &writer->reader->scenario->advisor;
    if (!object)
        return;
    const cJSON *bands = member(object, "bands");
    write_open(writer, "advisor", '{');
    write_open(writer, "bands", '{');
    for (size_t i = 0; i < terms->band_count; i++) {
        const char *type = terms->bands[i].instance_type;
        if (member(bands, type)) /* those of imported data stay there */
            write_string(writer, type, band_words[terms->bands[i].band], member(bands, type));
    }
    write_close(writer, '}');
    if (terms->trace)
        write_string(writer, "trace", terms->trace, member(object, "trace"));
    write_string(writer, "frequency", frequency_words[terms->frequency],
                 member(object, "frequency"));
    write_fields(writer, advisor_fields, terms, object, false);
    write_close(writer, '}');
}

/* ---- making -------------------------------------------------------------------------------------
 */

/* Share of instances interrupted within a month, in thousandths. */
static int64_t monthly_permille(const struct advisor_terms *terms, int band)
{
    int64_t low = lower_ends[band];
    int64_t high = band == OPEN_BAND ? terms->open_band_permille : lower_ends[band + 1];
    switch (terms->frequency) {
    case ADVISOR_LOW:
        return low;
    case ADVISOR_HIGH:
        return high;
    case ADVISOR_MIDDLE:
        break;
    }
    return (low + high) / 2;
}

/* Mean time between bunches, or 0 if there are none. Each bunch hits an instance with the chance of
 * the share; with rate r of bunches one escapes for a month with exp(-r share). */
static int64_t mean_gap_s(const struct advisor_terms *terms, int64_t permille)
{
    if (permille == 0)
        return 0;
    uint64_t escape = (uint64_t)(((uint128)(uint64_t)(1000 - permille) << 64) / 1000);
    uint128 month = ((uint128)MONTH_S * (uint64_t)terms->bunch_permille) << 32;
    return (int64_t)(month / 1000 / pcg64_minus_ln_q32(escape));
}

static void add_moments(struct pcg64 *rng, const struct scenario *scenario,
                        const struct market_key *market, int64_t at_s, struct trace_set *set,
                        size_t *capacity)
{
    const struct advisor_terms *terms = &scenario->advisor;
    int64_t times[MOMENTS];
    for (int i = 0; i < MOMENTS; i++) {
        int64_t time_s = at_s + pcg64_between(rng, 0, terms->bunch_span_s);
        int place = i;
        for (; place > 0 && times[place - 1] > time_s; place--)
            times[place] = times[place - 1];
        times[place] = time_s;
    }
    for (int i = 0; i < MOMENTS; i++) {
        if (times[i] >= scenario->to_s)
            return;
        /* Each takes a third of the bunch's share of what was there before it. */
        const struct interruption_step step = {
            .time_s = times[i],
            .zone = memory_copy_text(market->zone),
            .instance_type = memory_copy_text(market->instance_type),
            .instances = terms->bunch_permille,
            .of = MOMENTS * (int64_t)1000 - i * terms->bunch_permille,
        };
        ARRAY_PUSH(set->interruptions, set->interruption_count, *capacity, step);
    }
}

static void add_bunches(const struct scenario *scenario, const struct market_key *market,
                        int64_t gap_s, struct trace_set *set, size_t *capacity)
{
    const uint64_t names[] = {pcg64_word(market->instance_type), pcg64_word(market->zone)};
    struct pcg64 rng;
    pcg64_seed_key(&rng, names, ARRAY_LENGTH(names));
    const uint64_t key[] = {scenario->seed, pcg64_word("advisor"), pcg64_next(&rng)};
    pcg64_seed_key(&rng, key, ARRAY_LENGTH(key));
    for (int64_t at_s = scenario->from_s;;) {
        at_s += 1 + pcg64_exponential(&rng, gap_s);
        if (at_s >= scenario->to_s)
            return;
        add_moments(&rng, scenario, market, at_s, set, capacity);
    }
}

int advisor_generate(const struct scenario *scenario, const struct market_key *wanted,
                     size_t wanted_count, struct trace_set *set, struct error *err)
{
    const struct advisor_terms *terms = &scenario->advisor;
    size_t capacity = set->interruption_count;
    int64_t expected = 0;
    for (int pass = 0; pass < 2; pass++) { /* first whether it is not too much */
        for (size_t i = 0; i < wanted_count; i++) {
            const struct advisor_band *band = find_band(terms, wanted[i].instance_type);
            int64_t gap_s = band ? mean_gap_s(terms, monthly_permille(terms, band->band)) : 0;
            if (gap_s > 0 && pass == 1)
                add_bunches(scenario, &wanted[i], gap_s, set, &capacity);
            else if (gap_s > 0)
                expected += (scenario->to_s - scenario->from_s) / gap_s * MOMENTS;
        }
        if (expected > STEPS_LIMIT)
            return error_set(err, STATUS_BAD_INPUT,
                             "%s: the advisor's bands would make more than %d interruptions: a "
                             "shorter run, or a larger interruptions.advisor.bunch_permille",
                             scenario->file, STEPS_LIMIT);
    }
    return STATUS_OK;
}
