/* What a scenario says about itself: name, span, seed, start, billing. */
#include "base/memory.h"
#include "base/timestamp.h"
#include "scenario/parts.h"

#include <stdlib.h>
#include <string.h>

/* Keys of the scenario's top, in the order they are documented. */
static const char *const top_keys[] = {
    "name",
    "description",
    "from",
    "to",
    "measure",
    "seed",
    "start",
    "traces",
    "product",
    "catalog",
    "spot_fleet",
    "subnets",
    "modify_spot_fleet",
    "scaling",
    "cancel_spot_fleet",
    "backup_group",
    "instances_distribution",
    "mixed_group",
    "on_demand_usd_per_hour",
    "prices",
    "demand",
    "cluster",
    "billing",
    "interruptions",
    "account",
    "controller",
    "policy",
    "gates",
    NULL,
};

static int read_text(struct reader *reader, const char *key, const char *otherwise, char **out_text)
{
    const cJSON *node = member(reader->root, key);
    const char *text = otherwise;
    int status = node ? reader_string(reader, node, &text) : STATUS_OK;
    if (!status)
        *out_text = memory_copy_text(text);
    return status;
}

static int need_time(struct reader *reader, const cJSON *object, const char *key, int64_t *out_s)
{
    const cJSON *node = member(object, key);
    if (!node)
        return reader_fail(reader, object, "no \"%s\": add it, as \"2015-03-12T00:00:00Z\"", key);
    return reader_time(reader, node, out_s);
}

static int read_measure(struct reader *reader)
{
    static const char *const keys[] = {"from", "to", NULL};
    struct scenario *scenario = reader->scenario;
    scenario->measure_from_s = scenario->from_s;
    scenario->measure_to_s = scenario->to_s;
    const cJSON *measure = member(reader->root, "measure");
    if (!measure)
        return STATUS_OK;
    int status = reader_keys(reader, measure, keys);
    if (!status && member(measure, "from"))
        status = reader_time(reader, member(measure, "from"), &scenario->measure_from_s);
    if (!status && member(measure, "to"))
        status = reader_time(reader, member(measure, "to"), &scenario->measure_to_s);
    if (!status && scenario->measure_from_s < scenario->from_s)
        status = reader_fail(reader, member(measure, "from"), "is before the scenario's \"from\"");
    if (!status && scenario->measure_to_s > scenario->to_s)
        status = reader_fail(reader, member(measure, "to"), "is after the scenario's \"to\"");
    if (!status && scenario->measure_from_s >= scenario->measure_to_s)
        status = reader_fail(reader, measure, "\"from\" is not before \"to\"");
    return status;
}

/* A word at `path` whose first choice is the default. */
static int read_choice(struct reader *reader, const cJSON *node, const char *const *words,
                       int *out_index)
{
    *out_index = 0;
    return node ? reader_word(reader, node, words, out_index) : STATUS_OK;
}

static int read_choices(struct reader *reader)
{
    static const char *const starts[] = {"warm", "cold", NULL};
    static const char *const regimes[] = {"by-date", "hourly", "per-second", NULL};
    struct scenario *scenario = reader->scenario;
    int index = 0;
    int status = read_choice(reader, member(reader->root, "start"), starts, &index);
    scenario->cold = index == 1;
    if (!status)
        status = read_choice(reader, member(reader->root, "billing"), regimes, &index);
    scenario->billing = (enum billing_regime)index;
    return status;
}

/* 2017-10-02T00:00:00Z, before which nothing was billed by the second. */
static const int64_t first_per_second_s = 1506902400;

int64_t scenario_per_second_since(const struct scenario *scenario)
{
    static const struct {
        const char *product; /* how it begins: each is there in a VPC, too */
        int64_t since_s;
    } products[] = {
        {"Windows", 1623369600},                  /* 2021-06-11T00:00:00Z */
        {"Red Hat Enterprise Linux", 1711929600}, /* 2024-04-01T00:00:00Z */
        {"SUSE Linux", INT64_MAX},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(products); i++) {
        if (strncmp(scenario->product, products[i].product, strlen(products[i].product)) == 0)
            return products[i].since_s;
    }
    return first_per_second_s;
}

bool scenario_per_second(const struct scenario *scenario, int64_t running_s)
{
    if (scenario->billing == BILLING_BY_DATE)
        return running_s >= first_per_second_s && running_s >= scenario_per_second_since(scenario);
    return scenario->billing == BILLING_PER_SECOND;
}

static int read_subnets(struct reader *reader)
{
    const cJSON *subnets = member(reader->root, "subnets");
    int status = subnets ? reader_object(reader, subnets) : STATUS_OK;
    for (const cJSON *node = subnets && !status ? subnets->child : NULL; node && !status;
         node = node->next) {
        const char *zone = NULL;
        status = reader_string(reader, node, &zone);
    }
    return status;
}

int read_time_span(struct reader *reader)
{
    struct scenario *scenario = reader->scenario;
    int status = reader_keys(reader, reader->root, top_keys);
    const char *file = strrchr(scenario->file, '/');
    if (!status)
        status =
            read_text(reader, "name", file && file[1] ? file + 1 : scenario->file, &scenario->name);
    if (!status)
        status = read_text(reader, "description", "", &scenario->description);
    if (!status)
        status = read_text(reader, "product", "Linux/UNIX", &scenario->product);
    if (!status && member(reader->root, "catalog"))
        status = read_text(reader, "catalog", "", &scenario->catalog);
    if (!status)
        status = need_time(reader, reader->root, "from", &scenario->from_s);
    if (!status)
        status = need_time(reader, reader->root, "to", &scenario->to_s);
    if (!status && scenario->from_s >= scenario->to_s)
        status = reader_fail(reader, member(reader->root, "to"), "is not after \"from\"");
    if (!status && scenario->to_s - scenario->from_s > SPAN_MAX_S)
        status = reader_fail(reader, member(reader->root, "to"),
                             "is more than 29 years after "
                             "\"from\"");
    if (!status)
        status = read_measure(reader);
    int64_t seed = 1;
    const cJSON *seed_node = member(reader->root, "seed");
    if (!status && seed_node)
        status = reader_int64(reader, seed_node, 0, INT64_C(1) << 53, &seed);
    scenario->seed = (uint64_t)seed;
    if (!status)
        status = read_choices(reader);
    return status ? status : read_subnets(reader);
}
