#include "policy/modifier.h"

#include <string.h>

const struct policy_modifier *const policy_modifiers[] = {
    &modifier_grace,
    &modifier_stabilise,
    &modifier_rate_limit,
    &modifier_return_hours,
    &modifier_billing_hour,
    &modifier_backoff,
    NULL,
};

const struct policy_modifier *modifier_find(const char *name)
{
    for (const struct policy_modifier *const *m = policy_modifiers; *m; m++) {
        if (strcmp((*m)->name, name) == 0)
            return *m;
    }
    return NULL;
}

enum modifier_direction modifier_direction(const struct ballast_observation *observation,
                                           const struct ballast_decision *decision)
{
    const struct ballast_group *group = &observation->group;
    if (decision->action != BALLAST_SET_DESIRED || group->status != BALLAST_OK ||
        decision->desired_capacity == group->desired_capacity)
        return DIRECTION_NONE;
    return decision->desired_capacity > group->desired_capacity ? DIRECTION_OUT : DIRECTION_IN;
}

bool modifier_sees(const struct ballast_observation *observation)
{
    for (size_t i = 0; i < observation->answer_count; i++) {
        if (observation->answers[i].status != BALLAST_OK)
            return false;
    }
    return observation->group.status == BALLAST_OK;
}

bool modifier_hold(struct ballast_decision *decision, uint32_t reason, const int64_t figures[3],
                   int64_t until_s)
{
    decision->action = BALLAST_HOLD;
    decision->desired_capacity = 0;
    decision->honor_cooldown = false;
    decision->reason = reason;
    memset(decision->figures, 0, sizeof decision->figures);
    memcpy(decision->figures, figures, 3 * sizeof *figures);
    modifier_until(decision, until_s);
    return true;
}

void modifier_until(struct ballast_decision *decision, int64_t until_s)
{
    if (until_s < decision->valid_until_s)
        decision->valid_until_s = until_s;
}
