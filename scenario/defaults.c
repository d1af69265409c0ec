#include "scenario/defaults.h"

#include <stddef.h>
#include <string.h>

/* Short names of sources are those of docs/scenario.md, which lists them in full. */
static const struct default_source table[] = {
    {"name", VALUE_CHOSEN, "the file's name"},
    {"seed", VALUE_CHOSEN, "1"},
    {"start", VALUE_CHOSEN, "a run begins with fleet and backup in place"},
    {"measure.from", VALUE_DERIVED, "from"},
    {"measure.to", VALUE_DERIVED, "to"},
    {"product", VALUE_CHOSEN, "the product most histories are of"},
    {"traces.synth.regime", VALUE_CHOSEN, "the era whose prices interrupt"},
    {"traces.synth.from", VALUE_DERIVED, "a day before from"},
    {"traces.synth.to", VALUE_DERIVED, "a day after to"},
    {"modify_spot_fleet", VALUE_CHOSEN, "the target stays as requested"},
    {"demand.units", VALUE_DERIVED, "the request's TargetCapacity"},
    {"billing", VALUE_DOCUMENTED,
     "per hour until 2017-10-02, per second since (EC2 user guide, document history)"},
    {"interruptions.source", VALUE_DOCUMENTED,
     "spot price above the cap interrupts (EC2 user guide 2018, how Spot works)"},
    {"backup_group.units_per_instance", VALUE_CHOSEN, "4, as in the reference design"},
    {"backup_group.group.AutoScalingGroupName", VALUE_CHOSEN, "a name for messages"},
    {"backup_group.group.AvailabilityZones", VALUE_DERIVED, "VPCZoneIdentifier by subnets"},
    {"backup_group.group.DefaultCooldown", VALUE_DOCUMENTED,
     "300 s (Auto Scaling user guide, cooldowns)"},
    {"backup_group.group.DesiredCapacity", VALUE_DOCUMENTED,
     "MinSize (API reference, CreateAutoScalingGroup)"},
    {"spot_fleet.AllocationStrategy", VALUE_DOCUMENTED,
     "lowestPrice (API reference, SpotFleetRequestConfigData)"},
    {"spot_fleet.Type", VALUE_DOCUMENTED, "maintain (API reference, SpotFleetRequestConfigData)"},
    {"spot_fleet.ExcessCapacityTerminationPolicy", VALUE_DOCUMENTED,
     "default (API reference, SpotFleetRequestConfigData)"},
    {"spot_fleet.TerminateInstancesWithExpiration", VALUE_DOCUMENTED,
     "off (API reference, SpotFleetRequestConfigData)"},
    {"spot_fleet.LaunchSpecifications.WeightedCapacity", VALUE_DOCUMENTED,
     "1 (API reference, SpotFleetLaunchSpecification)"},
    {"spot_fleet.LaunchSpecifications.Monitoring.Enabled", VALUE_DOCUMENTED,
     "basic monitoring unless enabled"},
    {"account.spot_launch_delay_s", VALUE_ASSUMED,
     "30 s to running; measured boots took 5 to 30 s (2021), AWS says a few minutes at most"},
    {"account.on_demand_launch_delay_s", VALUE_ASSUMED,
     "30 s to InService, as for spot; nobody has published it"},
    {"account.join_delay_s", VALUE_ASSUMED,
     "60 s for boot, agent and image; measured boots took 9 to 25 s of it (2021)"},
    {"account.metric_delay_s", VALUE_ASSUMED,
     "15 s; the reference function read minute-old points half a minute later and worked"},
    {"account.fleet_tick_s", VALUE_ASSUMED,
     "the fleet acts once a minute; nobody has published it"},
    {"account.metric_period_s", VALUE_ASSUMED,
     "60 s with detailed monitoring, else 300 s, as for instances"},
    {"account.metric_gap_permille", VALUE_ASSUMED,
     "none; CloudWatch promises no completeness and publishes no rate"},
    {"account.interruption_notice_s", VALUE_DOCUMENTED,
     "two minutes (EC2 user guide, interruption notices)"},
    {"account.group_termination_s", VALUE_ASSUMED,
     "60 s for a termination's activity; nobody has published it"},
    {"account.replace_on", VALUE_ASSUMED, "fulfilled capacity drops when the instance ends"},
    {"account.drain_on_notice", VALUE_DOCUMENTED,
     "off unless the agent is told (ECS developer guide, Spot draining)"},
    {"account.clamp_pending", VALUE_ASSUMED, "PendingCapacity may be below 0 on overshoot"},
    {"account.launch_at_equal", VALUE_DOCUMENTED,
     "the cap must exceed the price (EC2 user guide 2018, Spot request status)"},
    {"account.price_lock", VALUE_DOCUMENTED,
     "an instance-hour costs what its start did (announcement of November 2017)"},
    {"controller.every_s", VALUE_DOCUMENTED,
     "once a minute is the finest schedule (EventBridge user guide)"},
    {"controller.phase_s", VALUE_ASSUMED,
     "the second of the minute is not documented; the middle, or of a shorter period half"},
    {"controller.jitter_s", VALUE_ASSUMED, "none"},
    {"controller.alarm", VALUE_CHOSEN, "on, as in the reference design"},
    {"controller.guards.max_step_instances", VALUE_CHOSEN, "off"},
    {"controller.guards.max_desired_instances", VALUE_CHOSEN, "off"},
    {"controller.guards.stale_after_s", VALUE_CHOSEN, "off"},
    {"controller.guards.dry_run", VALUE_CHOSEN, "off"},
    {"policy.name", VALUE_CHOSEN, "the reference design's policy, made safe"},
    {NULL, VALUE_CHOSEN, "Ballast's own default"},
};

const struct default_source *default_source_of(const char *path)
{
    const struct default_source *entry = table;
    while (entry->path && strcmp(entry->path, path) != 0)
        entry++;
    return entry;
}

const char *value_source_name(enum value_source source)
{
    static const char *const names[] = {
        [VALUE_USER] = "user's",       [VALUE_SET] = "--set",
        [VALUE_PRESET] = "preset",     [VALUE_DOCUMENTED] = "documented",
        [VALUE_MEASURED] = "measured", [VALUE_ASSUMED] = "assumed",
        [VALUE_CHOSEN] = "chosen",     [VALUE_DERIVED] = "derived",
    };
    return names[source];
}
