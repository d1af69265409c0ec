/* What a synthetic market is made by: names, defaults, and what is refused. */
#include "traces/synth.h"

#include "base/decimal.h"
#include "base/memory.h"
#include "traces/reader.h"
#include "traces/synth_limits.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
    RECORDS_LIMIT = 50000000,
    INTERRUPTIONS_LIMIT = 5000000, /* each holds its pool's names */
    SPIKES_AT_ONCE_LIMIT = 10,     /* mean; every price looks through those under way */
    ON_DEMAND_MIN_MICRO = 1000,    /* below, the grid is too coarse to stay under on-demand */
};

static const int64_t time_limit_s = INT64_C(253402300800); /* 10000-01-01 */

#define SYNTH_FIELD(member) offsetof(struct synth_parameters, member)

const struct synth_field synth_fields[] = {
    {"base", SYNTH_FIELD(base_permille), 1000},
    {"change_interval_s", SYNTH_FIELD(change_interval_s), 1},
    {"noise", SYNTH_FIELD(noise_permille), 1000},
    {"spikes_per_30_days", SYNTH_FIELD(spikes_per_30_days_micro), MICRO},
    {"spike_length_s", SYNTH_FIELD(spike_length_s), 1},
    {"spike_cluster", SYNTH_FIELD(spike_cluster), 1},
    {"spike_cluster_gap_s", SYNTH_FIELD(spike_cluster_gap_s), 1},
    {"spike_height", SYNTH_FIELD(spike_height_permille), 1000},
    {"spike_shared", SYNTH_FIELD(spike_shared_permille), 1000},
    {"interruptions_per_30_days", SYNTH_FIELD(interruptions_per_30_days_micro), MICRO},
    {"bunch_instances", SYNTH_FIELD(bunch_instances), 1},
    {"bunch_span_s", SYNTH_FIELD(bunch_span_s), 1},
    {NULL, 0, 0},
};

void synth_defaults(struct synth_parameters *out_parameters, enum synth_regime regime)
{
    *out_parameters = (struct synth_parameters){
        .regime = regime, .seed = 1, .product = memory_copy_text("Linux/UNIX")};
    if (regime == SYNTH_BID_ERA) {
        out_parameters->base_permille = 180;
        out_parameters->change_interval_s = 480;
        out_parameters->noise_permille = 25;
        out_parameters->spikes_per_30_days_micro = 20 * (int64_t)MICRO;
        out_parameters->spike_length_s = 360;
        out_parameters->spike_cluster = 12;
        out_parameters->spike_cluster_gap_s = 300;
        out_parameters->spike_height_permille = 2500;
        out_parameters->spike_shared_permille = 250;
        out_parameters->bunch_instances = 1;
        out_parameters->bunch_span_s = 180;
    } else {
        out_parameters->base_permille = 400;
        out_parameters->change_interval_s = 36000;
        out_parameters->noise_permille = 12;
        out_parameters->spike_length_s = 360;
        out_parameters->spike_cluster = 12;
        out_parameters->spike_cluster_gap_s = 300;
        out_parameters->spike_height_permille = 2500;
        out_parameters->interruptions_per_30_days_micro = 4 * (int64_t)MICRO;
        out_parameters->bunch_instances = 3;
        out_parameters->bunch_span_s = 180;
    }
}

static int check_fields(const struct synth_parameters *p, struct error *err)
{
    /* In the order of synth_fields, in their own units. */
    const int64_t most = 100000 * (int64_t)MICRO;
    const int64_t bounds[][2] = {
        {1, p->regime == SYNTH_MODERN ? 900 : 1000},
        {1, THIRTY_DAYS_S},
        {0, 1000},
        {0, most},
        {1, THIRTY_DAYS_S},
        {1, 1000},
        {0, THIRTY_DAYS_S},
        {1, HEIGHT_LIMIT_PERMILLE},
        {0, 1000},
        {0, most},
        {1, 10000},
        {0, 86400},
    };
    for (size_t i = 0; synth_fields[i].key; i++) {
        int64_t value = 0;
        memcpy(&value, (const char *)p + synth_fields[i].offset, sizeof value);
        if (value >= bounds[i][0] && value <= bounds[i][1])
            continue;
        char low[DECIMAL_TEXT_SIZE];
        char high[DECIMAL_TEXT_SIZE];
        int64_t micro = MICRO / synth_fields[i].scale;
        return error_set(err, STATUS_BAD_INPUT, "%s is out of range: %s to %s", synth_fields[i].key,
                         decimal_format((int128)bounds[i][0] * micro, low),
                         decimal_format((int128)bounds[i][1] * micro, high));
    }
    /* A rate that the regime does not know would be without effect, and nobody would notice. */
    if (p->regime == SYNTH_MODERN && p->spikes_per_30_days_micro)
        return error_set(err, STATUS_BAD_INPUT,
                         "spikes_per_30_days: the modern regime has no spikes: leave it out "
                         "or take the regime bid-era");
    if (p->regime == SYNTH_BID_ERA && p->interruptions_per_30_days_micro)
        return error_set(err, STATUS_BAD_INPUT,
                         "interruptions_per_30_days: in the regime bid-era prices "
                         "interrupt: leave it out or take the regime modern");
    return STATUS_OK;
}

