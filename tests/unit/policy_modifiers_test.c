/* Modifiers, one by one around a policy that wants what it is told, and what they come to together.
 */
#include "modifier_fixture.h"

enum { HOUR = 3600 };

static void set_up_one(struct asked *a, const char *name)
{
    const struct policy_modifier *modifier = modifier_find(name);
    assert_non_null(modifier);
    asked_set_up(a, &modifier, 1);
}

static void holds(const struct asked *a, struct ballast_decision decision, const char *reason,
                  int64_t until_s)
{
    assert_int_equal(decision.action, BALLAST_HOLD);
    assert_string_equal(reason_name(a, &decision), reason);
    assert_int_equal(decision.valid_until_s, until_s);
}

static void sets(const struct asked *a, struct ballast_decision decision, const char *reason,
                 int64_t instances, bool honor)
{
    assert_int_equal(decision.action, BALLAST_SET_DESIRED);
    assert_string_equal(reason_name(a, &decision), reason);
    assert_int_equal(decision.desired_capacity, instances);
    assert_int_equal(decision.honor_cooldown, honor);
}

static void grace_waits_once(void **state)
{
    (void)state;
    struct asked a;
    set_up_one(&a, "grace");
    holds(&a, ask(&a, 1000, 3, 0), "grace", 1300);
    holds(&a, ask(&a, 1299, 5, 0), "grace", 1300);
    sets(&a, ask(&a, 1300, 5, 0), "wants", 5, false);
    sets(&a, ask(&a, 1360, 7, 5), "wants", 7, false); /* still short: no new wait */
    sets(&a, ask(&a, 1420, 2, 7), "wants", 2, true);  /* in at once */
    holds(&a, ask(&a, 1480, 3, 2), "grace", 1780);    /* and then anew */
    a.answer.status = BALLAST_ERROR;                  /* not seeing is not knowing better */
    assert_int_equal(ask(&a, 1540, 3, 2).action, BALLAST_HOLD);
    a.answer.status = BALLAST_OK;
    sets(&a, ask(&a, 1780, 3, 2), "wants", 3, false);
    assert_int_equal(ask(&a, 1800, 3, 3).action, BALLAST_HOLD); /* it has what it wants */
    holds(&a, ask(&a, 1860, 4, 3), "grace", 2160);
    policy_composed_destroy(a.composed);
}

static void stabilise_takes_the_most_on_the_way_in(void **state)
{
    (void)state;
    struct asked a;
    set_up_one(&a, "stabilise");
    sets(&a, ask(&a, 1000, 8, 2), "wants", 8, false); /* out at once: its window is 0 s */
    assert_int_equal(ask(&a, 1060, 8, 8).action, BALLAST_HOLD);
    holds(&a, ask(&a, 1120, 3, 8), "stabilise-hold", 1420); /* 8 was wanted until 1120 */
    holds(&a, ask(&a, 1180, 5, 8), "stabilise-hold", 1420);
    holds(&a, ask(&a, 1240, 3, 8), "stabilise-hold", 1420);
    holds(&a, ask(&a, 1419, 3, 8), "stabilise-hold", 1420);
    struct ballast_decision decision = ask(&a, 1420, 3, 8);
    sets(&a, decision, "stabilise-in", 5, true); /* 5 was wanted until 1240 */
    assert_int_equal(decision.valid_until_s, 1480);
    sets(&a, ask(&a, 1540, 3, 5), "wants", 3, true);
    policy_composed_destroy(a.composed);
}

static void stabilise_takes_the_least_on_the_way_out(void **state)
{
    (void)state;
    struct asked a;
    set_up_one(&a, "stabilise");
    a.parameters[0] = 120;
    assert_int_equal(ask(&a, 1000, 2, 2).action, BALLAST_HOLD);
    holds(&a, ask(&a, 1060, 6, 2), "stabilise-hold", 1180);
    holds(&a, ask(&a, 1120, 9, 2), "stabilise-hold", 1180);
    sets(&a, ask(&a, 1180, 9, 2), "stabilise-out", 6, false);
    sets(&a, ask(&a, 1240, 9, 6), "wants", 9, false);
    policy_composed_destroy(a.composed);
}

