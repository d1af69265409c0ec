/* What an operator asks of the controller on a real account, and what follows from it: the same for
 * the commands of `ballast live` and for a Lambda function. */
#ifndef OPERATE_PLAN_H
#define OPERATE_PLAN_H

#include "live/account.h"
#include "policy/choice.h"
#include "policy/controller.h"

/* What was said, as text; NULL is not said. Borrowed. Named as the options of `ballast live daemon`
 * are, which is how errors name them. */
struct live_options {
    const char *fleet;
    const char *group;
    const char *cluster;
    const char *product;
    const char *units_per_instance;
    const char *policy;
    const char **set; /* NAME=VALUE each */
    size_t set_count;
    const char *max_step;
    const char *max_desired;
    const char *stale_after;
    const char *stop_file;
    const char *stop_after;
    const char *state;
    const char *time_limit;
    struct settings_options account;
    const char *record;
    const char *watch_every;
    const char *metrics;
    const char *on_demand_price;
    const char *every;
    const char *phase;
    const char *clock;
    const char *until; /* daemon only, as is `advance` */
    bool advance;
    bool apply;
};

/* What follows from it. */
struct live_plan {
    struct policy_choice choice; /* owned */
    struct controller_guards guards;
    struct live_account_names names;
    int64_t stop_after;
    int64_t time_limit_s;
    int64_t every_s;
    int64_t phase_s;                      /* below every_s */
    int64_t watch_every_s;                /* 0: never */
    int64_t on_demand_micro_usd_per_hour; /* of a backup instance; BALLAST_UNKNOWN */
    bool twin;                            /* its clock counts, not ours */
    int64_t until_s;                      /* INT64_MAX: for ever */
};

/* Clean up with policy_choice_clean_up(&plan.choice), also after an error. */
int live_plan_make(struct live_plan *out_plan, const struct live_options *options,
                   struct error *err);

/* NAME=VALUE over the policy's values, which must make queries that CloudWatch answers. */
int live_set_parameters(const char **set, size_t count, struct policy_choice *choice,
                        struct error *err);

/* The last time at or before `now_s` that an evaluation is due. */
int64_t live_due(const struct live_plan *plan, int64_t now_s);

#endif
