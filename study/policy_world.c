#include "study/policy_world.h"

#include "base/memory.h"
#include "policy/command.h"
#include "policy/spot_pools.h"

#include <string.h>

enum {
    SERIES = 3,
    MINUTE_S = 60,
    BEGIN_S = 1519948800, /* 2018-03-02 */
    SPREAD_S = 700000,    /* of what is the present, so that hours and days differ */
};

/* Words of the keys by which luck is drawn: {seed, word, ...}. */
enum { KEY_WORLD = 1, KEY_ACCOUNT, KEY_ORDER };

static const int64_t U = BALLAST_MICRO;
static const char *const series_names[SERIES] = {"TargetCapacity", "PendingCapacity",
                                                 "FulfilledCapacity"};

/* What can be observed, as of any time at or after now_s. */
struct account {
    int64_t now_s;
    int64_t delay_s;                              /* of every point, after its minute */
    int64_t values[SERIES][POLICY_WORLD_HISTORY]; /* [i]: of the minute i before that of now_s */
    enum ballast_answer_status status[BALLAST_READS_MAX];
    struct ballast_fleet fleet;
    struct ballast_cluster cluster;
    struct ballast_spot_price prices[POLICY_WORLD_POOLS];
    size_t price_count;
    struct ballast_group group;
    enum ballast_trigger trigger;
    int64_t notices[2];
};

static void make_series(struct account *a, int64_t target, struct pcg64 *rng)
{
    bool steady = pcg64_below(rng, 2) == 1;
    for (size_t i = 0; i < POLICY_WORLD_HISTORY; i++) {
        if (i == 0 || pcg64_below(rng, 6) == 0) {
            a->values[0][i] = steady ? target : pcg64_between(rng, 0, 60) * U;
            a->values[1][i] = pcg64_between(rng, -10, 60) * U;
            a->values[2][i] = pcg64_between(rng, 0, 60) * U + pcg64_between(rng, 0, U - 1);
        } else {
            for (size_t m = 0; m < SERIES; m++)
                a->values[m][i] = a->values[m][i - 1];
        }
    }
}

static void make_prices(struct account *a, struct pcg64 *rng)
{
    a->price_count = (size_t)pcg64_between(rng, 1, POLICY_WORLD_POOLS);
    for (size_t i = 0; i < a->price_count; i++)
        a->prices[i] = (struct ballast_spot_price){
            .instance_type = pcg64_below(rng, 2) ? "c4.xlarge" : "c4.2xlarge",
            .zone = pcg64_below(rng, 2) ? "us-east-1a" : "us-east-1b",
            .time_s = a->now_s - pcg64_between(rng, 0, 9000),
            .micro_usd_per_hour = pcg64_between(rng, 1, 400000),
            .weight_micro = pcg64_between(rng, 1, 8) * U,
            .fulfilled_micro =
                pcg64_below(rng, 12) ? pcg64_between(rng, 0, 30) * U : BALLAST_UNKNOWN,
        };
}

static void make_group(struct account *a, struct pcg64 *rng)
{
    int64_t min = pcg64_between(rng, 0, 3);
    int64_t max = pcg64_between(rng, min, 20);
    bool known = pcg64_below(rng, 12) != 0;
    bool gone = pcg64_below(rng, 3) == 0; /* there is no such group */
    a->group = (struct ballast_group){
        .status = known  ? BALLAST_OK
                  : gone ? BALLAST_EMPTY
                         : BALLAST_ERROR,
        .error_code = known || gone ? NULL : "Throttling",
        .min_size = known ? min : BALLAST_UNKNOWN,
        .max_size = known ? max : BALLAST_UNKNOWN,
        .desired_capacity = known ? pcg64_between(rng, min, max) : BALLAST_UNKNOWN,
        .in_service = known ? pcg64_between(rng, 0, max) : BALLAST_UNKNOWN,
        .pending = known ? pcg64_between(rng, 0, 1) * pcg64_between(rng, 0, max) : BALLAST_UNKNOWN,
        .units_per_instance_micro = pcg64_between(rng, 1, 8) * U,
    };
}