static int by_name(const void *a, const void *b)
{
    const struct synth_market *x = *(const struct synth_market *const *)a;
    const struct synth_market *y = *(const struct synth_market *const *)b;
    int zone = strcmp(x->zone, y->zone);
    return zone ? zone : strcmp(x->instance_type, y->instance_type);
}

/* A market named twice would be one market with two histories. */
static int check_distinct(const struct synth_parameters *p, struct error *err)
{
    const struct synth_market **sorted = memory_new(p->market_count, sizeof *sorted);
    for (size_t i = 0; i < p->market_count; i++)
        sorted[i] = &p->markets[i];
    qsort(sorted, p->market_count, sizeof *sorted, by_name);
    int status = STATUS_OK;
    for (size_t i = 1; i < p->market_count && !status; i++) {
        if (by_name(&sorted[i - 1], &sorted[i]) == 0)
            status = error_set(err, STATUS_BAD_INPUT, "the market %s/%s is named twice",
                               sorted[i]->zone, sorted[i]->instance_type);
    }
    free(sorted);
    return status;
}

static int check_markets(const struct synth_parameters *p, struct error *err)
{
    if (p->market_count == 0)
        return error_set(err, STATUS_BAD_INPUT, "no market is named");
    for (size_t i = 0; i < p->market_count; i++) {
        const struct synth_market *market = &p->markets[i];
        char name[NAME_LIMIT];
        struct field zone = {market->zone, strlen(market->zone)};
        struct field type = {market->instance_type, strlen(market->instance_type)};
        if (!row_copy_zone(name, zone) || !row_copy_type(name, type))
            return error_set(err, STATUS_BAD_INPUT,
                             "\"%.200s/%.200s\" is no market: write ZONE/TYPE, such as "
                             "us-east-1a/c3.xlarge",
                             market->zone, market->instance_type);
        if (market->on_demand_micro_usd < ON_DEMAND_MIN_MICRO ||
            market->on_demand_micro_usd > 1000 * (int64_t)MICRO)
            return error_set(err, STATUS_BAD_INPUT,
                             "the on-demand price of %s in %s must be from 0.001 to 1,000 "
                             "USD",
                             market->instance_type, market->zone);
    }
    return check_distinct(p, err);
}

/* What would be made, on average: refused before it fills the memory or takes for ever. */
static int check_amount(const struct synth_parameters *p, struct error *err)
{
    int128 span_s = p->to_s - p->from_s;
    int128 month_micro = (int128)THIRTY_DAYS_S * MICRO;
    int128 spikes = span_s * p->spikes_per_30_days_micro / month_micro;
    int128 records = span_s / p->change_interval_s + span_s / RESTATED_AFTER_S + 2 * spikes;
    if (records * (int128)p->market_count > RECORDS_LIMIT)
        return error_set(err, STATUS_BAD_INPUT,
                         "that would be more than %d records: a shorter span, fewer "
                         "markets, a longer change_interval_s or a lower spikes_per_30_days",
                         RECORDS_LIMIT);
    int128 at_once_micro = (int128)p->spikes_per_30_days_micro * (p->spike_length_s + SPIKE_MIN_S);
    if (at_once_micro > SPIKES_AT_ONCE_LIMIT * month_micro)
        return error_set(err, STATUS_BAD_INPUT,
                         "spikes_per_30_days and spike_length_s together mean more than %d "
                         "spikes at once: lower one of them",
                         SPIKES_AT_ONCE_LIMIT);
    int128 interruptions =
        span_s * p->interruptions_per_30_days_micro / month_micro * p->bunch_instances;
    if (interruptions * (int128)p->market_count > INTERRUPTIONS_LIMIT)
        return error_set(err, STATUS_BAD_INPUT,
                         "that would be more than %d interruptions: a shorter span, fewer "
                         "markets, or a lower interruptions_per_30_days or bunch_instances",
                         INTERRUPTIONS_LIMIT);
    return STATUS_OK;
}

int synth_check(const struct synth_parameters *p, struct error *err)
{
    int status = check_fields(p, err);
    if (!status && (p->from_s < 0 || p->to_s > time_limit_s))
        status = error_set(err, STATUS_BAD_INPUT, "from and to must lie in the years 1970 to 9999");
    if (!status && p->from_s >= p->to_s)
        status = error_set(err, STATUS_BAD_INPUT, "from must be before to");
    if (!status)
        status = check_markets(p, err);
    return status ? status : check_amount(p, err);
}

void synth_clean_up(struct synth_parameters *parameters)
{
    for (size_t i = 0; i < parameters->market_count; i++) {
        free(parameters->markets[i].zone);
        free(parameters->markets[i].instance_type);
    }
    free(parameters->markets);
    free(parameters->product);
    *parameters = (struct synth_parameters){0};
}
