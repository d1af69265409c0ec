/* Runs of random worlds, and whether two of them are the same: in what they tell, line by line, and
 * in their figures. What differs is named with the world's seed. */
#ifndef TESTS_PROPERTY_TOLD_RUN_H
#define TESTS_PROPERTY_TOLD_RUN_H

#include "../unit/sim_fixture.h"

#include "base/text.h"

/* What is told, a line a record. */
struct told {
    struct text text;
    int64_t before_s; /* a run's capacity and instances as they were then; INT64_MAX: to its end */
};

static inline int64_t told_time(const struct told *told, int64_t time_s)
{
    return time_s < told->before_s ? time_s : RECORD_NEVER;
}

static inline int tell_capacity(const struct record_capacity *c, void *context)
{
    struct told *told = context;
    if (c->time_s < told->before_s)
        text_addf(&told->text, "capacity %lld: %lld %lld %lld %lld %lld %lld %lld\n",
                  (long long)c->time_s, (long long)c->required_micro, (long long)c->spot_up_micro,
                  (long long)c->on_demand_up_micro, (long long)c->fleet_target_micro,
                  (long long)c->fleet_fulfilled_micro, (long long)c->group_desired,
                  (long long)c->group_running);
    return 0;
}

static inline int tell_instance(const struct record_instance *i, void *context)
{
    struct told *told = context;
    if (i->requested_s >= told->before_s)
        return 0;
    bool ended = told_time(told, i->ended_s) != RECORD_NEVER;
    bool paid = ended || told->before_s == INT64_MAX;
    text_addf(&told->text, "instance %lld: %d %lld %lld %lld %lld %lld %d %lld\n",
              (long long)i->instance, (int)i->kind, (long long)i->requested_s,
              (long long)told_time(told, i->running_s), (long long)told_time(told, i->joined_s),
              (long long)told_time(told, i->notice_s), (long long)told_time(told, i->ended_s),
              ended ? (int)i->end : 0, paid ? (long long)i->cost_micro_usd_s : 0);
    return 0;
}

static inline int tell_interruption(const struct record_interruption *i, void *context)
{
    struct told *told = context;
    text_addf(&told->text, "interruption %lld: %lld %lld\n", (long long)i->instance,
              (long long)i->notice_s, (long long)i->ended_s);
    return 0;
}

static inline int tell_rebalance(const struct record_rebalance *r, void *context)
{
    struct told *told = context;
    text_addf(&told->text, "rebalance %lld: %lld %lld %d\n", (long long)r->instance,
              (long long)r->recommended_s, (long long)r->released_s, (int)r->replacement);
    return 0;
}

static inline int tell_decision(const struct record_decision *d, void *context)
{
    struct told *told = context;
    const struct ballast_decision *decision = &d->decision;
    text_addf(&told->text,
              "decision %lld: %lld to %lld, %lld times: %d %d %d %u %lld %d %d %lld %lld %d %d,",
              (long long)d->ordinal, (long long)d->first_s, (long long)d->last_s,
              (long long)d->evaluations, (int)d->trigger, (int)decision->action,
              (int)decision->honor_cooldown, decision->reason,
              (long long)decision->desired_capacity, (int)d->guard, (int)d->action,
              (long long)d->desired_capacity, (long long)d->desired_before, (int)d->outcome,
              (int)d->fleet_outcome);
    for (size_t i = 0; i < BALLAST_FIGURES_MAX; i++)
        text_addf(&told->text, " %lld", (long long)decision->figures[i]);
    text_add(&told->text, "\n");
    return 0;
}

/* `sink` may be NULL: then nobody is told. */
static inline void run_world(const struct scenario *scenario, const struct trace_set *traces,
                             const struct record_sink *sink, bool stepping, struct figures *out)
{
    const struct sim_observer observer = {.stepping = stepping};
    struct error err = {0};
    if (simulate(scenario, traces, sink, &observer, out, &err))
        fail_msg("seed %llu: %s", (unsigned long long)scenario->seed, err.text);
}

/* `one` and `another` say how each was run: "stepping", "skipping". */
static inline void same_figures(const struct scenario *scenario, const char *one,
                                const struct figures *a, const char *another,
                                const struct figures *b)
{
    for (int i = 0; i < FIGURE_COUNT_OF_ALL; i++) {
        if (a->known[i] != b->known[i] || a->value[i] != b->value[i])
            fail_msg("seed %llu, policy %s: %s is %lld %s, %lld %s",
                     (unsigned long long)scenario->seed, scenario->policy.policy->name,
                     figure_descriptions[i].name, (long long)a->value[i], one,
                     (long long)b->value[i], another);
    }
}

/* Else the first line in which they differ, with the one before. */
static inline void same_lines(const struct scenario *scenario, const char *one, const char *a,
                              const char *another, const char *b)
{
    size_t line = 0;
    size_t before = 0;
    if (strcmp(a, b) == 0)
        return;
    for (size_t i = 0; a[i] == b[i]; i++) {
        if (a[i] == '\n') {
            before = line;
            line = i + 1;
        }
    }
    fail_msg("seed %llu, policy %s\nafter %.*s\n%s %.*s\n%s %.*s",
             (unsigned long long)scenario->seed, scenario->policy.policy->name,
             (int)strcspn(a + before, "\n"), a + before, one, (int)strcspn(a + line, "\n"),
             a + line, another, (int)strcspn(b + line, "\n"), b + line);
}

#endif
