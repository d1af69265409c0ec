/* `traces`: databases, prices written inline, and generated markets. */
#include "base/decimal.h"
#include "base/memory.h"
#include "scenario/parts.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SOURCES_MAX = 1000, MARKETS_MAX = 10000, DAY_S = 86400 };

/* Room to grow, kept while the list is read. */
struct growth {
    size_t names;
    size_t paths;
    size_t markets;
    size_t interruptions;
    size_t capacities;
    size_t synth;
};

/* Split "ZONE/TYPE" or "ZONE/TYPE/PRODUCT" (a product may hold slashes itself). The parts are owned
 * by the caller; *out_product is NULL where none is named. */
static int split_market(struct reader *reader, const cJSON *node, char **out_zone, char **out_type,
                        char **out_product)
{
    const char *key = node->string;
    const char *slash = strchr(key, '/');
    const char *second = slash ? strchr(slash + 1, '/') : NULL;
    size_t type_length = slash ? (second ? (size_t)(second - slash - 1) : strlen(slash + 1)) : 0;
    if (!slash || slash == key || type_length == 0 || (second && !second[1]))
        return reader_fail(reader, node,
                           "not a market: write it as \"us-east-1a/c3.xlarge\", or with a product "
                           "as \"us-east-1a/c3.xlarge/Linux/UNIX\"");
    *out_zone = memory_copy_bytes(key, (size_t)(slash - key));
    *out_type = memory_copy_bytes(slash + 1, type_length);
    *out_product = second ? memory_copy_text(second + 1) : NULL;
    return STATUS_OK;
}

/* One [time, value] of a series, later than `after_s`. */
int read_step(struct reader *reader, const cJSON *node, int64_t after_s, int64_t min_micro,
              int64_t max_micro, int64_t *out_time_s, int64_t *out_micro)
{
    if (!cJSON_IsArray(node) || cJSON_GetArraySize(node) != 2)
        return reader_fail(reader, node, "must be a pair [time, value]");
    int status = reader_time(reader, node->child, out_time_s);
    if (!status)
        status = reader_decimal(reader, node->child->next, min_micro, max_micro, out_micro);
    if (!status && *out_time_s <= after_s)
        status = reader_fail(reader, node->child, "is not after the time before it");
    return status;
}

/* ---- inline -------------------------------------------------------------------------------------
 */

static int read_inline_steps(struct reader *reader, const cJSON *list, struct market *market)
{
    int status = reader_list(reader, list, STEPS_MAX);
    if (!status && !list->child)
        status = reader_fail(reader, list, "has no price");
    size_t capacity = 0;
    int64_t last_s = INT64_MIN;
    for (const cJSON *node = status ? NULL : list->child; node && !status; node = node->next) {
        struct price_step step = {0};
        status = read_step(reader, node, last_s, 1, PRICE_MAX_MICRO, &step.time_s,
                           &step.micro_usd_per_hour);
        last_s = step.time_s;
        ARRAY_PUSH(market->steps, market->step_count, capacity, step);
    }
    if (!status) {
        market->first_record_s = market->steps[0].time_s;
        market->last_record_s = market->steps[market->step_count - 1].time_s;
    }
    return status;
}

static int read_inline_market(struct reader *reader, struct growth *growth, const cJSON *node)
{
    struct trace_set *set = &reader->scenario->inline_traces;
    struct market market = {0};
    int status = split_market(reader, node, &market.zone, &market.instance_type, &market.product);
    if (!status && !market.product)
        market.product = memory_copy_text(reader->scenario->product);
    for (size_t i = 0; !status && i < set->market_count; i++) {
        const struct market *other = &set->markets[i];
        if (strcmp(other->zone, market.zone) == 0 &&
            strcmp(other->instance_type, market.instance_type) == 0 &&
            strcmp(other->product, market.product) == 0)
            status = reader_fail(reader, node, "this market is there twice: keep one");
    }
    if (!status && set->market_count == MARKETS_MAX)
        status = reader_fail(reader, node, "more than %d markets", MARKETS_MAX);
    if (!status)
        status = read_inline_steps(reader, node, &market);
    ARRAY_PUSH(set->markets, set->market_count, growth->markets, market);
    return status;
}

