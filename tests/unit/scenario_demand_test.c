/* The forms a demand is said in.
 *
 * Proves docs/model.md, "Demand".
 */
#include "scenario_fixture.h"

#include "base/decimal.h"
#include "base/pcg64.h"

#include <stdio.h>
#include <stdlib.h>

enum { DAY = 1426118400 }; /* 2015-03-12T00:00:00Z, a Thursday */
enum { HOUR = 3600 };

static int64_t at(const struct scenario *scenario, int64_t time_s)
{
    size_t i = 0;
    while (i + 1 < scenario->demand_count && scenario->demand[i + 1].time_s <= time_s)
        i++;
    return scenario->demand[i].required_micro;
}

static void step(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, "demand={\"step\":{\"from\":8,\"to\":12.5,\"at\":\"2015-03-12T05:00:07Z\"}}");
    assert_true(s.demand_given);
    assert_int_equal(s.demand_count, 2);
    assert_int_equal(s.demand[0].time_s, DAY);
    assert_int_equal(s.demand[0].required_micro, 8 * MICRO);
    assert_int_equal(s.demand[1].time_s, DAY + 5 * HOUR + 7);
    assert_int_equal(s.demand[1].required_micro, 12500000);
    assert_non_null(strstr(s.resolved.data, "\"demand\":{\"step\":{\"from\":8,\"to\":12.5,"
                                            "\"at\":\"2015-03-12T05:00:07Z\"}}"));
    scenario_clean_up(&s);
    /* At or before the beginning, it has happened. */
    READ(&s, "demand={\"step\":{\"from\":8,\"to\":12,\"at\":\"2015-03-12\"}}");
    assert_int_equal(s.demand_count, 1);
    assert_int_equal(s.demand[0].required_micro, 12 * MICRO);
    scenario_clean_up(&s);
    READ(&s, "demand={\"step\":{\"from\":8,\"to\":12,\"at\":\"2015-03-13\"}}");
    assert_int_equal(s.demand_count, 1);
    assert_int_equal(s.demand[0].required_micro, 8 * MICRO);
    assert_true(has_note(&s, true, "is not seen"));
    scenario_clean_up(&s);
}

static void spike(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, "demand={\"spike\":{\"base\":4,\"to\":40,\"at\":\"2015-03-12T05:00:00Z\","
             "\"length_s\":90}}");
    assert_int_equal(s.demand_count, 3);
    assert_int_equal(at(&s, DAY + 5 * HOUR - 1), 4 * MICRO);
    assert_int_equal(at(&s, DAY + 5 * HOUR), 40 * MICRO);
    assert_int_equal(at(&s, DAY + 5 * HOUR + 89), 40 * MICRO);
    assert_int_equal(at(&s, DAY + 5 * HOUR + 90), 4 * MICRO);
    scenario_clean_up(&s);
    /* One that is over at the beginning, and one that is under way. */
    READ(&s, "demand={\"spike\":{\"base\":4,\"to\":40,\"at\":\"2015-03-11T23:00:00Z\","
             "\"length_s\":3600}}");
    assert_int_equal(s.demand_count, 1);
    assert_int_equal(s.demand[0].required_micro, 4 * MICRO);
    scenario_clean_up(&s);
    READ(&s, "demand={\"spike\":{\"base\":4,\"to\":40,\"at\":\"2015-03-11T23:00:00Z\","
             "\"length_s\":3601}}");
    assert_int_equal(s.demand_count, 2);
    assert_int_equal(s.demand[0].required_micro, 40 * MICRO);
    assert_int_equal(s.demand[1].time_s, DAY + 1);
    scenario_clean_up(&s);
}

