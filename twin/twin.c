#include "twin/twin.h"

#include "base/memory.h"
#include "base/timestamp.h"
#include "twin/twin_parts.h"
#include "twin/wire.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    METRICS_REACH_S = 15 * 86400, /* CloudWatch keeps points of a minute for 15 days */
    INFLATED_MAX = 16 * 1024 * 1024,
};

/* ---- open and close -----------------------------------------------------------------------------
 */

static void note(struct changes *changes, int64_t time_s, int64_t value)
{
    if (changes->count && changes->list[changes->count - 1].value == value)
        return;
    const struct change change = {time_s, value};
    ARRAY_PUSH(changes->list, changes->count, changes->capacity, change);
}

static int capacity_told(const struct record_capacity *capacity, void *context)
{
    struct twin *twin = context;
    note(&twin->desired, capacity->time_s, capacity->group_desired);
    note(&twin->targets, capacity->time_s, capacity->fleet_target_micro);
    return STATUS_OK;
}

static void launch_failed(const struct sim_launch_failure *failure, void *context)
{
    struct twin *twin = context;
    const struct change change = {failure->time_s, failure->fails_s};
    for (int64_t i = 0; i < failure->count; i++)
        ARRAY_PUSH(twin->failures.list, twin->failures.count, twin->failures.capacity, change);
}

static int64_t wall_s(const struct twin *twin)
{
    return twin->options.clock.now_s(twin->options.clock.context);
}

static int64_t monotonic_ms(const struct twin *twin)
{
    return twin->options.clock.monotonic_ms(twin->options.clock.context);
}

int twin_open(struct twin **out_twin, const struct twin_options *options, struct error *err)
{
    struct twin *twin = memory_new(1, sizeof *twin);
    const struct scenario *scenario = options->scenario;
    twin->options = *options;
    twin->sink = (struct record_sink){.context = twin, .capacity = capacity_told};
    twin->observer = (struct sim_observer){.context = twin, .launch_failed = launch_failed};
    names_make(&twin->names, scenario);
    twin->base_s = scenario->from_s;
    twin->fleet_since_s = scenario->from_s;
    twin->group_since_s = scenario->from_s;
    twin->fleet_changes = 1; /* the first is its beginning */
    twin->base_ms = monotonic_ms(twin);
    if (options->speed) {
        int64_t ahead_s = wall_s(twin) - scenario->from_s;
        twin->base_s += ahead_s - timestamp_floor(ahead_s, 60);
    }
    const struct simulation_options simulation = {
        .scenario = scenario,
        .traces = options->traces,
        .sink = &twin->sink,
        .observer = &twin->observer,
        .no_controller = !options->controller,
        .metrics_reach_s = METRICS_REACH_S,
    };
    int status = simulation_open(&twin->simulation, &simulation, err);
    if (!status)
        status = twin_go_on(twin, err);
    if (status)
        twin_close(twin);
    else
        *out_twin = twin;
    return status;
}

void twin_close(struct twin *twin)
{
    struct figures figures;
    if (twin->simulation)
        simulation_close(twin->simulation, STATUS_FAILURE, &figures, NULL);
    for (size_t i = 0; i < twin->requested_count; i++) {
        scenario_clean_up(twin->requested[i]);
        free(twin->requested[i]);
    }
    free(twin->requested);
    free(twin->desired.list);
    free(twin->targets.list);
    free(twin->failures.list);
    custom_clean_up(&twin->custom);
    free(twin);
}

const struct twin_names *twin_names(const struct twin *twin)
{
    return &twin->names;
}

int twin_go_on(struct twin *twin, struct error *err)
{
    int64_t now_s = twin->base_s;
    if (twin->options.speed)
        now_s += (monotonic_ms(twin) - twin->base_ms) * twin->options.speed / 1000;
    return simulation_advance(twin->simulation, now_s, err);
}

/* ---- one call -----------------------------------------------------------------------------------
 */

