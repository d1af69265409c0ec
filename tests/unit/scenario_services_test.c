/* Services as AWS's own documents have them, what they require, and the cluster beside them. */
#include "scenario_fixture.h"

#include "base/decimal.h"

#include <stdio.h>
#include <stdlib.h>

enum { DAY = 1426118400 }; /* 2015-03-12T00:00:00Z */

#define TYPES                                                                                      \
    "cluster={\"instance_types\":{\"c3.xlarge\":{\"vcpu\":4,\"memory_mib\":7680},"                 \
    "\"m4.xlarge\":{\"vcpu\":4,\"memory_mib\":16384},\"c3.large\":{\"vcpu\":2,"                    \
    "\"memory_mib\":3840}}}"
#define CONTAINERS                                                                                 \
    "\"family\":\"f\",\"containerDefinitions\":[{\"name\":\"a\",\"cpu\":512,\"memory\":900,"       \
    "\"memoryReservation\":300},{\"name\":\"b\",\"cpu\":256,\"memory\":200}]"
#define SERVICE(service, task, more)                                                               \
    "demand={\"services\":[{\"service\":{\"serviceName\":\"web\"" service "},\"task\":{" task      \
    "}" more "}]}"

static void containers_add_up(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, TYPES, SERVICE(",\"desiredCount\":7", CONTAINERS, ""));
    assert_int_equal(s.service_count, 1);
    const struct cluster_service *web = &s.services[0];
    assert_string_equal(web->name, "web");
    assert_int_equal(web->cpu, 768);
    assert_int_equal(web->memory_mib, 500); /* the soft limit where there is one */
    assert_int_equal(web->minimum_healthy_percent, 100);
    assert_int_equal(web->maximum_percent, 200);
    assert_int_equal(web->placement_count, 1);
    assert_int_equal(web->placements[0], PLACEMENT_SPREAD_ZONES);
    assert_false(web->load_balanced);
    assert_int_equal(s.demand_count, 1);
    assert_int_equal(s.demand[0].required_micro, 7 * 768 * (int64_t)MICRO / 1024);
    assert_int_equal(s.cluster.type_count, 2); /* of fleet and backup */
    assert_string_equal(s.cluster.types[0].instance_type, "c3.xlarge");
    assert_int_equal(s.cluster.registered_memory_permille, 981);
    assert_true(has_note(&s, false, "ignored in demand.services"));
    scenario_clean_up(&s);
}

static void a_tasks_own_size_wins(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, TYPES,
         SERVICE(",\"desiredCount\":7", CONTAINERS ",\"cpu\":\".5 vCPU\",\"memory\":\"2 GB\"", ""));
    assert_int_equal(s.services[0].cpu, 512);
    assert_int_equal(s.services[0].memory_mib, 2048);
    scenario_clean_up(&s);
    READ(&s, TYPES, SERVICE(",\"desiredCount\":7", "\"cpu\":\"1024\",\"memory\":\"300\"", ""));
    assert_int_equal(s.services[0].cpu, 1024);
    assert_int_equal(s.services[0].memory_mib, 300);
    scenario_clean_up(&s);
}

static void what_services_require_is_their_cpu(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, TYPES,
         "demand={\"units_per_vcpu\":0.5,\"services\":["
         "{\"service\":{\"serviceName\":\"a\"},\"task\":{\"cpu\":\"1\",\"memory\":\"64\"},"
         "\"tasks\":{\"series\":[[\"2015-03-12\",3],[\"2015-03-12T01:00:00Z\",5]]}},"
         "{\"service\":{\"serviceName\":\"b\"},\"task\":{\"cpu\":\"2048\",\"memory\":\"64\"},"
         "\"tasks\":{\"series\":[[\"2015-03-12\",4],[\"2015-03-12T01:00:00Z\",2],"
         "[\"2015-03-12T02:00:00Z\",6]]}}]}");
    assert_int_equal(s.demand_count, 3);
    /* 3/1024 vCPU and 8 vCPU, half a unit each, up to a millionth */
    assert_int_equal(s.demand[0].required_micro, 4000000 + 1465);
    assert_int_equal(s.demand[1].time_s, DAY + 3600);
    assert_int_equal(s.demand[1].required_micro, 2000000 + 2442);
    assert_int_equal(s.demand[2].required_micro, 6000000 + 2442);
    scenario_clean_up(&s);
    /* and the fleet's target may follow it */
    READ(&s, TYPES, SERVICE(",\"desiredCount\":7", CONTAINERS, ""),
         "modify_spot_fleet=follow-demand");
    assert_true(s.target_follows_demand);
    scenario_clean_up(&s);
}

