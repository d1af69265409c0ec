/* Which cluster user data joins, in the forms it is written in. */
#include "scenario_fixture.h"

#include <stdio.h>

#define NAMED       "cluster.name=web"
#define FLEET_DATA  "spot_fleet.LaunchSpecifications[0].UserData="
#define BACKUP_DATA "backup_group.launch.UserData="

/* echo ECS_CLUSTER=web >> /etc/ecs/ecs.config, with a shebang before it */
#define JOINS_WEB "IyEvYmluL2Jhc2gKZWNobyBFQ1NfQ0xVU1RFUj13ZWIgPj4gL2V0Yy9lY3MvZWNzLmNvbmZpZwo="

static void user_data_that_joins(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, NAMED, FLEET_DATA JOINS_WEB, BACKUP_DATA JOINS_WEB);
    assert_string_equal(s.fleet.pools[0].cluster, "web");
    assert_string_equal(s.group.cluster, "web");
    assert_false(outside_cluster(&s, s.fleet.pools[0].cluster));
    assert_false(has_note(&s, true, "cluster"));
    assert_false(has_note(&s, false, "UserData"));
    /* of all the user data only this is kept */
    assert_non_null(strstr(s.resolved.data, "\"UserData\":\"RUNTX0NMVVNURVI9d2ViCg==\""));
    scenario_clean_up(&s);
}

static void another_cluster_or_none(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, NAMED, FLEET_DATA "RUNTX0NMVVNURVI9dGVzdAo=");
    assert_string_equal(s.fleet.pools[0].cluster, "test");
    assert_true(outside_cluster(&s, s.fleet.pools[0].cluster));
    assert_true(has_note(&s, true,
                         "launch specification 0 (c3.xlarge): its user data joins the "
                         "cluster \"test\", not \"web\""));
    assert_string_equal(s.group.cluster, "default");
    assert_true(has_note(&s, true, "backup_group.launch: its user data, of which there is none,"));
    scenario_clean_up(&s);
    READ(&s, "cluster.name=default");
    assert_false(outside_cluster(&s, s.group.cluster));
    scenario_clean_up(&s);
    READ(&s, FLEET_DATA "not looked at");
    assert_null(s.fleet.pools[0].cluster);
    assert_true(has_note(&s, false, "UserData"));
    assert_false(outside_cluster(&s, s.group.cluster));
    scenario_clean_up(&s);
}

static void plain_text_of_the_backup(void **state)
{
    (void)state;
    static const struct {
        const char *data;
        const char *cluster;
    } cases[] = {
        {"ECS_CLUSTER=web", "web"},
        {"#!/bin/sh\\nECS_CLUSTER=\\\"web\\\"; export ECS_CLUSTER", "web"},
        {"# ECS_CLUSTER=web\\necho hello", "default"},
        {"ECS_CLUSTER=old\\nECS_CLUSTER=web\\n", "web"},
        {"cat <<EOF >/etc/ecs/ecs.config\\nECS_ENABLE_SPOT_INSTANCE_DRAINING=true\\n"
         "ECS_CLUSTER=web\\nEOF",
         "web"},
        {"[settings.ecs]\\nlogging-drivers = []\\ncluster = \\\"web\\\"\\n", "web"},
        {"[settings.ecs]\\n[settings.host]\\ncluster = \\\"web\\\"\\n", "default"},
        {"ECS_CLUSTER=\\n", "default"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char set[300];
        snprintf(set, sizeof set, BACKUP_DATA "\"%s\"", cases[i].data);
        struct scenario s;
        READ(&s, NAMED, FLEET_DATA JOINS_WEB, set);
        assert_string_equal(s.group.cluster, cases[i].cluster);
        scenario_clean_up(&s);
    }
}

static void what_cannot_be_told_is_taken_to_join(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, NAMED, FLEET_DATA "H4sIAAAAAAAA", BACKUP_DATA "ECS_CLUSTER=$NAME");
    assert_string_equal(s.fleet.pools[0].cluster, "web");
    assert_string_equal(s.group.cluster, "web");
    assert_true(has_note(&s, true, "compressed"));
    assert_true(has_note(&s, true, "backup_group.launch: which cluster"));
    scenario_clean_up(&s);
    READ(&s, NAMED,
         "spot_fleet={\"TargetCapacity\":4,\"SpotPrice\":\"0.05\",\"LaunchTemplateConfigs\":[{"
         "\"Overrides\":[{\"InstanceType\":\"c3.xlarge\",\"SubnetId\":\"subnet-a\"}]}]}");
    assert_string_equal(s.fleet.pools[0].cluster, "web");
    assert_true(has_note(&s, false, "launch templates keep their user data"));
    scenario_clean_up(&s);
}

static void what_aws_would_not_take(void **state)
{
    (void)state;
    const char *const plain[] = {NAMED, FLEET_DATA "ECS_CLUSTER=web"};
    expect_refusal(plain, 2, "is not base64");
    const char *const cut[] = {NAMED, FLEET_DATA "RUNTX0NMVVNURVI9d2ViC"};
    expect_refusal(cut, 2, "is not base64");
    const char *const padded[] = {NAMED, FLEET_DATA "R=NTX0NM"};
    expect_refusal(padded, 2, "is not base64");
    const char *const number[] = {NAMED, FLEET_DATA "7"};
    expect_refusal(number, 2, "must be a string");
    const char *const name[] = {"cluster.name=\"my web\""};
    expect_refusal(name, 1, "is no name of a cluster");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(user_data_that_joins),
        cmocka_unit_test(another_cluster_or_none),
        cmocka_unit_test(plain_text_of_the_backup),
        cmocka_unit_test(what_cannot_be_told_is_taken_to_join),
        cmocka_unit_test(what_aws_would_not_take),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
