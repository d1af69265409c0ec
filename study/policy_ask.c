#include "study/policy_ask.h"

#include "base/apart.h"
#include "policy/composed.h"

#include <string.h>

unsigned char *ask_state_bytes(struct ask_state *state)
{
    return state->bytes + ASK_MARGIN;
}

/* Leave something on the stack that a variable without a value would show. */
static void __attribute__((noinline)) fill_stack(unsigned char with)
{
    volatile unsigned char there[2048];
    for (size_t i = 0; i < sizeof there; i++)
        there[i] = with;
}

static void fill_margins(struct ask_state *state, size_t size, unsigned char with)
{
    memset(state->bytes, with, ASK_MARGIN);
    memset(state->bytes + ASK_MARGIN + size, with, sizeof state->bytes - ASK_MARGIN - size);
}

static bool margins_are(const struct ask_state *state, size_t size, unsigned char with)
{
    for (size_t i = 0; i < sizeof state->bytes; i++) {
        bool margin = i < ASK_MARGIN || i >= ASK_MARGIN + size;
        if (margin && state->bytes[i] != with)
            return false;
    }
    return true;
}

static void enter(const struct policy_trial *trial, const struct policy_world *world, int step,
                  int64_t at_s)
{
    if (trial->where) {
        trial->where->seed = world->seed;
        trial->where->step = step;
        trial->where->at_s = at_s;
    }
    if (trial->call_limit_ms)
        apart_again(trial->call_limit_ms);
}

void ask_init(const struct policy_trial *trial, const struct policy_world *world,
              struct ask_state *out_state, struct ask_surroundings surroundings)
{
    memset(out_state, 0, sizeof *out_state);
    if (!trial->policy->init)
        return;
    fill_margins(out_state, trial->policy->state_size, surroundings.margin);
    int first = world->steps - 1;
    enter(trial, world, first, policy_world_time(world, first));
    fill_stack(surroundings.stack);
    trial->policy->init(world->parameters, ask_state_bytes(out_state));
    const struct policy_whereabouts where = {world->seed, first, policy_world_time(world, first)};
    if (!margins_are(out_state, trial->policy->state_size, surroundings.margin))
        policy_trial_breach(trial->result, DEMAND_MEMORY, &where,
                            "init writes outside the %zu bytes of its state",
                            trial->policy->state_size);
}

/* Behind the points of each answer, which are as many as the answer says. */
static void fill_tails(struct policy_sight *sight, unsigned char with)
{
    for (size_t i = 0; i < sight->observation.answer_count; i++) {
        size_t count = sight->answers[i].point_count;
        size_t tail = BALLAST_POINTS_MAX - count < ASK_TAIL ? BALLAST_POINTS_MAX - count : ASK_TAIL;
        memset(sight->points[i] + count, with, tail * sizeof sight->points[i][0]);
    }
}

static void keep(struct policy_sight *before, const struct policy_sight *sight)
{
    memcpy(&before->observation, &sight->observation, sizeof sight->observation);
    memcpy(before->answers, sight->answers, sizeof sight->answers);
    memcpy(&before->fleet, &sight->fleet, sizeof sight->fleet);
    memcpy(&before->cluster, &sight->cluster, sizeof sight->cluster);
    memcpy(before->prices, sight->prices, sizeof sight->prices);
    for (size_t i = 0; i < sight->observation.answer_count; i++)
        memcpy(before->points[i], sight->points[i],
               sight->answers[i].point_count * sizeof sight->points[i][0]);
}

/* Byte by byte, padding too: who writes into it wrote where it should not. */
static bool same_bytes(const void *a, const void *b, size_t size)
{
    return memcmp(a, b, size) == 0;
}

static bool is_kept(const struct policy_sight *before, const struct policy_sight *sight)
{
    bool same = same_bytes(&before->observation, &sight->observation, sizeof sight->observation) &&
                same_bytes(before->answers, sight->answers, sizeof sight->answers) &&
                same_bytes(&before->fleet, &sight->fleet, sizeof sight->fleet) &&
                same_bytes(&before->cluster, &sight->cluster, sizeof sight->cluster) &&
                same_bytes(before->prices, sight->prices, sizeof sight->prices);
    for (size_t i = 0; same && i < before->observation.answer_count; i++)
        same = same_bytes(before->points[i], sight->points[i],
                          before->answers[i].point_count * sizeof sight->points[i][0]);
    return same;
}

struct ask_answer ask(const struct policy_trial *trial, const struct policy_world *world, int step,
                      struct policy_sight *sight, struct ask_state *state,
                      struct ask_surroundings surroundings)
{
    size_t size = trial->policy->state_size;
    int64_t parameters[BALLAST_PARAMETERS_MAX];
    memcpy(parameters, world->parameters, sizeof parameters);
    fill_margins(state, size, surroundings.margin);
    fill_tails(sight, surroundings.margin);
    keep(&trial->room->before, sight);
    enter(trial, world, step, sight->observation.now_s);
    fill_stack(surroundings.stack);
    struct ask_answer answer = {.decision = policy_decide(trial->policy, &sight->observation,
                                                          parameters, ask_state_bytes(state))};
    struct error err = {0};
    const struct policy_whereabouts where = {world->seed, step, sight->observation.now_s};
    if (policy_failure(trial->policy, &err))
        policy_trial_breach(trial->result, DEMAND_NO_CRASH, &where, "%s", err.text);
    answer.touched_state = !margins_are(state, size, surroundings.margin);
    answer.touched_observation = !is_kept(&trial->room->before, sight) ||
                                 memcmp(parameters, world->parameters, sizeof parameters) != 0;
    return answer;
}

bool ask_same_decision(const struct ballast_decision *a, const struct ballast_decision *b)
{
    return a->action == b->action && a->honor_cooldown == b->honor_cooldown &&
           a->set_fleet_target == b->set_fleet_target &&
           a->desired_capacity == b->desired_capacity && a->fleet_target == b->fleet_target &&
           a->reason == b->reason && memcmp(a->figures, b->figures, sizeof a->figures) == 0;
}

bool ask_same_state(const struct policy_trial *trial, const struct ask_state *a,
                    const struct ask_state *b)
{
    return memcmp(a->bytes + ASK_MARGIN, b->bytes + ASK_MARGIN, trial->policy->state_size) == 0;
}
