#include "cohorts.h"

#include "base/memory.h"
#include "base/pcg64.h"
#include "draw.h"
#include "group.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static int64_t earliest(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t latest(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* ---- what is paid -------------------------------------------------------------------------------
 */

/* The running instance that began to run first of those that are paid, ties by number. Each is a
 * cohort. */
static struct cohort *first_paid(struct cohorts *group)
{
    struct cohort *first = NULL;
    for (size_t i = 0; i < group->alive_count; i++) {
        struct cohort *cohort = &group->list[group->alive_list[i]];
        if (cohort->running && cohort->prepaid_since_s == RECORD_NEVER &&
            (!first || cohort->running_at_s < first->running_at_s))
            first = cohort;
    }
    return first;
}

/* As tariff_cover. */
static void cover(struct cohorts *group)
{
    while (group->prepaid < group->scenario->price_terms.prepaid_instances) {
        struct cohort *cohort = first_paid(group);
        if (!cohort)
            return;
        cohort->prepaid_since_s = group->now_s;
        group->prepaid++;
    }
}

/* The life of `count` of the cohort is over at ended_s, or INT64_MAX: within this run. */
static void close_books(struct cohorts *group, const struct cohort *cohort, int64_t count,
                        int64_t ended_s)
{
    const struct scenario *scenario = group->scenario;
    struct accounting *accounting = group->accounting;
    struct bill bill = tariff_bill(scenario, cohort->running_at_s, ended_s);
    tariff_prepay(&bill, cohort->prepaid_since_s);
    accounting->on_demand_cost += count * billing_on_demand(&bill, group->micro_usd_per_hour);
    int64_t ran_s = earliest(ended_s, scenario->measure_to_s) -
                    latest(cohort->running_at_s, scenario->measure_from_s);
    accounting->running_instance_s += (int128)count * latest(ran_s, 0);
}

/* ---- launches -----------------------------------------------------------------------------------
 */

/* The zone with fewest instances, ties by order. */
static size_t emptiest_zone(const struct cohorts *group)
{
    size_t zone = 0;
    for (size_t i = 1; i < group->scenario->group.zone_count; i++) {
        if (group->zone_count[i] < group->zone_count[zone])
            zone = i;
    }
    return zone;
}

static void begin_running(struct cohorts *group, struct cohort *cohort)
{
    cohort->running = true;
    group->running += cohort->count;
    cover(group);
}

static void join(struct cohorts *group, struct cohort *cohort)
{
    cohort->joined = true;
    group->serving += cohort->count;
}

/* Launch `count` in a zone that counts them already. */
static void launch_cohort(struct cohorts *group, size_t zone, int64_t count, bool warm)
{
    const struct account *account = &group->scenario->account;
    struct cohort cohort = {
        .running_at_s = group->now_s,
        .join_at_s = group->now_s,
        .prepaid_since_s = RECORD_NEVER,
        .count = count,
        .zone = (int32_t)zone,
    };
    if (!warm) {
        uint64_t seed = group->scenario->seed;
        uint64_t second = (uint64_t)group->now_s;
        cohort.running_at_s +=
            draw_delay(&account->on_demand_launch_delay, seed, DRAW_ON_DEMAND_LAUNCH,
                       group->launch_key, second, group->launch_number);
        cohort.join_at_s =
            cohort.running_at_s + draw_delay(&account->join_delay, seed, DRAW_ON_DEMAND_JOIN,
                                             group->launch_key, second, group->launch_number);
        group->launch_number++;
        group->active_until_s = latest(group->active_until_s, cohort.running_at_s);
    }
    uint32_t index = (uint32_t)group->count;
    ARRAY_PUSH(group->list, group->count, group->capacity, cohort);
    ARRAY_PUSH(group->alive_list, group->alive_count, group->alive_capacity, index);
    if (!warm) {
        event_push(&group->queue, cohort.running_at_s, EVENT_RUNNING, index);
        return;
    }
    begin_running(group, &group->list[index]);
    if (group->joins)
        join(group, &group->list[index]);
}

