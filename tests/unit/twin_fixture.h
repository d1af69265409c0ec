/* A twin without a port: one pool of spot, one group, whose launches fail from 06:00 to 07:00;
 * requests made and signed here; clocks that the test sets. */
#ifndef TESTS_TWIN_FIXTURE_H
#define TESTS_TWIN_FIXTURE_H

#include "twin/twin.h"

#include <stdio.h>
#include <string.h>

enum { TWIN_T0 = 1509494400, TWIN_WALL = 1795632001 }; /* 2017-11-01; 2026-11-25T18:40:01Z */

static const char twin_scenario[] =
    "{\"name\":\"t\",\"from\":\"2017-11-01T00:00:00Z\",\"to\":\"2017-11-01T12:00:00Z\","
    "\"traces\":[{\"prices\":{\"us-east-1a/c3.xlarge\":[[\"2017-11-01T00:00:00Z\",0.05],"
    "[\"2017-11-01T02:00:00Z\",0.5],[\"2017-11-01T03:00:00Z\",0.05]],\"us-east-1a/"
    "m4.xlarge\":[[\"2017-11-01T00:00:00Z\",0.1],"
    "[\"2017-11-01T06:00:00Z\",0.3],[\"2017-11-01T07:00:00Z\",0.1]]}}],"
    "\"spot_fleet\":{\"SpotPrice\":\"0.054\",\"TargetCapacity\":32,\"AllocationStrategy\":"
    "\"lowestPrice\",\"LaunchSpecifications\":[{\"InstanceType\":\"c3.xlarge\","
    "\"WeightedCapacity\":4,\"Placement\":{\"AvailabilityZone\":\"us-east-1a\"},"
    "\"Monitoring\":{\"Enabled\":true}}]},\"backup_group\":{\"group\":{\"AutoScalingGroupName\":"
    "\"backup\",\"MinSize\":0,\"MaxSize\":20,\"DesiredCapacity\":0,\"DefaultCooldown\":300,"
    "\"AvailabilityZones\":[\"us-east-1a\"]},\"launch\":{\"InstanceType\":\"m4.xlarge\"},"
    "\"units_per_instance\":4},\"on_demand_usd_per_hour\":{\"c3.xlarge\":0.21,\"m4.xlarge\":0.2},"
    "\"account\":{\"on_demand_failure_permille\":1000},\"demand\":{\"units\":32},\"policy\":{"
    "\"name\":\"none\"}}";

struct twin_fixture {
    struct scenario scenario;
    struct trace_set traces;
    struct twin *twin;
    int64_t wall_s;
    int64_t monotonic_ms;
    struct wire_reply reply;
};

static inline int64_t twin_wall(void *context)
{
    return ((struct twin_fixture *)context)->wall_s;
}

static inline int64_t twin_monotonic(void *context)
{
    return ((struct twin_fixture *)context)->monotonic_ms;
}

static inline int twin_with_fleet(struct scenario *out_scenario, const char *spot_fleet,
                                  void *context, struct error *err)
{
    const struct scenario_override fleet = {"spot_fleet", spot_fleet};
    const struct scenario_options options = {.overrides = &fleet, .override_count = 1};
    (void)context;
    return scenario_parse(out_scenario, "twin", ".", twin_scenario, strlen(twin_scenario), &options,
                          err);
}

/* The text of the error, or NULL. */
static inline const char *twin_fixture_open_as(struct twin_fixture *f, int64_t speed,
                                               const struct scenario_options *changes)
{
    static struct error err;
    *f = (struct twin_fixture){.wall_s = TWIN_WALL};
    if (scenario_parse(&f->scenario, "twin", ".", twin_scenario, strlen(twin_scenario), changes,
                       &err))
        return err.text;
    if (scenario_load_traces(&f->scenario, &f->traces, &err))
        return err.text;
    const struct twin_options options = {
        .scenario = &f->scenario,
        .traces = &f->traces,
        .access_key = "twin",
        .secret_key = "twin",
        .clock = {.now_s = twin_wall, .monotonic_ms = twin_monotonic, .context = f},
        .speed = speed,
        .with_fleet = twin_with_fleet,
    };
    return twin_open(&f->twin, &options, &err) ? err.text : NULL;
}

static inline const char *twin_fixture_open(struct twin_fixture *f, int64_t speed)
{
    const struct scenario_options none = {0};
    return twin_fixture_open_as(f, speed, &none);
}

static inline void twin_fixture_close(struct twin_fixture *f)
{
    text_clean_up(&f->reply.body);
    twin_close(f->twin);
    trace_set_clean_up(&f->traces);
    scenario_clean_up(&f->scenario);
}

/* Send; the reply stays until the next one is sent. `signed_for` is the service whose signature it
 * bears, or NULL. `more` are further headers, ended by one without name. */
static inline const char *twin_send(struct twin_fixture *f, const char *method, const char *path,
                                    const char *signed_for, const struct sigv4_header *more,
                                    const char *body, size_t body_size)
{
    char date[SIGV4_DATE_SIZE];
    struct sigv4_header headers[16] = {{"Host", "twin"},
                                       {"X-Amz-Date", sigv4_date(f->wall_s, date)}};
    size_t count = 2;
    for (; more && more->name; more++)
        headers[count++] = *more;
    struct sigv4_result result = {0};
    if (signed_for) {
        const struct sigv4_request request = {.method = method,
                                              .path = path,
                                              .headers = headers,
                                              .header_count = count,
                                              .body = body,
                                              .body_size = body_size};
        const struct sigv4_signer signer = {"twin", "twin", "us-east-1", signed_for, f->wall_s};
        sigv4_sign(&request, &signer, &result);
        headers[count++] = (struct sigv4_header){"Authorization", result.authorization};
    }
    const struct wire_request request = {.method = method,
                                         .path = path,
                                         .query = "",
                                         .headers = headers,
                                         .header_count = count,
                                         .body = body,
                                         .body_size = body_size};
    text_clean_up(&f->reply.body);
    twin_answer(f->twin, &request, &f->reply);
    sigv4_clean_up(&result);
    return f->reply.body.data ? f->reply.body.data : "";
}

/* A signed form, in simulated time. */
static inline const char *twin_call(struct twin_fixture *f, const char *service, const char *form)
{
    static const struct sigv4_header simulated[] = {{"X-Ballast-Clock", "simulated"}, {0}};
    return twin_send(f, "POST", "/", service, simulated, form, strlen(form));
}

#endif
