/* Every built-in policy over random observations: it is a function of its arguments, keeps within
 * the group's bounds, never shrinks the group on missing data, names its reasons, and keeps its
 * promise: until valid_until, while every series goes on at its newest value, points arrive as
 * before, and calls end as they did, it decides the same and remembers nothing new. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/pcg64.h"
#include "policy/builtin.h"
#include "policy/words.h"

enum {
    WORLDS = 1000,
    MARGIN = 64,  /* bytes after the state that nobody may touch */
    HISTORY = 70, /* minutes of points before now */
    POINTS = 100,
    ROWS = 6,
    LATER = 12, /* evaluations within a promise */
    T = 1519948800,
};

static const int64_t U = BALLAST_MICRO;
static const char *const metrics[] = {"TargetCapacity", "PendingCapacity", "FulfilledCapacity"};

/* What can be observed, as of any time at or after now_s. */
struct account {
    int64_t now_s;
    int64_t delay_s;            /* of every point, after its minute */
    int64_t values[3][HISTORY]; /* [i]: of the minute i before that of now_s */
    enum ballast_answer_status status[BALLAST_READS_MAX];
    struct ballast_fleet fleet;
    struct ballast_cluster cluster;
    struct ballast_spot_price prices[ROWS];
    size_t price_count;
    struct ballast_group group;
    uint64_t order; /* of points */
};

struct policy_under_test {
    const struct ballast_policy *policy;
    int64_t parameters[BALLAST_PARAMETERS_MAX];
    struct ballast_point points[BALLAST_READS_MAX][POINTS];
    struct ballast_answer answers[BALLAST_READS_MAX];
    struct ballast_observation observation;
};

struct state {
    _Alignas(16) unsigned char bytes[BALLAST_STATE_MAX + MARGIN];
};

static void make_account(struct account *a, int64_t now_s, struct pcg64 *rng)
{
    memset(a, 0, sizeof *a);
    a->now_s = now_s;
    a->delay_s = pcg64_between(rng, 0, 100);
    a->order = pcg64_next(rng);
    int64_t target = pcg64_between(rng, 0, 60) * U;
    bool steady = pcg64_below(rng, 2) == 1;
    for (size_t i = 0; i < HISTORY; i++) {
        if (i == 0 || pcg64_below(rng, 6) == 0) {
            a->values[0][i] = steady ? target : pcg64_between(rng, 0, 60) * U;
            a->values[1][i] = pcg64_between(rng, -10, 60) * U;
            a->values[2][i] = pcg64_between(rng, 0, 60) * U + pcg64_between(rng, 0, U - 1);
        } else {
            for (size_t m = 0; m < 3; m++)
                a->values[m][i] = a->values[m][i - 1];
        }
    }
    a->fleet =
        (struct ballast_fleet){target, pcg64_between(rng, 0, 70) * U, pcg64_below(rng, 10) != 0};
    a->cluster = (struct ballast_cluster){pcg64_between(rng, 0, 20), pcg64_between(rng, 0, 50),
                                          pcg64_between(rng, 0, 50)};
    a->price_count = (size_t)pcg64_between(rng, 1, ROWS);
    for (size_t i = 0; i < a->price_count; i++)
        a->prices[i] = (struct ballast_spot_price){
            .instance_type = pcg64_below(rng, 2) ? "c4.xlarge" : "c4.2xlarge",
            .zone = pcg64_below(rng, 2) ? "us-east-1a" : "us-east-1b",
            .time_s = now_s - pcg64_between(rng, 0, 9000),
            .micro_usd_per_hour = pcg64_between(rng, 1, 400000),
            .weight_micro = pcg64_between(rng, 1, 8) * U,
            .fulfilled_micro =
                pcg64_below(rng, 12) ? pcg64_between(rng, 0, 30) * U : BALLAST_UNKNOWN,
        };
    int64_t min = pcg64_between(rng, 0, 3);
    int64_t max = pcg64_between(rng, min, 20);
    bool known = pcg64_below(rng, 12) != 0;
    a->group = (struct ballast_group){
        .status = known ? BALLAST_OK : BALLAST_ERROR,
        .error_code = known ? NULL : "Throttling",
        .min_size = known ? min : BALLAST_UNKNOWN,
        .max_size = known ? max : BALLAST_UNKNOWN,
        .desired_capacity = known ? pcg64_between(rng, min, max) : BALLAST_UNKNOWN,
        .in_service = known ? pcg64_between(rng, 0, max) : BALLAST_UNKNOWN,
        .pending = known ? 0 : BALLAST_UNKNOWN,
        .units_per_instance_micro = pcg64_between(rng, 1, 8) * U,
    };
    for (size_t i = 0; i < BALLAST_READS_MAX; i++)
        a->status[i] =
            pcg64_below(rng, 8) ? BALLAST_OK : (enum ballast_answer_status)pcg64_between(rng, 1, 2);
}

