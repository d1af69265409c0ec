#include "policy/controller_parts.h"

const char *controller_guard_name(enum controller_guard guard)
{
    switch (guard) {
    case GUARD_NONE:
        return "none";
    case GUARD_MAX_STEP:
        return "max_step_instances";
    case GUARD_MAX_DESIRED:
        return "max_desired_instances";
    case GUARD_STALE:
        return "stale_after_s";
    }
    return "unknown";
}

/* Whether any metric read is missing, failed, or older than the guard allows. */
static bool stale(const struct controller *controller, int64_t now_s)
{
    for (size_t i = 0; i < controller->policy->read_count; i++) {
        const struct read_slot *slot = &controller->slots[i];
        const struct ballast_answer *answer = &controller->answers[i];
        if (slot->read->kind != BALLAST_READ_METRIC)
            continue;
        if (answer->status != BALLAST_OK)
            return true;
        int64_t newest_s = answer->points[0].time_s;
        for (size_t p = 1; p < answer->point_count; p++) {
            if (answer->points[p].time_s > newest_s)
                newest_s = answer->points[p].time_s;
        }
        if (now_s - (newest_s + slot->query.period_s) > controller->guards.stale_after_s)
            return true;
    }
    return false;
}

void controller_limit(const struct controller_guards *guards, struct controller_decided *decided)
{
    const struct ballast_group *group = &decided->observation.group;
    int64_t desired = decided->desired_capacity;
    bool known = group->status == BALLAST_OK;
    int64_t current = known ? group->desired_capacity : 0;
    bool scale_out = !known || desired > current;
    if (guards->max_desired_instances && desired > guards->max_desired_instances) {
        decided->guard = GUARD_MAX_DESIRED;
        desired = guards->max_desired_instances;
    }
    if (guards->max_step_instances && scale_out) {
        if (!known) {
            /* How large the step would be cannot be told. */
            decided->guard = GUARD_MAX_STEP;
            decided->action = BALLAST_HOLD;
            return;
        }
        if (desired - current > guards->max_step_instances) {
            decided->guard = GUARD_MAX_STEP;
            desired = current + guards->max_step_instances;
        }
    }
    /* A guard lowers a scale-out; it never turns it into a scale-in. */
    if (decided->guard != GUARD_NONE && scale_out && known && desired <= current)
        decided->action = BALLAST_HOLD;
    decided->desired_capacity = desired;
}

void controller_guard(const struct controller *controller, struct controller_decided *decided)
{
    const struct ballast_group *group = &decided->observation.group;
    bool known = group->status == BALLAST_OK;
    if (controller->guards.stale_after_s &&
        (!known || decided->desired_capacity < group->desired_capacity) &&
        stale(controller, decided->observation.now_s)) {
        decided->guard = GUARD_STALE;
        decided->action = BALLAST_HOLD;
        return;
    }
    controller_limit(&controller->guards, decided);
}
