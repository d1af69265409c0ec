#include "windows.h"

#include "base/memory.h"
#include "base/timestamp.h"
#include "metrics.h"

#include <stdlib.h>

enum { MINUTE_S = 60 };

/* A point of TargetCapacity that differs from the one before. */
struct change {
    int64_t seen_s;   /* it can be read */
    int64_t before_s; /* the stamp of the one before */
};

struct windows {
    struct needs *least; /* with the smallest window */
    struct change *changes;
    size_t count;
    size_t capacity;
};

/* ---- whether ------------------------------------------------------------------------------------
 */

static bool always_active(const struct scenario *scenario)
{
    const struct fleet_cancellation *cancelled = &scenario->cancellation;
    return scenario->fleet.valid_from_s <= scenario->from_s &&
           scenario->fleet.valid_until_s >= scenario->to_s &&
           (!cancelled->given || cancelled->time_s >= scenario->to_s);
}

/* With this one or a larger one, the newest point that can be read, which is younger than two
 * periods and the delay, is always seen: a query begins with a whole minute. */
static int64_t least_window_s(const struct scenario *scenario)
{
    int64_t least_s =
        2 * metrics_period_s(scenario) + scenario->account.metric_delay.min_s - MINUTE_S;
    return least_s > MINUTE_S ? least_s : MINUTE_S;
}

bool windows_serve(const struct scenario *scenario)
{
    struct policy_window window;
    if (!policy_window(scenario->policy.policy, scenario->policy.values, &window))
        return false;
    int64_t window_s = scenario->policy.values[window.parameter];
    int64_t period_s = metrics_period_s(scenario);
    const struct account *account = &scenario->account;
    return account->metric_delay.kind == DELAY_CONSTANT && account->metric_gap_permille == 0 &&
           scenario->controller.faults.count == 0 && window.period_s <= period_s &&
           always_active(scenario) && window_s >= least_window_s(scenario) &&
           window_s / period_s + 2 <= BALLAST_POINTS_MAX;
}

/* ---- what they have in common -------------------------------------------------------------------
 */

static void find_changes(struct windows *windows, const struct scenario *scenario,
                         const struct fleet_tape *tape)
{
    int64_t period_s = metrics_period_s(scenario);
    int64_t stamp_s = timestamp_floor(scenario->from_s, period_s);
    int64_t target_micro = tape->begin.target_micro; /* by the point before */
    bool any = !scenario->cold;
    for (size_t i = 0; stamp_s + period_s <= scenario->to_s;) {
        int64_t now_micro = i ? tape->sights[i - 1].target_micro : tape->begin.target_micro;
        for (; i < tape->sight_count && tape->sights[i].time_s < stamp_s + period_s; i++)
            now_micro = tape->sights[i].target_micro;
        const struct change change = {
            .seen_s = stamp_s + period_s + scenario->account.metric_delay.min_s,
            .before_s = stamp_s - period_s,
        };
        if (any && now_micro != target_micro)
            ARRAY_PUSH(windows->changes, windows->count, windows->capacity, change);
        any = true;
        target_micro = now_micro;
        if (i == tape->sight_count)
            return;
        /* The next point that may differ. */
        stamp_s = timestamp_floor(tape->sights[i].time_s, period_s);
    }
}

struct windows *windows_make(const struct scenario *scenario, const struct fleet_tape *tape,
                             sized_function *size)
{
    struct windows *windows = memory_new(1, sizeof *windows);
    struct policy_window window;
    struct scenario least = *scenario; /* it borrows all that the scenario has */
    if (policy_window(scenario->policy.policy, scenario->policy.values, &window))
        least.policy.values[window.parameter] = least_window_s(scenario);
    windows->least = needs_make(&least, tape, size);
    find_changes(windows, scenario, tape);
    return windows;
}

void windows_free(struct windows *windows)
{
    if (!windows)
        return;
    needs_free(windows->least);
    free(windows->changes);
    free(windows);
}

size_t windows_bytes(const struct windows *windows)
{
    return sizeof *windows + needs_bytes(windows->least) +
           windows->capacity * sizeof *windows->changes;
}

/* ---- one of them --------------------------------------------------------------------------------
 */

/* Evaluations of one entry of the least ones, from need.first_s to before end_s, each every_s after
 * the one before; `next` is the first change that may hold one of them. Returns that of later
 * ones. */
static size_t put_entry(const struct windows *windows, struct needs *needs, struct need need,
                        int64_t end_s, int64_t every_s, int64_t window_s, size_t next)
{
    const struct need held = {.holds = true, .once = need.once};
    for (int64_t time_s = need.first_s; time_s < end_s;) {
        while (next < windows->count &&
               windows->changes[next].before_s + MINUTE_S + window_s <= time_s)
            next++;
        bool holds = next < windows->count && windows->changes[next].seen_s <= time_s;
        struct need put = holds ? held : need;
        put.first_s = time_s;
        needs_put(needs, &put);
        if (next == windows->count || need.holds || need.once)
            return next;
        int64_t until_s = holds ? windows->changes[next].before_s + MINUTE_S + window_s
                                : windows->changes[next].seen_s;
        time_s += (until_s - time_s + every_s - 1) / every_s * every_s;
    }
    return next;
}

struct needs *windows_needs(const struct windows *windows, const struct scenario *scenario)
{
    const struct needs *least = windows->least;
    struct needs *needs = memory_new(1, sizeof *needs);
    struct policy_window window = {0};
    (void)policy_window(scenario->policy.policy, scenario->policy.values, &window);
    int64_t window_s = scenario->policy.values[window.parameter];
    size_t next = 0;
    needs->evaluations = least->evaluations;
    for (size_t i = 0; i < least->count; i++) {
        int64_t end_s = i + 1 < least->count ? least->list[i + 1].first_s : scenario->to_s;
        if (least->list[i].once)
            end_s = least->list[i].first_s + 1;
        next = put_entry(windows, needs, least->list[i], end_s, scenario->controller.every_s,
                         window_s, next);
    }
    needs_seal(needs);
    return needs;
}
