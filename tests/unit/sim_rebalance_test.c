/* Instances told beforehand that they are at risk, on worlds small enough to work out by hand.
 * Proves docs/model.md, "Rebalance recommendations". And notices nobody learns of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim_fixture.h"

enum { REBALANCE_T0 = 1604620800 }; /* 2020-11-06T00:00:00Z */

static struct capacity_step limits[4];

struct seen {
    int64_t time_s[512];
    int64_t rebalance[512];
    size_t count;
    int64_t interruptions;
};

static void see(const struct controller_evaluation *evaluation, int64_t acts_s, void *context)
{
    (void)acts_s;
    struct seen *seen = context;
    seen->time_s[seen->count] = evaluation->observation->now_s;
    seen->rebalance[seen->count++] = evaluation->observation->rebalance_notices;
    seen->interruptions += evaluation->observation->interruption_notices;
}

/* Eight instances up; every interruption is announced `lead_s` before. */
static void set_up(struct fixture *f, int64_t permille, int64_t lead_s)
{
    fixture_set_up(f, REBALANCE_T0);
    f->scenario.interruptions = INTERRUPTIONS_TRACE;
    f->scenario.interruption_terms.rebalance_permille = permille;
    f->scenario.interruption_terms.rebalance_lead = (struct delay){.min_s = lead_s};
    f->scenario.controller.alarm = false;
    f->traces.capacities = limits;
}

static void record(struct fixture *f, int64_t after_s, int64_t instances, int64_t of)
{
    f->interruptions[f->traces.interruption_count++] =
        (struct interruption_step){f->scenario.from_s + after_s, zone_a, spot_type, instances, of};
}

static void limit(struct fixture *f, int64_t after_s, int64_t instances)
{
    limits[f->traces.capacity_count++] =
        (struct capacity_step){f->scenario.from_s + after_s, zone_a, spot_type, instances};
}

static void run(struct fixture *f, struct seen *seen)
{
    struct error err = {0};
    const struct sim_observer observer = {.context = seen, .evaluation = see};
    seen->count = f->instance_count = 0;
    seen->interruptions = 0;
    if (simulate(&f->scenario, &f->traces, &f->sink, &observer, &f->figures, &err))
        fail_msg("%s", err.text);
}

/* What the evaluation at from + after_s saw. */
static int64_t seen_at(const struct seen *seen, const struct fixture *f, int64_t after_s)
{
    for (size_t i = 0; i < seen->count; i++) {
        if (seen->time_s[i] == f->scenario.from_s + after_s)
            return seen->rebalance[i];
    }
    fail_msg("no evaluation at %lld", (long long)after_s);
    return -1;
}

static void a_record_is_announced(void **state)
{
    (void)state;
    struct fixture f;
    struct seen seen;
    set_up(&f, 1000, 600);
    record(&f, 1200, 3, 0);
    run(&f, &seen);
    assert_int_equal(seen_at(&seen, &f, 570), 0);
    assert_int_equal(seen_at(&seen, &f, 630), 3); /* came at 600 */
    assert_int_equal(seen_at(&seen, &f, 690), 0);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_interruptions), 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(f.instances[i].notice_s, REBALANCE_T0 + 1200);
}

static void a_lead_reaches_back_to_the_start_at_most(void **state)
{
    (void)state;
    struct fixture f;
    struct seen seen;
    set_up(&f, 1000, 600);
    record(&f, 300, 2, 0);
    run(&f, &seen);
    assert_int_equal(seen_at(&seen, &f, 30), 2);
}

static void with_the_notice_at_the_latest(void **state)
{
    (void)state;
    struct fixture f;
    struct seen seen;
    set_up(&f, 1000, 0);
    record(&f, 1200, 1, 4); /* a quarter of eight */
    run(&f, &seen);
    assert_int_equal(seen_at(&seen, &f, 1170), 0);
    assert_int_equal(seen_at(&seen, &f, 1230), 2);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_interruptions), 2);
}

static void a_falling_limit_is_announced(void **state)
{
    (void)state;
    struct fixture f;
    struct seen seen;
    set_up(&f, 1000, 600);
    limit(&f, 0, 20);
    limit(&f, 1200, 5);
    limit(&f, 1300, 3);
    limit(&f, 1400, 9); /* more room announces nothing */
    run(&f, &seen);
    assert_int_equal(seen_at(&seen, &f, 630), 3);
    assert_int_equal(seen_at(&seen, &f, 750), 2); /* of the five that are not marked yet */
    assert_int_equal(FIGURE_VALUE(&f, events_spot_interruptions), 5);
    for (size_t i = 1; i < seen.count; i++)
        assert_true(seen.time_s[i] <= REBALANCE_T0 + 750 || seen.rebalance[i] == 0);
}

static void overlapping_records_mark_different_instances(void **state)
{
    (void)state;
    struct fixture f;
    struct seen seen;
    set_up(&f, 1000, 600);
    record(&f, 1200, 2, 0);
    record(&f, 1260, 2, 0);
    run(&f, &seen);
    assert_int_equal(seen_at(&seen, &f, 630), 2);
    assert_int_equal(seen_at(&seen, &f, 690), 2);
    assert_int_equal(f.instances[0].notice_s, REBALANCE_T0 + 1200);
    assert_int_equal(f.instances[1].notice_s, REBALANCE_T0 + 1200);
    assert_int_equal(f.instances[2].notice_s, REBALANCE_T0 + 1260);
    assert_int_equal(f.instances[3].notice_s, REBALANCE_T0 + 1260);
}