static void what_ecs_may_say(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, TYPES,
         SERVICE(",\"desiredCount\":7,\"launchType\":\"EC2\",\"schedulingStrategy\":\"REPLICA\","
                 "\"deploymentConfiguration\":{\"minimumHealthyPercent\":50,\"maximumPercent\":100}"
                 ",\"placementStrategy\":[{\"type\":\"spread\",\"field\":\"attribute:ecs."
                 "availability-zone\"},{\"type\":\"binpack\",\"field\":\"MEMORY\"},"
                 "{\"type\":\"random\"}],\"placementConstraints\":[{\"type\":"
                 "\"distinctInstance\"}],\"loadBalancers\":[{\"containerName\":\"a\","
                 "\"containerPort\":80,\"targetGroupArn\":\"arn\"}]",
                 CONTAINERS, ""));
    const struct cluster_service *web = &s.services[0];
    assert_int_equal(web->minimum_healthy_percent, 50);
    assert_int_equal(web->maximum_percent, 100);
    assert_int_equal(web->placement_count, 3);
    assert_int_equal(web->placements[1], PLACEMENT_BINPACK_MEMORY);
    assert_int_equal(web->placements[2], PLACEMENT_RANDOM);
    assert_true(web->distinct_instance);
    assert_true(web->load_balanced);
    scenario_clean_up(&s);
    READ(&s, TYPES,
         SERVICE(",\"desiredCount\":1",
                 "\"containerDefinitions\":[{\"memory\":64,\"portMappings\":[{\"hostPort\":80}]}]",
                 ""));
    assert_true(s.services[0].distinct_instance);
    assert_true(has_note(&s, false, "fixed hostPort"));
    assert_true(has_note(&s, true, "reserve no CPU"));
    scenario_clean_up(&s);
}

static void envelopes_and_overrides(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, TYPES,
         "demand={\"services\":[{\"service\":{\"services\":[{\"serviceName\":\"web\","
         "\"desiredCount\":3}],\"failures\":[]},\"task\":{\"taskDefinition\":{" CONTAINERS
         "},\"tags\":[]}}]}",
         "demand.services[0].service.desiredCount=9", "cluster.service_tick_s=7");
    assert_int_equal(s.services[0].tasks.steps[0].required_micro, 9 * MICRO);
    assert_int_equal(s.cluster.service_tick_s, 7);
    scenario_clean_up(&s);
}

static void resolved_gives_itself(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, TYPES,
         SERVICE(",\"placementStrategy\":[{\"type\":\"random\"}],\"loadBalancers\":[{}]",
                 CONTAINERS,
                 ",\"tasks\":{\"spike\":{\"base\":4,\"to\":9,\"at\":\"2015-03-12T05:00:00Z\","
                 "\"length_s\":60}}"));
    assert_non_null(strstr(s.resolved.data,
                           "\"demand\":{\"services\":[{\"service\":{\"serviceName\":\"web\","));
    assert_non_null(strstr(s.resolved.data, "\"cluster\":{\"instance_types\":{\"c3.xlarge\":"));
    struct scenario again;
    struct error err = {0};
    const struct scenario_options none = {0};
    if (scenario_parse(&again, "again", ".", s.resolved.data, s.resolved.size, &none, &err))
        fail_msg("%s", err.text);
    assert_string_equal(again.resolved.data, s.resolved.data);
    assert_string_equal(again.demand_hash, s.demand_hash);
    scenario_clean_up(&again);
    scenario_clean_up(&s);
    READ(&s, "seed=2");
    assert_null(strstr(s.resolved.data, "cluster"));
    scenario_clean_up(&s);
}

static void rebalancing_is_kept(void **state)
{
    (void)state;
    struct scenario s;
    READ(
        &s, TYPES,
        SERVICE(",\"desiredCount\":2,\"availabilityZoneRebalancing\":\"ENABLED\"", CONTAINERS, ""));
    assert_true(s.services[0].zone_rebalancing);
    assert_non_null(strstr(s.resolved.data, "\"availabilityZoneRebalancing\":\"ENABLED\""));
    scenario_clean_up(&s);
}

static void one_task_more_is_another_demand(void **state)
{
    (void)state;
    struct scenario a;
    struct scenario b;
    READ(&a, TYPES, SERVICE(",\"desiredCount\":2", "\"cpu\":\"1024\",\"memory\":\"64\"", ""));
    READ(&b, TYPES, SERVICE(",\"desiredCount\":1", "\"cpu\":\"2048\",\"memory\":\"64\"", ""));
    assert_int_equal(a.demand[0].required_micro, b.demand[0].required_micro);
    assert_string_not_equal(a.demand_hash, b.demand_hash);
    scenario_clean_up(&a);
    scenario_clean_up(&b);
}

static void doubtful_set_ups(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, TYPES,
         SERVICE(",\"desiredCount\":1,\"deploymentConfiguration\":{\"maximumPercent\":100}",
                 "\"cpu\":\"8192\",\"memory\":\"64\"", ""));
    assert_true(has_note(&s, true, "it never runs"));
    assert_true(has_note(&s, true, "both 100"));
    scenario_clean_up(&s);
    READ(&s, TYPES,
         SERVICE(",\"desiredCount\":1",
                 "\"networkMode\":\"awsvpc\",\"cpu\":\"1024\",\"memory\":\"64\"", ""));
    assert_true(has_note(&s, true, "network interface"));
    scenario_clean_up(&s);
}