static void make_account(struct account *a, const struct policy_world *world, int step)
{
    struct pcg64 rng;
    const uint64_t key[] = {world->seed, KEY_ACCOUNT, (uint64_t)step};
    pcg64_seed_key(&rng, key, ARRAY_LENGTH(key));
    memset(a, 0, sizeof *a);
    a->now_s = policy_world_time(world, step);
    a->delay_s = pcg64_between(&rng, 0, pcg64_below(&rng, 8) ? 100 : 3600);
    int64_t target = pcg64_between(&rng, 0, 60) * U;
    make_series(a, target, &rng);
    a->fleet =
        (struct ballast_fleet){target, pcg64_between(&rng, 0, 70) * U, pcg64_below(&rng, 10) != 0};
    a->cluster = (struct ballast_cluster){pcg64_between(&rng, 0, 20), pcg64_between(&rng, 0, 50),
                                          pcg64_between(&rng, 0, 50)};
    make_prices(a, &rng);
    make_group(a, &rng);
    for (size_t i = 0; i < BALLAST_READS_MAX; i++)
        a->status[i] = pcg64_below(&rng, 8) ? BALLAST_OK
                                            : (enum ballast_answer_status)pcg64_between(&rng, 1, 2);
    a->trigger = pcg64_below(&rng, 8) ? BALLAST_SCHEDULE : BALLAST_ALARM;
    bool counted = pcg64_below(&rng, 2) == 0;
    for (size_t i = 0; i < 2; i++)
        a->notices[i] = !counted               ? BALLAST_UNKNOWN
                        : pcg64_below(&rng, 4) ? 0
                                               : pcg64_between(&rng, 1, 9);
}

/* One of the calls fails or returns nothing: a read, or the group's own. */
static void take_away(struct account *a, const struct policy_world *world, size_t read_count)
{
    struct pcg64 rng;
    const uint64_t key[] = {world->seed, KEY_WORLD, 1};
    pcg64_seed_key(&rng, key, ARRAY_LENGTH(key));
    size_t which = (size_t)pcg64_below(&rng, read_count + 1);
    enum ballast_answer_status status = (enum ballast_answer_status)pcg64_between(&rng, 1, 2);
    if (which < read_count && (read_count > 1 || pcg64_below(&rng, 4))) {
        a->status[which] = status;
        return;
    }
    a->group = (struct ballast_group){
        .status = status,
        .error_code = status == BALLAST_ERROR ? "ServiceUnavailable" : NULL,
        .min_size = BALLAST_UNKNOWN,
        .max_size = BALLAST_UNKNOWN,
        .desired_capacity = BALLAST_UNKNOWN,
        .in_service = BALLAST_UNKNOWN,
        .pending = BALLAST_UNKNOWN,
        .units_per_instance_micro = a->group.units_per_instance_micro,
    };
}

/* ---- what is seen -----------------------------------------------------------------------------
 */

static int64_t floor_to(int64_t time_s, int64_t step_s)
{
    return time_s / step_s * step_s;
}

/* The value of the minute stamped stamp_s: the newest readable at now_s goes on. */
static int64_t value_at(const struct account *a, size_t series, int64_t stamp_s)
{
    int64_t newest_s = floor_to(a->now_s - MINUTE_S - a->delay_s, MINUTE_S);
    int64_t last_s = stamp_s > newest_s ? newest_s : stamp_s;
    int64_t back = (floor_to(a->now_s, MINUTE_S) - last_s) / MINUTE_S;
    return a->values[series][back < POLICY_WORLD_HISTORY ? back : POLICY_WORLD_HISTORY - 1];
}

static int64_t filled_in(int64_t value, int32_t parameter, const int64_t *parameters)
{
    return parameter ? parameters[parameter - 1] : value;
}

