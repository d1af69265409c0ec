#include "batch.h"

#include "base/memory.h"
#include "base/shelf.h"
#include "follow.h"
#include "lane.h"
#include "windows.h"

#include <stdlib.h>
#include <string.h>

/* ---- what runs have in common -------------------------------------------------------------------
 */

static bool is_zero(const struct delay *delay)
{
    return delay->kind == DELAY_CONSTANT && delay->min_s == 0;
}

static bool reads_pools(const struct ballast_policy *policy)
{
    for (size_t i = 0; i < policy->read_count; i++) {
        if (policy->reads[i].kind == BALLAST_READ_SPOT_PRICES ||
            policy->reads[i].kind == BALLAST_READ_CLUSTER)
            return true;
    }
    return false;
}

bool sim_batch_is_possible(const struct scenario *scenario)
{
    return !reads_pools(scenario->policy.policy) && scenario->service_count == 0 &&
           !scenario->scaling.given && !scenario->distribution.given &&
           scenario->launch_failures.permille == 0;
}

sized_function *sim_batch_sized(const struct scenario *scenario)
{
    const struct controller_settings *settings = &scenario->controller;
    bool plain = settings->faults.count == 0 && is_zero(&settings->jitter) &&
                 is_zero(&settings->duration) && settings->guards.stale_after_s == 0;
    return plain ? policy_sized(scenario->policy.policy) : NULL;
}

/* Bytes that say where a value ends; the others are most of it. */
static const bool tells[256] = {
    ['"'] = true, ['{'] = true, ['}'] = true, ['['] = true, [']'] = true, [','] = true,
};

/* The byte after a JSON string, value or member that begins at `at`. The text is canonical: without
 * spaces, and well formed. */
static const char *after_string(const char *at)
{
    for (at++; *at != '"'; at++)
        at += *at == '\\';
    return at + 1;
}

static const char *after_value(const char *at)
{
    for (int depth = 0;;) {
        while (!tells[(unsigned char)*at])
            at++;
        if (*at == '"') {
            at = after_string(at);
            continue;
        }
        if (depth == 0 && (*at == ',' || *at == '}'))
            return at;
        depth += *at == '{' || *at == '[';
        depth -= *at == '}' || *at == ']';
        at++;
    }
}

static bool is_named(const char *member, const char *name)
{
    size_t length = strlen(name);
    return strncmp(member + 1, name, length) == 0 && member[1 + length] == '"';
}

/* Each member of the resolved scenario to whom it concerns. */
static void add_members(const char *json, struct hash *fleet, struct hash *needs,
                        struct hash *windows)
{
    for (const char *at = json + 1; *at != '}'; at += *at == ',') {
        const char *member = at;
        at = after_value(after_string(member) + 1);
        if (is_named(member, "backup_group") || is_named(member, "name") ||
            is_named(member, "description"))
            continue;
        bool decides = is_named(member, "policy") || is_named(member, "controller");
        hash_add(decides ? needs : fleet, member, (size_t)(at - member));
        if (is_named(member, "controller"))
            hash_add(windows, member, (size_t)(at - member));
    }
}

/* The policy, but for its window. */
static void add_policy(const struct policy_choice *choice, struct hash *windows)
{
    struct policy_window window;
    bool any = policy_window(choice->policy, choice->values, &window);
    hash_add_string(windows, choice->policy->name);
    for (size_t i = 0; i < choice->policy->parameter_count; i++) {
        if (!any || i != window.parameter)
            hash_add_int64(windows, choice->values[i]);
    }
}

void sim_batch_key_of(const struct scenario *scenario, const struct trace_set *traces,
                      struct sim_batch_key *out_key)
{
    *out_key = (struct sim_batch_key){.possible = sim_batch_is_possible(scenario)};
    if (!out_key->possible)
        return;
    struct hash *fleet = hash_new();
    struct hash *needs = hash_new();
    struct hash *windows = hash_new();
    add_members(scenario->resolved.data, fleet, needs, windows);
    add_policy(&scenario->policy, windows);
    hash_add_string(fleet, traces->hash);
    hash_add_string(fleet, scenario->demand_hash);
    hash_finish(fleet, out_key->fleet);
    hash_add_string(needs, out_key->fleet);
    hash_add_int64(needs, scenario->group.units_per_instance_micro);
    hash_finish(needs, out_key->needs);
    hash_add_string(windows, out_key->fleet);
    hash_add_int64(windows, scenario->group.units_per_instance_micro);
    hash_finish(windows, out_key->windows);
}

