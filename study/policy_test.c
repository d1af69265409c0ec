#include "study/policy_test.h"

#include "base/apart.h"

#include <signal.h>
#include <string.h>

enum {
    CRASHES_MAX = 8, /* processes that may be lost before the test ends */
    CALL_LIMIT_MS = 2000,
};

const struct policy_demand_words policy_demand_words[DEMANDS] = {
    [DEMAND_NO_CRASH] = {"crash", "every call returns: no crash, no exit"},
    [DEMAND_NO_HANG] = {"hang", "every call ends in time"},
    [DEMAND_PURE] = {"purity", "the same question has the same answer: no memory but the state"},
    [DEMAND_MEMORY] = {"memory", "nothing is written but the state, nothing read beyond it"},
    [DEMAND_DETERMINED] = {"determinism", "no variable without a value decides"},
    [DEMAND_BOUNDS] = {"bounds", "what is asked for is within the group's MinSize and MaxSize"},
    [DEMAND_REASON] = {"reason", "every decision has a reason that can be said"},
    [DEMAND_PROMISE] = {"valid-until", "until then it decides the same and remembers nothing new"},
    [DEMAND_MISSING] = {"missing-data", "nothing that is missing shrinks the group, and one that "
                                        "is not seen is left alone"},
};

/* What children and parent have in common. */
struct common {
    struct policy_trial_result result;
    struct policy_whereabouts where;
    uint64_t done;     /* worlds that are through in this pass */
    uint64_t hashes[]; /* of the answers in each world, odd; 0: there are none */
};

struct pass {
    const struct policy_test *test;
    struct common *common;
    uint64_t from;  /* index of the first world to try */
    bool backwards; /* the same worlds, last first, only to compare answers */
};

static int64_t call_limit_ms(const struct policy_test *test)
{
    return test->call_limit_ms ? test->call_limit_ms : CALL_LIMIT_MS;
}

static void compare(const struct pass *pass, uint64_t index, uint64_t hash)
{
    struct common *common = pass->common;
    struct policy_breach *breach = &common->result.breaches[DEMAND_PURE];
    if (common->hashes[index] == 0 || common->hashes[index] == hash || breach->found)
        return;
    policy_trial_breach(&common->result, DEMAND_PURE, NULL,
                        "asked of the worlds in another order, in a new process, it answers "
                        "otherwise in this one: it remembers something outside its state");
    breach->seed = pass->test->seed + index;
}

/* In a child: worlds one by one until all are through, or it ends. */
static void try_worlds(void *context)
{
    const struct pass *pass = context;
    const struct policy_test *test = pass->test;
    struct common *common = pass->common;
    const struct policy_trial trial = {
        .policy = test->policy,
        .given = test->given,
        .result = &common->result,
        .where = &common->where,
        .call_limit_ms = call_limit_ms(test),
        .room = policy_trial_room_new(),
    };
    for (uint64_t i = pass->from; i < test->worlds; i++) {
        uint64_t index = pass->backwards ? test->worlds - 1 - i : i;
        common->done = i;
        if (pass->backwards && common->hashes[index])
            compare(pass, index, policy_trial_answers(&trial, test->seed + index) | 1);
        else if (!pass->backwards)
            common->hashes[index] = policy_trial_world(&trial, test->seed + index) | 1;
    }
    common->done = test->worlds;
    policy_trial_room_free(trial.room);
}

/* One pass over all worlds, in as many children as it takes. */
static int make_pass(struct pass *pass, struct error *err)
{
    struct policy_trial_result *result = &pass->common->result;
    for (int lost = 0; lost < CRASHES_MAX; lost++) {
        struct apart_end end;
        int status = apart_do(try_worlds, pass, call_limit_ms(pass->test), &end, err);
        if (status || end.done)
            return status;
        const struct policy_whereabouts where = pass->common->where;
        char words[96];
        bool hangs = end.signal == SIGALRM;
        policy_trial_breach(result, hangs ? DEMAND_NO_HANG : DEMAND_NO_CRASH, &where,
                            hangs ? "the call %s; nothing further was tried" : "the call %s",
                            apart_words(&end, words, sizeof words));
        if (hangs)
            return STATUS_OK;
        pass->from = pass->common->done + 1;
    }
    return STATUS_OK;
}

int policy_test_run(const struct policy_test *test, struct policy_trial_result *out_result,
                    struct error *err)
{
    size_t size = sizeof(struct common) + test->worlds * sizeof(uint64_t);
    struct common *common = apart_memory(size);
    struct pass forwards = {.test = test, .common = common};
    struct pass backwards = {.test = test, .common = common, .backwards = true};
    struct policy_trial_result *result = &common->result;
    int status = make_pass(&forwards, err);
    result->worlds[DEMAND_NO_CRASH] = common->done;
    result->worlds[DEMAND_NO_HANG] = common->done;
    if (!status && !result->breaches[DEMAND_NO_HANG].found)
        status = make_pass(&backwards, err);
    *out_result = *result;
    apart_free(common, size);
    return status;
}

enum policy_verdict policy_test_verdict(const struct policy_trial_result *result,
                                        enum policy_demand demand)
{
    const struct policy_breach *breach = &result->breaches[demand];
    bool pure = !result->breaches[DEMAND_PURE].found;
    bool determined = pure && !result->breaches[DEMAND_DETERMINED].found;
    if ((demand == DEMAND_DETERMINED && !pure) || (demand == DEMAND_PROMISE && !determined) ||
        (breach->compared && !pure))
        return VERDICT_OPEN;
    if (breach->found)
        return VERDICT_BROKEN;
    return result->worlds[demand] ? VERDICT_KEPT : VERDICT_OPEN;
}