/* What the records of places have in common: their second, zone and type. */
static int read_inline_place(struct reader *reader, const cJSON *node, const char *const *keys,
                             size_t required, int64_t *out_time_s, const char **out_zone,
                             const char **out_type)
{
    int status = reader_keys(reader, node, keys);
    for (size_t i = 0; !status && i < required; i++) {
        if (!member(node, keys[i]))
            status = reader_fail(reader, node, "no \"%s\": add it", keys[i]);
    }
    if (!status)
        status = reader_time(reader, member(node, "at"), out_time_s);
    if (!status)
        status = reader_string(reader, member(node, "zone"), out_zone);
    if (!status)
        status = reader_string(reader, member(node, "type"), out_type);
    return status;
}

static int read_inline_interruption(struct reader *reader, struct growth *growth, const cJSON *node)
{
    static const char *const keys[] = {"at", "zone", "type", "instances", "of", NULL};
    struct trace_set *set = &reader->scenario->inline_traces;
    struct interruption_step step = {0};
    const char *zone = NULL;
    const char *type = NULL;
    int status = read_inline_place(reader, node, keys, 4, &step.time_s, &zone, &type);
    if (!status)
        status = reader_int64(reader, member(node, "instances"), 1, INSTANCES_MAX, &step.instances);
    if (!status && member(node, "of"))
        status = reader_int64(reader, member(node, "of"), step.instances, INSTANCES_MAX, &step.of);
    if (status)
        return status;
    step.zone = memory_copy_text(zone);
    step.instance_type = memory_copy_text(type);
    ARRAY_PUSH(set->interruptions, set->interruption_count, growth->interruptions, step);
    return STATUS_OK;
}

/* {"at", "zone", "type", "instances"}: null is no limit. */
static int read_inline_capacity(struct reader *reader, struct growth *growth, const cJSON *node)
{
    static const char *const keys[] = {"at", "zone", "type", "instances", NULL};
    struct trace_set *set = &reader->scenario->inline_traces;
    struct capacity_step step = {.instances = CAPACITY_UNLIMITED};
    const char *zone = NULL;
    const char *type = NULL;
    int status = read_inline_place(reader, node, keys, 4, &step.time_s, &zone, &type);
    if (!status && !cJSON_IsNull(member(node, "instances")))
        status = reader_int64(reader, member(node, "instances"), 0, INSTANCES_MAX, &step.instances);
    for (size_t i = set->capacity_count; !status && i > 0; i--) {
        const struct capacity_step *before = &set->capacities[i - 1];
        if (strcmp(before->zone, zone) != 0 || strcmp(before->instance_type, type) != 0)
            continue;
        if (before->time_s >= step.time_s)
            status = reader_fail(reader, member(node, "at"),
                                 "is not after the one before it of this zone and type");
        break;
    }
    if (status)
        return status;
    step.zone = memory_copy_text(zone);
    step.instance_type = memory_copy_text(type);
    ARRAY_PUSH(set->capacities, set->capacity_count, growth->capacities, step);
    return STATUS_OK;
}

typedef int (*read_record)(struct reader *reader, struct growth *growth, const cJSON *node);

static int read_inline_list(struct reader *reader, struct growth *growth, const cJSON *list,
                            int limit, read_record read)
{
    int status = list ? reader_list(reader, list, (size_t)limit) : STATUS_OK;
    for (const cJSON *node = status || !list ? NULL : list->child; node && !status;
         node = node->next)
        status = read(reader, growth, node);
    return status;
}

static int read_inline(struct reader *reader, struct growth *growth, const cJSON *node)
{
    enum { LIMITS_MAX = 100000 };
    static const char *const keys[] = {"prices", "interruptions", "capacity", "synth", NULL};
    int status = reader_keys(reader, node, keys);
    const cJSON *prices = member(node, "prices");
    const cJSON *interruptions = member(node, "interruptions");
    const cJSON *capacity = member(node, "capacity");
    if (!status && !prices && !interruptions && !capacity)
        status = reader_fail(reader, node, "holds neither \"prices\" nor \"synth\": add one");
    if (!status && prices)
        status = reader_object(reader, prices);
    for (const cJSON *m = status || !prices ? NULL : prices->child; m && !status; m = m->next)
        status = read_inline_market(reader, growth, m);
    if (!status)
        status =
            read_inline_list(reader, growth, interruptions, STEPS_MAX, read_inline_interruption);
    if (!status)
        status = read_inline_list(reader, growth, capacity, LIMITS_MAX, read_inline_capacity);
    return status;
}

