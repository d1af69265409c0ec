/* The shelf of built-in policies. */
#ifndef POLICY_BUILTIN_H
#define POLICY_BUILTIN_H

#include "policy/policy.h"
#include "policy/sizing.h"

extern const struct ballast_policy policy_none; /* no backup at all */
extern const struct ballast_policy
    policy_pending_capacity;                          /* the seed's, made safe; preset "seed" */
extern const struct ballast_policy policy_hysteresis; /* with two thresholds */
extern const struct ballast_policy policy_dynamic_fallback; /* by what is ready, over a base */
extern const struct ballast_policy policy_forecast;         /* by the hour's past */
extern const struct ballast_policy policy_spot_hedge;       /* by price, ahead */
extern const struct ballast_policy policy_n_plus_one;       /* the largest pool may go */
extern const struct ballast_policy policy_target_headroom;  /* target and something to spare */
extern const struct ballast_policy policy_static_base;      /* so many instances, always */
extern const struct ballast_policy policy_always_on_demand; /* the whole target, always */

/* Every built-in policy, NULL-terminated, in the order they are listed. */
extern const struct ballast_policy *const policy_builtin[];

/* What each makes of the fleet's side alone. */
sized_function policy_none_sized;
sized_function policy_pending_capacity_sized;
sized_function policy_hysteresis_sized;
sized_function policy_dynamic_fallback_sized;
sized_function policy_forecast_sized;
sized_function policy_spot_hedge_sized;
sized_function policy_target_headroom_sized;
sized_function policy_n_plus_one_sized;
sized_function policy_static_base_sized;
sized_function policy_always_on_demand_sized;

/* The policy's function of these, or NULL: it is not built in, or has modifiers around it. */
sized_function *policy_sized(const struct ballast_policy *policy);

/* How those that look at the pools tell prices apart. */
price_band_function policy_spot_hedge_band;
price_band_function policy_n_plus_one_band;

/* The policy's function of these, or NULL: any other price or time of a row may matter to it. */
price_band_function *policy_price_band(const struct ballast_policy *policy);

/* For which targets of the fleet those that go by it come to the same. */
target_band_function policy_dynamic_fallback_targets;
target_band_function policy_spot_hedge_targets;
target_band_function policy_target_headroom_targets;
target_band_function policy_n_plus_one_targets;
target_band_function policy_always_on_demand_targets;

/* The policy's function of these, or NULL: any other target may matter to it. */
target_band_function *policy_target_band(const struct ballast_policy *policy);

/* A parameter that has a say in one thing only: the policy holds while points of TargetCapacity
 * differ that are no older than it says, or while there are none, as far as its other parameters
 * have it so; and so it does with any larger one. */
struct policy_window {
    size_t parameter;
    int64_t period_s; /* of the query */
};

/* False: the policy, with these values, has no such parameter. */
bool policy_window(const struct ballast_policy *policy, const int64_t *values,
                   struct policy_window *out_window);
bool policy_pending_capacity_window(const int64_t *values, struct policy_window *out_window);

/* By name, or NULL. */
const struct ballast_policy *policy_find(const char *name);
/* The preset, or NULL. */
const struct ballast_preset *policy_find_preset(const struct ballast_policy *policy,
                                                const char *name);
/* Index of the parameter, or -1. */
int policy_find_parameter(const struct ballast_policy *policy, const char *name);
/* Fill values[parameter_count] with the defaults, or with a preset's values. */
void policy_default_values(const struct ballast_policy *policy, const struct ballast_preset *preset,
                           int64_t *values);

#endif