static void launch(struct cohorts *group, int64_t count, bool warm)
{
    struct accounting *accounting = group->accounting;
    if (group->launch_s != group->now_s) {
        group->launch_s = group->now_s;
        group->launch_number = 0;
    }
    for (int64_t i = 0; i < count; i++) {
        size_t zone = emptiest_zone(group);
        group->zone_count[zone]++;
        if (group->apart)
            launch_cohort(group, zone, 1, warm);
        else
            group->zone_share[zone]++;
    }
    for (size_t i = 0; i < group->scenario->group.zone_count && !group->apart; i++) {
        if (group->zone_share[i] > 0)
            launch_cohort(group, i, group->zone_share[i], warm);
        group->zone_share[i] = 0;
    }
    group->alive += count;
    if (warm)
        return;
    if (group->now_s >= accounting->window_from_s && group->now_s < accounting->window_to_s)
        accounting->events[FIGURE_events_on_demand_launches] += count;
}

/* ---- ends ---------------------------------------------------------------------------------------
 */

/* The zone with most instances, ties by order. */
static size_t fullest_zone(const struct cohorts *group)
{
    size_t zone = 0;
    for (size_t i = 1; i < group->scenario->group.zone_count; i++) {
        if (group->zone_count[i] > group->zone_count[zone])
            zone = i;
    }
    return zone;
}

static int64_t into_hour(const struct cohorts *group, const struct cohort *cohort)
{
    return (group->now_s - cohort->running_at_s) % SECONDS_PER_HOUR;
}

/* Where in alive_list the cohort stands whose instances go first, of those in the zone: the closest
 * to the next billing hour, ties by number. */
static size_t choose(const struct cohorts *group, size_t zone)
{
    size_t chosen = group->alive_count;
    int64_t most_s = -1;
    for (size_t i = 0; i < group->alive_count; i++) {
        const struct cohort *cohort = &group->list[group->alive_list[i]];
        if (cohort->zone == (int32_t)zone && into_hour(group, cohort) > most_s) {
            most_s = into_hour(group, cohort);
            chosen = i;
        }
    }
    return chosen;
}

/* End `count` of the cohort at that place of alive_list. */
static void end(struct cohorts *group, size_t place, int64_t count)
{
    struct cohort *cohort = &group->list[group->alive_list[place]];
    group->running -= count;
    group->serving -= cohort->joined ? count : 0;
    group->alive -= count;
    group->zone_count[cohort->zone] -= count;
    cohort->count -= count;
    if (cohort->count == 0) {
        group->alive_count--;
        memmove(&group->alive_list[place], &group->alive_list[place + 1],
                (group->alive_count - place) * sizeof *group->alive_list);
    }
    close_books(group, cohort, count, group->now_s);
    if (cohort->prepaid_since_s != RECORD_NEVER)
        group->prepaid--;
    cover(group);
}

/* All run, for no launch is in progress where a scale-in is accepted. */
static void terminate(struct cohorts *group, int64_t count)
{
    assert(group->running == group->alive);
    bool one_zone = group->scenario->group.zone_count == 1;
    for (int64_t left = count; left > 0;) {
        size_t place = choose(group, fullest_zone(group));
        int64_t some = one_zone ? earliest(left, group->list[group->alive_list[place]].count) : 1;
        end(group, place, some);
        left -= some;
    }
    group->active_until_s =
        latest(group->active_until_s, group->now_s + group->scenario->account.group_termination_s);
}

/* ---- seconds ------------------------------------------------------------------------------------
 */

static void handle_event(struct cohorts *group, const struct event *event)
{
    struct cohort *cohort = &group->list[event->subject];
    if (event_kind(event) == EVENT_JOIN) {
        join(group, cohort);
        return;
    }
    begin_running(group, cohort);
    if (group->joins)
        event_push(&group->queue, cohort->join_at_s, EVENT_JOIN, event->subject);
}

