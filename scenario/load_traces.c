/* What the market did, for one scenario: from databases, inline and generated traces, checked to
 * cover the run. */
#include "base/decimal.h"
#include "base/memory.h"
#include "scenario/loading.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool is_key(const struct market *market, const struct market_key *key)
{
    return strcmp(market->zone, key->zone) == 0 &&
           strcmp(market->instance_type, key->instance_type) == 0 &&
           strcmp(market->product, key->product) == 0;
}

struct market *loading_market(const struct trace_set *set, const struct market_key *key)
{
    for (size_t i = 0; i < set->market_count; i++) {
        if (is_key(&set->markets[i], key))
            return &set->markets[i];
    }
    return NULL;
}

int by_market_place(const void *a, const void *b)
{
    const struct market *x = a;
    const struct market *y = b;
    int order = strcmp(x->zone, y->zone);
    if (!order)
        order = strcmp(x->instance_type, y->instance_type);
    return order ? order : strcmp(x->product, y->product);
}

int by_interruption_time(const void *a, const void *b)
{
    const struct interruption_step *x = a;
    const struct interruption_step *y = b;
    int order = interruption_by_time(x, y);
    if (!order)
        order = (x->instances > y->instances) - (x->instances < y->instances);
    return order ? order : (x->of < y->of) - (x->of > y->of);
}

/* ---- gathering ----------------------------------------------------------------------------------
 */

/* Steps in force within [from, to), restatements dropped. */
static void copy_steps(struct market *out, const struct market *from, int64_t from_s, int64_t to_s)
{
    out->steps = memory_new(from->step_count, sizeof *out->steps);
    for (size_t i = 0; i < from->step_count && from->steps[i].time_s < to_s; i++) {
        struct price_step step = from->steps[i];
        if (step.time_s <= from_s)
            out->step_count = 0;
        if (out->step_count &&
            out->steps[out->step_count - 1].micro_usd_per_hour == step.micro_usd_per_hour)
            continue;
        out->steps[out->step_count++] = step;
    }
}

static int add_market(struct loading *loading, const struct market *market,
                      const struct market_key *key, enum market_origin origin)
{
    struct trace_set *set = loading->set;
    const struct scenario *scenario = loading->scenario;
    if (loading_market(set, key))
        return error_set(loading->err, STATUS_BAD_INPUT,
                         "%s: %s in %s (%s) stands in two of the scenario's traces: keep one",
                         scenario->file, key->instance_type, key->zone, key->product);
    struct market copy = {
        .zone = memory_copy_text(key->zone),
        .instance_type = memory_copy_text(key->instance_type),
        .product = memory_copy_text(key->product),
        .first_record_s = market->first_record_s,
        .last_record_s = market->last_record_s,
        .longest_silence_s = market->longest_silence_s,
        .longest_silence_from_s = market->longest_silence_from_s,
    };
    copy_steps(&copy, market, scenario->from_s, scenario->to_s);
    set->markets = memory_resize(set->markets, set->market_count + 1, sizeof *set->markets);
    set->markets[set->market_count] = copy;
    loading->origins[set->market_count] = origin;
    set->market_count++;
    return STATUS_OK;
}

static bool is_wanted(const struct loading *loading, const char *zone, const char *type)
{
    for (size_t i = 0; i < loading->wanted_count; i++) {
        if (strcmp(loading->wanted[i].zone, zone) == 0 &&
            strcmp(loading->wanted[i].instance_type, type) == 0)
            return true;
    }
    return false;
}

static void add_interruptions(struct loading *loading, const struct trace_set *from)
{
    const struct scenario *scenario = loading->scenario;
    struct trace_set *set = loading->set;
    size_t capacity = set->interruption_count;
    for (size_t i = 0; i < from->interruption_count; i++) {
        const struct interruption_step *step = &from->interruptions[i];
        if (step->time_s < scenario->from_s || step->time_s >= scenario->to_s ||
            !is_wanted(loading, step->zone, step->instance_type))
            continue;
        struct interruption_step copy = *step;
        copy.zone = memory_copy_text(step->zone);
        copy.instance_type = memory_copy_text(step->instance_type);
        ARRAY_PUSH(set->interruptions, set->interruption_count, capacity, copy);
    }
}

static void add_capacities(struct loading *loading, const struct trace_set *from)
{
    struct trace_set *set = loading->set;
    size_t room = set->capacity_count;
    for (size_t i = 0; i < from->capacity_count; i++) {
        const struct capacity_step *step = &from->capacities[i];
        if (step->time_s >= loading->scenario->to_s ||
            !is_wanted(loading, step->zone, step->instance_type))
            continue;
        struct capacity_step copy = {step->time_s, memory_copy_text(step->zone),
                                     memory_copy_text(step->instance_type), step->instances};
        ARRAY_PUSH(set->capacities, set->capacity_count, room, copy);
    }
}

static int add_set(struct loading *loading, const struct trace_set *from, enum market_origin origin)
{
    int status = STATUS_OK;
    for (size_t i = 0; i < loading->wanted_count && !status; i++) {
        const struct market *market = loading_market(from, &loading->wanted[i]);
        if (market)
            status = add_market(loading, market, &loading->wanted[i], origin);
    }
    if (!status)
        add_interruptions(loading, from);
    if (!status)
        add_capacities(loading, from);
    return status;
}

