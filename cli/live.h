/* What the commands of `ballast live` share: options, and the controller set up against an account.
 */
#ifndef CLI_LIVE_H
#define CLI_LIVE_H

#include "live/account.h"
#include "live/state.h"
#include "options.h"
#include "policy/choice.h"
#include "policy/controller.h"
#include "record/recording.h"

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
    const char *record;
    const char *watch_every;
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
    int64_t phase_s;       /* below every_s */
    int64_t watch_every_s; /* 0: never */
    bool twin;             /* its clock counts, not ours */
    int64_t until_s;       /* INT64_MAX: for ever */
};

enum { LIVE_SPECS = 32 }; /* room for the options, and the entry that ends them */

/* The options, bound to `options`, which must stay where it is. `daemon`: also those that only a
 * daemon has. */
void live_specs(struct live_options *options, bool daemon,
                struct option_spec out_specs[LIVE_SPECS]);

/* NAME=VALUE of each --set over the policy's values, which must make queries that CloudWatch
 * answers.
 */
int live_set_parameters(const struct option_list *set, struct policy_choice *choice,
                        struct error *err);

/* The last time at or before `now_s` that an evaluation is due. */
int64_t live_due(const struct live_plan *plan, int64_t now_s);

int live_plan_make(struct live_plan *out_plan, const struct live_options *options,
                   struct error *err);

/* Look at what happens around the fleet and record it, if that was last tried `every_s` ago or
 * earlier; 0 is never. What fails is told to `log`, and recorded where that can be done. */
struct live_watch_task {
    struct client *client;
    struct live_account *account;
    const struct live_account_names *names;
    struct recording *recording;
    const struct live_log *log;
    int64_t every_s;
};
void live_watch_and_record(const struct live_watch_task *task, int64_t now_s);

/* A controller with its account, its state, its lock and its recording. Heap object; what is passed
 * must outlive it. Warnings go to stderr. */
struct live_run;
int live_run_open(struct live_run **out_run, const char *command,
                  const struct live_options *options, const struct live_plan *plan,
                  struct error *err);
/* What time it is, by the clock that counts. */
int live_run_now(struct live_run *run, int64_t *out_now_s, struct error *err);
/* Step the twin's clock. */
int live_run_advance(struct live_run *run, int64_t seconds, int64_t *out_now_s, struct error *err);
/* The evaluation that is due at due_s, made at now_s (by the twin's clock; else the wall clock is
 * asked): it is recorded, where that was asked for, before anything is
 * called and again after; its line is printed, the state saved. An error where a call failed, or
 * something could not be written; and, without an evaluation, where this time is recorded as
 * decided already. */
int live_run_once(struct live_run *run, int64_t due_s, int64_t now_s, struct error *err);
void live_run_close(struct live_run *run);

#endif