/* ---- generated ----------------------------------------------------------------------------------
 */

static int read_synth_field(struct reader *reader, const struct synth_field *field,
                            const cJSON *node, struct synth_parameters *synth)
{
    int64_t *value = (int64_t *)(void *)((char *)synth + field->offset);
    if (field->scale == 1)
        return reader_int64(reader, node, 0, SPAN_MAX_S, value);
    int64_t micro = 0;
    int status = reader_decimal(reader, node, 0, 1000000 * (int64_t)MICRO, &micro);
    if (!status && micro % (MICRO / field->scale) != 0)
        status = reader_fail(reader, node, "has more than three decimals");
    if (!status)
        *value = micro / (MICRO / field->scale);
    return status;
}

static int read_synth_markets(struct reader *reader, const cJSON *markets,
                              struct synth_parameters *synth)
{
    int status = reader_object(reader, markets);
    if (!status && !markets->child)
        status = reader_fail(reader, markets, "names no market");
    size_t capacity = 0;
    for (const cJSON *node = status ? NULL : markets->child; node && !status; node = node->next) {
        struct synth_market market = {0};
        char *product = NULL;
        status = split_market(reader, node, &market.zone, &market.instance_type, &product);
        if (!status && product)
            status = reader_fail(reader, node,
                                 "a generated market is of the scenario's product: "
                                 "name it \"ZONE/TYPE\"");
        free(product);
        if (!status && synth->market_count == MARKETS_MAX)
            status = reader_fail(reader, node, "more than %d markets", MARKETS_MAX);
        if (!status)
            status = reader_decimal(reader, node, 1, PRICE_MAX_MICRO, &market.on_demand_micro_usd);
        ARRAY_PUSH(synth->markets, synth->market_count, capacity, market);
    }
    return status;
}

static int by_market(const void *a, const void *b)
{
    const struct synth_market *x = a;
    const struct synth_market *y = b;
    int order = strcmp(x->zone, y->zone);
    return order ? order : strcmp(x->instance_type, y->instance_type);
}

static int read_synth_span(struct reader *reader, const cJSON *node, struct synth_parameters *synth)
{
    const struct scenario *scenario = reader->scenario;
    synth->from_s = scenario->from_s > DAY_S ? scenario->from_s - DAY_S : 0;
    synth->to_s = scenario->to_s + DAY_S;
    const cJSON *from = member(node, "from");
    const cJSON *to = member(node, "to");
    int status = from ? reader_time(reader, from, &synth->from_s) : STATUS_OK;
    if (!status && to)
        status = reader_time(reader, to, &synth->to_s);
    if (!status && synth->from_s > scenario->from_s)
        status = reader_fail(reader, from, "is after the scenario's \"from\"");
    if (!status && synth->to_s < scenario->to_s)
        status = reader_fail(reader, to, "is before the scenario's \"to\"");
    if (!status && synth->to_s - synth->from_s > SPAN_MAX_S + 2 * (int64_t)DAY_S)
        status = reader_fail(reader, node, "spans more than 29 years");
    return status;
}

