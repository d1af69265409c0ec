"""Makes of a random world one whose fleet and backup are a mixed-instances group."""

import worlds

STRATEGIES = {
    "lowestPrice": "lowest-price",
    "capacityOptimized": "capacity-optimized",
    "priceCapacityOptimized": "price-capacity-optimized",
}


def add_mixed_group(maker, world):
    luck = maker.mixing
    fleet = world["spot_fleet"]
    for key in ("Type", "OnDemandTargetCapacity", "OnDemandAllocationStrategy", "OnDemandMaxTotalPrice"):
        fleet.pop(key, None)
    world.pop("modify_spot_fleet", None)
    world["policy"] = {"name": "none"}
    distribution = {}
    if luck.random() < 0.8:
        distribution["OnDemandBaseCapacity"] = luck.choice([0, 1, 2, 3, 5, 20])
    distribution["OnDemandPercentageAboveBaseCapacity"] = luck.choice([0, 1, 25, 33, 50, 99, 100])
    if luck.random() < 0.8:
        world["demand"] = series(maker, luck)
    world["instances_distribution"] = distribution
    if luck.random() < 0.5:
        one_document(maker, world)


def series(maker, luck):
    """What is required, now and then in quick succession, also in seconds of the fleet's ticks."""
    tick = maker.account.get("fleet_tick_s", 60)
    moments = {luck.randrange(maker.start, maker.end) for _ in range(luck.randint(1, 8))}
    for moment in list(moments):
        if luck.random() < 0.5:
            moments.add(moment // tick * tick + luck.choice([0, 0, 1, tick // 2]))
    inside = sorted(moment for moment in moments if maker.start < moment < maker.end)
    return {
        "series": [
            [worlds.stamp(moment), luck.choice([0, 0.25, 1, 2, 3, 4, 5, 6.5, 8, 9, 11, 13.5, 16])]
            for moment in [maker.start, *inside]
        ]
    }


def one_document(maker, world):
    """The same group, or nearly so, as AWS's own document; pools are all types in all zones."""
    luck = maker.mixing
    fleet = world.pop("spot_fleet")
    group = world.pop("backup_group")["group"]
    distribution = world.pop("instances_distribution")
    specifications = maker.specifications()
    kinds = list(dict.fromkeys(one["InstanceType"] for one in specifications))
    zones = list(dict.fromkeys(zone for zone, _ in maker.markets))
    prices = world["traces"][0]["prices"]
    for kind in kinds:
        known = next(steps for key, steps in prices.items() if key.endswith("/" + kind))
        for zone in zones:
            prices.setdefault(f"{zone}/{kind}", known)
    overrides = []
    for kind in kinds:
        override = {"InstanceType": kind}
        if luck.random() < 0.7:
            override["WeightedCapacity"] = str(luck.choice([1, 2, 3, 4]))
        overrides.append(override)
    strategy = STRATEGIES.get(fleet.get("AllocationStrategy"))
    if strategy is not None:
        distribution["SpotAllocationStrategy"] = strategy
    if strategy in (None, "lowest-price") and luck.random() < 0.6:
        distribution["SpotInstancePools"] = luck.randint(1, 4)
    if "SpotPrice" in fleet:
        distribution["SpotMaxPrice"] = fleet["SpotPrice"]
    if len(overrides) == 1 and luck.random() < 0.5:
        distribution["OnDemandAllocationStrategy"] = "lowest-price"
    world["mixed_group"] = {
        "AutoScalingGroupName": "mixed",
        "MinSize": 0,
        "MaxSize": luck.choice([20, 30]),
        "DesiredCapacity": min(fleet["TargetCapacity"], 20),
        "DefaultCooldown": group["DefaultCooldown"],
        "AvailabilityZones": zones,
        "MixedInstancesPolicy": {
            "LaunchTemplate": {
                "LaunchTemplateSpecification": {"LaunchTemplateName": "mixed", "Version": "1"},
                "Overrides": overrides,
            },
            "InstancesDistribution": distribution,
        },
    }
    if "demand" in world and "units" in world["demand"]:
        world["demand"]["units"] = min(world["demand"]["units"], 20)
