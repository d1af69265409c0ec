/* The synthetic market: equal parameters, equal bytes; a market of its own; the promises of each
 * regime. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/decimal.h"
#include "base/memory.h"
#include "traces/synth.h"

enum { FROM = 1425168000, DAY = 86400 };

static const char *const zones[] = {"us-east-1a", "us-east-1b", "us-east-1c"};

static struct synth_parameters wanted(enum synth_regime regime, uint64_t seed, size_t markets)
{
    struct synth_parameters parameters;
    synth_defaults(&parameters, regime);
    parameters.seed = seed;
    parameters.from_s = FROM;
    parameters.to_s = FROM + 60 * DAY;
    parameters.markets = memory_new(markets, sizeof *parameters.markets);
    for (size_t i = 0; i < markets; i++)
        parameters.markets[parameters.market_count++] = (struct synth_market){
            memory_copy_text(zones[i]), memory_copy_text("c3.xlarge"), 210000};
    return parameters;
}

static struct trace_set generated(struct synth_parameters *parameters)
{
    struct trace_set set;
    struct error err = {0};
    if (synth_generate(&set, parameters, &err))
        fail_msg("%s", err.text);
    trace_set_seal(&set);
    return set;
}

static void equal_parameters_give_equal_bytes(void **state)
{
    (void)state;
    for (int regime = SYNTH_BID_ERA; regime <= SYNTH_MODERN; regime++) {
        char hashes[3][HASH_TEXT_SIZE];
        for (int i = 0; i < 3; i++) {
            struct synth_parameters parameters =
                wanted((enum synth_regime)regime, i < 2 ? 7 : 8, 2);
            struct trace_set set = generated(&parameters);
            strcpy(hashes[i], set.hash);
            trace_set_clean_up(&set);
            synth_clean_up(&parameters);
        }
        assert_string_equal(hashes[0], hashes[1]);
        assert_string_not_equal(hashes[0], hashes[2]);
    }
}

static void another_market_changes_none(void **state)
{
    (void)state;
    struct synth_parameters two = wanted(SYNTH_BID_ERA, 3, 2);
    struct synth_parameters three = wanted(SYNTH_BID_ERA, 3, 3);
    struct trace_set a = generated(&two);
    struct trace_set b = generated(&three);
    for (size_t m = 0; m < 2; m++) {
        assert_int_equal(a.markets[m].step_count, b.markets[m].step_count);
        assert_memory_equal(a.markets[m].steps, b.markets[m].steps,
                            a.markets[m].step_count * sizeof *a.markets[m].steps);
    }
    trace_set_clean_up(&a);
    trace_set_clean_up(&b);
    synth_clean_up(&two);
    synth_clean_up(&three);
}

/* Property: over many seeds, what every market promises. */
static void markets_keep_their_promises(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        for (int regime = SYNTH_BID_ERA; regime <= SYNTH_MODERN; regime++) {
            struct synth_parameters parameters = wanted((enum synth_regime)regime, seed, 3);
            struct trace_set set = generated(&parameters);
            int64_t highest = 0;
            for (size_t m = 0; m < set.market_count; m++) {
                const struct market *market = &set.markets[m];
                if (market->steps[0].time_s != FROM)
                    fail_msg("seed %llu: does not begin at from", (unsigned long long)seed);
                for (size_t i = 0; i < market->step_count; i++) {
                    const struct price_step *step = &market->steps[i];
                    bool fine =
                        step->micro_usd_per_hour > 0 && step->micro_usd_per_hour <= 10 * 210000 &&
                        step->micro_usd_per_hour % 100 == 0 && step->time_s < parameters.to_s &&
                        (i == 0 ||
                         (step->time_s > step[-1].time_s && step->time_s - step[-1].time_s <= DAY));
                    if (!fine)
                        fail_msg("seed %llu, regime %d, market %zu, step %zu",
                                 (unsigned long long)seed, regime, m, i);
                    if (step->micro_usd_per_hour > highest)
                        highest = step->micro_usd_per_hour;
                }
            }
            if (regime == SYNTH_BID_ERA ? highest <= 210000 : highest >= 210000)
                fail_msg("seed %llu, regime %d: highest price %lld", (unsigned long long)seed,
                         regime, (long long)highest);
            assert_true(set.synthetic);
            trace_set_clean_up(&set);
            synth_clean_up(&parameters);
        }
    }
}