static int read_synth(struct reader *reader, struct growth *growth, const cJSON *entry)
{
    static const char *const entry_keys[] = {"synth", NULL};
    static const char *const regimes[] = {"bid-era", "modern", NULL};
    const char *keys[32] = {"regime", "seed", "markets", "from", "to"};
    size_t count = 5;
    for (const struct synth_field *field = synth_fields; field->key; field++)
        keys[count++] = field->key;
    int status = reader_keys(reader, entry, entry_keys);
    const cJSON *node = member(entry, "synth");
    if (!status)
        status = reader_keys(reader, node, keys);
    if (!status && !member(node, "markets"))
        status = reader_fail(reader, node, "no \"markets\": add {\"us-east-1a/c3.xlarge\": 0.21}");
    int regime = 0;
    if (!status && member(node, "regime"))
        status = reader_word(reader, member(node, "regime"), regimes, &regime);
    if (status)
        return status;
    struct synth_parameters synth;
    synth_defaults(&synth, (enum synth_regime)regime);
    free(synth.product);
    synth.product = memory_copy_text(reader->scenario->product);
    int64_t seed = (int64_t)reader->scenario->seed;
    if (member(node, "seed"))
        status = reader_int64(reader, member(node, "seed"), 0, INT64_C(1) << 53, &seed);
    synth.seed = (uint64_t)seed;
    synth.own_seed = member(node, "seed") != NULL;
    if (!status)
        status = read_synth_span(reader, node, &synth);
    for (const struct synth_field *field = synth_fields; field->key && !status; field++) {
        if (member(node, field->key))
            status = read_synth_field(reader, field, member(node, field->key), &synth);
    }
    if (!status)
        status = read_synth_markets(reader, member(node, "markets"), &synth);
    if (!status)
        qsort(synth.markets, synth.market_count, sizeof *synth.markets, by_market);
    struct error wrong;
    if (!status && synth_check(&synth, &wrong))
        status = reader_fail(reader, node, "%s", wrong.text);
    ARRAY_PUSH(reader->scenario->synth, reader->scenario->synth_count, growth->synth, synth);
    return status;
}

/* {"advisor": NAME}: a constant price where no other source has any. */
static int read_advisor_prices(struct reader *reader, const cJSON *entry)
{
    static const char *const keys[] = {"advisor", NULL};
    struct scenario *scenario = reader->scenario;
    const char *name = NULL;
    int status = reader_keys(reader, entry, keys);
    if (!status && scenario->advisor_prices)
        status = reader_fail(reader, entry, "is there twice: keep one");
    if (!status)
        status = reader_string(reader, member(entry, "advisor"), &name);
    if (!status)
        scenario->advisor_prices = memory_copy_text(name);
    return status;
}

/* ---- all ----------------------------------------------------------------------------------------
 */

static int read_database(struct reader *reader, struct growth *growth, const cJSON *node)
{
    struct scenario *scenario = reader->scenario;
    const char *text = NULL;
    int status = reader_string(reader, node, &text);
    if (status)
        return status;
    char *path = reader_path(reader, text);
    struct stat info;
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode)) { /* a pipe would wait for ever */
        status = reader_fail(reader, node, "\"%s\" is not a regular file", path);
        free(path);
        return status;
    }
    size_t count = scenario->trace_path_count;
    ARRAY_PUSH(scenario->trace_names, count, growth->names, memory_copy_text(text));
    ARRAY_PUSH(scenario->trace_paths, scenario->trace_path_count, growth->paths, path);
    return STATUS_OK;
}

static int fail_without_traces(struct reader *reader, const cJSON *node)
{
    return reader_fail(reader, node,
                       "no traces: name a trace database, or write prices as {\"prices\": ...} or "
                       "{\"synth\": ...}");
}

int read_traces(struct reader *reader)
{
    const struct scenario *scenario = reader->scenario;
    struct trace_set *set = &reader->scenario->inline_traces;
    const cJSON *list = member(reader->root, "traces");
    if (!list)
        return fail_without_traces(reader, reader->root);
    struct growth growth = {0};
    int status = reader_list(reader, list, SOURCES_MAX);
    for (const cJSON *node = status ? NULL : list->child; node && !status; node = node->next) {
        if (cJSON_IsString(node))
            status = read_database(reader, &growth, node);
        else if (cJSON_IsObject(node) && member(node, "synth"))
            status = read_synth(reader, &growth, node);
        else if (cJSON_IsObject(node) && member(node, "advisor"))
            status = read_advisor_prices(reader, node);
        else if (cJSON_IsObject(node))
            status = read_inline(reader, &growth, node);
        else
            status = reader_fail(reader, node, "must be a path or an object");
    }
    /* A list may be there and hold no market: [], or [{"prices": {}}]. */
    if (!status && !scenario->trace_path_count && !set->market_count && !scenario->synth_count)
        return fail_without_traces(reader, list);
    if (!status && set->market_count)
        qsort(set->markets, set->market_count, sizeof *set->markets, by_market_place);
    if (!status && set->interruption_count)
        qsort(set->interruptions, set->interruption_count, sizeof *set->interruptions,
              by_interruption_time);
    return status;
}
