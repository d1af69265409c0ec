/* A hindcast of a fleet of eight instances, with bills of what one knows to be wrong in them: which
 * source is named, and that all add up (study/hindcast.h asserts that they do). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/pcg64.h"
#include "base/timestamp.h"
#include "sim_fixture.h"
#include "study/hindcast.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { LIVES = 8, HOURS = 4 };

struct world {
    struct fixture f;
    struct watched_life lives[LIVES + 1];
    struct hindcast_account account;
    struct text bill;
    struct hindcast_bill_about about;
    struct hindcast hindcast;
};

/* As the simulation has it: eight from the start on, to the end. */
static void set_up(struct world *w)
{
    memset(w, 0, sizeof *w);
    fixture_set_up(&w->f, MODERN_T0);
    for (size_t i = 0; i < LIVES; i++) {
        w->lives[i] = (struct watched_life){
            .launched_s = MODERN_T0, .ended_s = RECORD_NEVER, .zone = "us-east-1a"};
        snprintf(w->lives[i].instance, sizeof w->lives[i].instance, "i-%zu", i);
        strcpy(w->lives[i].instance_type, spot_type);
    }
    w->account = (struct hindcast_account){.lives = w->lives,
                                           .life_count = LIVES,
                                           .fleet_id = "sfr-1",
                                           .group = "grp",
                                           .backup_type = backup_type,
                                           .scenario = &w->f.scenario};
    text_add(&w->bill, "lineItem/UsageStartDate,lineItem/UsageEndDate,lineItem/UsageType,"
                       "lineItem/ResourceId,lineItem/UsageAmount,lineItem/UnblendedRate,"
                       "lineItem/UnblendedCost,resourceTags/aws:autoscaling:groupName,"
                       "resourceTags/aws:ec2spot:fleet-request-id\n");
}

static void line(struct world *w, int64_t hour, const char *usage, const char *rest)
{
    char from[TIMESTAMP_TEXT_SIZE];
    char to[TIMESTAMP_TEXT_SIZE];
    text_addf(&w->bill, "%s,%s,%s,%s\n", timestamp_format(MODERN_T0 + 3600 * hour, from),
              timestamp_format(MODERN_T0 + 3600 * (hour + 1), to), usage, rest);
}

/* Every hour of every instance but number `but`, as `rest`: use, rate, cost. */
static void lines(struct world *w, size_t but, const char *rest)
{
    for (int64_t hour = 0; hour < HOURS; hour++) {
        for (size_t i = 0; i < LIVES; i++) {
            char fields[96];
            snprintf(fields, sizeof fields, "i-%zu,%s,,", i, rest);
            if (i != but)
                line(w, hour, "SpotUsage:c3.xlarge", fields);
        }
    }
}

static int hindcast(struct world *w, const struct hindcast_sample *samples, size_t sample_count,
                    struct error *err)
{
    char path[] = "/tmp/ballast-hindcast-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, w->bill.data, w->bill.size), (ssize_t)w->bill.size);
    close(file);
    struct hindcast_bill *bill = hindcast_bill_new(&w->account);
    int status = hindcast_bill_add(bill, path, err);
    if (!status)
        status = hindcast_bill_end(bill, &w->about, err);
    const struct hindcast_input input = {.scenario = &w->f.scenario,
                                         .traces = &w->f.traces,
                                         .account = &w->account,
                                         .bill = bill,
                                         .samples = samples,
                                         .sample_count = sample_count};
    if (!status)
        status = hindcast_run(&input, &w->hindcast, err);
    hindcast_bill_free(bill);
    unlink(path);
    return status;
}

static void run(struct world *w)
{
    struct error err = {0};
    if (hindcast(w, NULL, 0, &err))
        fail_msg("%s", err.text);
}

static void tear_down(struct world *w)
{
    hindcast_clean_up(&w->hindcast);
    text_clean_up(&w->bill);
}

/* This much comes from that source, micro-USD, and nothing from any other of spot. */
static void only(const struct world *w, enum hindcast_source source, int64_t micro_usd)
{
    for (int i = 0; i <= HINDCAST_ONLY_SIMULATED; i++) {
        int64_t expected = i == (int)source ? micro_usd : 0;
        int128 fine = w->hindcast.sources[i];
        if (fine != expected * HINDCAST_FINE_PER_MICRO_USD)
            fail_msg("%s is %lld, not %lld", hindcast_sources[i].name,
                     (long long)(fine / HINDCAST_FINE_PER_MICRO_USD), (long long)expected);
    }
    const struct hindcast_value *cost = &w->hindcast.values[HINDCAST_SPOT_COST];
    assert_true(cost->simulated - cost->actual == micro_usd * HINDCAST_FINE_PER_MICRO_USD);
}