static int gather(struct loading *loading)
{
    struct scenario *scenario = loading->scenario;
    int status = STATUS_OK;
    for (size_t i = 0; i < scenario->trace_path_count && !status; i++)
        status =
            trace_compile(loading->set, scenario->trace_paths[i], loading->wanted,
                          loading->wanted_count, scenario->from_s, scenario->to_s, loading->err);
    /* What is there so far is from databases, which is what a zero says. */
    loading->origins = memory_new(loading->wanted_count + 1, sizeof *loading->origins);
    if (!status)
        status = add_set(loading, &scenario->inline_traces, FROM_INLINE);
    for (size_t i = 0; i < scenario->synth_count && !status; i++) {
        struct trace_set made = {0};
        status = synth_generate(&made, &scenario->synth[i], loading->err);
        if (!status)
            status = add_set(loading, &made, FROM_SYNTH);
        trace_set_clean_up(&made);
        loading->set->synthetic = true;
    }
    return status;
}

/* A constant price for each of the fleet's markets that no source has: on-demand less the savings
 * that the Spot Advisor states. */
static int price_by_advice(struct loading *loading)
{
    struct scenario *scenario = loading->scenario;
    int status = STATUS_OK;
    for (size_t i = 0; i < scenario->fleet.pool_count && !status; i++) {
        const struct fleet_pool *pool = &scenario->fleet.pools[i];
        const struct market_key key = {pool->zone, pool->instance_type, scenario->product};
        struct trace_advice advice;
        if (loading_market(loading->set, &key))
            continue;
        status = find_advice(scenario, NULL, scenario->advisor_prices, key.zone, key.instance_type,
                             &advice, loading->err);
        if (status || !advice.found)
            continue;
        if (pool->on_demand_micro_usd < 0)
            return error_set(loading->err, STATUS_BAD_INPUT,
                             "%s: the Spot Advisor states the price of %s as savings on its "
                             "on-demand price, which is not known: add it to "
                             "\"on_demand_usd_per_hour\"",
                             scenario->file, key.instance_type);
        struct price_step step = {scenario->from_s, 0};
        step.micro_usd_per_hour = (int64_t)divide_half_even(
            (int128)pool->on_demand_micro_usd * (100 - advice.savings_percent), 100);
        const struct market market = {.steps = &step,
                                      .step_count = 1,
                                      .first_record_s = step.time_s,
                                      .last_record_s = step.time_s};
        status = add_market(loading, &market, &key, FROM_ADVISOR);
        if (!status)
            add_note(scenario, true,
                     "the price of %s is no history: on-demand less the %" PRId64
                     " %% that the Spot Advisor (%s) states as savings, throughout",
                     key.instance_type, advice.savings_percent, scenario->advisor_prices);
    }
    return status;
}

/* With source `advisor` the interruptions are made from its bands, whatever the traces have. */
static int advise(struct loading *loading)
{
    struct trace_set *set = loading->set;
    if (set->interruption_count || set->capacity_count)
        add_note(loading->scenario, false,
                 "the traces' own interruptions and limits are not read: interruptions.source is "
                 "\"advisor\"");
    for (size_t i = 0; i < set->interruption_count; i++) {
        free(set->interruptions[i].zone);
        free(set->interruptions[i].instance_type);
    }
    free(set->interruptions);
    set->interruptions = NULL;
    set->interruption_count = 0;
    return advisor_generate(loading->scenario, loading->wanted, loading->wanted_count, set,
                            loading->err);
}

/* ---- order --------------------------------------------------------------------------------------
 */

/* One order whatever the sources' own, so that equal markets have equal hashes. */
static void put_in_order(struct trace_set *set)
{
    if (set->market_count)
        qsort(set->markets, set->market_count, sizeof *set->markets, by_market_place);
    if (set->interruption_count)
        qsort(set->interruptions, set->interruption_count, sizeof *set->interruptions,
              by_interruption_time);
    if (set->capacity_count)
        qsort(set->capacities, set->capacity_count, sizeof *set->capacities, capacity_by_time);
    trace_set_seal(set);
}

int scenario_load_traces(struct scenario *scenario, struct trace_set *out_traces, struct error *err)
{
    *out_traces = (struct trace_set){0};
    if (scenario->interruptions == INTERRUPTIONS_PRICE &&
        scenario->to_s > interruptions_unpriced_since_s)
        return error_set(err, STATUS_BAD_INPUT,
                         "%s: since 2017-11-28 prices alone do not tell who was interrupted: give "
                         "the traces interruptions and set interruptions.source to \"trace\", "
                         "make them from the Spot Advisor's bands with \"advisor\", or go without "
                         "any by --no-interruptions (--set interruptions.source=none), "
                         "which marks the result",
                         scenario->file);
    const struct wanted_markets wanted = wanted_markets(scenario);
    struct loading loading = {.scenario = scenario,
                              .set = out_traces,
                              .err = err,
                              .wanted = wanted.keys,
                              .wanted_count = wanted.count,
                              .required_count = wanted.required};
    int status = gather(&loading);
    if (!status && scenario->advisor_prices)
        status = price_by_advice(&loading);
    if (!status && scenario->interruptions == INTERRUPTIONS_ADVISOR)
        status = advise(&loading);
    if (!status)
        status = loading_check(&loading);
    if (!status)
        put_in_order(out_traces);
    else
        trace_set_clean_up(out_traces);
    free(loading.wanted);
    free(loading.origins);
    return status;
}
