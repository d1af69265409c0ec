/* The seconds of a run: what the controller sees in them, its invocations, and their phases. */
#ifndef SIM_SECONDS_H
#define SIM_SECONDS_H

#include "world.h"

/* ---- what the controller sees (cloud.c, alarm.c) ------------------------------------------------
 */

struct cloud simulated_cloud(struct world *world);
/* What a point says of which it decides. */
static inline enum alarm_state alarm_says(int64_t pending_micro)
{
    return pending_micro > 0 ? ALARM_ALARM : ALARM_OK;
}

void alarm_look(struct world *world);
/* The newest sample becomes readable at readable_s: the alarm will look then, if that can change
 * anything. */
void alarm_expect(struct world *world, int64_t readable_s);
/* Whether points that follow the newest one, a period apart, and say that so much is pending change
 * nothing but when the alarm expires. */
bool alarm_rests(const struct world *world, const struct metric_sample *newest,
                 int64_t pending_micro);
/* Such points were taken while it rested. */
void alarm_goes_on(struct world *world, const struct metric_sample *newest);

/* ---- invocations (invocations.c, faults.c)
 * ---------------------------------------------------- */

/* An event of the schedule or the alarm happens: it is delivered to the function, if it is. */
void invocation_event(struct world *world, enum ballast_trigger trigger, uint64_t event);
/* EVENT_INVOCATION comes. */
void invocation_again(struct world *world, uint32_t index);
/* EVENT_FUNCTION_ENDED comes. */
void invocation_ended(struct world *world, uint32_t index);
void invocations_clean_up(struct invocations *invocations);

/* ---- a run's beginning (start.c), its seconds (run.c), and what is told (told.c) ----------------
 */

/* The account as it is before its first second. `reach_s`: how far back metrics are kept at least.
 */
int world_begin(struct world *world, int64_t reach_s, struct error *err);
/* The part of it that sees and decides. Returns how far back metrics are kept. */
int64_t world_begin_watching(struct world *world, int64_t reach_s);
/* The metric history of a warm start: as if the state at `from` had always been. */
void world_fill_history(struct world *world, int64_t reach_s);
/* As if nothing happened until end_s: the books are closed. */
void world_finish(struct world *world, int64_t end_s);
void world_clean_up(struct world *world);
/* Go through the seconds up to last_s in which anything happens. Stops where world->status says. */
void world_advance(struct world *world, int64_t last_s);
/* Events of this second up to and including `last`, also those that are scheduled meanwhile. */
void world_events(struct world *world, enum event_kind last);
/* The phase "metric publication". */
void world_sample(struct world *world);
/* The phases after it: alarms, evaluation. */
void world_decide(struct world *world);
/* The end of a second, also after something was done to the account in it: what it stands at is
 * held from now on, told and, in debug builds, checked. */
void world_settle(struct world *world);
/* The same of seconds in which what is required changes so, of which only the last is told, and
 * nothing else does. */
void world_settle_demand(struct world *world, const struct demand_step *steps, size_t count);
/* The target of a fleet that follows the demand. */
static inline int64_t fleet_target_of_demand(int64_t required_micro)
{
    int64_t over_micro = required_micro % MICRO;
    return over_micro > 0 ? required_micro - over_micro + MICRO : required_micro - over_micro;
}

/* Where the target follows the demand, go through the coming seconds before before_s, up to which
 * the account does nothing but handle its events and follow, as long as nobody looks at them
 * (unseen.c). */
void seconds_unseen(struct world *world, int64_t before_s);
/* The phases up to the fleet's own actions. */
void world_act(struct world *world);
/* What has come up to now of demand and of limits. */
void world_demand(struct world *world);
/* First t >= time_s with t = phase modulo every. */
int64_t aligned(int64_t time_s, int64_t every_s, int64_t phase_s);
/* An evaluation in the figures. */
void evaluation_count(struct world *world, const struct controller_evaluation *evaluation);
/* The open episode of refused scale-ins, if there is one, ends at time_s. */
void refusals_end(struct refusals *refusals, struct accounting *accounting, int64_t time_s);
/* The controller's evaluation is over: count it, tell it. */
void evaluated(const struct controller_evaluation *evaluation, void *context);

/* ---- always-on checks of debug builds (invariants.c)
 * --------------------------------------------- */

#ifdef NDEBUG
static inline void check_invariants(const struct world *world)
{
    (void)world;
}

static inline void check_money(const struct world *world)
{
    (void)world;
}
#else
void check_invariants(const struct world *world);
/* Once the run is over: money balances, instance by instance. */
void check_money(const struct world *world);
#endif

#endif
