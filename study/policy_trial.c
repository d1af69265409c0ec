#include "study/policy_asked.h"

#include "base/memory.h"
#include "base/timestamp.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    REPEATS = 6,      /* of one question */
    LATER = 12,       /* questions within a promise */
    AHEAD_S = 40000,  /* how far a promise is tried */
    WORDS_SIZE = 120, /* of a decision */
};

/* The world whose evaluations stand between those of another. */
static const uint64_t elsewhere = UINT64_C(0x9e3779b97f4a7c15);

static const struct ask_surroundings plain = {0};

struct policy_trial_room *policy_trial_room_new(void)
{
    return memory_new(1, sizeof(struct policy_trial_room));
}

void policy_trial_room_free(struct policy_trial_room *room)
{
    free(room);
}

void policy_trial_breach(struct policy_trial_result *result, enum policy_demand demand,
                         const struct policy_whereabouts *where, const char *format, ...)
{
    struct policy_breach *breach = &result->breaches[demand];
    if (breach->found)
        return;
    *breach = (struct policy_breach){.found = true};
    if (where) {
        breach->seen = true;
        breach->seed = where->seed;
        breach->step = where->step;
        breach->at_s = where->at_s;
    }
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(breach->what, sizeof breach->what, format, arguments);
    va_end(arguments);
}

static const char *say_decision(const struct ballast_policy *policy,
                                const struct ballast_decision *decision, char out[WORDS_SIZE])
{
    const char *reason =
        decision->reason < policy->reason_count ? policy->reasons[decision->reason].name : "?";
    if (decision->action == BALLAST_SET_DESIRED)
        snprintf(out, WORDS_SIZE, "%" PRId64 " instances (%s)", decision->desired_capacity, reason);
    else
        snprintf(out, WORDS_SIZE, "hold (%s)", reason);
    return out;
}

/* ---- the plain questions ----------------------------------------------------------------------
 */

static void mix(uint64_t *hash, uint64_t word)
{
    *hash = (*hash ^ word) * UINT64_C(0x100000001b3);
    *hash ^= *hash >> 29;
}

/* A reason by its words: a command's have the order in which it gave them. */
static void mix_answer(uint64_t *hash, const struct ballast_policy *policy,
                       const struct ballast_decision *decision)
{
    uint64_t reason = decision->reason < policy->reason_count
                          ? pcg64_word(policy->reasons[decision->reason].text)
                          : decision->reason;
    mix(hash, decision->action);
    mix(hash, reason);
    mix(hash, decision->honor_cooldown);
    mix(hash, decision->set_fleet_target);
    mix(hash, (uint64_t)decision->desired_capacity);
    mix(hash, (uint64_t)decision->fleet_target);
    mix(hash, (uint64_t)decision->valid_until_s);
    for (size_t i = 0; i < BALLAST_FIGURES_MAX; i++)
        mix(hash, (uint64_t)decision->figures[i]);
}

static void note_touched(const struct policy_trial *trial, const struct policy_whereabouts *where,
                         const struct ask_answer *answer)
{
    if (answer->touched_state)
        policy_trial_breach(trial->result, DEMAND_MEMORY, where,
                            "it writes outside the %zu bytes of its state",
                            trial->policy->state_size);
    if (answer->touched_observation)
        policy_trial_breach(trial->result, DEMAND_MEMORY, where,
                            "it changes the observation or the parameters, which are not its own");
}

/* One evaluation of the past. */
static void ask_past(const struct policy_trial *trial, const struct policy_world *world, int step,
                     struct ask_state *state, uint64_t *hash)
{
    const struct policy_whereabouts where = {world->seed, step, policy_world_time(world, step)};
    policy_world_see(&trial->room->sight, trial->policy, world, step, where.at_s);
    const struct ask_answer answer = ask(trial, world, step, &trial->room->sight, state, plain);
    note_touched(trial, &where, &answer);
    mix_answer(hash, trial->policy, &answer.decision);
}