static void interruptions_come_in_bunches(void **state)
{
    (void)state;
    size_t close = 0;
    size_t pairs = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct synth_parameters parameters = wanted(SYNTH_MODERN, seed, 1);
        struct trace_set set = generated(&parameters);
        for (size_t i = 0; i < set.interruption_count; i++) {
            const struct interruption_step *step = &set.interruptions[i];
            assert_true(step->instances > 0 && step->time_s >= FROM &&
                        step->time_s < parameters.to_s);
            if (i == 0)
                continue;
            assert_true(step->time_s > step[-1].time_s);
            pairs++;
            close += step->time_s - step[-1].time_s <= parameters.bunch_span_s;
        }
        trace_set_clean_up(&set);
        synth_clean_up(&parameters);
    }
    assert_true(pairs > 100);
    /* Eight bunches in 60 days of three instances on average: most neighbours are of one bunch. */
    assert_true(2 * close > pairs);
}

static void shared_spikes_hit_all_zones_of_a_type(void **state)
{
    (void)state;
    struct synth_parameters parameters = wanted(SYNTH_BID_ERA, 5, 2);
    parameters.spike_shared_permille = 1000;
    parameters.noise_permille = 0;
    struct trace_set set = generated(&parameters);
    /* Without noise every price that is not the calm one is a spike: both markets have them at the
     * same seconds. */
    size_t spikes = 0;
    size_t common = 0;
    for (size_t i = 1; i < set.markets[0].step_count; i++) {
        const struct price_step *step = &set.markets[0].steps[i];
        if (step->micro_usd_per_hour < 210000 || step[-1].micro_usd_per_hour >= 210000)
            continue;
        spikes++;
        for (size_t k = 0; k < set.markets[1].step_count; k++)
            common += set.markets[1].steps[k].time_s == step->time_s;
    }
    assert_true(spikes > 5);
    assert_int_equal(common, spikes);
    trace_set_clean_up(&set);
    synth_clean_up(&parameters);
}

static void refuses_what_it_cannot_generate(void **state)
{
    (void)state;
    struct trace_set set;
    struct error err = {0};
    struct synth_parameters parameters = wanted(SYNTH_BID_ERA, 1, 1);
    parameters.noise_permille = -1;
    assert_int_equal(synth_generate(&set, &parameters, &err), STATUS_BAD_INPUT);
    assert_string_equal(err.text, "synth: noise is out of range: 0 to 1");
    parameters.noise_permille = 10;
    parameters.change_interval_s = 1;
    parameters.to_s = FROM + INT64_C(3650) * DAY;
    assert_int_equal(synth_generate(&set, &parameters, &err), STATUS_BAD_INPUT);
    assert_non_null(strstr(err.text, "records"));
    parameters.to_s = FROM;
    assert_int_equal(synth_generate(&set, &parameters, &err), STATUS_BAD_INPUT);
    parameters.to_s = FROM + DAY;
    parameters.markets[0].on_demand_micro_usd = 0;
    assert_int_equal(synth_generate(&set, &parameters, &err), STATUS_BAD_INPUT);
    assert_non_null(strstr(err.text, "us-east-1a"));
    synth_clean_up(&parameters);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_parameters_give_equal_bytes),
        cmocka_unit_test(another_market_changes_none),
        cmocka_unit_test(markets_keep_their_promises),
        cmocka_unit_test(interruptions_come_in_bunches),
        cmocka_unit_test(shared_spikes_hit_all_zones_of_a_type),
        cmocka_unit_test(refuses_what_it_cannot_generate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
