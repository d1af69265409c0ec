#include "windows.h"

#include "base/memory.h"
#include "base/timestamp.h"
#include "metrics.h"

#include <stdlib.h>

enum { MINUTE_S = 60, JOINED_BLOCK = 32 };

/* A point of TargetCapacity that differs from the one before: it holds evaluations from seen_s,
 * when it can be read, until a minute and the window after before_s, the stamp of the one before.
 */
struct change {
    int64_t seen_s;
    int64_t before_s;
};

struct windows {
    struct needs *least; /* with the smallest window */
    struct change *changes;
    size_t count;
    size_t capacity;
    /* Of each change, the smallest window with which it holds until the next one does, INT64_MAX of
     * the last; and the largest of these of each block. */
    int64_t *joined_s;
    int64_t *most_joined_s;
    size_t *onces; /* the entries of `least` that are the alarm's */
    size_t once_count;
    size_t once_capacity;
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
           always_active(scenario) && window_s >= least_window_s(scenario);
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

static void join_changes(struct windows *windows)
{
    size_t count = windows->count;
    windows->joined_s = memory_new(count + 1, sizeof *windows->joined_s);
    windows->most_joined_s = memory_new(count / JOINED_BLOCK + 1, sizeof *windows->most_joined_s);
    for (size_t i = 0; i < count; i++) {
        const struct change *change = &windows->changes[i];
        int64_t joined_s =
            i + 1 < count ? change[1].seen_s - change->before_s - MINUTE_S : INT64_MAX;
        int64_t *most_s = &windows->most_joined_s[i / JOINED_BLOCK];
        windows->joined_s[i] = joined_s;
        *most_s = joined_s > *most_s || i % JOINED_BLOCK == 0 ? joined_s : *most_s;
    }
}

static void find_onces(struct windows *windows)
{
    for (size_t i = 0; i < windows->least->count; i++) {
        if (windows->least->list[i].once)
            ARRAY_PUSH(windows->onces, windows->once_count, windows->once_capacity, i);
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
    join_changes(windows);
    find_onces(windows);
    return windows;
}

void windows_free(struct windows *windows)
{
    if (!windows)
        return;
    needs_free(windows->least);
    free(windows->changes);
    free(windows->joined_s);
    free(windows->most_joined_s);
    free(windows->onces);
    free(windows);
}

size_t windows_bytes(const struct windows *windows)
{
    return sizeof *windows + needs_bytes(windows->least) +
           windows->capacity * sizeof *windows->changes +
           windows->count * sizeof *windows->joined_s +
           (windows->count / JOINED_BLOCK + 1) * sizeof *windows->most_joined_s +
           windows->once_capacity * sizeof *windows->onces;
}

/* ---- one of them --------------------------------------------------------------------------------
 */

struct making {
    const struct windows *windows;
    struct needs *needs;
    int64_t every_s;
    int64_t window_s;
    size_t change;        /* the first that may hold an evaluation to come */
    int64_t held_until_s; /* what was last found to hold does so until then */
    size_t once;          /* in windows->onces */
};

/* The last of the changes that hold one after the other, without a second between, from `change`
 * on. */
static size_t last_joined(const struct windows *windows, size_t change, int64_t window_s)
{
    for (;;) {
        if (change % JOINED_BLOCK == 0 && windows->most_joined_s[change / JOINED_BLOCK] <= window_s)
            change += JOINED_BLOCK;
        else if (windows->joined_s[change] <= window_s)
            change++;
        else
            return change;
    }
}

/* Whether an evaluation at time_s, not before those asked for so far, is held. */
static bool holds_at(struct making *making, int64_t time_s)
{
    const struct windows *windows = making->windows;
    const struct change *changes = windows->changes;
    int64_t lasts_s = MINUTE_S + making->window_s;
    if (time_s < making->held_until_s)
        return true;
    size_t next = making->change;
    while (next < windows->count && changes[next].before_s + lasts_s <= time_s)
        next++;
    bool holds = next < windows->count && changes[next].seen_s <= time_s;
    if (holds) {
        next = last_joined(windows, next, making->window_s);
        making->held_until_s = changes[next].before_s + lasts_s;
    }
    making->change = next;
    return holds;
}

/* Evaluations of one entry of the least ones, from need.first_s to before end_s, each every_s after
 * the one before. */
static void put_entry(struct making *making, struct need need, int64_t end_s)
{
    const struct windows *windows = making->windows;
    const struct need held = {.holds = true, .once = need.once};
    for (int64_t time_s = need.first_s;;) {
        bool holds = holds_at(making, time_s);
        struct need put = holds ? held : need;
        put.first_s = time_s;
        needs_put(making->needs, &put);
        int64_t until_s = making->held_until_s;
        if (!holds)
            until_s = making->change < windows->count ? windows->changes[making->change].seen_s
                                                      : INT64_MAX;
        if (until_s >= end_s || need.holds || need.once)
            return;
        time_s += (until_s - time_s + making->every_s - 1) / making->every_s * making->every_s;
        if (time_s >= end_s)
            return;
    }
}

/* The first entry from `entry` on that says more than that evaluations are held until held_until_s:
 * that ends later, or is the alarm's. */
static size_t skip_held(struct making *making, size_t entry)
{
    const struct windows *windows = making->windows;
    const struct needs *least = windows->least;
    size_t last = least->count - 1;
    while (making->once < windows->once_count && windows->onces[making->once] < entry)
        making->once++;
    if (making->once < windows->once_count)
        last = windows->onces[making->once];
    /* Most holds are short: twice as far each time, then halved. */
    size_t reach = 1;
    while (reach < last - entry && least->list[entry + reach].first_s <= making->held_until_s)
        reach *= 2;
    size_t low = entry + reach / 2;
    size_t high = reach < last - entry ? entry + reach : last;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (least->list[middle + 1].first_s <= making->held_until_s)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct needs *windows_needs(const struct windows *windows, const struct scenario *scenario)
{
    const struct needs *least = windows->least;
    struct policy_window window = {0};
    (void)policy_window(scenario->policy.policy, scenario->policy.values, &window);
    struct making making = {
        .windows = windows,
        .needs = memory_new(1, sizeof *making.needs),
        .every_s = scenario->controller.every_s,
        .window_s = scenario->policy.values[window.parameter],
        .held_until_s = INT64_MIN,
    };
    making.needs->evaluations = least->evaluations;
    for (size_t i = 0; i < least->count; i++) {
        /* After the alarm's, what is held is said again. */
        if (least->list[i].first_s < making.held_until_s && !least->list[i - 1].once)
            i = skip_held(&making, i);
        put_entry(&making, least->list[i],
                  i + 1 < least->count ? least->list[i + 1].first_s : scenario->to_s);
    }
    needs_seal(making.needs);
    return making.needs;
}
