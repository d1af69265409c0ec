"""Makes of a random world one in which ECS services run on the instances."""

import worlds

ZONES = {"type": "spread", "field": "attribute:ecs.availability-zone"}
STRATEGIES = [
    {"type": "spread", "field": "instanceId"},
    {"type": "binpack", "field": "cpu"},
    {"type": "binpack", "field": "memory"},
    {"type": "random"},
]
CLUSTER = {"Namespace": "AWS/ECS", "Dimensions": [{"Name": "ClusterName", "Value": "jobs"}]}
RESERVATIONS = ("CPUReservation", "MemoryReservation")


def add_cluster(maker, world):
    luck = maker.clustering
    world["demand"] = {"services": [service(maker, luck, number) for number in range(luck.randint(1, 3))]}
    if luck.random() < 0.5:
        world["demand"]["units_per_vcpu"] = luck.choice([1, 2, 0.5, 0.333333])
    if isinstance(world.get("modify_spot_fleet"), list) and "scaling" not in world and luck.random() < 0.3:
        world["modify_spot_fleet"] = "follow-demand"
    cluster = {
        "instance_types": {
            kind: {"vcpu": luck.choice([1, 2, 2, 4]), "memory_mib": luck.choice([1024, 3840, 7680, 4321])}
            for kind in world["on_demand_usd_per_hour"]
        }
    }
    choices = {
        "registered_memory_permille": [1000, 500, 933],
        "task_start_s": [0, 1, 20, 45, 200, maker.delay_of(luck)],
        "lb_registration_s": [0, 10, 90, maker.delay_of(luck)],
        "deregistration_delay_s": [0, 5, 60, 400],
        "task_stop_s": [0, 1, 30, 100],
        "service_tick_s": [1, 7, 10, 30, 60],
    }
    for key, values in choices.items():
        if luck.random() < 0.6:
            cluster[key] = luck.choice(values)
    world["cluster"] = cluster
    if luck.random() < 0.5:
        world["account"]["drain_on_notice"] = True
    if world["account"].get("drain_on_notice"):  # the record does not tell notices of two like pools apart
        world["account"].pop("notice_lost_permille", None)
    if luck.random() < 0.5:
        drain_often(maker, luck, world)
    if "scaling" in world:
        watch_reservation(luck, world)


def drain_often(maker, luck, world):
    """A larger fleet that is soon up and loses a few instances again and again, which drain before they end."""
    account = world["account"]
    account["drain_on_notice"] = True
    account.pop("notice_lost_permille", None)
    account["interruption_notice_s"] = luck.choice([120, 120, 60, 300])
    for key in ("spot_launch_delay_s", "join_delay_s"):
        account[key] = luck.choice([0, 10, 30])
    fleet = world["spot_fleet"]
    fleet["TargetCapacity"] = max(fleet["TargetCapacity"], luck.choice([8, 12, 16]))
    fleet.pop("SpotMaxTotalPrice", None)
    if world["interruptions"]["source"] != "trace":
        world["interruptions"].pop("advisor", None)
        world["interruptions"]["source"] = "trace"
    records = world["traces"][0].setdefault("interruptions", [])
    last = min(maker.end, maker.start + 2 * 3600)
    for zone, kind in luck.choices(maker.markets, k=luck.randint(5, 15)):
        second = luck.randrange(maker.start, last)
        records.append({"at": worlds.stamp(second), "zone": zone, "type": kind, "instances": luck.randint(1, 3)})
    for entry in world["demand"]["services"]:
        if luck.random() < 0.7:
            entry["service"]["desiredCount"] = luck.randint(4, 12)
            entry.pop("tasks", None)


def service(maker, luck, number):
    described = {"serviceName": f"service-{number}", "desiredCount": luck.randint(0, 9)}
    deployment = {}
    if luck.random() < 0.6:
        deployment["minimumHealthyPercent"] = luck.choice([0, 33, 50, 90, 100])
    if luck.random() < 0.6:
        deployment["maximumPercent"] = luck.choice([100, 110, 125, 150, 200])
    if deployment:
        described["deploymentConfiguration"] = deployment
    if luck.random() < 0.7:
        described["placementStrategy"] = luck.sample([ZONES, *STRATEGIES], luck.randint(1, 3))
    if luck.random() < 0.2:
        described["placementConstraints"] = [{"type": "distinctInstance"}]
    if luck.random() < 0.4:
        described["loadBalancers"] = [{"containerName": "c", "containerPort": 80, "targetGroupArn": "a"}]
    first = described.get("placementStrategy", [ZONES])[0]
    if first is ZONES and deployment.get("maximumPercent", 200) > 100 and luck.random() < 0.6:
        described["availabilityZoneRebalancing"] = "ENABLED"
    entry = {"service": described, "task": task(luck, number)}
    if luck.random() < 0.6:
        moments = {maker.start, *(luck.randrange(maker.start, maker.end) for _ in range(luck.randint(1, 6)))}
        entry["tasks"] = {
            "series": [[worlds.stamp(moment), luck.choice([0, 1, 2, 3, 5, 8, 12])] for moment in sorted(moments)]
        }
    return entry


def task(luck, number):
    container = {"name": "c", "image": "i", "cpu": luck.choice([128, 256, 300]), "memory": luck.choice([256, 500])}
    if luck.random() < 0.3:
        container["memoryReservation"] = 128
    if luck.random() < 0.2:
        container["portMappings"] = [{"containerPort": 80, "hostPort": luck.choice([0, 8080])}]
    definition = {"family": f"family-{number}", "containerDefinitions": [container]}
    if luck.random() < 0.5:
        definition["cpu"] = luck.choice(["256", "512", "1024", "333"])
        definition["memory"] = luck.choice(["256", "512", "1000", "2048"])
    if luck.random() < 0.2:
        definition["networkMode"] = "awsvpc"
    return definition


def watch_reservation(luck, world):
    """Alarms on the cluster's reservation, and policies that track it."""
    scaling = world["scaling"]
    for alarm in scaling["alarms"]:
        if luck.random() < 0.4:
            alarm.update({**CLUSTER, "MetricName": luck.choice(RESERVATIONS)})
            alarm["Threshold"] = luck.choice([10, 30, 33.3, 50, 75, 90])
    for number in range(luck.randint(0, 2)):
        settings = {
            "TargetValue": luck.choice([20, 33.333333, 50, 75, 90]),
            "CustomizedMetricSpecification": {
                **CLUSTER,
                "MetricName": luck.choice(RESERVATIONS),
                "Statistic": luck.choice(["Average", "Average", "Minimum", "Maximum"]),
            },
        }
        for key in ("ScaleOutCooldown", "ScaleInCooldown"):
            if luck.random() < 0.6:
                settings[key] = luck.choice([0, 60, 150, 600])
        if luck.random() < 0.2:
            settings["DisableScaleIn"] = True
        scaling["policies"].append(
            {
                "PolicyName": f"track-{number}",
                "PolicyType": "TargetTrackingScaling",
                "TargetTrackingScalingPolicyConfiguration": settings,
            }
        )
    for key, values in {
        "aas_high_alarm_points": [1, 2, 5],
        "aas_low_alarm_points": [1, 3, 5],
        "aas_low_alarm_percent": [50, 99, 100],
    }.items():
        if luck.random() < 0.5:
            world["account"][key] = luck.choice(values)
