/* What calls return of a metric, minute after minute: the points that are kept for a read against
 * those that a call of nobody's is answered with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/pcg64.h"
#include "scenario/scenario.h"
#include "sim/metrics.h"

#include <string.h>

enum { WORLDS = 300, CALLS = 120, READS = 4, REACH_S = 7200, FROM_S = 1420070400 };

static const char *const names[] = {"TargetCapacity", "PendingCapacity", "FulfilledCapacity"};

struct world {
    struct pcg64 luck;
    struct scenario scenario;
    struct metrics metrics;
    struct cloud_metric_query reads[READS];
    int64_t lookbacks_s[READS];
    int64_t next_sample_s;
    int64_t kept; /* answers that were */
};

static int64_t between(struct world *w, int64_t low, int64_t high)
{
    return pcg64_between(&w->luck, low, high);
}

static void make(struct world *w, uint64_t seed)
{
    memset(w, 0, sizeof *w);
    pcg64_seed_key(&w->luck, &seed, 1);
    w->scenario.seed = seed;
    w->scenario.account.metric_period_s = between(w, 0, 2) ? 60 : 300;
    w->scenario.account.metric_delay = (struct delay){.min_s = between(w, 0, 200)};
    metrics_init(&w->metrics, &w->scenario, REACH_S);
    w->next_sample_s = metrics_sample_time(&w->metrics, FROM_S);
    for (size_t i = 0; i < READS; i++) {
        w->reads[i] = (struct cloud_metric_query){
            .api = between(w, 0, 3) ? BALLAST_GET_METRIC_STATISTICS : BALLAST_GET_METRIC_DATA,
            .metric = names[between(w, 0, (int64_t)ARRAY_LENGTH(names) - 1)],
            .statistic = BALLAST_MAXIMUM,
            .period_s = 60,
            .read = i + 1,
        };
        w->lookbacks_s[i] = between(w, 1, 30) * 60;
    }
}

/* All samples before now_s but those of a time in which the fleet was not active. */
static void sample(struct world *w, int64_t now_s, bool active)
{
    for (; w->next_sample_s < now_s; w->next_sample_s += w->metrics.period_s) {
        if (active)
            metrics_sample(&w->metrics, w->next_sample_s, between(w, 1, 9) * MICRO,
                           between(w, 0, 9) * MICRO, 0);
    }
}

static void compare(struct world *w, uint64_t seed, int64_t now_s, size_t read)
{
    struct ballast_point own[BALLAST_POINTS_MAX];
    struct ballast_point copied[BALLAST_POINTS_MAX];
    struct ballast_answer answer;
    struct ballast_answer expected;
    struct cloud_metric_query query = w->reads[read];
    query.start_s = now_s - w->lookbacks_s[read];
    query.end_s = now_s;
    metrics_query(&w->metrics, &query, now_s, own, BALLAST_POINTS_MAX, &answer);
    query.read = 0;
    metrics_query(&w->metrics, &query, now_s, copied, BALLAST_POINTS_MAX, &expected);
    w->kept += answer.points != own;
    if (expected.points != copied || answer.status != expected.status ||
        answer.point_count != expected.point_count ||
        memcmp(answer.points, expected.points, expected.point_count * sizeof *copied) != 0)
        fail_msg("seed %llu, second %lld, read %zu: %zu points, expected %zu or others",
                 (unsigned long long)seed, (long long)now_s, read, answer.point_count,
                 expected.point_count);
}

/* Most calls are as far apart as those before; some come twice, late, out of turn, or leave a read
 * out. */
static int64_t call_minute_after_minute(uint64_t seed)
{
    struct world w;
    make(&w, seed);
    int64_t every_s = between(&w, 0, 3) ? 60 * between(&w, 1, 6) : between(&w, 1, 400);
    int64_t now_s = FROM_S + between(&w, 0, 4000);
    bool fickle = between(&w, 0, 1);
    for (int call = 0; call < CALLS; call++) {
        sample(&w, now_s, true);
        if (!fickle || between(&w, 0, 60))
            metrics_turn(&w.metrics, now_s);
        for (size_t read = 0; read < READS; read++) {
            int64_t times = fickle ? between(&w, 0, 20) : 1;
            for (int64_t i = 0; i < (times > 2 ? 1 : times); i++)
                compare(&w, seed, now_s, read);
        }
        if (fickle && every_s > 60 && between(&w, 0, 10) == 0) { /* out of turn */
            int64_t other_s = now_s + between(&w, 1, 59);
            sample(&w, other_s, true);
            compare(&w, seed, other_s, (size_t)between(&w, 0, READS - 1));
        }
        if (fickle && between(&w, 0, 40) == 0)
            w.lookbacks_s[between(&w, 0, READS - 1)] += 60;
        if (fickle && between(&w, 0, 40) == 0)
            w.reads[between(&w, 0, READS - 1)].metric = names[between(&w, 0, 2)];
        if (fickle && between(&w, 0, 40) == 0)
            now_s += between(&w, 0, 5000);
        now_s += every_s;
    }
    /* The fleet ends: its last points leave the windows one by one. */
    for (int call = 0; call < CALLS / 2; call++, now_s += every_s) {
        sample(&w, now_s, false);
        metrics_turn(&w.metrics, now_s);
        for (size_t read = 0; read < READS; read++)
            compare(&w, seed, now_s, read);
    }
    metrics_clean_up(&w.metrics);
    return w.kept;
}

static void kept_points_are_those_copied(void **state)
{
    (void)state;
    int64_t kept = 0;
    for (uint64_t seed = 1; seed <= WORLDS; seed++)
        kept += call_minute_after_minute(seed);
    print_message("%lld answers were kept\n", (long long)kept);
    assert_true(kept > WORLDS * CALLS / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kept_points_are_those_copied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