static void shuffle(struct ballast_point *points, size_t count, const struct policy_world *world,
                    size_t read, int64_t at_s)
{
    struct pcg64 rng;
    const uint64_t key[] = {world->seed, KEY_ORDER, read, (uint64_t)at_s};
    pcg64_seed_key(&rng, key, ARRAY_LENGTH(key));
    for (size_t i = 1; i < count; i++) {
        size_t other = (size_t)pcg64_below(&rng, i + 1);
        struct ballast_point point = points[i];
        points[i] = points[other];
        points[other] = point;
    }
}

/* Points of [at - lookback, at) that can be read; those of GetMetricData newest first, the others
 * in no order. */
static void answer_metric(struct policy_sight *sight, const struct ballast_read *read, size_t index,
                          const struct policy_world *world, const struct account *a, int64_t at_s)
{
    struct ballast_answer *answer = &sight->answers[index];
    struct ballast_point *points = sight->points[index];
    int64_t period_s = filled_in(read->period_s, read->period_parameter, world->parameters);
    int64_t lookback_s = filled_in(read->lookback_s, read->lookback_parameter, world->parameters);
    size_t series = 0;
    while (series < SERIES - 1 && strcmp(series_names[series], read->metric) != 0)
        series++;
    size_t count = 0;
    int64_t newest_s = floor_to(at_s - period_s - a->delay_s, period_s);
    for (int64_t stamp_s = newest_s;
         stamp_s >= floor_to(at_s - lookback_s, MINUTE_S) && count < BALLAST_POINTS_MAX;
         stamp_s -= period_s)
        points[count++] =
            (struct ballast_point){stamp_s, value_at(a, series, stamp_s + period_s - MINUTE_S)};
    if (read->api == BALLAST_GET_METRIC_STATISTICS)
        shuffle(points, count, world, index, at_s);
    answer->points = count ? points : NULL;
    answer->point_count = count;
    answer->status = count ? BALLAST_OK : BALLAST_EMPTY;
}

static void answer_read(struct policy_sight *sight, const struct ballast_read *read, size_t index,
                        const struct policy_world *world, const struct account *a, int64_t at_s)
{
    struct ballast_answer *answer = &sight->answers[index];
    answer->status = a->status[index];
    if (answer->status == BALLAST_ERROR)
        answer->error_code = "Throttling";
    if (answer->status != BALLAST_OK)
        return;
    switch (read->kind) {
    case BALLAST_READ_METRIC:
        answer_metric(sight, read, index, world, a, at_s);
        break;
    case BALLAST_READ_FLEET:
        answer->fleet = &sight->fleet;
        break;
    case BALLAST_READ_CLUSTER:
        answer->cluster = &sight->cluster;
        break;
    case BALLAST_READ_SPOT_PRICES:
        answer->spot_prices = sight->prices;
        answer->spot_price_count = a->price_count;
        break;
    }
}

void policy_world_see(struct policy_sight *out_sight, const struct ballast_policy *policy,
                      const struct policy_world *world, int step, int64_t at_s)
{
    struct account a;
    make_account(&a, world, step);
    if (step == 0 && world->incomplete)
        take_away(&a, world, policy->read_count);
    out_sight->fleet = a.fleet;
    out_sight->cluster = a.cluster;
    memcpy(out_sight->prices, a.prices, sizeof a.prices);
    memset(out_sight->answers, 0, sizeof out_sight->answers);
    for (size_t i = 0; i < policy->read_count; i++)
        answer_read(out_sight, &policy->reads[i], i, world, &a, at_s);
    out_sight->observation = (struct ballast_observation){
        .now_s = at_s,
        .trigger = a.trigger,
        .answers = out_sight->answers,
        .answer_count = policy->read_count,
        .group = a.group,
        .interruption_notices = a.notices[0],
        .rebalance_notices = a.notices[1],
        .pools_distinct = spot_pools_distinct(a.prices, a.price_count),
    };
}

/* ---- the world --------------------------------------------------------------------------------
 */