static int64_t floor_minute(int64_t time_s)
{
    return time_s / 60 * 60;
}

/* The value of the minute stamped stamp_s: the newest readable at now_s goes on. */
static int64_t value_at(const struct account *a, size_t metric, int64_t stamp_s)
{
    int64_t newest_s = floor_minute(a->now_s - 60 - a->delay_s);
    int64_t last_s = stamp_s > newest_s ? newest_s : stamp_s;
    int64_t back = (floor_minute(a->now_s) - last_s) / 60;
    return a->values[metric][back < HISTORY ? back : HISTORY - 1];
}

static int64_t filled_in(int64_t value, int32_t parameter, const int64_t *parameters)
{
    return parameter ? parameters[parameter - 1] : value;
}

/* Points of [start, now) that can be read, in no order. */
static void answer_metric(struct policy_under_test *p, const struct account *a, size_t read,
                          int64_t now_s)
{
    const struct ballast_read *declared = &p->policy->reads[read];
    struct ballast_answer *answer = &p->answers[read];
    int64_t lookback_s =
        filled_in(declared->lookback_s, declared->lookback_parameter, p->parameters);
    size_t metric = 0;
    while (metric < 2 && strcmp(metrics[metric], declared->metric) != 0)
        metric++;
    size_t count = 0;
    for (int64_t stamp_s = floor_minute(now_s - lookback_s);
         stamp_s < now_s && stamp_s + 60 + a->delay_s <= now_s; stamp_s += 60) {
        assert_true(count < POINTS);
        p->points[read][count++] = (struct ballast_point){stamp_s, value_at(a, metric, stamp_s)};
    }
    struct pcg64 rng;
    const uint64_t key[] = {a->order, (uint64_t)now_s, read};
    pcg64_seed_key(&rng, key, 3);
    for (size_t i = 1; i < count; i++) {
        size_t other = (size_t)pcg64_below(&rng, i + 1);
        struct ballast_point point = p->points[read][i];
        p->points[read][i] = p->points[read][other];
        p->points[read][other] = point;
    }
    answer->points = p->points[read];
    answer->point_count = count;
    answer->status = count ? BALLAST_OK : BALLAST_EMPTY;
}

static void observe(struct policy_under_test *p, const struct account *a, int64_t now_s)
{
    for (size_t i = 0; i < p->policy->read_count; i++) {
        struct ballast_answer *answer = &p->answers[i];
        *answer = (struct ballast_answer){.status = a->status[i],
                                          .error_code =
                                              a->status[i] == BALLAST_ERROR ? "Throttling" : NULL};
        if (a->status[i] != BALLAST_OK)
            continue;
        switch (p->policy->reads[i].kind) {
        case BALLAST_READ_METRIC:
            answer_metric(p, a, i, now_s);
            break;
        case BALLAST_READ_FLEET:
            answer->fleet = &a->fleet;
            break;
        case BALLAST_READ_CLUSTER:
            answer->cluster = &a->cluster;
            break;
        case BALLAST_READ_SPOT_PRICES:
            answer->spot_prices = a->prices;
            answer->spot_price_count = a->price_count;
            break;
        }
    }
    p->observation = (struct ballast_observation){
        .now_s = now_s,
        .answers = p->answers,
        .answer_count = p->policy->read_count,
        .group = a->group,
        .interruption_notices = BALLAST_UNKNOWN,
        .rebalance_notices = BALLAST_UNKNOWN,
    };
}

/* Defaults, or values within bounds and near them. Periods stay, and so do choices and switches
 * with `careful`: some of them say that missing data may shrink the group. */
