#include "scenario/defaults.h"

#include <stddef.h>
#include <string.h>

#define DEFAULT(path, source, why)                                                                 \
    {                                                                                              \
        path, source, why, NULL, NULL                                                              \
    }
/* low and high: what somebody could sensibly believe instead, as JSON. A true or false, or a choice
 * of words, has its other value there. */
#define ASSUMED(path, low, high, why)                                                              \
    {                                                                                              \
        path, VALUE_ASSUMED, why, low, high                                                        \
    }

/* Short names of sources are those of docs/scenario.md, which lists them in full. */
static const struct default_source table[] = {
    DEFAULT("name", VALUE_CHOSEN, "the file's name"),
    DEFAULT("seed", VALUE_CHOSEN, "1"),
    DEFAULT("start", VALUE_CHOSEN, "a run begins with fleet and backup in place"),
    DEFAULT("measure.from", VALUE_DERIVED, "from"),
    DEFAULT("measure.to", VALUE_DERIVED, "to"),
    DEFAULT("product", VALUE_CHOSEN, "the product most histories are of"),
    DEFAULT("traces.synth.regime", VALUE_CHOSEN, "the era whose prices interrupt"),
    DEFAULT("traces.synth.from", VALUE_DERIVED, "a day before from"),
    DEFAULT("traces.synth.to", VALUE_DERIVED, "a day after to"),
    DEFAULT("modify_spot_fleet", VALUE_CHOSEN, "the target stays as requested"),
    DEFAULT("demand.units", VALUE_DERIVED, "the request's TargetCapacity"),
    DEFAULT("billing", VALUE_DOCUMENTED,
            "per hour until 2017-10-02, per second since (EC2 user guide, document history)"),
    DEFAULT("interruptions.source", VALUE_DOCUMENTED,
            "spot price above the cap interrupts (EC2 user guide 2018, how Spot works)"),
    DEFAULT("interruptions.rebalance_permille", VALUE_CHOSEN, "none is recommended"),
    ASSUMED("interruptions.rebalance_lead_s", "0", "1800",
            "600 s; it may come as late as the notice, and AWS publishes no usual lead"),
    ASSUMED("interruptions.shortage_s", "0", "1800",
            "none: a place that was interrupted takes new instances at once, as the traces say"),
    ASSUMED("interruptions.advisor.frequency", "\"low\"", "\"high\"",
            "the middle of each band; the Spot Instance Advisor publishes no more"),
    ASSUMED("interruptions.advisor.open_band_permille", "200", "500",
            "the band above 20 % ends at 30 %; the Spot Instance Advisor names no end"),
    ASSUMED("interruptions.advisor.bunch_permille", "200", "1000",
            "a bunch takes half of what runs in a zone; nobody has published it"),
    DEFAULT("interruptions.advisor.bunch_span_s", VALUE_MEASURED,
            "180 s: over 92 % of what hit a type and zone together (Spot-and-Scoot, 2026)"),
    DEFAULT("backup_group.units_per_instance", VALUE_CHOSEN, "4, as in the reference design"),
    DEFAULT("backup_group.group.AutoScalingGroupName", VALUE_CHOSEN, "a name for messages"),
    DEFAULT("backup_group.group.AvailabilityZones", VALUE_DERIVED, "VPCZoneIdentifier by subnets"),
    DEFAULT("backup_group.group.DefaultCooldown", VALUE_DOCUMENTED,
            "300 s (Auto Scaling user guide, cooldowns)"),
    DEFAULT("backup_group.group.DesiredCapacity", VALUE_DOCUMENTED,
            "MinSize (API reference, CreateAutoScalingGroup)"),
    DEFAULT("spot_fleet.AllocationStrategy", VALUE_DOCUMENTED,
            "lowestPrice (API reference, SpotFleetRequestConfigData)"),
    DEFAULT("spot_fleet.Type", VALUE_DOCUMENTED,
            "maintain (API reference, SpotFleetRequestConfigData)"),
    DEFAULT("spot_fleet.ExcessCapacityTerminationPolicy", VALUE_DOCUMENTED,
            "default (API reference, SpotFleetRequestConfigData)"),
    DEFAULT("spot_fleet.TerminateInstancesWithExpiration", VALUE_DOCUMENTED,
            "off (API reference, SpotFleetRequestConfigData)"),
    DEFAULT("spot_fleet.LaunchSpecifications.WeightedCapacity", VALUE_DOCUMENTED,
            "1 (API reference, SpotFleetLaunchSpecification)"),
    DEFAULT("spot_fleet.LaunchSpecifications.Monitoring.Enabled", VALUE_DOCUMENTED,
            "basic monitoring unless enabled"),
    DEFAULT("instances_distribution.OnDemandBaseCapacity", VALUE_DOCUMENTED,
            "0 (API reference, InstancesDistribution)"),
    DEFAULT("instances_distribution.OnDemandPercentageAboveBaseCapacity", VALUE_DOCUMENTED,
            "100 (API reference, InstancesDistribution)"),
    DEFAULT("prices.on_demand_discount_permille", VALUE_CHOSEN, "none: list prices"),
    DEFAULT("prices.spot_discount_permille", VALUE_CHOSEN, "none: the market's prices"),
    DEFAULT("prices.prepaid_instances", VALUE_CHOSEN, "none is prepaid"),
    DEFAULT("prices.volume_gib", VALUE_CHOSEN, "volumes are not counted"),
    DEFAULT("prices.volume_usd_per_gib_month", VALUE_CHOSEN, "volumes are not counted"),
    DEFAULT("prices.address_usd_per_hour", VALUE_CHOSEN, "addresses are not counted"),
    ASSUMED("cluster.registered_memory_permille", "950", "990",
            "981 of 1000: AWS's two examples (c4.large, c4.4xlarge) register that much"),
    ASSUMED("cluster.task_start_s", "5", "120", "20 s to pull an image and start; not published"),
    ASSUMED("cluster.lb_registration_s", "10", "150",
            "30 s: one health check at its default interval"),
    DEFAULT("cluster.deregistration_delay_s", VALUE_DOCUMENTED,
            "300 s (Elastic Load Balancing user guide, target groups)"),
    ASSUMED("cluster.task_stop_s", "0", "120",
            "30 s, the agent's default stop timeout, though a task may end earlier"),
    ASSUMED("cluster.service_tick_s", "1", "60",
            "the scheduler acts every 10 s; nobody has published it"),
    ASSUMED(
        "account.spot_launch_delay_s", "5", "180",
        "30 s to running; measured boots took 5 to 30 s (2021), AWS says a few minutes at most"),
    ASSUMED("account.on_demand_launch_delay_s", "5", "180",
            "30 s to InService, as for spot; nobody has published it"),
    ASSUMED("account.join_delay_s", "10", "300",
            "60 s for boot, agent and image; measured boots took 9 to 25 s of it (2021)"),
    ASSUMED("account.metric_delay_s", "0", "120",
            "15 s; the reference function read minute-old points half a minute later and worked"),
    ASSUMED("account.fleet_tick_s", "10", "300",
            "the fleet acts once a minute; nobody has published it"),
    ASSUMED("account.metric_period_s", "60", "300",
            "60 s with detailed monitoring, else 300 s, as for instances"),
    ASSUMED("account.metric_gap_permille", "0", "50",
            "none; CloudWatch promises no completeness and publishes no rate"),
    ASSUMED("account.notice_lost_permille", "0", "100",
            "none; notices are best effort, and AWS publishes no rate"),
    ASSUMED("account.on_demand_failure_permille", "0", "500",
            "none fails; on-demand capacity runs out as well, and nobody has published how often"),
    ASSUMED("account.launch_failure_s", "1", "60", "5 s; nobody has published it"),
    ASSUMED("account.launch_retry_s", "10", "300",
            "60 s, then twice as long; the spacing of retries is not documented"),
    ASSUMED("account.launch_retry_max_s", "300", "3600",
            "900 s; the spacing of retries is not documented"),
    ASSUMED("account.failed_launch_cools", "false", "true",
            "a launch that failed starts no cooldown"),
    DEFAULT("account.interruption_notice_s", VALUE_DOCUMENTED,
            "two minutes (EC2 user guide, interruption notices)"),
    ASSUMED("account.group_termination_s", "10", "300",
            "60 s for a termination's activity; nobody has published it"),
    ASSUMED("account.replace_on", "\"termination\"", "\"notice\"",
            "fulfilled capacity drops when the instance ends"),
    DEFAULT("account.drain_on_notice", VALUE_DOCUMENTED,
            "off unless the agent is told (ECS developer guide, Spot draining)"),
    ASSUMED("account.clamp_pending", "false", "true",
            "PendingCapacity may be below 0 on overshoot"),
    DEFAULT("account.launch_at_equal", VALUE_DOCUMENTED,
            "the cap must exceed the price (EC2 user guide 2018, Spot request status)"),
    DEFAULT("account.price_lock", VALUE_DOCUMENTED,
            "an instance-hour costs what its start did (announcement of November 2017)"),
    DEFAULT("controller.every_s", VALUE_DOCUMENTED,
            "once a minute is the finest schedule (EventBridge user guide)"),
    ASSUMED("controller.phase_s", "0", "59",
            "the second of the minute is not documented; the middle, or of a shorter period half"),
    ASSUMED("controller.jitter_s", "0", "{\"distribution\":\"uniform\",\"min_s\":0,\"max_s\":59}",
            "none"),
    DEFAULT("controller.alarm", VALUE_CHOSEN, "on, as in the reference design"),
    DEFAULT("controller.guards.max_step_instances", VALUE_CHOSEN, "off"),
    DEFAULT("controller.guards.max_desired_instances", VALUE_CHOSEN, "off"),
    DEFAULT("controller.guards.stale_after_s", VALUE_CHOSEN, "off"),
    DEFAULT("controller.guards.dry_run", VALUE_CHOSEN, "off"),
    DEFAULT("policy.name", VALUE_CHOSEN, "the reference design's policy, made safe"),
    DEFAULT(NULL, VALUE_CHOSEN, "Ballast's own default"),
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
