/* pending-capacity and its preset: what the seed's function does, exactly, and what the safe form
 * does instead. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "policy/builtin.h"
#include "policy/words.h"

enum { WINDOW, PENDING, TARGET };

static const int64_t U = BALLAST_MICRO;

struct fixture {
    int64_t parameters[BALLAST_PARAMETERS_MAX];
    unsigned char state[BALLAST_STATE_MAX];
    struct ballast_point points[3][16];
    struct ballast_answer answers[3];
    struct ballast_observation observation;
};

static void set_points(struct fixture *f, int read, const int64_t *units, size_t count)
{
    for (size_t i = 0; i < count; i++)
        f->points[read][i] = (struct ballast_point){6000 + 60 * (int64_t)i, units[i] * U};
    f->answers[read] = (struct ballast_answer){.status = count ? BALLAST_OK : BALLAST_EMPTY,
                                               .points = f->points[read],
                                               .point_count = count};
}

static void set_up(struct fixture *f, const char *preset)
{
    memset(f, 0, sizeof *f);
    policy_default_values(&policy_pending_capacity,
                          preset ? policy_find_preset(&policy_pending_capacity, preset) : NULL,
                          f->parameters);
    const int64_t target[] = {32, 32, 32};
    const int64_t pending[] = {0};
    set_points(f, WINDOW, target, 3);
    set_points(f, PENDING, pending, 1);
    set_points(f, TARGET, target, 1);
    f->observation = (struct ballast_observation){
        .now_s = 6210,
        .answers = f->answers,
        .answer_count = 3,
        .group = {.status = BALLAST_OK,
                  .min_size = 0,
                  .max_size = 200,
                  .units_per_instance_micro = 5 * U},
    };
}

static struct ballast_decision decide(struct fixture *f)
{
    return policy_pending_capacity.decide(&f->observation, f->parameters, f->state);
}

static const char *reason(const struct ballast_decision *decision)
{
    return policy_pending_capacity.reasons[decision->reason].name;
}

static void set_parameter(struct fixture *f, const char *name, int64_t value)
{
    int index = policy_find_parameter(&policy_pending_capacity, name);
    assert_true(index >= 0);
    f->parameters[index] = value;
}

static void seed_rounds_as_the_original(void **state)
{
    (void)state;
    /* int(pending / 4 + 0.999999) */
    const int64_t cases[][2] = {{0, 0},  {1, 1},  {4, 1},  {5, 2},   {8, 2},    {32, 8},
                                {-1, 0}, {-4, 0}, {-7, 0}, {-8, -1}, {-12, -2}, {33, 9}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fixture f;
        set_up(&f, "seed");
        f.observation.group.desired_capacity = 100;
        set_points(&f, PENDING, &cases[i][0], 1);
        struct ballast_decision decision = decide(&f);
        assert_int_equal(decision.action, BALLAST_SET_DESIRED);
        assert_true(decision.desired_capacity == cases[i][1]);
        assert_true(decision.honor_cooldown);
    }
}

static void out_ignores_the_cooldown_in_honours_it(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, "seed");
    const int64_t pending[] = {9};
    set_points(&f, PENDING, pending, 1);
    f.observation.group.desired_capacity = 2;
    struct ballast_decision decision = decide(&f);
    assert_int_equal(decision.action, BALLAST_SET_DESIRED);
    assert_true(decision.desired_capacity == 3 && !decision.honor_cooldown);
    assert_string_equal(reason(&decision), "scale-out");
    f.observation.group.desired_capacity = 4;
    decision = decide(&f);
    assert_true(decision.desired_capacity == 3 && decision.honor_cooldown);
    assert_string_equal(reason(&decision), "scale-in");
    f.observation.group.desired_capacity = 3;
    decision = decide(&f);
    assert_int_equal(decision.action, BALLAST_HOLD);
}

static void a_changed_target_holds_until_it_leaves_the_window(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, "seed");
    const int64_t target[] = {32, 40, 40}; /* stamps 6000, 6060, 6120 */
    set_points(&f, WINDOW, target, 3);
    struct ballast_decision decision = decide(&f);
    assert_int_equal(decision.action, BALLAST_HOLD);
    assert_string_equal(reason(&decision), "target-changed");
    assert_true(decision.valid_until_s == 6000 + 60 + 600);
    char words[256];
    policy_reason_words(&policy_pending_capacity, decision.reason, decision.figures, words,
                        sizeof words);
    assert_non_null(strstr(words, "between 32 and 40 units within the last 600 s"));
}

