/* Where two runs part: docs/compare.md, "Where they part". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "study/divergence.h"

enum { HOLD = -1, EVERY = 60 };

/* One evaluation. */
static void decide(struct trail *trail, int64_t time_s, int64_t desired, enum cloud_outcome outcome)
{
    struct record_decision decision = {.first_s = time_s, .last_s = time_s, .evaluations = 1};
    if (desired != HOLD) {
        decision.action = BALLAST_SET_DESIRED;
        decision.desired_capacity = desired;
        decision.outcome = outcome;
    }
    trail_take_decision(trail, &decision);
}

/* An evaluation each minute: the digits are set points, '-' holds, 'r' is a refused 0. */
static struct trail trail_of(const char *decisions)
{
    struct trail trail = {0};
    for (int i = 0; decisions[i]; i++) {
        if (decisions[i] == '-')
            decide(&trail, i * EVERY, HOLD, CLOUD_NOT_CALLED);
        else if (decisions[i] == 'r')
            decide(&trail, i * EVERY, 0, CLOUD_SCALING_ACTIVITY_IN_PROGRESS);
        else
            decide(&trail, i * EVERY, decisions[i] - '0', CLOUD_ACCEPTED);
    }
    return trail;
}

static void decisions(void **state)
{
    (void)state;
    static const struct {
        const char *a;
        const char *b;
        enum divergence_kind kind;
        int minute;
        bool a_calls;
        bool b_calls;
    } rows[] = {
        {"--3--", "--3--", DIVERGENCE_NONE, 0, false, false},
        {"", "---", DIVERGENCE_NONE, 0, false, false},
        {"--3--", "-----", DIVERGENCE_DECISION, 2, true, false},
        {"-----", "---4-", DIVERGENCE_DECISION, 3, false, true},
        {"--3--", "--4--", DIVERGENCE_DECISION, 2, true, true},
        {"--33-", "--3--", DIVERGENCE_DECISION, 3, true, false}, /* it goes on calling */
        {"-rrr-", "-rrrr", DIVERGENCE_DECISION, 4, false, true},
        {"-rrr0", "-rr00", DIVERGENCE_OUTCOME, 3, true, true},
        {"-3-3-", "-3-4-", DIVERGENCE_DECISION, 3, true, true},
        {"-3r-5", "-3r-5", DIVERGENCE_NONE, 0, false, false},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct trail a = trail_of(rows[i].a);
        struct trail b = trail_of(rows[i].b);
        struct divergence there;
        struct divergence back;
        divergence_find(&a, &b, &there);
        divergence_find(&b, &a, &back);
        assert_int_equal(there.kind, rows[i].kind);
        assert_int_equal(back.kind, rows[i].kind);
        assert_int_equal(there.time_s, rows[i].minute * EVERY);
        assert_int_equal(back.time_s, there.time_s);
        if (there.kind != DIVERGENCE_NONE) {
            assert_int_equal(there.called[0], rows[i].a_calls);
            assert_int_equal(there.called[1], rows[i].b_calls);
            assert_int_equal(back.called[1], rows[i].a_calls);
        }
        assert_false(there.accounts_part);
        trail_clean_up(&a);
        trail_clean_up(&b);
    }
}

/* Holding at other times is no difference; a call at another time is. */
static void other_schedules(void **state)
{
    (void)state;
    struct trail a = {0};
    struct trail b = {0};
    for (int64_t s = 0; s < 600; s += 60)
        decide(&a, s, s == 300 ? 2 : HOLD, CLOUD_ACCEPTED);
    for (int64_t s = 0; s < 600; s += 100)
        decide(&b, s, s == 300 ? 2 : HOLD, CLOUD_ACCEPTED);
    struct divergence divergence;
    divergence_find(&a, &b, &divergence);
    assert_int_equal(divergence.kind, DIVERGENCE_NONE);
    decide(&a, 660, 3, CLOUD_ACCEPTED);
    decide(&b, 700, 3, CLOUD_ACCEPTED);
    divergence_find(&a, &b, &divergence);
    assert_int_equal(divergence.kind, DIVERGENCE_DECISION);
    assert_int_equal(divergence.time_s, 660);
    assert_true(divergence.called[0] && !divergence.called[1]);
    trail_clean_up(&a);
    trail_clean_up(&b);
}

static void accounts(void **state)
{
    (void)state;
    struct trail a = {0};
    struct trail b = {0};
    const struct record_capacity start = {.time_s = 0, .required_micro = 5};
    const struct record_capacity lost = {.time_s = 70, .required_micro = 5, .spot_up_micro = 3};
    const struct record_capacity back = {.time_s = 90, .required_micro = 5};
    trail_take_account(&a, &start);
    trail_take_account(&b, &start);
    struct divergence divergence;
    divergence_find(&a, &b, &divergence);
    assert_false(divergence.accounts_part);
    trail_take_account(&b, &lost);
    divergence_find(&a, &b, &divergence);
    assert_true(divergence.accounts_part && divergence.accounts_s == 70);
    assert_true(divergence.accounts[0].spot_up_micro == 0);
    assert_true(divergence.accounts[1].spot_up_micro == 3);
    trail_take_account(&a, &lost);
    trail_take_account(&a, &back);
    divergence_find(&a, &b, &divergence);
    assert_true(divergence.accounts_part && divergence.accounts_s == 90);
    assert_true(divergence.accounts[1].spot_up_micro == 3);
    assert_int_equal(divergence.kind, DIVERGENCE_NONE);
    trail_clean_up(&a);
    trail_clean_up(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decisions), cmocka_unit_test(other_schedules), cmocka_unit_test(accounts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