static void sum(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, "demand={\"sum\":[{\"units\":1.5},"
             "{\"series\":[[\"2015-03-11\",2],[\"2015-03-12T05:00:00Z\",3]]},"
             "{\"spike\":{\"base\":0,\"to\":7,\"at\":\"2015-03-12T04:00:00Z\","
             "\"length_s\":3600}}]}");
    assert_int_equal(s.demand_count, 3);
    assert_int_equal(at(&s, DAY), 3500000);
    assert_int_equal(at(&s, DAY + 4 * HOUR), 10500000);
    assert_int_equal(at(&s, DAY + 5 * HOUR), 4500000);
    assert_non_null(strstr(s.resolved.data,
                           "\"demand\":{\"sum\":[{\"units\":1.5},{\"series\":[["
                           "\"2015-03-12T00:00:00Z\",2],[\"2015-03-12T05:00:00Z\",3]]},"
                           "{\"spike\":{\"base\":0,\"to\":7,\"at\":\"2015-03-12T04:00:00Z\","
                           "\"length_s\":3600}}]}"));
    scenario_clean_up(&s);
    /* Changes that cancel are none. */
    READ(&s, "demand={\"sum\":[{\"step\":{\"from\":1,\"to\":2,\"at\":\"2015-03-12T04:00:00Z\"}},"
             "{\"step\":{\"from\":2,\"to\":1,\"at\":\"2015-03-12T04:00:00Z\"}}]}");
    assert_int_equal(s.demand_count, 1);
    assert_int_equal(s.demand[0].required_micro, 3 * MICRO);
    scenario_clean_up(&s);
}

static void shape_of_a_day_and_a_week(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, "to=2015-03-15", "traces[0].prices.us-east-1a/c3.xlarge=[[\"2015-03-01\",0.05]]",
         "demand={\"shape\":{\"mean\":10,\"daily_permille\":[500,1500,1000,1000,1000,1000,"
         "1000,1000,1000,1000,1000,1000,1000,1000,1000,1000,1000,1000,1000,1000,1000,1000,1000,"
         "1000],\"weekly_permille\":[1000,1000,1000,1000,1333,900,767]}}");
    assert_int_equal(at(&s, DAY), 5 * MICRO); /* Thursday */
    assert_int_equal(at(&s, DAY + HOUR - 1), 5 * MICRO);
    assert_int_equal(at(&s, DAY + HOUR), 15 * MICRO);
    assert_int_equal(at(&s, DAY + 2 * HOUR), 10 * MICRO);
    assert_int_equal(at(&s, DAY + 24 * HOUR), 6665000); /* Friday */
    assert_int_equal(at(&s, DAY + 25 * HOUR), 19995000);
    assert_int_equal(at(&s, DAY + 50 * HOUR), 9 * MICRO); /* Saturday */
    assert_int_equal(s.note_count, 0);
    assert_non_null(strstr(s.resolved.data, ",\"noise_permille\":0,\"every_s\":300}}"));
    scenario_clean_up(&s);
}

/* Rounding is up: to a millionth of a unit. Lists that do not average 1000 are remarked. */
static void shape_rounds_up(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, "demand={\"shape\":{\"mean\":0.000001,\"weekly_permille\":[1,1,1,1,1,1,1]}}");
    assert_int_equal(s.demand_count, 1);
    assert_int_equal(s.demand[0].required_micro, 1);
    assert_true(has_note(&s, false, "weekly_permille averages 1 permille"));
    scenario_clean_up(&s);
}

static void shape_noise_is_keyed_by_interval(void **state)
{
    (void)state;
    struct scenario s;
    struct scenario later;
    READ(&s, "demand={\"shape\":{\"mean\":1000,\"noise_permille\":100,\"every_s\":7}}");
    READ(&later, "from=2015-03-12T12:00:01Z",
         "demand={\"shape\":{\"mean\":1000,\"noise_permille\":100,\"every_s\":7}}");
    for (int64_t t = DAY + 12 * HOUR + 1; t < DAY + 24 * HOUR; t += 7)
        assert_int_equal(at(&s, t), at(&later, t));
    /* The key, and all the range: 900 to 1100 units. */
    int64_t least = INT64_MAX;
    int64_t most = 0;
    for (int64_t k = DAY / 7; k * 7 < DAY + 24 * HOUR; k++) {
        struct pcg64 rng;
        const uint64_t key[] = {1, pcg64_word("demand"), 0, (uint64_t)k};
        pcg64_seed_key(&rng, key, 4);
        int64_t value = (1000 + pcg64_between(&rng, -100, 100)) * MICRO;
        assert_int_equal(at(&s, k * 7 < DAY ? DAY : k * 7), value);
        least = value < least ? value : least;
        most = value > most ? value : most;
    }
    assert_int_equal(least, 900 * (int64_t)MICRO);
    assert_int_equal(most, 1100 * (int64_t)MICRO);
    scenario_clean_up(&s);
    scenario_clean_up(&later);
    /* Two shapes have each its own; another seed has another. */
    READ(&s, "demand={\"sum\":[{\"shape\":{\"mean\":1000,\"noise_permille\":100}},"
             "{\"shape\":{\"mean\":1000,\"noise_permille\":100}}]}");
    bool differ = false;
    for (size_t i = 0; i < s.demand_count; i++)
        differ = differ || s.demand[i].required_micro % (2 * MICRO) != 0;
    assert_true(differ);
    char hash[HASH_TEXT_SIZE];
    memcpy(hash, s.demand_hash, sizeof hash);
    scenario_clean_up(&s);
    READ(&s, "seed=2",
         "demand={\"sum\":[{\"shape\":{\"mean\":1000,\"noise_permille\":100}},"
         "{\"shape\":{\"mean\":1000,\"noise_permille\":100}}]}");
    assert_string_not_equal(hash, s.demand_hash);
    scenario_clean_up(&s);
}