/* All of the world's evaluations in their order; what is seen at present stays in the sight. */
static uint64_t ask_all(struct policy_asked *a, const struct policy_trial *trial, uint64_t seed)
{
    uint64_t hash = seed;
    a->trial = trial;
    policy_world_make(&a->world, trial->policy, trial->given, seed);
    ask_init(trial, &a->world, &a->before, plain);
    for (int step = a->world.steps - 1; step > 0; step--)
        ask_past(trial, &a->world, step, &a->before, &hash);
    policy_world_see(&trial->room->sight, trial->policy, &a->world, 0, a->world.now_s);
    a->after = a->before;
    const struct ask_answer answer =
        ask(trial, &a->world, 0, &trial->room->sight, &a->after, plain);
    const struct policy_whereabouts where = policy_asked_where(a);
    note_touched(trial, &where, &answer);
    a->decision = answer.decision;
    mix_answer(&hash, trial->policy, &answer.decision);
    const unsigned char *bytes = ask_state_bytes(&a->after);
    for (size_t i = 0; i < trial->policy->state_size; i++)
        mix(&hash, bytes[i]);
    return hash;
}

uint64_t policy_trial_answers(const struct policy_trial *trial, uint64_t seed)
{
    struct policy_asked a;
    return ask_all(&a, trial, seed);
}

/* ---- what compares answers --------------------------------------------------------------------
 */

/* The present question again, in other surroundings; the sight must be the present's. */
static struct ballast_decision again(const struct policy_asked *a, struct ask_state *out_state,
                                     struct ask_surroundings surroundings)
{
    *out_state = a->before;
    return ask(a->trial, &a->world, 0, &a->trial->room->sight, out_state, surroundings).decision;
}

static bool same_answer(const struct policy_asked *a, const struct ballast_decision *decision,
                        const struct ask_state *state)
{
    return ask_same_decision(&a->decision, decision) &&
           a->decision.valid_until_s == decision->valid_until_s &&
           ask_same_state(a->trial, &a->after, state);
}

static bool answers_alike(const struct policy_asked *a, struct ask_surroundings surroundings)
{
    struct ask_state state;
    const struct ballast_decision decision = again(a, &state, surroundings);
    return same_answer(a, &decision, &state);
}

static bool repeats(const struct policy_asked *a)
{
    const struct policy_whereabouts where = policy_asked_where(a);
    for (int i = 0; i < REPEATS; i++) {
        struct ask_state state;
        char first[WORDS_SIZE];
        char second[WORDS_SIZE];
        const struct ballast_decision decision = again(a, &state, plain);
        if (same_answer(a, &decision, &state))
            continue;
        policy_trial_breach(
            a->trial->result, DEMAND_PURE, &where,
            "asked the same question again it answers otherwise: %s, then %s%s",
            say_decision(a->trial->policy, &a->decision, first),
            say_decision(a->trial->policy, &decision, second),
            ask_same_decision(&a->decision, &decision) ? ", with another memory or validity" : "");
        return false;
    }
    return true;
}

/* The world's evaluations once more, with those of another world, and its state, in between. */
static bool keeps_apart(const struct policy_asked *a)
{
    const struct policy_trial *trial = a->trial;
    struct policy_world other;
    struct ask_state state;
    struct ask_state other_state;
    uint64_t hash = 0;
    policy_world_make(&other, trial->policy, trial->given, a->world.seed ^ elsewhere);
    ask_init(trial, &a->world, &state, plain);
    ask_init(trial, &other, &other_state, plain);
    int other_step = other.steps - 1;
    for (int step = a->world.steps - 1; step > 0; step--) {
        ask_past(trial, &a->world, step, &state, &hash);
        ask_past(trial, &other, other_step, &other_state, &hash);
        other_step = other_step > 0 ? other_step - 1 : 0;
    }
    ask_past(trial, &other, 0, &other_state, &hash);
    bool same_memory = ask_same_state(trial, &state, &a->before);
    policy_world_see(&trial->room->sight, trial->policy, &a->world, 0, a->world.now_s);
    if (same_memory && answers_alike(a, plain))
        return true;
    const struct policy_whereabouts where = policy_asked_where(a);
    policy_trial_breach(trial->result, DEMAND_PURE, &where,
                        "with evaluations of another group in between it %s: it remembers "
                        "something outside its state",
                        same_memory ? "answers otherwise" : "remembers otherwise");
    return false;
}

/* Whether the answer hangs on the bytes of `with`: it differs with them, again and again, and
 * without them it does not. */
static bool hangs_on(const struct policy_asked *a, struct ask_surroundings with)
{
    return !answers_alike(a, with) && answers_alike(a, plain) && !answers_alike(a, with) &&
           answers_alike(a, plain);
}

