/* The tables of a policy: the built-in ones are sound, and each thing that can be wrong with one is
 * found and named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "policy/builtin.h"
#include "policy/check.h"
#include "policy/loaded.h"

/* A policy whose every table may be spoilt. */
struct subject {
    struct ballast_parameter parameters[4];
    int64_t values[4];
    struct ballast_preset presets[2];
    struct ballast_read reads[2];
    struct ballast_reason reasons[2];
    struct ballast_policy policy;
};

static struct ballast_decision decide(const struct ballast_observation *observation,
                                      const int64_t *parameters, void *state)
{
    (void)parameters;
    (void)state;
    return (struct ballast_decision){.valid_until_s = observation->now_s};
}

static const char *const statistics[] = {"Maximum", "Minimum",     "Average",
                                         "Sum",     "SampleCount", NULL};
static const char *const words[] = {"hold", "go-on", NULL};
static const char *const twice[] = {"hold", "hold", NULL};
static const char *const quoted[] = {"ho\"ld", NULL};
static const char *const none[] = {NULL};

static void sound(struct subject *s)
{
    *s = (struct subject){
        .parameters = {{"lookback_s", BALLAST_DURATION, "s", 600, 60, 86400, NULL, "how far"},
                       {"units", BALLAST_CAPACITY, "units", BALLAST_UNKNOWN, 0, 9, NULL, "of what"},
                       {"on", BALLAST_BOOLEAN, "", 1, 0, 0, NULL, "whether"},
                       {"choice", BALLAST_CHOICE, "", 0, 0, 0, statistics, "which"}},
        .values = {300, 5, 0, 2},
        .reads = {{.kind = BALLAST_READ_METRIC,
                   .metric = "PendingCapacity",
                   .statistic_parameter = BALLAST_PARAMETER(3),
                   .period_s = 60,
                   .lookback_parameter = BALLAST_PARAMETER(0)},
                  {.kind = BALLAST_READ_FLEET}},
        .reasons = {{"held", "it held"}, {"out", "for {0u}"}},
    };
    s->presets[0] = (struct ballast_preset){"short", "looks back less", s->values};
    s->presets[1] = (struct ballast_preset){"shorter", "looks back less", s->values};
    s->policy = (struct ballast_policy){.abi = BALLAST_POLICY_ABI,
                                        .name = "subject",
                                        .description = "is tested",
                                        .source = "this test",
                                        .parameters = s->parameters,
                                        .parameter_count = 4,
                                        .presets = s->presets,
                                        .preset_count = 2,
                                        .reads = s->reads,
                                        .read_count = 2,
                                        .reasons = s->reasons,
                                        .reason_count = 2,
                                        .state_size = 8,
                                        .decide = decide};
}

static void what_is_sound_passes(void **state)
{
    (void)state;
    struct subject s;
    struct error err = {0};
    sound(&s);
    if (policy_check(&s.policy, &err))
        fail_msg("%s", err.text);
    s.policy.abi = BALLAST_POLICY_ABI_OLDEST;
    if (policy_check(&s.policy, &err))
        fail_msg("the oldest version: %s", err.text);
    for (size_t i = 0; policy_builtin[i]; i++) {
        if (policy_check(policy_builtin[i], &err))
            fail_msg("%s: %s", policy_builtin[i]->name, err.text);
    }
}

