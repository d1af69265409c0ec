/* Billing: the table of the AWS notes 2.3 to the micro-USD, hour-start prices, and the edges of the
 * measured window.
 *
 * Proves docs/model.md, "Billing".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/billing.h"

enum { HOUR = 3600 };

static const struct price_step flat[] = {{0, 100000}}; /* 0.10 USD/h */

static struct bill life(int64_t run_s, bool ended_by_ec2, bool per_second)
{
    return (struct bill){.running_s = 1000000,
                         .ended_s = 1000000 + run_s,
                         .ended_by_ec2 = ended_by_ec2,
                         .per_second = per_second,
                         .window_from_s = 0,
                         .window_to_s = INT64_C(4000000000)};
}

struct row {
    bool per_second;
    int64_t run_s;
    bool ended_by_ec2;
    int64_t charge; /* micro-USD-seconds per hour */
};

static void table_of_the_aws_notes(void **state)
{
    (void)state;
    const struct row rows[] = {
        {false, 20 * 60, false, 100000LL * HOUR},
        {false, 20 * 60, true, 0},
        {false, 61 * 60, true, 100000LL * HOUR},
        {false, 61 * 60, false, 200000LL * HOUR},
        {true, 20, false, 100000LL * 60},
        {true, HOUR - 1, true, 0},
        {true, HOUR, true, 100000LL * HOUR},
        {true, 90 * 60, true, 150000LL * HOUR},
        /* exactly k hours are k hours, whoever ended it */
        {false, 2 * HOUR, false, 200000LL * HOUR},
        {false, 2 * HOUR, true, 200000LL * HOUR},
        {false, 2 * HOUR + 1, false, 300000LL * HOUR},
        /* a start is an hour, or a minute */
        {false, 0, false, 100000LL * HOUR},
        {true, 0, false, 100000LL * 60},
        {true, 60, false, 100000LL * 60},
        {true, 61, false, 100000LL * 61},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bill bill = life(rows[i].run_s, rows[i].ended_by_ec2, rows[i].per_second);
        if (billing_spot(&bill, flat, 1) != rows[i].charge)
            fail_msg("row %zu", i);
        if (!rows[i].ended_by_ec2)
            assert_true(billing_on_demand(&bill, 100000) == rows[i].charge);
    }
}

static void an_hour_costs_what_its_first_second_cost(void **state)
{
    (void)state;
    const int64_t r = 1000000;
    const struct price_step steps[] = {
        {0, 10}, {r, 20}, {r + 1, 1000}, {r + HOUR - 1, 30}, {r + HOUR, 40}, {r + HOUR + 5, 7000}};
    struct bill bill = life(2 * HOUR, false, false);
    assert_true(billing_spot(&bill, steps, 6) == (20 + 40) * HOUR);
    bill.per_second = true;
    bill.ended_s = r + HOUR + 100;
    assert_true(billing_spot(&bill, steps, 6) == 20 * HOUR + 40 * 100);
    bill.lock_continuous = true;
    assert_true(billing_spot(&bill, steps, 6) == 20 + 1000 * (HOUR - 2) + 30 + 40 * 5 + 7000 * 95);
}

static void a_running_hour_is_cut_at_the_windows_edges(void **state)
{
    (void)state;
    const int64_t r = 1000000;
    struct bill bill = life(10 * HOUR, true, false);
    bill.window_from_s = r + 1800;
    bill.window_to_s =
        r + 2 * HOUR + 600; /* it is still running here: what comes later is ignored */
    assert_true(billing_spot(&bill, flat, 1) == 100000LL * (1800 + HOUR + 600));
    bill.ended_s = INT64_MAX;
    assert_true(billing_spot(&bill, flat, 1) == 100000LL * (1800 + HOUR + 600));
    /* ended by its owner just inside: the started hour is owed in full, also beyond the window */
    bill.ended_s = bill.window_to_s - 1;
    bill.ended_by_ec2 = false;
    assert_true(billing_spot(&bill, flat, 1) == 100000LL * (1800 + 2 * HOUR));
    /* ended by EC2 just inside: that hour is free */
    bill.ended_by_ec2 = true;
    assert_true(billing_spot(&bill, flat, 1) == 100000LL * (1800 + HOUR));
    /* ended before the window: nothing, though its hour reaches into it */
    bill.ended_by_ec2 = false;
    bill.ended_s = bill.window_from_s;
    assert_true(billing_spot(&bill, flat, 1) == 0);
    bill.ended_s++;
    assert_true(billing_spot(&bill, flat, 1) == 100000LL * 1800);
    /* begins after it */
    bill.window_to_s = r;
    bill.window_from_s = r - 10;
    bill.ended_s = r + 10;
    assert_true(billing_spot(&bill, flat, 1) == 0);
}

static void windows_add_up(void **state)
{
    (void)state;
    /* An instance that runs throughout is charged the same by one window and by its parts. */
    const struct price_step steps[] = {{0, 11}, {1003000, 23}, {1007777, 5}, {1009000, 999}};
    struct bill whole = life(50 * HOUR, false, true);
    whole.ended_s = INT64_MAX;
    whole.window_from_s = 1000100;
    whole.window_to_s = 1020000;
    int128 sum = 0;
    for (int64_t from_s = 1000100; from_s < 1020000; from_s += 199) {
        struct bill part = whole;
        part.window_from_s = from_s;
        part.window_to_s = from_s + 199 < 1020000 ? from_s + 199 : 1020000;
        sum += billing_spot(&part, steps, 4);
    }
    assert_true(sum == billing_spot(&whole, steps, 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_of_the_aws_notes),
        cmocka_unit_test(an_hour_costs_what_its_first_second_cost),
        cmocka_unit_test(a_running_hour_is_cut_at_the_windows_edges),
        cmocka_unit_test(windows_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
