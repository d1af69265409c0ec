/* What the commands of `ballast live` share: options, and the controller set up against an account.
 */
#ifndef CLI_LIVE_H
#define CLI_LIVE_H

#include "live/account.h"
#include "live/state.h"
#include "options.h"
#include "policy/controller.h"

/* What the user said. */
struct live_options {
    const char *fleet;
    const char *group;
    const char *cluster;
    const char *product;
    const char *units_per_instance;
    const char *policy;
    struct option_list set;
    const char *max_step;
    const char *max_desired;
    const char *stale_after;
    const char *stop_file;
    const char *stop_after;
    const char *state;
    const char *time_limit;
    struct settings_options account;
    const char *every; /* daemon only */
    bool apply;
};

/* What follows from it. */
struct live_plan {
    const struct ballast_policy *policy;
    const char *policy_name;
    int64_t parameters[BALLAST_PARAMETERS_MAX];
    struct controller_guards guards;
    struct live_account_names names;
    int64_t stop_after;
    int64_t time_limit_s;
    int64_t every_s;
};

enum { LIVE_SPECS = 24 }; /* room for the options, and the entry that ends them */

/* The options, bound to `options`, which must stay where it is. `daemon`: also --every. */
void live_specs(struct live_options *options, bool daemon,
                struct option_spec out_specs[LIVE_SPECS]);

int live_plan_make(struct live_plan *out_plan, const struct live_options *options,
                   struct error *err);

/* A controller with its account, its state and its lock. Heap object; what is passed must outlive
 * it. Warnings go to stderr. */
struct live_run;
int live_run_open(struct live_run **out_run, const char *command,
                  const struct live_options *options, const struct live_plan *plan,
                  struct error *err);
/* One evaluation: prints its line, then saves the state. An error where a call failed, or the state
 * could not be saved. */
int live_run_once(struct live_run *run, struct error *err);
void live_run_close(struct live_run *run);

#endif