static void what_is_right(void **state)
{
    struct world w;
    (void)state;
    set_up(&w);
    lines(&w, LIVES, "1,0.05,0.05");
    run(&w);
    only(&w, HINDCAST_ROUNDING, 0);
    const struct hindcast_value *values = w.hindcast.values;
    assert_true(values[HINDCAST_SPOT_COST].actual ==
                (int128)LIVES * HOURS * 50000 * HINDCAST_FINE_PER_MICRO_USD);
    assert_true(values[HINDCAST_SPOT_CAPACITY].actual == (int128)32 * HOURS * 3600 * MICRO);
    assert_int_equal(hindcast_error_ppm(&values[HINDCAST_SPOT_CAPACITY]), 0);
    assert_int_equal(w.hindcast.minutes_compared, HOURS * 60);
    assert_int_equal(w.hindcast.minutes_equal, HOURS * 60);
    assert_int_equal(w.hindcast.minute_count, 1);
    /* Who ran when the simulation began was not launched in it, on either side. */
    assert_true(values[HINDCAST_SPOT_LAUNCHES].actual == 0);
    assert_true(values[HINDCAST_SPOT_LAUNCHES].simulated == 0);
    tear_down(&w);
}

static void rounding_and_prices(void **state)
{
    struct world w;
    (void)state;
    set_up(&w);
    lines(&w, LIVES, "1,0.05,0.051"); /* 1,000 a line */
    run(&w);
    only(&w, HINDCAST_ROUNDING, -LIVES * HOURS * 1000);
    tear_down(&w);
    set_up(&w);
    lines(&w, LIVES, "1,,0.051"); /* without a rate nothing can be told of rounding */
    run(&w);
    only(&w, HINDCAST_PRICES, -LIVES * HOURS * 1000);
    tear_down(&w);
}

static void instances_that_only_one_side_knows(void **state)
{
    struct world w;
    (void)state;
    set_up(&w);
    lines(&w, 3, "1,0.05,0.05");
    run(&w);
    only(&w, HINDCAST_NOT_BILLED, HOURS * 50000);
    tear_down(&w);
    set_up(&w);
    lines(&w, LIVES, "1,0.05,0.05");
    line(&w, 1, "SpotUsage:c3.xlarge", "i-tagged,1,0.07,0.07,,sfr-1");
    line(&w, 1, "SpotUsage:c3.xlarge", "i-another,1,0.07,0.07,,sfr-2");
    line(&w, 1, "SpotUsage:c3.xlarge", "i-stranger,1,0.07,0.07,,");
    line(&w, 2, "SpotUsage:c3.xlarge", "i-stranger,1,0.07,0.07,,");
    line(&w, 2, "SpotUsage:c5.xlarge", "i-elsewhere,1,0.07,0.07,,");
    run(&w);
    only(&w, HINDCAST_NOT_RECORDED, -70000);
    assert_int_equal(w.about.strangers, 1);
    assert_int_equal(w.about.strangers_cost, 2 * 700000000);
    tear_down(&w);
}

static void what_is_billed_for_a_life(void **state)
{
    struct world w;
    struct error err = {0};
    (void)state;
    /* Interrupted after half an hour, and billed for it. */
    set_up(&w);
    w.lives[3].ended_s = MODERN_T0 + 1800;
    w.lives[3].interrupted = true;
    lines(&w, 3, "1,0.05,0.05");
    line(&w, 0, "SpotUsage:c3.xlarge", "i-3,0.5,0.05,0.025,,");
    assert_int_equal(hindcast(&w, NULL, 0, &err), STATUS_OK);
    assert_true(w.hindcast.sources[HINDCAST_BILLING_RULE] == -25000 * HINDCAST_FINE_PER_MICRO_USD);
    assert_true(w.hindcast.sources[HINDCAST_INTERRUPTED] == 200000 * HINDCAST_FINE_PER_MICRO_USD);
    tear_down(&w);
    /* It ran on, for all that is recorded. */
    set_up(&w);
    lines(&w, 3, "1,0.05,0.05");
    line(&w, 0, "SpotUsage:c3.xlarge", "i-3,1,0.05,0.05,,");
    line(&w, 1, "SpotUsage:c3.xlarge", "i-3,0.5,0.05,0.025,,");
    run(&w);
    only(&w, HINDCAST_END_NOT_SEEN, 125000);
    tear_down(&w);
    /* A hole in the middle is no end. */
    set_up(&w);
    lines(&w, 3, "1,0.05,0.05");
    line(&w, 0, "SpotUsage:c3.xlarge", "i-3,1,0.05,0.05,,");
    line(&w, 3, "SpotUsage:c3.xlarge", "i-3,1,0.05,0.05,,");
    run(&w);
    only(&w, HINDCAST_LIFE, 100000);
    tear_down(&w);
}