/* Spoil one thing, see it named, and mend it. */
#define REFUSED(field, value, named)                                                               \
    do {                                                                                           \
        struct error err = {0};                                                                    \
        sound(&s);                                                                                 \
        s.field = value;                                                                           \
        assert_int_equal(policy_check(&s.policy, &err), STATUS_BAD_INPUT);                         \
        if (!strstr(err.text, named))                                                              \
            fail_msg(#field ": \"%s\" does not say \"%s\"", err.text, named);                      \
    } while (0)

static void what_is_wrong_with_the_whole_is_named(void **state)
{
    (void)state;
    struct subject s;
    REFUSED(policy.abi, 0, "version 0 of the policy contract");
    REFUSED(policy.abi, 3, "version 3 of the policy contract, this program has versions 1 to 2");
    REFUSED(policy.name, NULL, "its name");
    REFUSED(policy.name, "", "its name");
    REFUSED(policy.name, "My policy", "its name");
    REFUSED(policy.description, NULL, "description");
    REFUSED(policy.source, "two\nlines", "source");
    REFUSED(policy.decide, NULL, "decide");
    REFUSED(policy.state_size, BALLAST_STATE_MAX + 1, "4097 bytes");
    REFUSED(policy.parameter_count, 33, "33 parameters");
    REFUSED(policy.parameters, NULL, "names no table");
    REFUSED(policy.preset_count, SIZE_MAX, "presets");
    REFUSED(policy.read_count, 17, "17 reads");
    REFUSED(policy.reads, NULL, "names no table");
    REFUSED(policy.reason_count, 0, "no reasons");
    REFUSED(reasons[1].text, NULL, "reason 1");
    REFUSED(reasons[0].name, "Held", "reason 0");
}

static void what_is_wrong_with_a_parameter_is_named(void **state)
{
    (void)state;
    struct subject s;
    REFUSED(parameters[0].name, "look-back", "parameter 0");
    REFUSED(parameters[1].name, "lookback_s", "two parameters");
    REFUSED(parameters[0].unit, NULL, "lookback_s: it needs a unit");
    REFUSED(parameters[0].help, "", "lookback_s: it needs a unit");
    REFUSED(parameters[0].min, 90000, "lookback_s: its bounds");
    REFUSED(parameters[0].max, INT64_MAX, "lookback_s: its bounds");
    REFUSED(parameters[0].default_value, 59, "lookback_s: its default 59");
    REFUSED(parameters[2].default_value, 2, "on: its default");
    REFUSED(parameters[3].default_value, 5, "choice: its default");
    REFUSED(parameters[3].choices, NULL, "choice: it has no choices");
    REFUSED(parameters[3].choices, none, "choice: it has no choices");
    REFUSED(parameters[3].choices, twice, "two choices are \"hold\"");
    REFUSED(parameters[3].choices, quoted, "choice 0 is no plain word");
    REFUSED(parameters[3].type, (enum ballast_parameter_type)9, "there is no type 9");
    REFUSED(presets[1].name, "short", "two presets");
    REFUSED(presets[0].values, NULL, "preset short");
    REFUSED(values[0], 59, "preset short: its lookback_s, 59");
    REFUSED(values[3], 5, "preset short: its choice, 5");
}

static void what_is_wrong_with_a_read_is_named(void **state)
{
    (void)state;
    struct subject s;
    REFUSED(reads[1].kind, (enum ballast_read_kind)7, "read 1: there is no kind 7");
    REFUSED(reads[0].api, (enum ballast_api)2, "read 0: there is no API 2");
    REFUSED(reads[0].metric, NULL, "read 0 names no metric");
    REFUSED(reads[0].period_s, 90, "its period");
    REFUSED(reads[0].period_s, 0, "its period");
    REFUSED(reads[0].period_parameter, BALLAST_PARAMETER(1), "its period");
    REFUSED(reads[0].period_parameter, 5, "its period");
    REFUSED(reads[0].lookback_parameter, -1, "looks back");
    REFUSED(reads[0].lookback_parameter, 0, "looks back");
    REFUSED(reads[0].statistic_parameter, BALLAST_PARAMETER(2), "its statistic");
    REFUSED(parameters[0].min, 0, "looks back");
    sound(&s);
    s.reads[0].lookback_parameter = 0;
    s.reads[0].lookback_s = 1441 * 60;
    struct error err;
    assert_int_equal(policy_check(&s.policy, &err), STATUS_BAD_INPUT);
    assert_non_null(strstr(err.text, "1440 points"));
    sound(&s);
    s.policy.preset_count = 0;
    s.parameters[3].choices = words;
    assert_int_equal(policy_check(&s.policy, &err), STATUS_BAD_INPUT);
    assert_non_null(strstr(err.text, "its statistic"));
}

static void the_path_of_a_file_is_found_in_what_is_written(void **state)
{
    (void)state;
    assert_int_equal(policy_file_length("pending-capacity:seed+grace"), 0);
    assert_int_equal(policy_file_length("mine.so"), 7);
    assert_int_equal(policy_file_length(".so"), 0);
    assert_int_equal(policy_file_length("./mine"), 6);
    assert_int_equal(policy_file_length("./mine.so:half+grace"), 9);
    assert_int_equal(policy_file_length("/a+b:c/mine.so+grace"), 14);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_sound_passes),
        cmocka_unit_test(what_is_wrong_with_the_whole_is_named),
        cmocka_unit_test(what_is_wrong_with_a_parameter_is_named),
        cmocka_unit_test(what_is_wrong_with_a_read_is_named),
        cmocka_unit_test(the_path_of_a_file_is_found_in_what_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