/* The fleet lets six of eight go after the recommendation, two of them marked ones: the record
 * takes no more than what is left of its four. */
static void what_was_given_back_is_not_taken_again(void **state)
{
    (void)state;
    struct fixture f;
    struct seen seen;
    set_up(&f, 1000, 600);
    record(&f, 1200, 4, 8);
    f.modifications[0] = (struct fleet_modification){REBALANCE_T0 + 700, 8 * UNIT, false, 0};
    f.scenario.modification_count = 1;
    run(&f, &seen);
    /* Newest first: slots 7 to 2 go, of which 3 and 2 are marked. */
    assert_int_equal(seen_at(&seen, &f, 630), 4);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_interruptions),
                     0); /* 4 of (2 + 2) x 4/8, less 2 */
    f.interruptions[0].instances = 8;
    run(&f, &seen);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_interruptions), 2);
}

static void how_many_are_interrupted_does_not_depend_on_recommendations(void **state)
{
    (void)state;
    struct fixture with;
    struct fixture without;
    struct seen seen;
    set_up(&with, 1000, 600);
    record(&with, 1200, 3, 7);
    record(&with, 1500, 1, 3);
    run(&with, &seen);
    set_up(&without, 0, 600);
    record(&without, 1200, 3, 7);
    record(&without, 1500, 1, 3);
    run(&without, &seen);
    static const enum figure same[] = {FIGURE_events_spot_interruptions,
                                       FIGURE_events_spot_launches,
                                       FIGURE_capacity_unfulfilled_unit_s};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        assert_true(with.figures.value[same[i]] == without.figures.value[same[i]]);
    assert_int_equal(seen.rebalance[0], BALLAST_UNKNOWN);
}

static void some_by_chance(void **state)
{
    (void)state;
    int64_t announced = 0;
    for (uint64_t seed = 1; seed <= 400; seed++) {
        struct fixture f;
        struct seen seen;
        set_up(&f, 250, 60);
        f.scenario.to_s = f.scenario.measure_to_s = REBALANCE_T0 + 300;
        f.scenario.seed = seed;
        record(&f, 200, 1, 0);
        run(&f, &seen);
        announced += seen_at(&seen, &f, 150);
    }
    /* 100 expected, standard deviation 8.7 */
    assert_in_range(announced, 66, 134);
}

static void none_before_there_were_any(void **state)
{
    (void)state;
    struct fixture f;
    struct seen seen;
    set_up(&f, 1000, 600);
    f.scenario.from_s = f.scenario.measure_from_s = 1604534400 - 3600;
    f.scenario.to_s = f.scenario.measure_to_s = 1604534400 + 3600;
    f.steps[0][0].time_s = f.steps[1][0].time_s = f.scenario.from_s - 10;
    f.demand[0].time_s = f.scenario.from_s;
    record(&f, 600, 2, 0); /* replaced, still before */
    record(&f, 5400, 8, 0);
    f.modifications[0] = (struct fleet_modification){1604534400 + 60, 36 * UNIT, false, 0};
    f.scenario.modification_count = 1;
    run(&f, &seen);
    int64_t sum = 0;
    for (size_t i = 0; i < seen.count; i++)
        sum += seen.rebalance[i];
    assert_int_equal(sum, 1); /* the one launched after */
}

/* With all notices lost nobody drains and a policy counts none, but the instances end as ever. */
static void lost_notices(void **state)
{
    (void)state;
    struct fixture f;
    struct seen seen;
    set_up(&f, 0, 0);
    f.scenario.account.drain_on_notice = true;
    record(&f, 1200, 3, 0);
    run(&f, &seen);
    int64_t short_s = FIGURE_VALUE(&f, capacity_shortfall_s);
    assert_int_equal(f.instances[0].ended_s, REBALANCE_T0 + 1320);
    assert_int_equal(seen.interruptions, 3);
    f.scenario.account.notice_lost_permille = 1000;
    run(&f, &seen);
    assert_int_equal(FIGURE_VALUE(&f, capacity_shortfall_s), short_s - 120);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_interruptions), 3);
    assert_int_equal(f.instances[0].ended_s, REBALANCE_T0 + 1320);
    assert_int_equal(seen.interruptions, 0);
    int64_t known = 0;
    f.scenario.account.notice_lost_permille = 400;
    for (f.scenario.seed = 1; f.scenario.seed <= 100; f.scenario.seed++) {
        run(&f, &seen);
        known += seen.interruptions;
    }
    /* 180 expected of 300, standard deviation 8.5 */
    assert_in_range(known, 147, 213);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_is_announced),
        cmocka_unit_test(a_lead_reaches_back_to_the_start_at_most),
        cmocka_unit_test(with_the_notice_at_the_latest),
        cmocka_unit_test(a_falling_limit_is_announced),
        cmocka_unit_test(overlapping_records_mark_different_instances),
        cmocka_unit_test(what_was_given_back_is_not_taken_again),
        cmocka_unit_test(how_many_are_interrupted_does_not_depend_on_recommendations),
        cmocka_unit_test(some_by_chance),
        cmocka_unit_test(lost_notices),
        cmocka_unit_test(none_before_there_were_any),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