static bool is_period(const struct ballast_policy *policy, size_t parameter)
{
    for (size_t i = 0; i < policy->read_count; i++) {
        if (policy->reads[i].kind == BALLAST_READ_METRIC &&
            policy->reads[i].period_parameter == (int32_t)BALLAST_PARAMETER(parameter))
            return true;
    }
    return false;
}

static int64_t draw_number(const struct ballast_parameter *parameter, struct pcg64 *rng)
{
    int64_t base = parameter->default_value == BALLAST_UNKNOWN ? 4 * U : parameter->default_value;
    bool small = pcg64_below(rng, 2) == 1;
    int64_t most = parameter->max;
    if (small && base / 2 + 1 < most)
        most = base / 2 + 1;
    else if (!small && base < most / 4 && 4 * base + 10 < most)
        most = 4 * base + 10;
    return pcg64_between(rng, parameter->min, most < parameter->min ? parameter->min : most);
}

/* Numbers within their bounds and near their defaults. Periods stay, which have a grid. */
static void draw_parameters(struct policy_world *world, const struct ballast_policy *policy,
                            struct pcg64 *rng)
{
    if (pcg64_below(rng, 3) == 0)
        return;
    for (size_t i = 0; i < policy->parameter_count; i++) {
        const struct ballast_parameter *parameter = &policy->parameters[i];
        bool number = parameter->type != BALLAST_BOOLEAN && parameter->type != BALLAST_CHOICE;
        bool observed = parameter->default_value == BALLAST_UNKNOWN;
        if (pcg64_below(rng, 3) == 0 || is_period(policy, i) ||
            strcmp(parameter->name, policy_command_time_limit) == 0 ||
            (world->careful && (!number || observed)))
            continue;
        if (number) {
            world->parameters[i] = draw_number(parameter, rng);
            continue;
        }
        uint64_t choices = parameter->type == BALLAST_BOOLEAN ? 2 : 0;
        while (parameter->type == BALLAST_CHOICE && parameter->choices[choices])
            choices++;
        world->parameters[i] = (int64_t)pcg64_below(rng, choices);
    }
}

/* As scenarios and live do, no more points are asked for than CloudWatch returns. */
static void limit_lookbacks(struct policy_world *world, const struct ballast_policy *policy,
                            const int64_t *given)
{
    for (size_t i = 0; i < policy->read_count; i++) {
        const struct ballast_read *read = &policy->reads[i];
        if (read->kind != BALLAST_READ_METRIC || !read->lookback_parameter)
            continue;
        int64_t period_s = filled_in(read->period_s, read->period_parameter, world->parameters);
        int64_t *lookback_s = &world->parameters[read->lookback_parameter - 1];
        if (*lookback_s / period_s > BALLAST_POINTS_MAX)
            *lookback_s = given[read->lookback_parameter - 1];
    }
}

void policy_world_make(struct policy_world *out_world, const struct ballast_policy *policy,
                       const int64_t *given, uint64_t seed)
{
    struct pcg64 rng;
    const uint64_t key[] = {seed, KEY_WORLD};
    pcg64_seed_key(&rng, key, ARRAY_LENGTH(key));
    uint64_t kind = pcg64_below(&rng, 5);
    *out_world = (struct policy_world){.seed = seed, .careful = kind < 3, .incomplete = kind == 0};
    if (policy->parameter_count)
        memcpy(out_world->parameters, given, policy->parameter_count * sizeof *given);
    out_world->now_s = BEGIN_S + pcg64_between(&rng, 0, SPREAD_S);
    out_world->apart_s = pcg64_below(&rng, 2) ? MINUTE_S : pcg64_between(&rng, MINUTE_S, 40000);
    out_world->steps = (int)pcg64_between(&rng, 1, POLICY_WORLD_STEPS);
    draw_parameters(out_world, policy, &rng);
    limit_lookbacks(out_world, policy, given);
}

int64_t policy_world_time(const struct policy_world *world, int step)
{
    return world->now_s - step * world->apart_s;
}
