/* An account in memory and a policy that remembers, for tests of recordings. */
#ifndef RECORD_FIXTURE_H
#define RECORD_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/pcg64.h"
#include "record/recording.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { T0 = 1425254400, EVERY_S = 60 };

/* What the next reads are answered. */
struct account {
    int64_t now_s;
    enum ballast_answer_status status; /* of metrics, fleet and cluster alike */
    const char *error_code;
    struct ballast_point points[3];
    size_t point_count;
    struct ballast_fleet fleet;
    struct ballast_cluster cluster;
    struct ballast_spot_price prices[2];
    size_t price_count;
    struct ballast_group group;
    int64_t notices;
    enum cloud_outcome outcome;
    int calls;
};

static int64_t account_now(void *context)
{
    return ((struct account *)context)->now_s;
}

static bool account_answers(const struct account *a, struct ballast_answer *out_answer)
{
    *out_answer = (struct ballast_answer){
        .status = a->status, .error_code = a->status == BALLAST_ERROR ? a->error_code : NULL};
    return a->status == BALLAST_OK;
}

static void account_metric(const struct cloud_metric_query *query, struct ballast_point *out_points,
                           size_t capacity, struct ballast_answer *out_answer, void *context)
{
    const struct account *a = context;
    assert_true(query->end_s == a->now_s && capacity >= a->point_count);
    if (!account_answers(a, out_answer))
        return;
    memcpy(out_points, a->points, a->point_count * sizeof *out_points);
    out_answer->status = a->point_count ? BALLAST_OK : BALLAST_EMPTY;
    out_answer->points = out_points;
    out_answer->point_count = a->point_count;
}

static void account_fleet(struct ballast_fleet *out_fleet, struct ballast_answer *out_answer,
                          void *context)
{
    const struct account *a = context;
    *out_fleet = a->fleet;
    if (account_answers(a, out_answer))
        out_answer->fleet = out_fleet;
}

static void account_cluster(struct ballast_cluster *out_cluster, struct ballast_answer *out_answer,
                            void *context)
{
    const struct account *a = context;
    *out_cluster = a->cluster;
    if (account_answers(a, out_answer))
        out_answer->cluster = out_cluster;
}

static bool account_prices(struct ballast_spot_price *out_prices, size_t capacity,
                           struct ballast_answer *out_answer, void *context)
{
    const struct account *a = context;
    assert_true(capacity >= a->price_count);
    if (!account_answers(a, out_answer))
        return false;
    memcpy(out_prices, a->prices, a->price_count * sizeof *out_prices);
    out_answer->status = a->price_count ? BALLAST_OK : BALLAST_EMPTY;
    out_answer->spot_prices = out_prices;
    out_answer->spot_price_count = a->price_count;
    return true;
}

static void account_group(struct ballast_group *out_group, void *context)
{
    *out_group = ((struct account *)context)->group;
}

static enum cloud_outcome account_set(int64_t desired, bool honor, void *context)
{
    struct account *a = context;
    (void)desired;
    (void)honor;
    a->calls++;
    return a->outcome;
}

static enum cloud_outcome account_target(int64_t target, void *context)
{
    return account_set(target, false, context);
}

static void account_notices(int64_t *out_interruption, int64_t *out_rebalance, void *context)
{
    *out_interruption = ((struct account *)context)->notices;
    *out_rebalance = BALLAST_UNKNOWN;
}

static inline struct cloud account_cloud(struct account *a)
{
    return (struct cloud){.context = a,
                          .now = account_now,
                          .get_metric = account_metric,
                          .describe_fleet = account_fleet,
                          .describe_group = account_group,
                          .describe_cluster = account_cluster,
                          .describe_spot_prices = account_prices,
                          .set_desired_capacity = account_set,
                          .set_fleet_target = account_target,
                          .notices = account_notices};
}

static inline struct account account_usual(void)
{
    return (struct account){
        .now_s = T0,
        .points = {{T0 - 60, 16500000}, {T0 - 120, 4000000}},
        .point_count = 2,
        .fleet = {32000000, 15500000, true},
        .cluster = {8, 31, 1},
        .prices = {{"c3.xlarge", "us-east-1a", T0 - 7, 43210, 1000000, BALLAST_UNKNOWN},
                   {"c3.xlarge", "us-east-1b", T0 - 9, 50000, 1500000, 3000000}},
        .price_count = 2,
        .group = {.max_size = 20, .units_per_instance_micro = 4000000},
        .notices = BALLAST_UNKNOWN,
        .outcome = CLOUD_ACCEPTED,
    };
}

/* A policy that looks at all there is and whose decision hangs on all of it, and on what came
 * before: whatever a recording loses or changes, it decides otherwise. */
static inline void mix(uint64_t *state, uint64_t value)
{
    *state = (*state ^ value) * UINT64_C(0x100000001b3) + 1;
    *state ^= *state >> 29;
}