static void rate_limit_counts_what_is_gone(void **state)
{
    (void)state;
    struct asked a;
    set_up_one(&a, "rate-limit");
    a.parameters[0] = 3;
    sets(&a, ask(&a, 1000, 0, 10), "rate-limited", 7, true);
    sets(&a, ask(&a, 1060, 0, 10), "rate-limited", 7, true); /* refused: nothing used up */
    sets(&a, ask(&a, 1120, 0, 8), "rate-limited", 7, true);  /* two are gone, one may go */
    holds(&a, ask(&a, 1180, 0, 7), "rate-limit-spent", 1420);
    sets(&a, ask(&a, 1200, 9, 7), "wants", 9, false); /* out is free */
    holds(&a, ask(&a, 1419, 0, 9), "rate-limit-spent", 1420);
    sets(&a, ask(&a, 1420, 0, 9), "rate-limited", 6, true);
    sets(&a, ask(&a, 1480, 4, 7), "rate-limited", 6, true); /* two of three went */
    sets(&a, ask(&a, 1540, 6, 7), "wants", 6, true);        /* no more than may go */
    policy_composed_destroy(a.composed);
}

static void return_hours_open_and_close(void **state)
{
    (void)state;
    struct asked a;
    set_up_one(&a, "return-hours");
    sets(&a, ask(&a, 5 * HOUR, 0, 4), "wants", 0, true); /* all day by default */
    a.parameters[0] = 22 * HOUR;                         /* over midnight */
    a.parameters[1] = 6 * HOUR;
    struct ballast_decision decision = ask(&a, 24 * HOUR + 5 * HOUR, 0, 4);
    sets(&a, decision, "wants", 0, true);
    assert_int_equal(decision.valid_until_s, 24 * HOUR + 6 * HOUR);
    holds(&a, ask(&a, 24 * HOUR + 6 * HOUR, 0, 4), "return-hours", 24 * HOUR + 22 * HOUR);
    sets(&a, ask(&a, 24 * HOUR + 7 * HOUR, 5, 4), "wants", 5, false);
    sets(&a, ask(&a, 24 * HOUR + 22 * HOUR, 0, 4), "wants", 0, true);
    a.parameters[0] = 0;
    a.parameters[1] = 0; /* never */
    holds(&a, ask(&a, 48 * HOUR, 0, 4), "return-hours", 72 * HOUR);
    policy_composed_destroy(a.composed);
}

static void billing_hour_keeps_what_is_paid_for(void **state)
{
    (void)state;
    struct asked a;
    set_up_one(&a, "billing-hour");
    assert_int_equal(ask(&a, 1000, 0, 0).action, BALLAST_HOLD);
    sets(&a, ask(&a, 1060, 2, 0), "wants", 2, false);
    assert_int_equal(ask(&a, 1120, 2, 2).action, BALLAST_HOLD); /* two began by 1120 */
    assert_int_equal(ask(&a, 2120, 5, 5).action, BALLAST_HOLD); /* and three by 2120 */
    holds(&a, ask(&a, 2180, 0, 5), "paid-for", 1120 + HOUR - 300);
    struct ballast_decision decision = ask(&a, 1120 + HOUR - 300, 0, 5);
    sets(&a, decision, "some-paid-for", 3, true);
    assert_int_equal(decision.valid_until_s, 1120 + HOUR);
    holds(&a, ask(&a, 1120 + HOUR, 0, 5), "paid-for", 2120 + HOUR - 300); /* it was refused */
    sets(&a, ask(&a, 2120 + HOUR - 1, 4, 5), "wants", 4, true);
    assert_int_equal(ask(&a, 2120 + HOUR, 4, 4).action, BALLAST_HOLD); /* one of the three went */
    sets(&a, ask(&a, 1120 + 2 * HOUR - 1, 0, 4), "some-paid-for", 2, true);
    /* What is wanted and not in service has cost nothing. */
    ask(&a, 1120 + 2 * HOUR, 4, 4);
    a.observation.group.desired_capacity = 7;
    a.point.value_micro = 0;
    decision =
        policy_decide(policy_composed_whole(a.composed), &a.observation, a.parameters, a.state);
    sets(&a, decision, "some-paid-for", 4, true);
    policy_composed_destroy(a.composed);
}

static void backoff_doubles(void **state)
{
    (void)state;
    struct asked a;
    set_up_one(&a, "backoff");
    sets(&a, ask(&a, 1000, 0, 4), "wants", 0, true); /* nothing has been lost yet */
    sets(&a, ask(&a, 2000, 4, 0), "wants", 4, false);
    sets(&a, ask(&a, 2060, 6, 4), "wants", 6, false); /* the same episode */
    holds(&a, ask(&a, 3000, 0, 6), "backoff", 3600);
    holds(&a, ask(&a, 3599, 1, 6), "backoff", 3600);
    sets(&a, ask(&a, 3600, 0, 6), "wants", 0, true);
    sets(&a, ask(&a, 4000, 4, 0), "wants", 4, false); /* the second in a row */
    holds(&a, ask(&a, 5000, 0, 4), "backoff", 6200);
    assert_int_equal(ask(&a, 5060, 4, 4).action, BALLAST_HOLD); /* wanted again after all */
    holds(&a, ask(&a, 5120, 0, 4), "backoff", 6320);
    sets(&a, ask(&a, 6320, 0, 4), "wants", 0, true);
    sets(&a, ask(&a, 4000 + 21601, 4, 0), "wants", 4, false); /* forgotten by then */
    holds(&a, ask(&a, 30000, 0, 4), "backoff", 30600);
    policy_composed_destroy(a.composed);
}

