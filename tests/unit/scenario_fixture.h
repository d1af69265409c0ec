/* A small scenario for tests of its reader, read with overrides: a test names only what it is
 * about.
 */
#ifndef TESTS_SCENARIO_FIXTURE_H
#define TESTS_SCENARIO_FIXTURE_H

#include "scenario/scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h> /* after what it needs */

#define MARKET(zone)                                                                               \
    "\"" zone "/c3.xlarge\":[[\"2015-03-01T00:00:00Z\",0.05],"                                     \
    "[\"2015-03-12T06:00:00Z\",0.3],[\"2015-03-12T07:00:00Z\",\"0.050000\"]]"

static const char base_scenario[] =
    "{\"from\":\"2015-03-12\",\"to\":\"2015-03-13T00:00:00Z\",\n"
    " \"traces\":[{\"prices\":{" MARKET("us-east-1a") "," MARKET(
        "us-east-1b") "}}],\n"
                      " \"subnets\":{\"subnet-a\":\"us-east-1a\",\"subnet-b\":\"us-east-1b\","
                      "\"subnet-a2\":\"us-east-1a\"},\n"
                      " \"spot_fleet\":{\"TargetCapacity\":32,\"SpotPrice\":\"0.054\","
                      "\"LaunchSpecifications\":[\n"
                      "   "
                      "{\"InstanceType\":\"c3.xlarge\",\"WeightedCapacity\":4,\"SubnetId\":"
                      "\"subnet-a\",\n"
                      "    \"Monitoring\":{\"Enabled\":true}}]},\n"
                      " \"backup_group\":{\"group\":{\"AutoScalingGroupName\":\"g\",\"MinSize\":0,"
                      "\"MaxSize\":200,\n"
                      "   "
                      "\"VPCZoneIdentifier\":\"subnet-a\"},\"launch\":{\"InstanceType\":\"m4."
                      "xlarge\"}},\n"
                      " \"on_demand_usd_per_hour\":{\"m4.xlarge\":0.252,\"c3.xlarge\":0.21}}\n";

enum { SET_MAX = 8 };

/* Read the base scenario with `count` overrides, "path=value" each. */
static inline int read_with(struct scenario *scenario, const char *const *sets, size_t count,
                            const char *policy, struct error *err)
{
    struct scenario_override list[SET_MAX];
    char paths[SET_MAX][200];
    assert_true(count <= SET_MAX);
    for (size_t i = 0; i < count; i++) {
        const char *equals = strchr(sets[i], '=');
        assert_non_null(equals);
        size_t length = (size_t)(equals - sets[i]);
        assert_true(length < sizeof paths[i]);
        memcpy(paths[i], sets[i], length);
        paths[i][length] = '\0';
        list[i] = (struct scenario_override){paths[i], equals + 1};
    }
    const struct scenario_options options = {
        .overrides = list, .override_count = count, .policy = policy};
    memset(err, 0, sizeof *err);
    return scenario_parse(scenario, "base.json", ".", base_scenario, strlen(base_scenario),
                          &options, err);
}

/* The scenario must be read. */
static inline void expect_read(struct scenario *scenario, const char *const *sets, size_t count)
{
    struct error err;
    if (read_with(scenario, sets, count, NULL, &err))
        fail_msg("refused: %s", err.text);
}

/* It must be refused as bad input, in words that hold `words`. */
static inline void expect_refusal(const char *const *sets, size_t count, const char *words)
{
    struct scenario scenario;
    struct error err;
    int status = read_with(&scenario, sets, count, NULL, &err);
    if (status == STATUS_OK) {
        scenario_clean_up(&scenario);
        fail_msg("%s was accepted", count ? sets[0] : "the base");
    }
    assert_int_equal(status, STATUS_BAD_INPUT);
    assert_int_equal(err.status, STATUS_BAD_INPUT);
    if (!strstr(err.text, words))
        fail_msg("\"%s\" does not hold \"%s\"", err.text, words);
    assert_null(strchr(err.text, '\n'));
    assert_null(scenario.resolved.data);
}

/* One override each. */
struct refused_set {
    const char *set;
    const char *words;
};

static inline void expect_refusals(const struct refused_set *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        expect_refusal(&cases[i].set, 1, cases[i].words);
}

static inline const struct scenario_value *value_at(const struct scenario *scenario,
                                                    const char *path)
{
    for (size_t i = 0; i < scenario->value_count; i++) {
        if (strcmp(scenario->values[i].path, path) == 0)
            return &scenario->values[i];
    }
    fail_msg("no value at %s", path);
    return NULL;
}

static inline bool has_note(const struct scenario *scenario, bool warning, const char *words)
{
    for (size_t i = 0; i < scenario->note_count; i++) {
        if (scenario->notes[i].warning == warning && strstr(scenario->notes[i].text, words))
            return true;
    }
    return false;
}

#define READ(scenario, ...)                                                                        \
    expect_read((scenario), (const char *const[]){__VA_ARGS__},                                    \
                sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

#endif