static void an_error_counts_as_changed_empty_as_not(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, "seed");
    const int64_t pending[] = {8};
    set_points(&f, PENDING, pending, 1);
    f.answers[WINDOW] =
        (struct ballast_answer){.status = BALLAST_ERROR, .error_code = "Throttling"};
    struct ballast_decision decision = decide(&f);
    assert_int_equal(decision.action, BALLAST_HOLD);
    set_points(&f, WINDOW, NULL, 0);
    decision = decide(&f);
    assert_int_equal(decision.action, BALLAST_SET_DESIRED);
    assert_true(decision.desired_capacity == 2);
    /* the safe form does not take silence for calm */
    set_parameter(&f, "on_missing_window", 1);
    decision = decide(&f);
    assert_int_equal(decision.action, BALLAST_HOLD);
}

static void seed_assumes_32_units_when_either_is_missing(void **state)
{
    (void)state;
    for (int read = PENDING; read <= TARGET; read++) {
        for (int failed = 0; failed < 2; failed++) {
            struct fixture f;
            set_up(&f, "seed");
            set_points(&f, read, NULL, 0);
            if (failed)
                f.answers[read].status = BALLAST_ERROR;
            struct ballast_decision decision = decide(&f);
            assert_int_equal(decision.action, BALLAST_SET_DESIRED);
            assert_true(decision.desired_capacity == 8 && !decision.honor_cooldown);
            assert_string_equal(reason(&decision), "scale-out-assumed");
        }
    }
}

static void missing_data_can_hold_or_use_the_last_value(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, NULL);
    set_points(&f, PENDING, NULL, 0);
    f.observation.group.desired_capacity = 3;
    struct ballast_decision decision = decide(&f);
    assert_int_equal(decision.action, BALLAST_HOLD);
    assert_string_equal(reason(&decision), "pending-missing");
    set_parameter(&f, "on_missing", 2);
    decision = decide(&f); /* nothing known yet */
    assert_int_equal(decision.action, BALLAST_HOLD);
    const int64_t pending[] = {20};
    set_points(&f, PENDING, pending, 1);
    decision = decide(&f);
    assert_true(decision.desired_capacity == 4); /* 5 units an instance, from the observation */
    set_points(&f, PENDING, NULL, 0);
    decision = decide(&f);
    assert_int_equal(decision.action, BALLAST_SET_DESIRED);
    assert_true(decision.desired_capacity == 4);
}

static void seed_takes_the_first_point_the_safe_form_the_newest(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, "seed");
    const int64_t pending[] = {12, 0};
    set_points(&f, PENDING, pending, 2); /* oldest first; the newest says 0 */
    struct ballast_decision decision = decide(&f);
    assert_true(decision.desired_capacity == 3);
    assert_true(decision.valid_until_s ==
                f.observation.now_s); /* the order may change: no promise */
    set_parameter(&f, "newest", 1);
    decision = decide(&f);
    assert_int_equal(decision.action, BALLAST_HOLD);
}

static void only_the_safe_form_clamps(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, "seed");
    const int64_t pending[] = {100};
    set_points(&f, PENDING, pending, 1);
    f.observation.group.max_size = 10;
    f.observation.group.min_size = 1;
    struct ballast_decision decision = decide(&f);
    assert_true(decision.desired_capacity == 25);
    set_parameter(&f, "clamp", 1);
    decision = decide(&f);
    assert_true(decision.desired_capacity == 10);
    const int64_t surplus[] = {-100};
    set_points(&f, PENDING, surplus, 1);
    f.observation.group.desired_capacity = 5;
    decision = decide(&f);
    assert_true(decision.desired_capacity == 1);
}

static void an_unknown_group_is_left_alone(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, "seed");
    const int64_t pending[] = {8};
    set_points(&f, PENDING, pending, 1);
    f.observation.group.status = BALLAST_ERROR;
    f.observation.group.desired_capacity = BALLAST_UNKNOWN;
    struct ballast_decision decision = decide(&f);
    assert_int_equal(decision.action, BALLAST_HOLD);
    assert_string_equal(reason(&decision), "group-unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seed_rounds_as_the_original),
        cmocka_unit_test(out_ignores_the_cooldown_in_honours_it),
        cmocka_unit_test(a_changed_target_holds_until_it_leaves_the_window),
        cmocka_unit_test(an_error_counts_as_changed_empty_as_not),
        cmocka_unit_test(seed_assumes_32_units_when_either_is_missing),
        cmocka_unit_test(missing_data_can_hold_or_use_the_last_value),
        cmocka_unit_test(seed_takes_the_first_point_the_safe_form_the_newest),
        cmocka_unit_test(only_the_safe_form_clamps),
        cmocka_unit_test(an_unknown_group_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