static void they_are_asked_in_order(void **state)
{
    (void)state;
    struct asked a;
    const struct policy_modifier *const both[] = {&modifier_grace, &modifier_rate_limit};
    asked_set_up(&a, both, 2);
    const struct ballast_policy *whole = policy_composed_whole(a.composed);
    assert_int_equal(whole->parameter_count, 3);
    assert_string_equal(whole->parameters[0].name, "grace_s");
    assert_string_equal(whole->parameters[1].name, "in_instances");
    assert_string_equal(whole->reasons[0].name, "wants");
    holds(&a, ask(&a, 1000, 3, 0), "grace", 1300);
    sets(&a, ask(&a, 1060, 0, 4), "rate-limited", 3, true);
    char words[256];
    struct ballast_decision decision = ask(&a, 1120, 0, 3);
    assert_string_equal(
        policy_reason_words(whole, decision.reason, decision.figures, words, sizeof words),
        "0 instances are wanted instead of 3: as many as may be have been given "
        "back since 1970-01-01T00:18:40Z");
    policy_composed_destroy(a.composed);
}

static void an_unknown_group_is_left_alone(void **state)
{
    (void)state;
    for (size_t i = 0; policy_modifiers[i]; i++) {
        struct asked a;
        asked_set_up(&a, &policy_modifiers[i], 1);
        a.observation.group.status = BALLAST_ERROR;
        struct ballast_decision decision = ask(&a, 1000, 3, BALLAST_UNKNOWN);
        assert_int_equal(decision.action, BALLAST_HOLD);
        assert_string_equal(reason_name(&a, &decision), "wants");
        policy_composed_destroy(a.composed);
    }
}

static void chosen_by_name(void **state)
{
    (void)state;
    struct policy_choice choice;
    struct error err = {0};
    assert_int_equal(policy_choose(&choice, "pending-capacity:seed+grace", &err), STATUS_OK);
    assert_string_equal(choice.policy->name, "pending-capacity:seed+grace");
    size_t own = choice.policy->parameter_count - 1;
    assert_int_equal(choice.preset_count, own);
    assert_string_equal(choice.policy->parameters[own].name, "grace_s");
    assert_int_equal(choice.values[own], 300);
    assert_int_equal(choice.values[1], 60); /* the preset's lookback */
    policy_choice_clean_up(&choice);
    /* A modifier alone stands around pending-capacity. */
    assert_int_equal(policy_choose(&choice, "grace+backoff", &err), STATUS_OK);
    assert_string_equal(choice.policy->parameters[0].name, "window_s");
    policy_choice_clean_up(&choice);
}

static void wrong_names_are_refused(void **state)
{
    (void)state;
    static const char *const refused[][2] = {
        {"pending-capacty", "unknown policy \"pending-capacty\": did you mean"},
        {"none+gracee", "unknown modifier \"gracee\": did you mean \"grace\"?"},
        {"none+none", "unknown modifier \"none\": there are grace, "},
        {"none+", "unknown modifier \"\""},
        {"+grace", "unknown policy \"\""},
        {"grace:seed", "unknown policy \"grace\""},
        {"grace+grace", "two of its parts have a parameter grace_s"},
        {"none+stabilise+stabilise", "two of its parts have a parameter out_window_s"},
        {"none+a+a+a+a+a+a+a+a+a+a+a+a+a+a+a+a+a+a", "unknown modifier \"a\""},
    };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct policy_choice choice;
        struct error err = {0};
        assert_int_equal(policy_choose(&choice, refused[i][0], &err), STATUS_BAD_INPUT);
        if (!strstr(err.text, refused[i][1]))
            fail_msg("%s: %s", refused[i][0], err.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grace_waits_once),
        cmocka_unit_test(stabilise_takes_the_most_on_the_way_in),
        cmocka_unit_test(stabilise_takes_the_least_on_the_way_out),
        cmocka_unit_test(rate_limit_counts_what_is_gone),
        cmocka_unit_test(return_hours_open_and_close),
        cmocka_unit_test(billing_hour_keeps_what_is_paid_for),
        cmocka_unit_test(backoff_doubles),
        cmocka_unit_test(they_are_asked_in_order),
        cmocka_unit_test(an_unknown_group_is_left_alone),
        cmocka_unit_test(chosen_by_name),
        cmocka_unit_test(wrong_names_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