static void draw_parameters(struct policy_under_test *p, bool careful, struct pcg64 *rng)
{
    policy_default_values(p->policy, NULL, p->parameters);
    if (pcg64_below(rng, 3) == 0)
        return;
    for (size_t i = 0; i < p->policy->parameter_count; i++) {
        const struct ballast_parameter *parameter = &p->policy->parameters[i];
        bool number = parameter->type != BALLAST_BOOLEAN && parameter->type != BALLAST_CHOICE;
        if (strcmp(parameter->name, "period_s") == 0 || strcmp(parameter->name, "clamp") == 0 ||
            pcg64_below(rng, 3) == 0)
            continue;
        if (number) {
            int64_t base =
                parameter->default_value == BALLAST_UNKNOWN ? 4 * U : parameter->default_value;
            int64_t most = pcg64_below(rng, 2) ? base / 2 + 1 : 4 * base + 10;
            most = most < parameter->min   ? parameter->min
                   : most < parameter->max ? most
                                           : parameter->max;
            p->parameters[i] = pcg64_between(rng, parameter->min, most);
        } else if (!careful) {
            int64_t choices = parameter->type == BALLAST_BOOLEAN ? 2 : 0;
            while (parameter->type == BALLAST_CHOICE && parameter->choices[choices])
                choices++;
            p->parameters[i] = (int64_t)pcg64_below(rng, (uint64_t)choices);
        }
    }
}

/* Leave something on the stack that a variable without a value would show. */
static void __attribute__((noinline)) poison_stack(unsigned char with)
{
    volatile unsigned char there[4096];
    for (size_t i = 0; i < sizeof there; i++)
        there[i] = with;
}

static struct ballast_decision ask(const struct policy_under_test *p, struct state *state,
                                   unsigned char poison)
{
    unsigned char *margin = state->bytes + p->policy->state_size;
    unsigned char before[MARGIN];
    memset(margin, poison, MARGIN);
    memset(before, poison, MARGIN);
    poison_stack(poison);
    struct ballast_decision decision =
        p->policy->decide(&p->observation, p->parameters, state->bytes);
    assert_memory_equal(margin, before, MARGIN);
    return decision;
}

static bool same_decision(const struct ballast_decision *a, const struct ballast_decision *b)
{
    return a->action == b->action && a->honor_cooldown == b->honor_cooldown &&
           a->set_fleet_target == b->set_fleet_target &&
           a->desired_capacity == b->desired_capacity && a->fleet_target == b->fleet_target &&
           a->reason == b->reason && memcmp(a->figures, b->figures, sizeof a->figures) == 0;
}

static bool same_state(const struct policy_under_test *p, const struct state *a,
                       const struct state *b)
{
    return memcmp(a->bytes, b->bytes, p->policy->state_size) == 0;
}

/* A memory of some evaluations before. */
static void remember(struct policy_under_test *p, struct state *state, int64_t now_s,
                     struct pcg64 *rng)
{
    static struct account before;
    memset(state, 0, sizeof *state);
    if (p->policy->init)
        p->policy->init(p->parameters, state->bytes);
    int64_t evaluations = pcg64_between(rng, 0, 6);
    int64_t apart_s = pcg64_below(rng, 2) ? 60 : pcg64_between(rng, 60, 40000);
    for (int64_t i = evaluations; i > 0; i--) {
        make_account(&before, now_s - i * apart_s, rng);
        observe(p, &before, before.now_s);
        ask(p, state, 0);
    }
}