/* ---- what is kept of them -----------------------------------------------------------------------
 */

struct sim_batch {
    struct shelf *tapes;
    struct shelf *needs;
    struct shelf *windows;
};

/* What things are made from. */
struct source {
    const struct scenario *scenario;
    const struct trace_set *traces;
    const struct fleet_tape *tape;
    struct shelf *windows;
    const struct sim_batch_key *key;
};

static void *make_tape(const void *argument)
{
    const struct source *source = argument;
    return fleet_tape_make(source->scenario, source->traces);
}

static void destroy_tape(void *thing)
{
    fleet_tape_free(thing);
}

static size_t tape_bytes(const void *thing)
{
    return fleet_tape_bytes(thing);
}

static void *make_windows(const void *argument)
{
    const struct source *source = argument;
    return windows_make(source->scenario, source->tape, sim_batch_sized(source->scenario));
}

static void destroy_windows(void *thing)
{
    windows_free(thing);
}

static size_t bytes_of_windows(const void *thing)
{
    return windows_bytes(thing);
}

static void *make_needs(const void *argument)
{
    const struct source *source = argument;
    const struct scenario *scenario = source->scenario;
    const struct sim_batch_key *key = source->key;
    if (strcmp(key->windows, key->needs) == 0 || !windows_serve(scenario))
        return needs_make(scenario, source->tape, sim_batch_sized(scenario));
    const struct windows *windows = shelf_take(source->windows, key->windows, source);
    struct needs *needs = windows_needs(windows, scenario);
    shelf_give_back(source->windows, windows);
    return needs;
}

static void destroy_needs(void *thing)
{
    needs_free(thing);
}

static size_t bytes_of_needs(const void *thing)
{
    return needs_bytes(thing);
}

static const struct shelf_kind kind_of_tapes = {make_tape, destroy_tape, tape_bytes};
static const struct shelf_kind kind_of_windows = {make_windows, destroy_windows, bytes_of_windows};
static const struct shelf_kind kind_of_needs = {make_needs, destroy_needs, bytes_of_needs};

struct sim_batch *sim_batch_new(size_t bytes_most)
{
    struct sim_batch *batch = memory_new(1, sizeof *batch);
    batch->tapes = shelf_new(&kind_of_tapes, bytes_most / 2);
    batch->needs = shelf_new(&kind_of_needs, bytes_most / 4);
    batch->windows = shelf_new(&kind_of_windows, bytes_most / 4);
    return batch;
}

void sim_batch_free(struct sim_batch *batch)
{
    if (!batch)
        return;
    shelf_free(batch->tapes);
    shelf_free(batch->needs);
    shelf_free(batch->windows);
    free(batch);
}

/* ---- a run --------------------------------------------------------------------------------------
 */

/* Beside the tape, as far as it can be. */
static int run_beside(struct sim_batch *batch, const struct sim_batch_key *key,
                      const struct source *source, struct fleet_tape *tape,
                      struct figures *out_figures, bool *out_apart, struct error *err)
{
    if (!sim_batch_sized(source->scenario))
        return follow_run(source->scenario, tape, out_figures, out_apart, err);
    struct needs *needs = shelf_take(batch->needs, key->needs, source);
    lane_run(source->scenario, tape, needs, out_figures);
    shelf_give_back(batch->needs, needs);
    *out_apart = true;
    return STATUS_OK;
}

int sim_batch_simulate(struct sim_batch *batch, const struct sim_batch_key *key,
                       const struct scenario *scenario, const struct trace_set *traces,
                       struct figures *out_figures, struct error *err)
{
    struct source source = {.scenario = scenario, .traces = traces};
    bool apart = false;
    int status = STATUS_OK;
    struct fleet_tape *tape =
        batch && key->possible ? shelf_take(batch->tapes, key->fleet, &source) : NULL;
    if (tape) {
        source.tape = tape;
        source.windows = batch->windows;
        source.key = key;
        status = run_beside(batch, key, &source, tape, out_figures, &apart, err);
        shelf_give_back(batch->tapes, tape);
    }
    /* Where there is no tape, this says why. */
    return status || apart ? status : simulate(scenario, traces, NULL, NULL, out_figures, err);
}
