/* One policy before an observation that a test fills in: a minute of points, a fleet, prices. */
#ifndef POLICY_FIXTURE_H
#define POLICY_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "policy/builtin.h"
#include "policy/words.h"

static const int64_t U = BALLAST_MICRO;

enum { NOW_S = 6210 /* the newest point is stamped 6120 or, of fewer than three, before */ };

struct policy_fixture {
    const struct ballast_policy *policy;
    int64_t parameters[BALLAST_PARAMETERS_MAX];
    _Alignas(16) unsigned char state[BALLAST_STATE_MAX];
    struct ballast_point points[4][32];
    struct ballast_fleet fleet;
    struct ballast_spot_price prices[8];
    struct ballast_answer answers[4];
    struct ballast_observation observation;
};

/* Everything read is EMPTY; the group wants 3 of 0 to 200 instances, of 4 units each. */
static inline void policy_set_up(struct policy_fixture *f, const struct ballast_policy *policy)
{
    memset(f, 0, sizeof *f);
    f->policy = policy;
    policy_default_values(policy, NULL, f->parameters);
    if (policy->init)
        policy->init(f->parameters, f->state);
    for (size_t i = 0; i < 4; i++)
        f->answers[i].status = BALLAST_EMPTY;
    f->observation = (struct ballast_observation){
        .now_s = NOW_S,
        .answers = f->answers,
        .answer_count = policy->read_count,
        .group = {.status = BALLAST_OK,
                  .max_size = 200,
                  .desired_capacity = 3,
                  .in_service = 3,
                  .units_per_instance_micro = 4 * U},
    };
}

static inline void set_parameter(struct policy_fixture *f, const char *name, int64_t value)
{
    int index = policy_find_parameter(f->policy, name);
    assert_true(index >= 0);
    f->parameters[index] = value;
}

/* Points stamped 6000, 6060, ...; none: EMPTY. */
static inline void set_points(struct policy_fixture *f, size_t read, size_t count,
                              const int64_t *units)
{
    for (size_t i = 0; i < count; i++)
        f->points[read][i] = (struct ballast_point){6000 + 60 * (int64_t)i, units[i] * U};
    f->answers[read] = (struct ballast_answer){.status = count ? BALLAST_OK : BALLAST_EMPTY,
                                               .points = f->points[read],
                                               .point_count = count};
}

static inline void set_point(struct policy_fixture *f, size_t read, int64_t units)
{
    set_points(f, read, 1, &units);
}

static inline void set_fleet(struct policy_fixture *f, size_t read, int64_t target,
                             int64_t fulfilled)
{
    f->fleet = (struct ballast_fleet){target * U, fulfilled * U, true};
    f->answers[read] = (struct ballast_answer){.status = BALLAST_OK, .fleet = &f->fleet};
}

/* One more row of the spot prices that `read` returns. */
static inline void add_pool(struct policy_fixture *f, size_t read, const char *zone,
                            int64_t micro_usd, int64_t fulfilled_micro)
{
    size_t count = f->answers[read].spot_price_count;
    f->prices[count] = (struct ballast_spot_price){.instance_type = "c4.xlarge",
                                                   .zone = zone,
                                                   .time_s = 6000,
                                                   .micro_usd_per_hour = micro_usd,
                                                   .weight_micro = 4 * U,
                                                   .fulfilled_micro = fulfilled_micro};
    f->answers[read] = (struct ballast_answer){
        .status = BALLAST_OK, .spot_prices = f->prices, .spot_price_count = count + 1};
}

static inline void set_error(struct policy_fixture *f, size_t read)
{
    f->answers[read] = (struct ballast_answer){.status = BALLAST_ERROR, .error_code = "Throttling"};
}

static inline void set_group_unknown(struct policy_fixture *f)
{
    f->observation.group = (struct ballast_group){
        .status = BALLAST_ERROR,
        .error_code = "Throttling",
        .min_size = BALLAST_UNKNOWN,
        .max_size = BALLAST_UNKNOWN,
        .desired_capacity = BALLAST_UNKNOWN,
        .in_service = BALLAST_UNKNOWN,
        .pending = BALLAST_UNKNOWN,
        .units_per_instance_micro = 4 * U,
    };
}

static inline struct ballast_decision decide(struct policy_fixture *f)
{
    return f->policy->decide(&f->observation, f->parameters, f->state);
}

/* The next decision sets desired capacity: out ignoring the cooldown, in honouring it. */
static inline void expect_set(struct policy_fixture *f, int64_t desired, const char *reason)
{
    struct ballast_decision decision = decide(f);
    assert_string_equal(f->policy->reasons[decision.reason].name, reason);
    assert_int_equal(decision.action, BALLAST_SET_DESIRED);
    assert_int_equal(decision.desired_capacity, desired);
    assert_int_equal(decision.honor_cooldown, desired < f->observation.group.desired_capacity);
    assert_false(decision.set_fleet_target);
}

static inline void expect_hold(struct policy_fixture *f, const char *reason)
{
    struct ballast_decision decision = decide(f);
    assert_string_equal(f->policy->reasons[decision.reason].name, reason);
    assert_int_equal(decision.action, BALLAST_HOLD);
}

/* The next decision says so in words. */
static inline void expect_words(struct policy_fixture *f, const char *expected)
{
    struct ballast_decision decision = decide(f);
    char words[512];
    policy_reason_words(f->policy, decision.reason, decision.figures, words, sizeof words);
    assert_string_equal(words, expected);
}

/* A policy that describes its fleet holds while it cannot, or while the fleet is not active. */
static inline void expect_fleet_needed(struct policy_fixture *f, size_t read)
{
    struct ballast_answer answer = f->answers[read];
    f->answers[read].status = BALLAST_EMPTY;
    expect_hold(f, "fleet-unknown");
    set_error(f, read);
    expect_hold(f, "fleet-unknown");
    f->answers[read] = answer;
    struct ballast_fleet fleet = f->fleet;
    f->fleet.fulfilled_micro = BALLAST_UNKNOWN;
    expect_hold(f, "fleet-unknown");
    f->fleet = fleet;
    f->fleet.target_micro = BALLAST_UNKNOWN;
    expect_hold(f, "fleet-unknown");
    f->fleet = fleet;
    f->fleet.active = false;
    expect_hold(f, "fleet-inactive");
    f->fleet = fleet;
}

#endif
