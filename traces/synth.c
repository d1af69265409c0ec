#include "traces/synth.h"

#include "base/memory.h"
#include "base/pcg64.h"
#include "traces/synth_limits.h"

#include <stdlib.h>
#include <string.h>

enum { PRICE_GRID = 100 }; /* micro-USD: AWS quotes 0.0001 USD */

/* What a stream of draws is for: one word of its key. */
enum purpose { LEVEL = 1, OWN_SPIKES, SHARED_SPIKES, HEIGHTS, BUNCHES };

struct spike {
    int64_t from_s;
    int64_t to_s;
    int64_t micro_usd;
};

struct spikes {
    struct spike *items;
    size_t count;
    size_t capacity;
};

static void seed_for(struct pcg64 *rng, const struct synth_parameters *p, enum purpose purpose,
                     const char *zone, const char *type, uint64_t number)
{
    const uint64_t key[] = {p->seed,          (uint64_t)p->regime, (uint64_t)purpose,
                            pcg64_word(zone), pcg64_word(type),    number};
    pcg64_seed_key(rng, key, ARRAY_LENGTH(key));
}

static int64_t permille(int64_t micro_usd, int64_t parts)
{
    return (int64_t)((int128)micro_usd * parts / 1000);
}

static int64_t on_grid(int64_t micro_usd)
{
    int64_t price = (micro_usd + PRICE_GRID / 2) / PRICE_GRID * PRICE_GRID;
    return price > PRICE_GRID ? price : PRICE_GRID;
}