static struct ballast_decision mixed_decide(const struct ballast_observation *o,
                                            const int64_t *parameters, void *state)
{
    uint64_t *memory = state;
    mix(memory, (uint64_t)o->now_s + (uint64_t)parameters[0]);
    for (size_t i = 0; i < o->answer_count; i++) {
        const struct ballast_answer *a = &o->answers[i];
        mix(memory, (uint64_t)a->status);
        for (const char *c = a->error_code; c && *c; c++)
            mix(memory, (uint64_t)(unsigned char)*c);
        for (size_t p = 0; p < a->point_count; p++)
            mix(memory, (uint64_t)a->points[p].time_s ^ (uint64_t)a->points[p].value_micro);
        if (a->fleet)
            mix(memory,
                (uint64_t)(a->fleet->target_micro ^ a->fleet->fulfilled_micro) + a->fleet->active);
        if (a->cluster)
            mix(memory, (uint64_t)(a->cluster->registered_instances * 10000 +
                                   a->cluster->running_tasks * 100 + a->cluster->pending_tasks));
        for (size_t p = 0; p < a->spot_price_count; p++) {
            const struct ballast_spot_price *price = &a->spot_prices[p];
            mix(memory, (uint64_t)(price->time_s ^ price->micro_usd_per_hour ^ price->weight_micro ^
                                   price->fulfilled_micro));
            mix(memory, (uint64_t)(unsigned char)price->zone[9]);
        }
    }
    mix(memory, (uint64_t)o->group.status ^ (uint64_t)o->group.desired_capacity);
    mix(memory, (uint64_t)(o->group.in_service ^ o->group.pending ^ o->group.max_size));
    mix(memory, (uint64_t)o->interruption_notices);
    return (struct ballast_decision){
        .action = *memory % 3 ? BALLAST_SET_DESIRED : BALLAST_HOLD,
        .honor_cooldown = *memory % 5 == 0,
        .set_fleet_target = *memory % 7 == 0,
        .desired_capacity = (int64_t)(*memory / 8 % 20),
        .fleet_target = (int64_t)(*memory / 64 % 50),
        .figures = {(int64_t)(*memory >> 1)},
        .valid_until_s = o->now_s,
    };
}

static const struct ballast_read mixed_reads[] = {
    {.kind = BALLAST_READ_METRIC,
     .metric = "PendingCapacity",
     .period_s = 60,
     .lookback_parameter = BALLAST_PARAMETER(0)},
    {.kind = BALLAST_READ_FLEET},
    {.kind = BALLAST_READ_CLUSTER},
    {.kind = BALLAST_READ_SPOT_PRICES},
};
static const struct ballast_parameter mixed_parameters[] = {{.name = "window_s",
                                                             .type = BALLAST_DURATION,
                                                             .unit = "s",
                                                             .default_value = 600,
                                                             .min = 60,
                                                             .max = 7200,
                                                             .help = "how far back"}};
static const struct ballast_reason mixed_reasons[] = {{"mixed", "{0} came out of it all"}};
static const struct ballast_policy mixed = {.abi = BALLAST_POLICY_ABI,
                                            .name = "mixed",
                                            .parameters = mixed_parameters,
                                            .parameter_count = 1,
                                            .reads = mixed_reads,
                                            .read_count = 4,
                                            .reasons = mixed_reasons,
                                            .reason_count = 1,
                                            .state_version = 3,
                                            .state_size = 8,
                                            .decide = mixed_decide};
static const int64_t mixed_values[] = {600};

static inline struct recording_settings usual_settings(void)
{
    return (struct recording_settings){.region = "us-east-1",
                                       .fleet_id = "sfr-1",
                                       .group = "grp",
                                       .product = "Linux/UNIX",
                                       .units_per_instance_micro = 4000000,
                                       .policy = &mixed,
                                       .policy_name = "mixed",
                                       .parameters = mixed_values,
                                       .clock = "wall",
                                       .every_s = EVERY_S,
                                       .version = "0.1.0"};
}

struct recorder {
    struct recording *recording;
    enum cloud_outcome outcome;
    enum cloud_outcome fleet_outcome;
};

static void recorder_tells(const struct controller_evaluation *done, void *context)
{
    struct recorder *recorder = context;
    recorder->outcome = done->outcome;
    recorder->fleet_outcome = done->fleet_outcome;
}

/* One evaluation as the live adapter makes it; `killed` leaves out what comes after the call. */
static inline int evaluate(struct recording *recording, struct controller *controller,
                           struct account *a, bool killed, struct error *err)
{
    const struct cloud cloud = account_cloud(a);
    struct controller_decided decided;
    uint64_t before = 0;
    memcpy(&before, controller_state(controller), sizeof before);
    controller_decide(controller, &cloud, BALLAST_SCHEDULE, controller_state(controller), &decided);
    const struct recording_intention intention = {.due_s = a->now_s - a->now_s % EVERY_S,
                                                  .mode = "apply",
                                                  .acts = true,
                                                  .state_before = &before,
                                                  .state_after = controller_state(controller),
                                                  .controller = controller,
                                                  .decided = &decided};
    int status = recording_intend(recording, &intention, err);
    if (status)
        return status;
    struct recorder recorder = {recording, CLOUD_NOT_CALLED, CLOUD_NOT_CALLED};
    const struct controller_recorder told = {&recorder, recorder_tells};
    controller_act(controller, &cloud, &decided, &told);
    return killed ? STATUS_OK
                  : recording_outcome(recording, recorder.outcome, recorder.fleet_outcome, 0, err);
}

#endif