static void launches(void **state)
{
    struct world w;
    (void)state;
    /* One in a place that the scenario has no pool of, and one that nobody placed. */
    set_up(&w);
    strcpy(w.lives[2].zone, "us-east-1f");
    w.lives[3].zone[0] = '\0';
    lines(&w, 3, "1,0.05,0.05");
    run(&w);
    assert_int_equal(w.hindcast.unplaced, 1);
    assert_true(w.hindcast.sources[HINDCAST_POOLS] == -HOURS * 50000 * HINDCAST_FINE_PER_MICRO_USD);
    assert_true(w.hindcast.sources[HINDCAST_ONLY_SIMULATED] ==
                2 * HOURS * 50000 * HINDCAST_FINE_PER_MICRO_USD);
    tear_down(&w);
    /* One whose launch nobody saw, in the middle of an hour before. */
    set_up(&w);
    w.lives[1].launched_s = RECORD_NEVER;
    line(&w, -1, "SpotUsage:c3.xlarge", "i-1,0.25,0.05,0.0125,,");
    lines(&w, LIVES, "1,0.05,0.05");
    run(&w);
    only(&w, HINDCAST_BEFORE, 0);
    assert_int_equal(w.hindcast.begun_before, 1);
    tear_down(&w);
    /* One more, for the last hour. */
    set_up(&w);
    w.lives[LIVES] = w.lives[0];
    strcpy(w.lives[LIVES].instance, "i-8");
    w.lives[LIVES].launched_s = MODERN_T0 + 3600 * (HOURS - 1);
    w.account.life_count = LIVES + 1;
    lines(&w, LIVES, "1,0.05,0.05");
    line(&w, HOURS - 1, "SpotUsage:c3.xlarge", "i-8,1,0.05,0.05,,");
    run(&w);
    only(&w, HINDCAST_NOT_SIMULATED, -50000);
    assert_int_equal(w.hindcast.minutes_equal, (HOURS - 1) * 60);
    tear_down(&w);
}

static void on_demand(void **state)
{
    struct world w;
    struct error err = {0};
    (void)state;
    /* Wanted for two hours, in service for one and a half, billed for all of two; the simulated
     * group wants none. */
    struct hindcast_sample samples[] = {{MODERN_T0 + 30, 0, 0, false},
                                        {MODERN_T0 + 3600, 1, 0, false},
                                        {MODERN_T0 + 5400, 1, 1, true},
                                        {MODERN_T0 + 10800, 0, 0, false}};
    set_up(&w);
    lines(&w, LIVES, "1,0.05,0.05");
    line(&w, 1, "BoxUsage:m4.xlarge", "i-od,1,0.3,0.3,grp,");
    line(&w, 2, "BoxUsage:m4.xlarge", "i-od,1,0.3,0.3,grp,");
    line(&w, 2, "BoxUsage:m4.xlarge", "i-other,1,0.3,0.3,elsewhere,");
    line(&w, 2, "BoxUsage:m5.xlarge", "i-type,1,0.3,0.3,grp,");
    assert_int_equal(hindcast(&w, samples, ARRAY_LENGTH(samples), &err), STATUS_OK);
    only(&w, HINDCAST_ROUNDING, 0);
    assert_true(w.about.tagged);
    const struct hindcast_value *cost = &w.hindcast.values[HINDCAST_ON_DEMAND_COST];
    assert_true(cost->actual == 600000 * HINDCAST_FINE_PER_MICRO_USD && cost->simulated == 0);
    static const struct {
        enum hindcast_source source;
        int64_t micro_usd;
    } expected[] = {{HINDCAST_OD_PRICE, -96000},
                    {HINDCAST_OD_DECISIONS, -504000},
                    {HINDCAST_OD_DELAYS, 126000},
                    {HINDCAST_OD_BILLED_TIME, -126000}};
    for (size_t i = 0; i < ARRAY_LENGTH(expected); i++)
        assert_true(w.hindcast.sources[expected[i].source] ==
                    expected[i].micro_usd * HINDCAST_FINE_PER_MICRO_USD);
    assert_int_equal(hindcast_error_ppm(cost), -MICRO);
    hindcast_clean_up(&w.hindcast);
    /* The evaluation before the group was wanted saw nothing. */
    samples[0].hindered = true;
    assert_int_equal(hindcast(&w, samples, ARRAY_LENGTH(samples), &err), STATUS_OK);
    assert_true(w.hindcast.sources[HINDCAST_OD_HINDERED] == -504000 * HINDCAST_FINE_PER_MICRO_USD);
    assert_true(w.hindcast.sources[HINDCAST_OD_DECISIONS] == 0);
    tear_down(&w);
}