/* Always-on checks of debug builds: what is kept is summed again. */
static void check(const struct cohorts *group)
{
#ifndef NDEBUG
    int64_t alive = 0;
    int64_t running = 0;
    int64_t serving = 0;
    int64_t prepaid = 0;
    int64_t in_zones = 0;
    for (size_t i = 0; i < group->count; i++) {
        const struct cohort *cohort = &group->list[i];
        assert(cohort->count >= 0 && (!group->apart || cohort->count <= 1));
        assert(!cohort->running || cohort->running_at_s <= group->now_s);
        assert(!cohort->joined || (cohort->running && cohort->join_at_s <= group->now_s));
        alive += cohort->count;
        running += cohort->running ? cohort->count : 0;
        serving += cohort->joined ? cohort->count : 0;
        prepaid += cohort->prepaid_since_s != RECORD_NEVER ? cohort->count : 0;
    }
    for (size_t i = 0; i < group->scenario->group.zone_count; i++)
        in_zones += group->zone_count[i];
    assert(alive == group->alive && running == group->running && serving == group->serving);
    assert(prepaid == group->prepaid && in_zones == alive && alive == group->desired_capacity);
    assert(running == alive || group->active_until_s >= group->now_s);
#else
    (void)group;
#endif
}

void cohorts_events(struct cohorts *group)
{
    while (event_next_time(&group->queue) == group->now_s) {
        const struct event event = event_pop(&group->queue);
        handle_event(group, &event);
    }
    check(group);
}

int64_t cohorts_cool_s(const struct cohorts *group)
{
    return group->active_until_s == RECORD_NEVER
               ? INT64_MIN
               : group->active_until_s + group->scenario->group.default_cooldown_s;
}

enum cloud_outcome cohorts_set_desired(struct cohorts *group, int64_t desired)
{
    const struct backup_group *described = &group->scenario->group;
    if (desired < described->min_size || desired > described->max_size)
        return CLOUD_VALIDATION_ERROR;
    if (desired < group->alive && group->now_s < cohorts_cool_s(group))
        return CLOUD_SCALING_ACTIVITY_IN_PROGRESS;
    group->desired_capacity = desired;
    if (desired > group->alive)
        launch(group, desired - group->alive, false);
    else if (desired < group->alive)
        terminate(group, group->alive - desired);
    check(group);
    return CLOUD_ACCEPTED;
}

/* ---- as a whole ---------------------------------------------------------------------------------
 */

void cohorts_begin(struct cohorts *group, const struct scenario *scenario,
                   struct accounting *accounting)
{
    const struct backup_group *described = &scenario->group;
    const struct account *account = &scenario->account;
    *group = (struct cohorts){
        .scenario = scenario,
        .accounting = accounting,
        .now_s = scenario->from_s,
        .desired_capacity = described->desired_capacity,
        .active_until_s = RECORD_NEVER,
        .apart = scenario->price_terms.prepaid_instances > 0 ||
                 account->on_demand_launch_delay.kind != DELAY_CONSTANT ||
                 account->join_delay.kind != DELAY_CONSTANT,
        .joins = !outside_cluster(scenario, described->cluster),
        .launch_key = pcg64_word(described->instance_type),
        .launch_s = RECORD_NEVER,
        .micro_usd_per_hour = billing_discounted(described->on_demand_micro_usd,
                                                 scenario->price_terms.on_demand_discount_permille),
    };
    group->zone_count = memory_new(described->zone_count, sizeof *group->zone_count);
    group->zone_share = memory_new(described->zone_count, sizeof *group->zone_share);
    launch(group, group->desired_capacity, !scenario->cold);
}

void cohorts_close(struct cohorts *group)
{
    for (size_t i = 0; i < group->alive_count; i++) {
        const struct cohort *cohort = &group->list[group->alive_list[i]];
        if (cohort->running)
            close_books(group, cohort, cohort->count, INT64_MAX);
    }
}

void cohorts_clean_up(struct cohorts *group)
{
    free(group->list);
    free(group->alive_list);
    free(group->zone_count);
    free(group->zone_share);
    event_queue_clean_up(&group->queue);
}
