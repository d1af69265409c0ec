#include "policy/composed.h"

#include "base/memory.h"
#include "policy/command.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { MODIFIERS_MAX = 8, STATE_ALIGNMENT = 16 };

/* Where one modifier's share of everything begins. */
struct part {
    const struct policy_modifier *modifier;
    size_t parameters;
    size_t state;
    uint32_t reasons;
};

struct policy_composed {
    struct ballast_policy whole; /* first: policy_decide finds the rest by it */
    const struct ballast_policy *base;
    struct part parts[MODIFIERS_MAX];
    size_t part_count;
    struct ballast_parameter parameters[BALLAST_PARAMETERS_MAX];
    struct ballast_reason *reasons;
    char *name;
    char *description;
    char *source;
};

/* It marks a composed policy, and is never called: policy_decide knows the parts, which a policy's
 * own function is not given. */
static struct ballast_decision is_composed(const struct ballast_observation *observation,
                                           const int64_t *parameters, void *state)
{
    (void)parameters;
    (void)state;
    assert(false);
    return (struct ballast_decision){.valid_until_s = observation->now_s};
}

static size_t aligned(size_t size)
{
    return (size + STATE_ALIGNMENT - 1) / STATE_ALIGNMENT * STATE_ALIGNMENT;
}

static int add_parameters(struct policy_composed *composed, const struct ballast_parameter *table,
                          size_t count, struct error *err)
{
    struct ballast_policy *whole = &composed->whole;
    if (whole->parameter_count + count > BALLAST_PARAMETERS_MAX)
        return error_set(err, STATUS_BAD_INPUT, "%s has more than %d parameters", composed->name,
                         BALLAST_PARAMETERS_MAX);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < whole->parameter_count; k++) {
            if (strcmp(composed->parameters[k].name, table[i].name) == 0)
                return error_set(err, STATUS_BAD_INPUT,
                                 "%s: two of its parts have a parameter %s, or one stands there "
                                 "twice",
                                 composed->name, table[i].name);
        }
        composed->parameters[whole->parameter_count++] = table[i];
    }
    return STATUS_OK;
}

static void add_reasons(struct policy_composed *composed, const struct ballast_reason *table,
                        size_t count)
{
    size_t before = composed->whole.reason_count;
    composed->reasons = memory_resize(composed->reasons, before + count + 1, sizeof *table);
    if (count)
        memcpy(composed->reasons + before, table, count * sizeof *table);
    composed->whole.reason_count = before + count;
}

static int add_modifier(struct policy_composed *composed, const struct policy_modifier *modifier,
                        struct error *err)
{
    struct ballast_policy *whole = &composed->whole;
    if (composed->part_count == MODIFIERS_MAX)
        return error_set(err, STATUS_BAD_INPUT, "%s: more than %d modifiers", composed->name,
                         MODIFIERS_MAX);
    size_t state = aligned(whole->state_size);
    if (state + modifier->state_size > BALLAST_STATE_MAX)
        return error_set(err, STATUS_BAD_INPUT, "%s remembers more than %d bytes", composed->name,
                         BALLAST_STATE_MAX);
    composed->parts[composed->part_count++] =
        (struct part){modifier, whole->parameter_count, state, (uint32_t)whole->reason_count};
    whole->state_size = state + modifier->state_size;
    whole->state_version = whole->state_version * 31 + modifier->state_version;
    add_reasons(composed, modifier->reasons, modifier->reason_count);
    char *description = memory_format("%s; %s", composed->description, modifier->description);
    free(composed->description);
    composed->description = description;
    char *source = memory_format("%s; %s", composed->source, modifier->source);
    free(composed->source);
    composed->source = source;
    return add_parameters(composed, modifier->parameters, modifier->parameter_count, err);
}

int policy_compose(struct policy_composed **out, const char *name,
                   const struct ballast_policy *base,
                   const struct policy_modifier *const *modifiers, size_t count, struct error *err)
{
    struct policy_composed *composed = memory_new(1, sizeof *composed);
    composed->base = base;
    composed->name = memory_copy_text(name);
    composed->description = memory_copy_text(base->description);
    composed->source = memory_copy_text(base->source);
    composed->whole = *base;
    composed->whole.parameter_count = 0;
    composed->whole.reason_count = 0;
    composed->whole.presets = NULL;
    composed->whole.preset_count = 0;
    composed->whole.decide = is_composed;
    int status = add_parameters(composed, base->parameters, base->parameter_count, err);
    add_reasons(composed, base->reasons, base->reason_count);
    for (size_t i = 0; i < count && !status; i++)
        status = add_modifier(composed, modifiers[i], err);
    if (status) {
        policy_composed_destroy(composed);
        return status;
    }
    composed->whole.name = composed->name;
    composed->whole.description = composed->description;
    composed->whole.source = composed->source;
    composed->whole.parameters = composed->parameters;
    composed->whole.reasons = composed->reasons;
    *out = composed;
    return STATUS_OK;
}

void policy_composed_destroy(struct policy_composed *composed)
{
    if (!composed)
        return;
    free(composed->reasons);
    free(composed->name);
    free(composed->description);
    free(composed->source);
    free(composed);
}

const struct ballast_policy *policy_composed_whole(const struct policy_composed *composed)
{
    return &composed->whole;
}

const struct ballast_policy *policy_base(const struct ballast_policy *policy)
{
    return policy->decide == is_composed ? ((const struct policy_composed *)policy)->base : policy;
}

struct ballast_decision policy_decide(const struct ballast_policy *policy,
                                      const struct ballast_observation *observation,
                                      const int64_t *parameters, void *state)
{
    if (policy_is_command(policy))
        return policy_command_ask(policy, observation, parameters, state);
    if (policy->decide != is_composed)
        return policy->decide(observation, parameters, state);
    const struct policy_composed *composed = (const struct policy_composed *)policy;
    struct ballast_decision decision =
        policy_decide(composed->base, observation, parameters, state);
    /* an index that is none of its own must not become one of a modifier's */
    if (decision.reason >= composed->base->reason_count)
        decision.reason = UINT32_MAX;
    for (size_t i = 0; i < composed->part_count; i++) {
        const struct part *part = &composed->parts[i];
        if (part->modifier->apply(observation, parameters + part->parameters,
                                  (unsigned char *)state + part->state, &decision))
            decision.reason += part->reasons;
    }
    return decision;
}

int policy_failure(const struct ballast_policy *policy, struct error *err)
{
    policy = policy_base(policy);
    return policy_is_command(policy) ? policy_command_failure(policy, err) : STATUS_OK;
}