/* Lives and bills of no sense at all: whatever they are, the sources and the hours add up. */
static void random_lives_add_up(void **state)
{
    enum { WORLDS = 200 };
    (void)state;
    for (uint64_t seed = 1; seed <= WORLDS; seed++) {
        struct world w;
        struct error err = {0};
        struct pcg64 luck;
        pcg64_seed(&luck, seed, 0);
        set_up(&w);
        fixture_set_up(&w.f, seed % 2 ? T0 : MODERN_T0);
        int64_t from_s = w.f.scenario.from_s;
        for (size_t i = 1; i < 6; i++)
            price(&w.f, 0, 1800 * (int64_t)i, 30000 + (int64_t)pcg64_below(&luck, 30000));
        for (size_t i = 0; i < LIVES; i++) {
            struct watched_life *life = &w.lives[i];
            life->launched_s = from_s + (int64_t)pcg64_below(&luck, 4 * 3600) - 1800;
            if (pcg64_below(&luck, 4) == 0)
                life->launched_s = RECORD_NEVER;
            if (pcg64_below(&luck, 2))
                life->ended_s = from_s + (int64_t)pcg64_below(&luck, 5 * 3600);
            life->interrupted = pcg64_below(&luck, 2) != 0;
            for (int64_t hour = 0; hour < HOURS; hour++) {
                char fields[96];
                char from[TIMESTAMP_TEXT_SIZE];
                char to[TIMESTAMP_TEXT_SIZE];
                snprintf(fields, sizeof fields, "i-%zu,0.%04u,0.05,0.0%03u,,", i,
                         (unsigned)pcg64_below(&luck, 10000), (unsigned)pcg64_below(&luck, 1000));
                if (pcg64_below(&luck, 4))
                    text_addf(&w.bill, "%s,%s,SpotUsage:c3.xlarge,%s\n",
                              timestamp_format(from_s + 3600 * hour, from),
                              timestamp_format(from_s + 3600 * (hour + 1), to), fields);
            }
        }
        if (hindcast(&w, NULL, 0, &err))
            fail_msg("seed %llu: %s", (unsigned long long)seed, err.text);
        int128 sum = 0;
        int128 hours = 0;
        for (int i = 0; i <= HINDCAST_ONLY_SIMULATED; i++)
            sum += w.hindcast.sources[i];
        for (size_t h = 0; h < w.hindcast.hour_count; h++)
            hours += w.hindcast.hours[h].spot[0] - w.hindcast.hours[h].spot[1];
        const struct hindcast_value *cost = &w.hindcast.values[HINDCAST_SPOT_COST];
        if (sum != cost->simulated - cost->actual || hours != sum)
            fail_msg("seed %llu: the sources or the hours do not add up", (unsigned long long)seed);
        tear_down(&w);
    }
}

static void refusals(void **state)
{
    struct world w;
    struct error err = {0};
    (void)state;
    set_up(&w);
    line(&w, 0, "SpotUsage:c3.xlarge", "i-3,0.8,0.05,0.04,,");
    line(&w, 0, "SpotUsage:c3.xlarge", "i-3,0.3,0.05,0.015,,");
    assert_int_equal(hindcast(&w, NULL, 0, &err), STATUS_BAD_INPUT);
    assert_non_null(strstr(err.text, "billed twice"));
    tear_down(&w);
    set_up(&w);
    w.f.scenario.fleet.on_demand_micro = UNIT;
    assert_int_equal(hindcast(&w, NULL, 0, &err), STATUS_BAD_INPUT);
    assert_non_null(strstr(err.text, "OnDemandTargetCapacity"));
    tear_down(&w);
    const struct hindcast_value from_nothing = {true, 1, 0};
    assert_int_equal(hindcast_error_ppm(&from_nothing), INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_right),
        cmocka_unit_test(rounding_and_prices),
        cmocka_unit_test(instances_that_only_one_side_knows),
        cmocka_unit_test(what_is_billed_for_a_life),
        cmocka_unit_test(launches),
        cmocka_unit_test(on_demand),
        cmocka_unit_test(random_lives_add_up),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
