#include "policy/builtin.h"

#include "base/memory.h"

#include <string.h>

const struct ballast_policy *const policy_builtin[] = {
    &policy_none,
    &policy_pending_capacity,
    &policy_hysteresis,
    &policy_dynamic_fallback,
    &policy_forecast,
    &policy_spot_hedge,
    &policy_target_headroom,
    &policy_n_plus_one,
    &policy_static_base,
    &policy_always_on_demand,
    NULL,
};

sized_function *policy_sized(const struct ballast_policy *policy)
{
    static const struct {
        const struct ballast_policy *policy;
        sized_function *sized;
    } table[] = {
        {&policy_none, policy_none_sized},
        {&policy_pending_capacity, policy_pending_capacity_sized},
        {&policy_hysteresis, policy_hysteresis_sized},
        {&policy_dynamic_fallback, policy_dynamic_fallback_sized},
        {&policy_forecast, policy_forecast_sized},
        {&policy_spot_hedge, policy_spot_hedge_sized},
        {&policy_target_headroom, policy_target_headroom_sized},
        {&policy_n_plus_one, policy_n_plus_one_sized},
        {&policy_static_base, policy_static_base_sized},
        {&policy_always_on_demand, policy_always_on_demand_sized},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(table); i++) {
        if (table[i].policy == policy)
            return table[i].sized;
    }
    return NULL;
}

price_band_function *policy_price_band(const struct ballast_policy *policy)
{
    if (policy == &policy_spot_hedge)
        return policy_spot_hedge_band;
    return policy == &policy_n_plus_one ? policy_n_plus_one_band : NULL;
}

target_band_function *policy_target_band(const struct ballast_policy *policy)
{
    static const struct {
        const struct ballast_policy *policy;
        target_band_function *targets;
    } table[] = {
        {&policy_dynamic_fallback, policy_dynamic_fallback_targets},
        {&policy_spot_hedge, policy_spot_hedge_targets},
        {&policy_target_headroom, policy_target_headroom_targets},
        {&policy_n_plus_one, policy_n_plus_one_targets},
        {&policy_always_on_demand, policy_always_on_demand_targets},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(table); i++) {
        if (table[i].policy == policy)
            return table[i].targets;
    }
    return NULL;
}

bool policy_window(const struct ballast_policy *policy, const int64_t *values,
                   struct policy_window *out_window)
{
    return policy == &policy_pending_capacity && policy_pending_capacity_window(values, out_window);
}

const struct ballast_policy *policy_find(const char *name)
{
    for (const struct ballast_policy *const *p = policy_builtin; *p; p++) {
        if (strcmp((*p)->name, name) == 0)
            return *p;
    }
    return NULL;
}

const struct ballast_preset *policy_find_preset(const struct ballast_policy *policy,
                                                const char *name)
{
    for (size_t i = 0; i < policy->preset_count; i++) {
        if (strcmp(policy->presets[i].name, name) == 0)
            return &policy->presets[i];
    }
    return NULL;
}

int policy_find_parameter(const struct ballast_policy *policy, const char *name)
{
    for (size_t i = 0; i < policy->parameter_count; i++) {
        if (strcmp(policy->parameters[i].name, name) == 0)
            return (int)i;
    }
    return -1;
}

void policy_default_values(const struct ballast_policy *policy, const struct ballast_preset *preset,
                           int64_t *values)
{
    for (size_t i = 0; i < policy->parameter_count; i++)
        values[i] = preset ? preset->values[i] : policy->parameters[i].default_value;
}
