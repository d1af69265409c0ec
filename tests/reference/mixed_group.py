"""The mixed-instances group of the second implementation: fleet and backup are its two parts (docs/model.md)."""

UNIT = 1_000_000  # micro-units

STRATEGIES = {
    "lowest-price": "lowestPrice",
    "capacity-optimized": "capacityOptimized",
    "price-capacity-optimized": "priceCapacityOptimized",
}


def resolve(document):
    """A document with a `mixed_group` as one with `spot_fleet`, `backup_group` and `instances_distribution`."""
    if "mixed_group" not in document:
        return document
    resolved = {key: value for key, value in document.items() if key != "mixed_group"}
    group = document["mixed_group"]
    policy = group["MixedInstancesPolicy"]
    distribution = policy.get("InstancesDistribution", {})
    overrides = policy["LaunchTemplate"]["Overrides"]
    strategy = STRATEGIES[distribution.get("SpotAllocationStrategy", "lowest-price")]
    fleet = {
        "TargetCapacity": group.get("DesiredCapacity", group["MinSize"]),
        "AllocationStrategy": strategy,
        "LaunchSpecifications": [
            {**override, "Placement": {"AvailabilityZone": ",".join(group["AvailabilityZones"])}}
            for override in overrides
        ],
    }
    if strategy == "lowestPrice":
        fleet["InstancePoolsToUseCount"] = distribution.get("SpotInstancePools", 2)
    if "SpotMaxPrice" in distribution:
        fleet["SpotPrice"] = distribution["SpotMaxPrice"]
    resolved["spot_fleet"] = fleet
    resolved["backup_group"] = {
        "group": {
            "MinSize": 0,
            "MaxSize": group["MaxSize"],
            "DefaultCooldown": group.get("DefaultCooldown", 300),
            "AvailabilityZones": group["AvailabilityZones"],
        },
        "launch": {"InstanceType": overrides[0]["InstanceType"]},
        "units_per_instance": overrides[0].get("WeightedCapacity", 1),
    }
    resolved["instances_distribution"] = {
        "OnDemandBaseCapacity": distribution.get("OnDemandBaseCapacity", 0),
        "OnDemandPercentageAboveBaseCapacity": distribution.get("OnDemandPercentageAboveBaseCapacity", 100),
    }
    return resolved


def read(document):
    """(on-demand base, percentage above it), or None."""
    distribution = document.get("instances_distribution")
    if distribution is None:
        return None
    return (
        int(distribution.get("OnDemandBaseCapacity", 0)),
        int(distribution.get("OnDemandPercentageAboveBaseCapacity", 100)),
    )


def up(value, divisor):
    """The quotient rounded up."""
    return -(-value // divisor)


class MixedGroup:
    """Sets the size of both parts from what is required."""

    def __init__(self, account):
        self.account = account
        self.scenario = account.scenario
        self.changes = {second for second, _ in self.scenario.demand}

    def exists(self):
        return self.scenario.distribution is not None

    def sizes(self):
        """Of this second: the group's desired capacity, the fleet's target."""
        base, percentage = self.scenario.distribution
        units = up(self.scenario.required_at(self.account.now), UNIT)
        of_base = min(units, base)
        on_demand = of_base + up((units - of_base) * percentage, 100)
        desired = up(on_demand * UNIT, self.scenario.units_per_instance)
        desired = min(max(desired, self.scenario.min_size), self.scenario.max_size)
        return desired, (units - on_demand) * UNIT

    def start(self):
        if self.exists():
            self.account.group.desired, self.account.fleet.target = self.sizes()

    def second(self):
        """The phase "the fleet's own actions", before the fleet's tick."""
        if not self.exists() or self.account.now not in self.changes:
            return
        group, fleet = self.account.group, self.account.fleet
        desired, target = self.sizes()
        if desired != group.desired:
            group.set_desired_capacity(desired, honor_cooldown=False)
        if target != fleet.target:
            fleet.modify(target, None, without_warning=True)