/* What the resolved scenario says reads as the same demand and resolves to itself. */
static void resolved_again(void **state)
{
    (void)state;
    static const char *const forms[] = {
        "demand={\"step\":{\"from\":8,\"to\":12.5,\"at\":\"2015-03-12T05:00:07+01:00\"}}",
        "demand={\"spike\":{\"base\":\"4.000\",\"to\":40,\"at\":\"2015-03-12\",\"length_s\":9}}",
        "demand={\"shape\":{\"mean\":100,\"noise_permille\":9}}",
        "demand={\"sum\":[{\"shape\":{\"noise_permille\":9,\"mean\":7}},{\"units\":1},"
        "{\"shape\":{\"mean\":7,\"weekly_permille\":[1,2,3,4,5,6,7],\"noise_permille\":9}}]}",
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct scenario first;
        struct scenario second;
        struct error err;
        READ(&first, forms[i]);
        if (scenario_parse(&second, "base.json", ".", first.resolved.data, first.resolved.size,
                           NULL, &err))
            fail_msg("%s: %s", forms[i], err.text);
        assert_string_equal(first.resolved.data, second.resolved.data);
        assert_string_equal(first.demand_hash, second.demand_hash);
        scenario_clean_up(&first);
        scenario_clean_up(&second);
    }
}

static void refusals(void **state)
{
    (void)state;
    static const struct refused_set cases[] = {
        {"demand={\"tasks\":3}", "unknown key \"tasks\""},
        {"demand={\"units\":3,\"step\":{}}", "exactly one of"},
        {"demand={\"units\":3,\"scale_to_mean\":4}", "only goes with \"trace\""},
        {"demand={\"step\":{\"from\":3,\"to\":4}}", "no \"at\": add it"},
        {"demand={\"step\":{\"from\":3,\"to\":100001,\"at\":\"2015-03-12\"}}", "out of range"},
        {"demand={\"spike\":{\"base\":3,\"to\":4,\"at\":\"2015-03-12\",\"length_s\":0}}",
         "out of range"},
        {"demand={\"spike\":{\"base\":3,\"peak\":4}}", "unknown key \"peak\""},
        {"demand={\"sum\":[]}", "at least one form"},
        {"demand={\"sum\":[3]}", "must be an object"},
        {"demand={\"sum\":[{\"sum\":[{\"units\":3}]}]}", "within another sum"},
        {"demand={\"sum\":[{\"units\":60000},{\"units\":40001}]}", "adds up to more than"},
        {"demand={\"shape\":{}}", "no \"mean\""},
        {"demand={\"shape\":{\"mean\":1,\"daily_permille\":[1,2,3]}}", "must hold 24 numbers"},
        {"demand={\"shape\":{\"mean\":1,\"weekly_permille\":[1,2,3,4,5,6,-7]}}", "out of range"},
        {"demand={\"shape\":{\"mean\":1,\"noise_permille\":1001}}", "out of range"},
        {"demand={\"shape\":{\"mean\":60000,\"noise_permille\":1000}}", "exceeds 100000 units"},
        {"demand={\"shape\":{\"mean\":1,\"every_s\":0}}", "out of range"},
    };
    expect_refusals(cases, sizeof cases / sizeof *cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(step),
        cmocka_unit_test(spike),
        cmocka_unit_test(sum),
        cmocka_unit_test(shape_of_a_day_and_a_week),
        cmocka_unit_test(shape_rounds_up),
        cmocka_unit_test(shape_noise_is_keyed_by_interval),
        cmocka_unit_test(resolved_again),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
