/* Any bytes as a scenario, and as a --set on a good one: an answer in one line, never a crash; and
 * what is accepted resolves to a scenario that reads to the same bytes.
 */
#include "scenario/scenario.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char good[] =
    "{\"from\":\"2015-03-12\",\"to\":\"2015-03-13\",\"traces\":[{\"prices\":{\"us-east-1a/"
    "c3.xlarge\":[[\"2015-03-01\",0.05]]}}],\"spot_fleet\":{\"TargetCapacity\":4,"
    "\"LaunchSpecifications\":[{\"InstanceType\":\"c3.xlarge\"}]},\"backup_group\":{\"group\":{"
    "\"MinSize\":0,\"MaxSize\":1},\"launch\":{\"InstanceType\":\"m4.xlarge\"}},"
    "\"on_demand_usd_per_hour\":{\"m4.xlarge\":1,\"c3.xlarge\":1}}";

static void fail(const char *what, const char *a, const char *b)
{
    fprintf(stderr, "%s:\n%s\n%s\n", what, a, b);
    abort();
}

static void check(const char *text, size_t size, const struct scenario_options *options)
{
    struct scenario scenario;
    struct error err = {0};
    int status = scenario_parse(&scenario, "fuzz.json", "/nonexistent", text, size, options, &err);
    if (status) {
        if (!*err.text || strchr(err.text, '\n') || err.status != status)
            fail("an error without its line", err.text, "");
        return;
    }
    struct scenario again;
    if (scenario_parse(&again, "fuzz.json", "/nonexistent", scenario.resolved.data,
                       scenario.resolved.size, NULL, &err))
        fail("the resolved scenario is refused", err.text, scenario.resolved.data);
    if (strcmp(scenario.resolved.data, again.resolved.data) != 0)
        fail("the resolved scenario resolves to another", scenario.resolved.data,
             again.resolved.data);
    struct trace_set traces;
    if (scenario.synth_count == 0 && !scenario_load_traces(&scenario, &traces, &err))
        trace_set_clean_up(&traces);
    scenario_clean_up(&again);
    scenario_clean_up(&scenario);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 65536)
        return 0;
    check((const char *)data, size, NULL);
    char *text = malloc(size + 1);
    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    char *equals = strchr(text, '=');
    if (equals) {
        *equals = '\0';
        const struct scenario_override override = {text, equals + 1};
        const struct scenario_options options = {.overrides = &override, .override_count = 1};
        check(good, strlen(good), &options);
    }
    const struct scenario_options options = {.policy = text};
    check(good, strlen(good), &options);
    free(text);
    return 0;
}