static bool is_throttled(struct twin *twin, const struct call *call)
{
    struct throttle *throttle = &twin->throttle;
    if (throttle->calls == 0 ||
        (throttle->operation[0] && strcmp(throttle->operation, call->name) != 0))
        return false;
    throttle->calls--;
    return true;
}

/* The scenario's fault that falls on this call, if one does. */
static bool meets_fault(struct twin *twin, struct call *call)
{
    if (call->operation->fault == CALL_ANY || tree_find(call->input, "NextToken"))
        return false;
    const char *code =
        simulation_fault(twin->simulation, call->operation->fault, &call->answer_lost);
    if (code)
        call_injected(call, code);
    return code;
}

static bool unknown_operation(struct call *call)
{
    if (call->protocol == PROTOCOL_QUERY || call->protocol == PROTOCOL_EC2)
        return call_fail(call, 400, "InvalidAction",
                         "The action %s is not valid for this web service.", call->name);
    return call_fail(call, call->protocol == PROTOCOL_CBOR ? 404 : 400, "UnknownOperationException",
                     "There is no operation %s here.", call->name);
}

static bool carry_out(struct twin *twin, struct call *call, const char *body, size_t body_size)
{
    if (!call_recognise(call, body, body_size) ||
        !call_signature(call, twin->options.access_key, twin->options.secret_key, wall_s(twin)))
        return false;
    call->operation = operation_find(call->service, call->name);
    if (!call->operation)
        return unknown_operation(call);
    if (strcmp(twin->denied, call->name) == 0)
        return call_denied(call);
    if (is_throttled(twin, call))
        return call_throttled(call);
    if (meets_fault(twin, call)) {
        const struct call_error error = call->error;
        if (call->answer_lost)
            call->operation->handle(call);
        call->error = error;
        return false;
    }
    return call->operation->handle(call);
}

static void answer_call(struct twin *twin, const struct wire_request *request,
                        struct wire_reply *reply)
{
    struct call call = {.twin = twin, .request = request};
    struct text inflated = {.limit = 2 * (size_t)INFLATED_MAX};
    struct error err;
    const char *body = request->body;
    size_t body_size = request->body_size;
    const char *clock = wire_header(request, "X-Ballast-Clock");
    const char *encoding = wire_header(request, "Content-Encoding");
    call.output = (struct put){&call.arena, tree_new(&call.arena, TREE_OBJECT)};
    bool fine = twin_go_on(twin, &err) == STATUS_OK;
    call.now_s = simulation_now(twin->simulation);
    if (!clock || strcmp(clock, "simulated") != 0)
        call.shift_s = wall_s(twin) - call.now_s;
    if (!fine) {
        call_fail(&call, 500, "InternalFailure", "%s", err.text);
    } else if (encoding && strcmp(encoding, "gzip") == 0 &&
               !gzip_inflate(&inflated, body, body_size, INFLATED_MAX)) {
        call_fail(&call, 400, "SerializationException", "The body is not gzip, or is too large.");
    } else {
        if (inflated.data) {
            body = inflated.data;
            body_size = inflated.size;
        }
        carry_out(twin, &call, body, body_size);
    }
    char id[ID_SIZE];
    snprintf(id, sizeof id, "00000000-0000-4000-8000-%012" PRIx64, twin->requests);
    call_render(&call, id, reply);
    text_clean_up(&inflated);
    arena_clean_up(&call.arena);
}

void twin_answer(struct twin *twin, const struct wire_request *request,
                 struct wire_reply *out_reply)
{
    *out_reply = (struct wire_reply){0};
    twin->requests++;
    if (control_answer(twin, request, out_reply))
        return;
    if (strcmp(request->method, "POST") == 0) {
        answer_call(twin, request, out_reply);
        return;
    }
    out_reply->status = 405;
    wire_reply_header(out_reply, "Content-Type", "text/plain");
    wire_reply_header(out_reply, "Allow", "POST");
    text_add(&out_reply->body, "A simulated AWS account: its calls are POST requests.\n");
}