static void judge_surroundings(const struct policy_asked *a)
{
    static const unsigned char fills[] = {0x55, 0xAA, 0xFF, 0x01};
    const struct policy_whereabouts where = policy_asked_where(a);
    for (size_t i = 0; i < ARRAY_LENGTH(fills); i++) {
        if (hangs_on(a, (struct ask_surroundings){.margin = fills[i]})) {
            policy_trial_breach(a->trial->result, DEMAND_MEMORY, &where,
                                "its answer hangs on bytes beyond the %zu of its state, or beyond "
                                "the points it was given",
                                a->trial->policy->state_size);
            a->trial->result->breaches[DEMAND_MEMORY].compared = true;
        }
        if (hangs_on(a, (struct ask_surroundings){.stack = fills[i]}))
            policy_trial_breach(a->trial->result, DEMAND_DETERMINED, &where,
                                "its answer hangs on what lies on the stack: a variable has no "
                                "value");
    }
}

/* A short lookback finds a point in one second of the minute and none in another: then the outcome
 * of the call does not repeat. */
static bool same_outcomes(const struct policy_sight *a, const struct policy_sight *b)
{
    for (size_t i = 0; i < a->observation.answer_count; i++) {
        if (a->answers[i].status != b->answers[i].status)
            return false;
    }
    return true;
}

static void judge_later(const struct policy_asked *a, int64_t later_s)
{
    struct policy_sight *later = &a->trial->room->other;
    struct ask_state state = a->after;
    policy_world_see(later, a->trial->policy, &a->world, 0, later_s);
    if (!same_outcomes(&a->trial->room->sight, later))
        return;
    const struct ballast_decision decision =
        ask(a->trial, &a->world, 0, later, &state, plain).decision;
    bool same = ask_same_decision(&a->decision, &decision);
    if (same && ask_same_state(a->trial, &a->after, &state))
        return;
    char promised[TIMESTAMP_TEXT_SIZE];
    char first[WORDS_SIZE];
    char second[WORDS_SIZE];
    const struct policy_whereabouts where = {a->world.seed, 0, later_s};
    if (same)
        snprintf(second, sizeof second, "it remembers something new");
    else
        say_decision(a->trial->policy, &decision, second);
    policy_trial_breach(a->trial->result, DEMAND_PROMISE, &where,
                        "it promised %s until %s, and %" PRId64
                        " s later, with nothing changed, it is: %s",
                        say_decision(a->trial->policy, &a->decision, first),
                        a->decision.valid_until_s == BALLAST_FOREVER
                            ? "for ever"
                            : timestamp_format(a->decision.valid_until_s, promised),
                        later_s - a->world.now_s, second);
    a->trial->result->breaches[DEMAND_PROMISE].promised_at_s = a->world.now_s;
}

static void judge_promise(const struct policy_asked *a)
{
    const struct policy_whereabouts where = policy_asked_where(a);
    int64_t now_s = a->world.now_s;
    if (a->decision.valid_until_s < now_s) {
        policy_trial_breach(a->trial->result, DEMAND_PROMISE, &where,
                            "valid_until_s is %" PRId64
                            ", before it is asked: who promises nothing says seen->now_s",
                            a->decision.valid_until_s);
        return;
    }
    const struct ballast_observation *seen = &a->trial->room->sight.observation;
    if (seen->interruption_notices > 0 || seen->rebalance_notices > 0)
        return; /* notices do not repeat */
    struct pcg64 rng;
    const uint64_t key[] = {a->world.seed, elsewhere};
    pcg64_seed_key(&rng, key, ARRAY_LENGTH(key));
    int64_t end_s = now_s + AHEAD_S;
    if (a->decision.valid_until_s < end_s)
        end_s = a->decision.valid_until_s;
    for (int i = 0; i < LATER && end_s > now_s; i++)
        judge_later(a, i == 0 ? end_s - 1 : pcg64_between(&rng, now_s, end_s - 1));
}

uint64_t policy_trial_world(const struct policy_trial *trial, uint64_t seed)
{
    struct policy_asked a;
    struct policy_trial_result *result = trial->result;
    uint64_t hash = ask_all(&a, trial, seed);
    result->worlds[DEMAND_PURE]++;
    result->worlds[DEMAND_MEMORY]++;
    policy_asked_judge(&a);
    if (!repeats(&a) || !keeps_apart(&a))
        return hash;
    judge_surroundings(&a);
    result->worlds[DEMAND_DETERMINED]++;
    judge_promise(&a);
    result->worlds[DEMAND_PROMISE]++;
    return hash;
}