static int64_t limited(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

/* ---- spikes of the bidding era
 * ----------------------------------------------------------------------- */

/* Heavy-tailed: mostly around half the mean to one and a half, one in ten three times as high. */
static int64_t draw_height(const struct synth_parameters *p, const struct synth_market *market,
                           struct pcg64 *rng)
{
    int64_t parts =
        p->spike_height_permille / 2 + pcg64_exponential(rng, p->spike_height_permille / 2 + 1);
    if (pcg64_below(rng, 10) == 0)
        parts *= 3;
    int64_t highest =
        permille(market->on_demand_micro_usd, HEIGHT_LIMIT_PERMILLE) / PRICE_GRID * PRICE_GRID;
    int64_t price =
        on_grid(permille(market->on_demand_micro_usd, limited(parts, 1, HEIGHT_LIMIT_PERMILLE)));
    return price < highest ? price : highest;
}

/* Spikes come in clusters, a saw with a tooth every few minutes: clusters are a Poisson process,
 * and within one a spike follows the end of the last after an exponential gap. Times come from the
 * process's own stream; heights from the market's, so that zones that share a spike have their own
 * heights in it. `rate_micro` is of single spikes. */
static void draw_spikes(const struct synth_parameters *p, const struct synth_market *market,
                        enum purpose purpose, const char *zone, int64_t rate_micro,
                        struct spikes *spikes)
{
    if (rate_micro <= 0)
        return;
    struct pcg64 times;
    struct pcg64 heights;
    seed_for(&times, p, purpose, zone, market->instance_type, 0);
    seed_for(&heights, p, HEIGHTS, market->zone, market->instance_type, (uint64_t)purpose);
    int64_t gap_s = (int64_t)((int128)THIRTY_DAYS_S * MICRO * p->spike_cluster / rate_micro) + 1;
    int64_t cluster_s = p->from_s;
    for (;;) {
        cluster_s += 1 + pcg64_exponential(&times, gap_s);
        if (cluster_s >= p->to_s)
            return;
        int64_t count = 1 + pcg64_exponential(&times, p->spike_cluster - 1);
        int64_t at_s = cluster_s;
        for (int64_t i = 0; i < count && at_s < p->to_s; i++) {
            int64_t length_s = SPIKE_MIN_S + pcg64_exponential(&times, p->spike_length_s);
            struct spike spike = {at_s, at_s + length_s, draw_height(p, market, &heights)};
            ARRAY_PUSH(spikes->items, spikes->count, spikes->capacity, spike);
            at_s = spike.to_s + 1 + pcg64_exponential(&times, p->spike_cluster_gap_s);
        }
    }
}

static int by_start(const void *a, const void *b)
{
    const struct spike *x = a;
    const struct spike *y = b;
    if (x->from_s != y->from_s)
        return x->from_s < y->from_s ? -1 : 1;
    return x->micro_usd < y->micro_usd ? -1 : x->micro_usd > y->micro_usd;
}

/* ---- one market
 * --------------------------------------------------------------------------------------- */

struct walk {
    int64_t base_micro;
    int64_t level_micro;
    int64_t low_micro;
    int64_t high_micro;
    int64_t noise_micro; /* the deviation of a move */
    struct pcg64 rng;
};

/* Rounded toward zero. Wide divisions are slow, and seldom needed. */
static int64_t times_micro(int64_t value, int64_t factor_micro)
{
    int64_t product;
    if (!__builtin_mul_overflow(value, factor_micro, &product))
        return product / MICRO;
    return (int64_t)((int128)value * factor_micro / MICRO);
}

/* One small move, drawn back toward the base. */
static void move(struct walk *walk)
{
    int64_t noise = times_micro(walk->noise_micro, pcg64_normal_micro(&walk->rng));
    walk->level_micro += (walk->base_micro - walk->level_micro) / 16 + noise;
    walk->level_micro = limited(walk->level_micro, walk->low_micro, walk->high_micro);
}

static void add_step(struct market *market, size_t *capacity, int64_t time_s, int64_t micro_usd)
{
    if (market->step_count && market->steps[market->step_count - 1].time_s == time_s)
        market->step_count--;
    struct price_step step = {time_s, micro_usd};
    ARRAY_PUSH(market->steps, market->step_count, *capacity, step);
}

/* The price now: the highest spike under way, or the calm level. Spikes are sorted by start. */
static int64_t price_at(const struct spikes *spikes, size_t *first, int64_t time_s,
                        int64_t level_micro, int64_t *out_next_s)
{
    int64_t price = on_grid(level_micro);
    while (*first < spikes->count && spikes->items[*first].to_s <= time_s)
        (*first)++;
    *out_next_s = INT64_MAX;
    for (size_t i = *first; i < spikes->count; i++) {
        const struct spike *spike = &spikes->items[i];
        int64_t edge_s = spike->from_s > time_s ? spike->from_s : spike->to_s;
        if (edge_s > time_s && edge_s < *out_next_s)
            *out_next_s = edge_s;
        if (spike->from_s > time_s)
            break;
        if (spike->to_s > time_s && spike->micro_usd > price)
            price = spike->micro_usd;
    }
    return price;
}

static void draw_prices(const struct synth_parameters *p, const struct synth_market *wanted,
                        const struct spikes *spikes, struct market *market)
{
    struct walk walk = {.base_micro = permille(wanted->on_demand_micro_usd, p->base_permille)};
    walk.level_micro = walk.base_micro;
    walk.noise_micro = permille(walk.base_micro, p->noise_permille);
    walk.low_micro = p->regime == SYNTH_MODERN ? permille(wanted->on_demand_micro_usd, 100)
                                               : walk.base_micro / 2;
    walk.high_micro = p->regime == SYNTH_MODERN ? permille(wanted->on_demand_micro_usd, 900)
                                                : 2 * walk.base_micro;
    seed_for(&walk.rng, p, LEVEL, wanted->zone, wanted->instance_type, 0);
    size_t capacity = 0;
    size_t first = 0;
    int64_t time_s = p->from_s;
    int64_t next_move_s = time_s;
    while (time_s < p->to_s) {
        if (time_s == next_move_s) {
            move(&walk);
            next_move_s += 1 + pcg64_exponential(&walk.rng, p->change_interval_s);
        }
        int64_t edge_s = 0;
        int64_t price = price_at(spikes, &first, time_s, walk.level_micro, &edge_s);
        add_step(market, &capacity, time_s, price);
        int64_t next_s = edge_s < next_move_s ? edge_s : next_move_s;
        /* In a long calm the price is restated every day. */
        while (time_s + RESTATED_AFTER_S < next_s && time_s + RESTATED_AFTER_S < p->to_s) {
            time_s += RESTATED_AFTER_S;
            add_step(market, &capacity, time_s, price);
        }
        time_s = next_s;
    }
}

/* ---- interruptions of the modern regime
 * ----------------------------------------------------------------- */

static void add_interruption(struct trace_set *set, size_t *capacity,
                             const struct synth_market *market, int64_t time_s)
{
    struct interruption_step step = {.time_s = time_s,
                                     .zone = memory_copy_text(market->zone),
                                     .instance_type = memory_copy_text(market->instance_type),
                                     .instances = 1};
    ARRAY_PUSH(set->interruptions, set->interruption_count, *capacity, step);
}

static void draw_bunches(const struct synth_parameters *p, const struct synth_market *market,
                         struct trace_set *set, size_t *capacity)
{
    if (p->interruptions_per_30_days_micro <= 0)
        return;
    struct pcg64 rng;
    seed_for(&rng, p, BUNCHES, market->zone, market->instance_type, 0);
    int64_t gap_s =
        (int64_t)((int128)THIRTY_DAYS_S * MICRO / p->interruptions_per_30_days_micro) + 1;
    int64_t at_s = p->from_s;
    for (;;) {
        at_s += 1 + pcg64_exponential(&rng, gap_s);
        int64_t instances = 1 + pcg64_exponential(&rng, p->bunch_instances - 1);
        if (at_s >= p->to_s)
            return;
        for (int64_t i = 0; i < instances; i++) {
            int64_t time_s = at_s + pcg64_between(&rng, 0, p->bunch_span_s);
            if (time_s < p->to_s)
                add_interruption(set, capacity, market, time_s);
        }
    }
}

/* Instances of one pool taken in one second are one record. */
static void merge_interruptions(struct trace_set *set)
{
    if (set->interruption_count == 0)
        return;
    qsort(set->interruptions, set->interruption_count, sizeof *set->interruptions,
          interruption_by_time);
    size_t kept = 1;
    for (size_t i = 1; i < set->interruption_count; i++) {
        struct interruption_step *last = &set->interruptions[kept - 1];
        struct interruption_step *next = &set->interruptions[i];
        if (interruption_by_time(last, next) == 0) {
            last->instances += next->instances;
            free(next->zone);
            free(next->instance_type);
        } else {
            set->interruptions[kept++] = *next;
        }
    }
    set->interruption_count = kept;
}

int synth_generate(struct trace_set *out_set, const struct synth_parameters *parameters,
                   struct error *err)
{
    *out_set = (struct trace_set){.synthetic = true};
    int status = synth_check(parameters, err);
    if (status)
        return err ? error_prefix(err, "synth") : status;
    out_set->markets = memory_new(parameters->market_count, sizeof *out_set->markets);
    size_t interruption_capacity = 0;
    for (size_t i = 0; i < parameters->market_count; i++) {
        const struct synth_market *wanted = &parameters->markets[i];
        struct market *market = &out_set->markets[out_set->market_count++];
        *market = (struct market){.zone = memory_copy_text(wanted->zone),
                                  .instance_type = memory_copy_text(wanted->instance_type),
                                  .product = memory_copy_text(parameters->product)};
        struct spikes spikes = {0};
        if (parameters->regime == SYNTH_BID_ERA) {
            int64_t shared =
                parameters->spikes_per_30_days_micro / 1000 * parameters->spike_shared_permille;
            draw_spikes(parameters, wanted, OWN_SPIKES, wanted->zone,
                        parameters->spikes_per_30_days_micro - shared, &spikes);
            draw_spikes(parameters, wanted, SHARED_SPIKES, "", shared, &spikes);
            if (spikes.count)
                qsort(spikes.items, spikes.count, sizeof *spikes.items, by_start);
        }
        draw_prices(parameters, wanted, &spikes, market);
        free(spikes.items);
        market->first_record_s = market->steps[0].time_s;
        market->last_record_s = market->steps[market->step_count - 1].time_s;
        if (parameters->regime == SYNTH_MODERN)
            draw_bunches(parameters, wanted, out_set, &interruption_capacity);
    }
    merge_interruptions(out_set);
    return STATUS_OK;
}
