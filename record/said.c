#include "record/said.h"

#include "policy/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void write_figures(char *out, const int64_t *figures)
{
    size_t used = 0;
    for (int i = 0; i < BALLAST_FIGURES_MAX; i++)
        used += (size_t)snprintf(out + used, SAID_FIGURES_SIZE - used, "%s%" PRId64, i ? "," : "[",
                                 figures[i]);
    snprintf(out + used, SAID_FIGURES_SIZE - used, "]");
}

void said_decision(struct said_decision *out_said, const struct ballast_policy *policy,
                   const struct controller_decided *decided)
{
    const struct ballast_decision *asked = &decided->decision;
    bool wants = asked->action == BALLAST_SET_DESIRED;
    bool calls = decided->action == BALLAST_SET_DESIRED;
    *out_said = (struct said_decision){
        .calls = calls,
        .policy_desired = wants ? asked->desired_capacity : BALLAST_UNKNOWN,
        .desired = calls ? decided->desired_capacity : BALLAST_UNKNOWN,
        .honor_cooldown = wants ? asked->honor_cooldown : BALLAST_UNKNOWN,
        .fleet_target = asked->set_fleet_target ? asked->fleet_target : BALLAST_UNKNOWN,
    };
    snprintf(out_said->guard, sizeof out_said->guard, "%s", controller_guard_name(decided->guard));
    snprintf(out_said->reason, sizeof out_said->reason, "%s",
             asked->reason < policy->reason_count ? policy->reasons[asked->reason].name
                                                  : "unnamed");
    policy_reason_words(policy, asked->reason, asked->figures, out_said->words,
                        sizeof out_said->words);
    write_figures(out_said->figures, asked->figures);
}

bool said_same_calls(const struct said_decision *a, const struct said_decision *b)
{
    return a->calls == b->calls && a->desired == b->desired &&
           (!a->calls || a->honor_cooldown == b->honor_cooldown) &&
           a->fleet_target == b->fleet_target;
}

bool said_same(const struct said_decision *a, const struct said_decision *b)
{
    return said_same_calls(a, b) && a->policy_desired == b->policy_desired &&
           a->honor_cooldown == b->honor_cooldown && strcmp(a->guard, b->guard) == 0 &&
           strcmp(a->reason, b->reason) == 0 && strcmp(a->figures, b->figures) == 0;
}

char *said_action(const struct said_decision *said, char *out_text, size_t size)
{
    int used = said->calls
                   ? snprintf(out_text, size, "SetDesiredCapacity(%" PRId64 "), %s the cooldown",
                              said->desired, said->honor_cooldown == 1 ? "honouring" : "ignoring")
                   : snprintf(out_text, size, "hold");
    if (said->fleet_target != BALLAST_UNKNOWN && used > 0 && (size_t)used < size)
        snprintf(out_text + used, size - (size_t)used, ", fleet target %" PRId64,
                 said->fleet_target);
    return out_text;
}