static void refused(const char *demand, const char *words)
{
    const char *const sets[] = {TYPES, demand};
    expect_refusal(sets, 2, words);
}

#define REFUSED(service, task, more, words) refused(SERVICE(service, task, more), words)
#define PLAIN                               "\"cpu\":\"1024\",\"memory\":\"64\""

static void what_is_wrong_is_refused(void **state)
{
    (void)state;
    REFUSED("", PLAIN, "", "desiredCount");
    REFUSED(",\"desiredCount\":-1", PLAIN, "", "desiredCount");
    REFUSED(",\"desiredCont\":1", PLAIN, "", "did you mean \"desiredCount\"");
    REFUSED(",\"desiredCount\":1,\"schedulingStrategy\":\"DAEMON\"", PLAIN, "", "REPLICA");
    REFUSED(",\"desiredCount\":1,\"launchType\":\"FARGATE\"", PLAIN, "", "EC2");
    REFUSED(",\"desiredCount\":1,\"availabilityZoneRebalancing\":\"ON\"", PLAIN, "", "DISABLED");
    REFUSED(",\"desiredCount\":1,\"availabilityZoneRebalancing\":\"ENABLED\","
            "\"placementStrategy\":[{\"type\":\"random\"}]",
            PLAIN, "", "first placementStrategy");
    REFUSED(",\"desiredCount\":1,\"availabilityZoneRebalancing\":\"ENABLED\","
            "\"deploymentConfiguration\":{\"maximumPercent\":100}",
            PLAIN, "", "above 100");
    REFUSED(",\"desiredCount\":1,\"deploymentController\":{\"type\":\"EXTERNAL\"}", PLAIN, "",
            "ECS");
    REFUSED(",\"desiredCount\":1,\"capacityProviderStrategy\":[{\"capacityProvider\":\"p\"}]",
            PLAIN, "", "capacity providers");
    REFUSED(",\"desiredCount\":1,\"placementConstraints\":[{\"type\":\"memberOf\"}]", PLAIN, "",
            "memberOf");
    REFUSED(",\"desiredCount\":1,\"placementStrategy\":[{\"type\":\"spread\",\"field\":\"x\"}]",
            PLAIN, "", "spread by");
    REFUSED(",\"desiredCount\":1,\"deploymentConfiguration\":{\"maximumPercent\":99}", PLAIN, "",
            "maximumPercent");
    REFUSED(",\"desiredCount\":1", "\"cpu\":\"1024\"", "", "containerDefinitions");
    REFUSED(",\"desiredCount\":1", "\"containerDefinitions\":[{\"cpu\":3}]", "",
            "memoryReservation");
    REFUSED(",\"desiredCount\":1", "\"cpu\":\"lots\",\"memory\":\"64\"", "", "vCPU");
    REFUSED(",\"desiredCount\":1", "\"cpu\":\"1.0001 vCPU\",\"memory\":\"64\"", "", "whole");
    REFUSED(",\"desiredCount\":1", PLAIN, ",\"tasks\":{\"units\":3}", "tasks");
    REFUSED(",\"desiredCount\":100000", "\"cpu\":\"1 vCPU\",\"memory\":\"64\"},\"x\":{", "",
            "unknown key");
    REFUSED(",\"desiredCount\":90000", "\"cpu\":\"2 vCPU\",\"memory\":\"64\"", "",
            "more than 100000 units");
    refused("demand={\"services\":[]}", "at least one");
    refused("demand={\"services\":[{\"task\":{}}]}", "no \"service\"");
    refused("demand={\"services\":[{}],\"units\":3}", "unknown key");
    const char *const no_types[] = {SERVICE(",\"desiredCount\":1", PLAIN, "")};
    expect_refusal(no_types, 1, "instance_types");
    const char *const wrong_type[] = {"cluster.instance_types={\"c3.xlarge\":{\"vcpu\":4}}"};
    expect_refusal(wrong_type, 1, "memory_mib");
    const char *const wrong_key[] = {"cluster.servce_tick_s=3"};
    expect_refusal(wrong_key, 1, "did you mean \"service_tick_s\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(containers_add_up),
        cmocka_unit_test(a_tasks_own_size_wins),
        cmocka_unit_test(what_services_require_is_their_cpu),
        cmocka_unit_test(what_ecs_may_say),
        cmocka_unit_test(envelopes_and_overrides),
        cmocka_unit_test(resolved_gives_itself),
        cmocka_unit_test(rebalancing_is_kept),
        cmocka_unit_test(one_task_more_is_another_demand),
        cmocka_unit_test(doubtful_set_ups),
        cmocka_unit_test(what_is_wrong_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