#define EXPECT(condition)                                                                          \
    do {                                                                                           \
        if (!(condition))                                                                          \
            fail_msg("%s, seed %llu: not " #condition, p->policy->name, (unsigned long long)seed); \
    } while (0)

static struct ballast_decision check_one(struct policy_under_test *p, struct state *state,
                                         uint64_t seed)
{
    struct state other = *state;
    struct ballast_decision decision = ask(p, state, 0x55);
    struct ballast_decision again = ask(p, &other, 0xAA);
    EXPECT(same_decision(&decision, &again) && decision.valid_until_s == again.valid_until_s);
    EXPECT(same_state(p, state, &other));
    EXPECT(decision.reason < p->policy->reason_count);
    EXPECT(decision.valid_until_s >= p->observation.now_s);
    char words[1024];
    policy_reason_words(p->policy, decision.reason, decision.figures, words, sizeof words);
    EXPECT(words[0] != '\0' && !strchr(words, '{'));
    const struct ballast_group *group = &p->observation.group;
    if (decision.action == BALLAST_SET_DESIRED) {
        EXPECT(group->status == BALLAST_OK);
        EXPECT(decision.desired_capacity != group->desired_capacity);
        EXPECT(decision.desired_capacity >= group->min_size);
        EXPECT(decision.desired_capacity <= group->max_size);
        EXPECT(decision.honor_cooldown == (decision.desired_capacity < group->desired_capacity));
    }
    return decision;
}

/* A short lookback finds a point in one second of the minute and none in another: then the outcome
 * of the call does not repeat. */
static bool same_outcomes(const struct policy_under_test *p,
                          const enum ballast_answer_status *outcomes)
{
    for (size_t i = 0; i < p->policy->read_count; i++) {
        if (p->answers[i].status != outcomes[i])
            return false;
    }
    return true;
}

static void check_promise(struct policy_under_test *p, const struct account *a,
                          const struct ballast_decision *decision, const struct state *state,
                          uint64_t seed, struct pcg64 *rng)
{
    enum ballast_answer_status outcomes[BALLAST_READS_MAX] = {0};
    for (size_t i = 0; i < p->policy->read_count; i++)
        outcomes[i] = p->answers[i].status;
    int64_t end_s = a->now_s + 40000;
    if (decision->valid_until_s < end_s)
        end_s = decision->valid_until_s;
    for (int i = 0; i < LATER && end_s > a->now_s; i++) {
        int64_t later_s = i == 0 ? end_s - 1 : pcg64_between(rng, a->now_s, end_s - 1);
        struct state copy = *state;
        observe(p, a, later_s);
        if (!same_outcomes(p, outcomes))
            continue;
        struct ballast_decision later = ask(p, &copy, 0);
        EXPECT(same_decision(decision, &later));
        EXPECT(same_state(p, state, &copy));
    }
}

/* Returns what it did, as one bit: 1 hold, 2 out, 4 in. */
static unsigned kind_of(const struct policy_under_test *p, const struct ballast_decision *decision)
{
    if (decision->action == BALLAST_HOLD)
        return 1;
    return decision->desired_capacity > p->observation.group.desired_capacity ? 2 : 4;
}

static void they_are_pure_bounded_and_keep_their_promises(void **test)
{
    (void)test;
    static struct policy_under_test tested;
    static struct account a;
    struct policy_under_test *p = &tested;
    for (size_t i = 0; policy_builtin[i]; i++) {
        unsigned kinds = 0;
        p->policy = policy_builtin[i];
        for (uint64_t seed = 1; seed <= WORLDS; seed++) {
            struct pcg64 rng;
            struct state state;
            pcg64_seed_key(&rng, &seed, 1);
            draw_parameters(p, false, &rng);
            int64_t now_s = T + pcg64_between(&rng, 0, 700000);
            remember(p, &state, now_s, &rng);
            make_account(&a, now_s, &rng);
            observe(p, &a, now_s);
            struct ballast_decision decision = check_one(p, &state, seed);
            kinds |= kind_of(p, &decision);
            check_promise(p, &a, &decision, &state, seed, &rng);
        }
        /* else the worlds would prove nothing */
        if (kinds != 7 && p->policy != &policy_none)
            fail_msg("%s does not hold, grow and shrink: %u", p->policy->name, kinds);
    }
}

static void missing_data_never_shrinks_the_group(void **test)
{
    (void)test;
    static struct policy_under_test tested;
    static struct account a;
    struct policy_under_test *p = &tested;
    for (size_t i = 0; policy_builtin[i]; i++) {
        p->policy = policy_builtin[i];
        for (uint64_t seed = 1; seed <= WORLDS && p->policy->read_count; seed++) {
            struct pcg64 rng;
            struct state state;
            pcg64_seed_key(&rng, &seed, 1);
            draw_parameters(p, true, &rng);
            /* a capacity that is given instead of observed needs no data */
            int units = policy_find_parameter(p->policy, "units");
            if (units >= 0)
                p->parameters[units] = BALLAST_UNKNOWN;
            remember(p, &state, T, &rng);
            make_account(&a, T, &rng);
            a.status[pcg64_below(&rng, p->policy->read_count)] =
                (enum ballast_answer_status)pcg64_between(&rng, 1, 2);
            observe(p, &a, T);
            struct ballast_decision decision = check_one(p, &state, seed);
            EXPECT(kind_of(p, &decision) != 4);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_are_pure_bounded_and_keep_their_promises),
        cmocka_unit_test(missing_data_never_shrinks_the_group),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
