/* A simulation held open: its beginning, its end, and the two in a row (simulation.h, sim.h). */
#include "base/memory.h"
#include "cluster.h"
#include "fleet.h"
#include "group.h"
#include "instances.h"
#include "policy/composed.h"
#include "seconds.h"

#include <stdlib.h>

static int64_t earliest(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

void world_finish(struct world *world, int64_t end_s)
{
    accounting_finish(&world->accounting, end_s);
    refusals_end(&world->refusals, &world->accounting,
                 earliest(end_s, world->accounting.window_to_s));
    instance_close_all(world);
    check_money(world);
    if (world->sink && !world->status)
        world->status = decision_run_flush(&world->decision_run, world->sink);
}

void world_clean_up(struct world *world)
{
    controller_destroy(world->controller);
    event_queue_clean_up(&world->queue);
    fleet_clean_up(&world->fleet);
    rebalance_clean_up(&world->rebalance);
    group_clean_up(&world->group);
    invocations_clean_up(&world->invocations);
    metrics_clean_up(&world->metrics);
    cluster_destroy(world->cluster);
    scaling_clean_up(world->scaling);
    free(world->instances);
}

int simulation_open(struct simulation **out_simulation, const struct simulation_options *options,
                    struct error *err)
{
    const struct scenario *scenario = options->scenario;
    bool controlled = !options->no_controller;
    struct simulation *simulation = memory_new(1, sizeof *simulation);
    struct world *world = &simulation->world;
    world->scenario = scenario;
    world->traces = options->traces;
    world->sink = options->sink;
    world->observer = options->observer;
    world->controlled = controlled;
    world->alarmed = controlled && scenario->controller.alarm;
    int status = world_begin(world, options->metrics_reach_s, err);
    if (!status && options->skipping)
        skipping_init(world);
    if (status) {
        world_clean_up(world);
        free(simulation);
    } else {
        *out_simulation = simulation;
    }
    return status;
}

int simulation_advance(struct simulation *simulation, int64_t second_s, struct error *err)
{
    struct world *world = &simulation->world;
    int64_t last_s = earliest(second_s, world->scenario->to_s - 1);
    world_advance(world, last_s);
    if (world->status)
        return error_set(err, world->status, "the run could not be recorded");
    skipping_catch_up(world, last_s + 1);
    if (last_s > world->now_s)
        world->now_s = last_s;
    return STATUS_OK;
}

int simulation_close(struct simulation *simulation, int status, struct figures *out_figures,
                     struct error *err)
{
    struct world *world = &simulation->world;
    if (!status && world->controlled)
        status = policy_failure(world->scenario->policy.policy, err);
    if (!status) {
        world_finish(world, world->scenario->to_s);
        struct tariff tariff = tariff_of(world->scenario);
        accounting_figures(&world->accounting, &tariff, out_figures);
        status = world->status;
        if (status)
            error_set(err, status, "the run could not be recorded");
    }
    world_clean_up(world);
    free(simulation);
    return status;
}

int simulate(const struct scenario *scenario, const struct trace_set *traces,
             const struct record_sink *sink, const struct sim_observer *observer,
             struct figures *out_figures, struct error *err)
{
    const struct simulation_options options = {
        .scenario = scenario,
        .traces = traces,
        .sink = sink,
        .observer = observer,
        .skipping = !observer || (!observer->evaluation && !observer->stepping),
    };
    struct simulation *simulation = NULL;
    int status = simulation_open(&simulation, &options, err);
    if (status)
        return status;
    int64_t stop_s = observer && observer->stop_after_s ? observer->stop_after_s : INT64_MAX;
    status = simulation_advance(simulation, stop_s, err);
    return simulation_close(simulation, status, out_figures, err);
}
