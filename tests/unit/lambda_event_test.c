/* The events a Lambda function is invoked with. */
#include "lambda/config.h"
#include "lambda/event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static int read_event(const char *text, struct lambda_event *event)
{
    struct error err = {0};
    int status = lambda_event_read(event, text, strlen(text), &err);
    assert_int_equal(status, err.status);
    assert_int_equal(status != 0, err.text[0] != '\0');
    return status;
}

static void schedules(void **state)
{
    (void)state;
    struct lambda_event event;
    assert_int_equal(read_event("{\"fleetID\": \"sfr-1\"}", &event), STATUS_OK);
    assert_string_equal(event.fleet_id, "sfr-1");
    assert_int_equal(event.trigger, BALLAST_SCHEDULE);
    assert_int_equal(read_event("{\"source\":\"aws.events\",\"detail\":{}}", &event), STATUS_OK);
    assert_string_equal(event.fleet_id, "");
    assert_int_equal(event.trigger, BALLAST_SCHEDULE);
    assert_int_equal(read_event("{\"source\":\"aws.scheduler\"}", &event), STATUS_OK);
}

#define ALARM(dimensions)                                                                          \
    "{\"Records\":[{\"Sns\":{\"Message\":\"{\\\"Trigger\\\":{\\\"Dimensions\\\":" dimensions       \
    "}}\"}}]}"

static void alarms(void **state)
{
    (void)state;
    struct lambda_event event;
    assert_int_equal(
        read_event(ALARM("[{\\\"name\\\":\\\"Other\\\",\\\"value\\\":\\\"x\\\"},"
                         "{\\\"name\\\":\\\"FleetRequestId\\\",\\\"value\\\":\\\"sfr-2\\\"}]"),
                   &event),
        STATUS_OK);
    assert_string_equal(event.fleet_id, "sfr-2");
    assert_int_equal(event.trigger, BALLAST_ALARM);
    assert_int_equal(read_event(ALARM("[]"), &event), STATUS_BAD_INPUT);
    assert_int_equal(read_event(ALARM("[{\\\"name\\\":\\\"FleetRequestId\\\"}]"), &event),
                     STATUS_BAD_INPUT);
    assert_int_equal(read_event("{\"Records\":[{\"Sns\":{\"Message\":\"no JSON\"}}]}", &event),
                     STATUS_BAD_INPUT);
}

static void all_else_is_refused(void **state)
{
    (void)state;
    const char *const events[] = {"",
                                  "{",
                                  "null",
                                  "[]",
                                  "\"x\"",
                                  "{}",
                                  "{\"fleetID\": 3}",
                                  "{\"fleetID\": \"\"}",
                                  "{\"Records\": []}",
                                  "{\"Records\": {\"Sns\": 1}}",
                                  "{\"source\": \"aws.s3\"}"};
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        struct lambda_event event;
        assert_int_equal(read_event(events[i], &event), STATUS_BAD_INPUT);
    }
    char text[2 * LAMBDA_FLEET_SIZE] = "{\"fleetID\": \"";
    memset(text + strlen(text), 'f', LAMBDA_FLEET_SIZE);
    strcat(text, "\"}");
    struct lambda_event event;
    assert_int_equal(read_event(text, &event), STATUS_BAD_INPUT);
}

static void settings(void **state)
{
    (void)state;
    struct error err = {0};
    struct lambda_config config;
    char *environment[] = {
        "PATH=/bin",          "BALLAST_FLEET=sfr-1",   "BALLAST_GROUP=", "BALLAST_MAX_STEP=4",
        "BALLAST_APPLY=true", "BALLAST_SET=a=1  b=2 ", "BALLAST",        NULL};
    assert_int_equal(lambda_config_read(&config, environment, &err), STATUS_OK);
    assert_string_equal(config.options.fleet, "sfr-1");
    assert_null(config.options.group);
    assert_string_equal(config.options.max_step, "4");
    assert_true(config.options.apply);
    assert_int_equal(config.options.set_count, 2);
    assert_string_equal(config.options.set[0], "a=1");
    assert_string_equal(config.options.set[1], "b=2");
    assert_string_equal(config.options.state, "/tmp/ballast.state");
    lambda_config_clean_up(&config);
    char *unknown[] = {"BALLAST_MAX=4", NULL};
    assert_int_equal(lambda_config_read(&config, unknown, &err), STATUS_BAD_INPUT);
    assert_non_null(strstr(err.text, "BALLAST_MAX "));
    lambda_config_clean_up(&config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schedules),
        cmocka_unit_test(alarms),
        cmocka_unit_test(all_else_is_refused),
        cmocka_unit_test(settings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
