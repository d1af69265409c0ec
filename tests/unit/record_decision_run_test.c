/* Run-length decisions: what is joined, what breaks a run, and that nothing is lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/error.h"
#include "record/decision_run.h"

#include <string.h>

struct told {
    struct record_decision runs[64];
    size_t count;
    int status; /* what the sink answers */
};

static int tell(const struct record_decision *decision, void *context)
{
    struct told *told = context;
    assert_true(told->count < 64);
    told->runs[told->count++] = *decision;
    return told->status;
}

struct fixture {
    struct told told;
    struct record_sink sink;
    struct decision_run run;
    struct ballast_observation observation;
    struct ballast_decision decision;
    struct controller_evaluation evaluation;
};

static void set_up(struct fixture *f)
{
    memset(f, 0, sizeof *f);
    f->sink = (struct record_sink){.context = &f->told, .decision = tell};
    f->observation = (struct ballast_observation){
        .now_s = 1000, .trigger = BALLAST_SCHEDULE, .group = {.desired_capacity = 3}};
    f->decision = (struct ballast_decision){.action = BALLAST_SET_DESIRED,
                                            .desired_capacity = 5,
                                            .reason = 2,
                                            .figures = {1, 2, 3, 4, 5, 6},
                                            .valid_until_s = 7};
    f->evaluation = (struct controller_evaluation){.observation = &f->observation,
                                                   .decision = &f->decision,
                                                   .action = BALLAST_SET_DESIRED,
                                                   .desired_capacity = 5,
                                                   .outcome = CLOUD_ACCEPTED};
}

static void add(struct fixture *f)
{
    assert_int_equal(decision_run_add(&f->run, &f->evaluation, &f->sink), 0);
    f->observation.now_s += 60;
}

static void identical_decisions_become_one(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    for (int i = 0; i < 10; i++) {
        f.decision.valid_until_s = i; /* not compared */
        add(&f);
    }
    assert_int_equal(f.told.count, 0);
    assert_int_equal(decision_run_flush(&f.run, &f.sink), 0);
    assert_int_equal(f.told.count, 1);
    const struct record_decision *run = &f.told.runs[0];
    assert_int_equal(run->ordinal, 0);
    assert_int_equal(run->first_s, 1000);
    assert_int_equal(run->last_s, 1540);
    assert_int_equal(run->evaluations, 10);
    assert_int_equal(run->desired_before, 3);
    /* Flushing again says nothing twice. */
    assert_int_equal(decision_run_flush(&f.run, &f.sink), 0);
    assert_int_equal(f.told.count, 1);
}

/* Each single difference breaks the run; the ordinals go on counting evaluations. */
static void every_difference_breaks_a_run(void **state)
{
    (void)state;
    enum { DIFFERENCES = 12 + BALLAST_FIGURES_MAX };
    for (int difference = 0; difference < DIFFERENCES; difference++) {
        struct fixture f;
        set_up(&f);
        add(&f);
        add(&f);
        switch (difference) {
        case 0:
            f.observation.trigger = BALLAST_ALARM;
            break;
        case 1:
            f.decision.action = BALLAST_HOLD;
            break;
        case 2:
            f.decision.honor_cooldown = true;
            break;
        case 3:
            f.decision.set_fleet_target = true;
            break;
        case 4:
            f.decision.desired_capacity = 6;
            break;
        case 5:
            f.decision.fleet_target = 1;
            break;
        case 6:
            f.decision.reason = 3;
            break;
        case 7:
            f.evaluation.guard = GUARD_MAX_STEP;
            break;
        case 8:
            f.evaluation.action = BALLAST_HOLD;
            break;
        case 9:
            f.evaluation.desired_capacity = 4;
            break;
        case 10:
            f.evaluation.outcome = CLOUD_SCALING_ACTIVITY_IN_PROGRESS;
            break;
        case 11:
            f.evaluation.fleet_outcome = CLOUD_ACCEPTED;
            break;
        default: /* each of the figures, the last one too */
            f.decision.figures[difference - 12]++;
        }
        add(&f);
        decision_run_flush(&f.run, &f.sink);
        assert_int_equal(f.told.count, 2);
        assert_int_equal(f.told.runs[0].evaluations, 2);
        assert_int_equal(f.told.runs[1].evaluations, 1);
        assert_int_equal(f.told.runs[1].ordinal, 2);
    }
}

/* What the group wanted before tells what an evaluation saw. */
static void another_desired_capacity_before_breaks_a_run(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    add(&f);
    f.observation.group.desired_capacity = 5;
    add(&f);
    decision_run_flush(&f.run, &f.sink);
    assert_int_equal(f.told.count, 2);
    assert_int_equal(f.told.runs[0].desired_before, 3);
    assert_int_equal(f.told.runs[1].desired_before, 5);
}

/* An alarm between two schedules: three records, in order, none lost. */
static void an_alarm_between_schedules_breaks_the_run(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    for (int i = 0; i < 9; i++) {
        f.observation.trigger = i == 4 ? BALLAST_ALARM : BALLAST_SCHEDULE;
        add(&f);
    }
    decision_run_flush(&f.run, &f.sink);
    assert_int_equal(f.told.count, 3);
    int64_t evaluations = 0;
    for (size_t i = 0; i < f.told.count; i++) {
        assert_int_equal(f.told.runs[i].ordinal, evaluations);
        evaluations += f.told.runs[i].evaluations;
    }
    assert_int_equal(evaluations, 9);
}

static void a_repeated_decision_is_as_one_added_again(void **state)
{
    (void)state;
    struct fixture added;
    struct fixture repeated;
    set_up(&added);
    set_up(&repeated);
    int64_t last_s = 0;
    for (int i = 0; i < 5; i++) {
        last_s = added.observation.now_s;
        add(&added);
    }
    add(&repeated);
    decision_run_repeat(&repeated.run, 4, last_s);
    repeated.observation = added.observation;
    for (int i = 0; i < 2; i++) { /* and what follows is numbered alike */
        struct fixture *f = i ? &repeated : &added;
        f->decision.reason = 9;
        add(f);
        decision_run_flush(&f->run, &f->sink);
        assert_int_equal(f->told.count, 2);
        assert_int_equal(f->told.runs[0].evaluations, 5);
        assert_int_equal(f->told.runs[0].last_s, last_s);
        assert_int_equal(f->told.runs[1].ordinal, 5);
    }
}

static void the_sinks_error_is_returned_and_no_sink_is_fine(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    add(&f);
    f.told.status = STATUS_FAILURE;
    f.decision.reason = 9;
    assert_int_equal(decision_run_add(&f.run, &f.evaluation, &f.sink), STATUS_FAILURE);
    assert_int_equal(decision_run_flush(&f.run, &f.sink), STATUS_FAILURE);
    assert_int_equal(decision_run_flush(&f.run, &f.sink), STATUS_OK);

    const struct record_sink deaf = {0};
    assert_int_equal(decision_run_add(&f.run, &f.evaluation, &deaf), STATUS_OK);
    assert_int_equal(decision_run_flush(&f.run, &deaf), STATUS_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(identical_decisions_become_one),
        cmocka_unit_test(every_difference_breaks_a_run),
        cmocka_unit_test(another_desired_capacity_before_breaks_a_run),
        cmocka_unit_test(an_alarm_between_schedules_breaks_the_run),
        cmocka_unit_test(a_repeated_decision_is_as_one_added_again),
        cmocka_unit_test(the_sinks_error_is_returned_and_no_sink_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
