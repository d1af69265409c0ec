#include "record/decision_run.h"

#include <string.h>

static bool same_decision(const struct ballast_decision *a, const struct ballast_decision *b)
{
    return a->action == b->action && a->honor_cooldown == b->honor_cooldown &&
           a->set_fleet_target == b->set_fleet_target &&
           a->desired_capacity == b->desired_capacity && a->fleet_target == b->fleet_target &&
           a->reason == b->reason && memcmp(a->figures, b->figures, sizeof a->figures) == 0;
}

static bool same(const struct record_decision *a, const struct record_decision *b)
{
    return a->trigger == b->trigger && same_decision(&a->decision, &b->decision) &&
           a->guard == b->guard && a->action == b->action &&
           a->desired_capacity == b->desired_capacity && a->desired_before == b->desired_before &&
           a->outcome == b->outcome && a->fleet_outcome == b->fleet_outcome;
}

int decision_run_flush(struct decision_run *run, const struct record_sink *sink)
{
    if (!run->is_open)
        return 0;
    run->is_open = false;
    return sink->decision ? sink->decision(&run->open, sink->context) : 0;
}

void decision_run_repeat(struct decision_run *run, int64_t count, int64_t last_s)
{
    run->open.last_s = last_s;
    run->open.evaluations += count;
    run->next_ordinal += count;
}

int decision_run_add(struct decision_run *run, const struct controller_evaluation *evaluation,
                     const struct record_sink *sink)
{
    const struct ballast_observation *observation = evaluation->observation;
    const struct record_decision next = {
        .ordinal = run->next_ordinal++,
        .first_s = observation->now_s,
        .last_s = observation->now_s,
        .evaluations = 1,
        .trigger = observation->trigger,
        .decision = *evaluation->decision,
        .guard = evaluation->guard,
        .action = evaluation->action,
        .desired_capacity = evaluation->desired_capacity,
        .desired_before = observation->group.desired_capacity,
        .outcome = evaluation->outcome,
        .fleet_outcome = evaluation->fleet_outcome,
    };
    if (run->is_open && same(&run->open, &next)) {
        run->open.last_s = next.last_s;
        run->open.evaluations++;
        return 0;
    }
    int status = decision_run_flush(run, sink);
    run->open = next;
    run->is_open = true;
    return status;
}
