/* Which varied paths may share the traces that were loaded once. */
#include "study/sweep.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* after what it needs */

static void paths_that_load_other_traces(void **state)
{
    (void)state;
    static const char *const alone[] = {"account.join_delay_s",
                                        "account.spot_launch_delay_s",
                                        "backup_group.group.DefaultCooldown",
                                        "backup_group.group.MaxSize",
                                        "backup_group.units_per_instance",
                                        "policy",
                                        "policy.parameters.window_s",
                                        "controller.every_s",
                                        "demand.units"};
    /* The backup's places are looked up where its launches can fail. */
    static const char *const other[] = {"account",
                                        "account.on_demand_failure_permille",
                                        "backup_group",
                                        "backup_group.group",
                                        "backup_group.group.AvailabilityZones[0]",
                                        "backup_group.group.VPCZoneIdentifier",
                                        "backup_group.launch.InstanceType",
                                        "from",
                                        "seed",
                                        "spot_fleet.LaunchSpecifications[0].InstanceType",
                                        "subnets",
                                        "traces",
                                        "interruptions.source"};
    for (size_t i = 0; i < sizeof alone / sizeof alone[0]; i++) {
        if (!sweep_leaves_traces_alone(alone[i]))
            fail_msg("%s", alone[i]);
    }
    for (size_t i = 0; i < sizeof other / sizeof other[0]; i++) {
        if (sweep_leaves_traces_alone(other[i]))
            fail_msg("%s", other[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(paths_that_load_other_traces)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
