/* What was recorded is what is replayed: over random accounts, the same policy decides the same to
 * the last figure, and its state goes the same way; one that is given anything else does not. */
#include "../unit/record_fixture.h"

#include "record/replay.h"

#include <sqlite3.h>
#include <unistd.h>

enum { RECORDINGS = 12, EVALUATIONS = 60 };

static const struct ballast_policy *const policies[] = {&mixed, NULL};

/* A minute later, anything may have changed. */
static void change(struct account *a, struct pcg64 *luck)
{
    static const char *const codes[] = {"Throttling", "Timeout", "HTTP 503", "odd \"code\"\\ é"};
    uint64_t statuses = pcg64_below(luck, 6);
    a->now_s += EVERY_S + (int64_t)pcg64_below(luck, 2) * 7;
    a->status = statuses < 4 ? BALLAST_OK : statuses == 4 ? BALLAST_EMPTY : BALLAST_ERROR;
    a->error_code = codes[pcg64_below(luck, 4)];
    a->point_count = pcg64_below(luck, 4);
    a->price_count = pcg64_below(luck, 3);
    for (size_t i = 0; i < a->point_count; i++)
        a->points[i] = (struct ballast_point){
            a->now_s - a->now_s % 60 - 60 * (int64_t)(1 + (i * 2 + pcg64_below(luck, 2)) % 9),
            (int64_t)pcg64_below(luck, UINT64_C(1) << pcg64_below(luck, 56))};
    a->fleet.target_micro = (int64_t)pcg64_below(luck, 10000000000);
    a->fleet.active = pcg64_below(luck, 2);
    a->cluster.pending_tasks = (int64_t)pcg64_below(luck, 1000);
    a->prices[0].micro_usd_per_hour = (int64_t)pcg64_below(luck, 99999999);
    a->prices[1].time_s = a->now_s - (int64_t)pcg64_below(luck, 1000);
    a->group.status = pcg64_below(luck, 8) ? BALLAST_OK : BALLAST_EMPTY;
    bool known = a->group.status == BALLAST_OK;
    a->group.desired_capacity = known ? (int64_t)pcg64_below(luck, 21) : BALLAST_UNKNOWN;
    a->group.max_size = known ? 20 : BALLAST_UNKNOWN;
    a->group.min_size = a->group.in_service = a->group.pending = known ? 0 : BALLAST_UNKNOWN;
    a->notices = pcg64_below(luck, 2) ? BALLAST_UNKNOWN : (int64_t)pcg64_below(luck, 5);
    a->outcome = pcg64_below(luck, 2) ? CLOUD_ACCEPTED : CLOUD_SCALING_ACTIVITY_IN_PROGRESS;
}

static void record(const char *path, struct pcg64 *luck)
{
    struct error err = {0};
    struct results *results = NULL;
    struct recording *recording = NULL;
    struct recording_settings settings = usual_settings();
    settings.guards = (struct controller_guards){
        .max_step_instances = 5, .max_desired_instances = 15, .stale_after_s = 300};
    struct controller *controller = controller_new(&mixed, mixed_values, &settings.guards);
    struct account account = account_usual();
    assert_int_equal(results_open(&results, path, true, &err), STATUS_OK);
    assert_int_equal(recording_open(&recording, results, &settings, &err), STATUS_OK);
    for (int i = 0; i < EVALUATIONS; i++) {
        change(&account, luck);
        if (evaluate(recording, controller, &account, pcg64_below(luck, 9) == 0, &err))
            fail_msg("%s", err.text);
    }
    recording_close(recording);
    results_close(results);
    controller_destroy(controller);
}

struct counts {
    int steps;
    int differences;
    int held_by_guard;
};

static void count(const struct replay_step *step, void *context)
{
    struct counts *counts = context;
    counts->steps++;
    counts->differences += step->differs;
    counts->held_by_guard += strcmp(step->said.guard, "none") != 0;
}

static struct counts replay(const char *path, const int64_t *parameters)
{
    struct error err = {0};
    struct results *results = NULL;
    struct recorded *recorded = NULL;
    struct counts counts = {0};
    const struct recorded_choice choice = {.policies = policies};
    const struct replay_options options = {parameters ? &mixed : NULL, parameters, count, &counts};
    if (results_open(&results, path, false, &err) ||
        recorded_open(&recorded, results, &choice, &err) || replay_run(recorded, &options, &err))
        fail_msg("%s", err.text);
    recorded_close(recorded);
    results_close(results);
    return counts;
}

static void spoil(const char *path, const char *sql)
{
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_changes(database), 1);
    sqlite3_close(database);
}

static void the_same_policy_decides_the_same(void **state)
{
    (void)state;
    static const int64_t longer[] = {540};
    for (uint64_t seed = 1; seed <= RECORDINGS; seed++) {
        /* In memory where that can be had: every evaluation is flushed to the disk. */
        char path[64];
        snprintf(path, sizeof path, "%s/ballast-replay-XXXXXX",
                 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
        close(mkstemp(path));
        struct pcg64 luck;
        pcg64_seed(&luck, seed, 5);
        print_message("seed %llu\n", (unsigned long long)seed);
        record(path, &luck);
        struct counts own = replay(path, NULL);
        assert_int_equal(own.steps, EVALUATIONS);
        assert_int_equal(own.differences, 0);
        assert_true(own.held_by_guard > 0);
        assert_int_equal(replay(path, mixed_values).differences, 0);
        assert_true(replay(path, longer).differences > EVALUATIONS / 3);
        spoil(path, "UPDATE evaluation SET group_pending=coalesce(group_pending,7)+1"
                    " WHERE ordinal=(SELECT min(ordinal) FROM evaluation WHERE group_status='ok')");
        assert_int_equal(replay(path, NULL).differences, 1);
        unlink(path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_same_policy_decides_the_same)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
