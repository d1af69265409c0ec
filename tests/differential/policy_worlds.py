"""The policies of random worlds, with modifiers around some of them.

Half of the worlds have one of these. Their luck is of its own: the other half are what they were before there was any
of it.
"""

import worlds

FAULTS = [
    {"kind": "api-error", "call": "DescribeSpotFleetRequests"},
    {"kind": "api-error", "call": "DescribeSpotPriceHistory"},
    {"kind": "api-error"},
    {"kind": "missing-metrics", "metric": "FulfilledCapacity"},
    {"kind": "missing-metrics", "metric": "PendingCapacity"},
]

UNITS = {"units_per_instance": (0.4, [1, 2.5, 4, 0.333333, None])}

# name: {parameter: (how often it is given, its values)}
POLICIES = {
    "static-base": {"instances": (0.8, [0, 1, 2, 3, 7])},
    "always-on-demand": {"units": (0.4, [0, 1, 6.5, 12, None]), **UNITS},
    "target-headroom": {
        "headroom_units": (0.4, [0, 1, 2.25, 4]),
        "headroom_percent": (0.6, [0, 1, 10, 33, 100, 250]),
        **UNITS,
    },
    "hysteresis": {
        "out_above_percent": (0.6, [0, 5, 20, 25, 50, 100]),
        "in_below_percent": (0.6, [0, 2, 10, 25, 50, 100]),
        "window_s": (0.6, [60, 120, 300, 900]),
        "lookback_s": (0.4, [60, 300, 600]),
        **UNITS,
    },
    "dynamic-fallback": {
        "base_instances": (0.6, [0, 0, 1, 2, 3]),
        "warmup_s": (0.7, [0, 1, 60, 90, 121, 300, 1000]),
        "lookback_s": (0.5, [60, 120, 300, 3600]),
        **UNITS,
    },
    "n-plus-one": {
        "domain": (0.7, ["pool", "zone", "zone"]),
        "unknown_pools": (0.3, ["hold", "even"]),
        **UNITS,
    },
    "spot-hedge": {
        "limit_usd_per_unit_hour": (0.9, [0.02, 0.03, 0.054, 0.06, 0.105, 0.2]),
        "start_percent": (0.6, [0, 33, 50, 90, 100]),
        "full_percent": (0.6, [0, 50, 67, 90, 100, 130]),
        "unknown_pools": (0.3, ["hold", "even"]),
        **UNITS,
    },
    "forecast": {
        "season": (0.3, ["day", "week"]),
        "smoothing_percent": (0.7, [1, 30, 37, 70, 100]),
        "lead_s": (0.7, [0, 60, 300, 1800, 3600]),
        "least_units": (0.6, [0, 0.5, 2, 4]),
        "lookback_s": (0.5, [60, 300, 600]),
        **UNITS,
    },
    "pending-capacity": {
        "window_s": (0.5, [60, 120, 300, 900]),
        "lookback_s": (0.5, [60, 300, 600]),
        "on_missing": (0.3, ["hold", "assume", "last"]),
        "clamp": (0.3, [True, False]),
    },
    "pending-capacity:seed": {"window_s": (0.5, [60, 120, 300]), "assumed_units": (0.3, [3, 10])},
}

MODIFIERS = {
    "grace": {"grace_s": (0.7, [0, 1, 60, 120, 180, 600])},
    "stabilise": {
        "out_window_s": (0.7, [0, 60, 90, 120, 300, 900]),
        "in_window_s": (0.7, [0, 60, 90, 120, 600, 1800]),
    },
    "rate-limit": {
        "in_instances": (0.6, [1, 1, 2, 3]),
        "in_interval_s": (0.7, [60, 90, 120, 600, 1800]),
    },
    "return-hours": {
        "in_from_s": (0.8, [0, 1800, 3600, 7200, 75600, 86400]),
        "in_until_s": (0.8, [0, 600, 3600, 5400, 9000, 86400]),
    },
    "billing-hour": {
        "paid_s": (0.6, [60, 600, 1800, 3600]),
        "margin_s": (0.6, [60, 90, 300, 900]),
    },
    "backoff": {
        "first_s": (0.8, [60, 90, 180, 600]),
        "max_s": (0.6, [60, 200, 400, 1800]),
        "forget_s": (0.6, [60, 600, 1800, 3600]),
    },
}


class Policies:
    """What the policy of one world is, decided before anything else of it is made."""

    def __init__(self, luck, chance):
        self.luck = luck
        self.hours = None  # a length that the policy needs; None: as it comes
        self.name = None  # None: the world keeps its own
        if luck.random() < chance:
            self.choose()

    def choose(self):
        self.name = self.luck.choice(list(POLICIES))
        tables = [POLICIES[self.name]]
        if self.name == "forecast" and self.luck.random() < 0.4:  # it learns from the day before
            self.hours = self.luck.choice([25, 26, 30])
        self.modified = self.name.startswith("pending") or self.luck.random() < 0.5
        if self.modified:
            modifiers = self.luck.sample(list(MODIFIERS), self.luck.choice([1, 1, 2]))
            self.name = "+".join([self.name, *modifiers])
            tables += [MODIFIERS[name] for name in modifiers]
        self.parameters = {
            name: self.luck.choice(values)
            for table in tables
            for name, (probability, values) in table.items()
            if self.luck.random() < probability
        }

    def put_into(self, world):
        if self.name is None:
            return
        world["policy"] = {"name": self.name, "parameters": self.parameters}
        if self.name.startswith("n-plus-one") and self.luck.random() < 0.4:
            self.double_a_pool(world)
        if self.modified and self.luck.random() < 0.5:
            self.liven_up(world)
        if self.luck.random() < (0.4 if self.modified else 0.2):
            fault = {**self.luck.choice(FAULTS), "permille": self.luck.choice([100, 400, 800])}
            world["controller"].setdefault("faults", []).append(fault)

    def double_a_pool(self, world):
        """Two specifications of one type in one zone, and the fleet has instances of both."""
        specifications = world["spot_fleet"].get("LaunchSpecifications")
        if specifications is None:
            return
        weight = self.luck.choice([1, 2, 3])
        specifications.append({**self.luck.choice(specifications), "WeightedCapacity": weight})
        world["spot_fleet"]["AllocationStrategy"] = "diversified"
        world["spot_fleet"].pop("InstancePoolsToUseCount", None)
        if world["account"].get("drain_on_notice"):  # the record does not tell their notices apart
            world["account"].pop("notice_lost_permille", None)

    def liven_up(self, world):
        """What is wanted goes up and down all the time, and the group follows: so modifiers have much to remember."""
        luck, fleet, group = self.luck, world["spot_fleet"], world["backup_group"]["group"]
        fleet.pop("Type", None)
        world.setdefault("demand", {"units": 8})
        start, end = worlds.when(world["from"]), worlds.when(world["to"])
        moments = {luck.randrange(start, end) for _ in range(luck.choice([5, 20, 60]))}
        world["modify_spot_fleet"] = [
            {"at": worlds.stamp(moment), "TargetCapacity": luck.choice([0, 1, 4, 6, 8, 12, 20])}
            for moment in sorted(moments)
        ]
        group["DefaultCooldown"] = luck.choice([0, 0, 1, 30, 60])
        group["MaxSize"] = group["MinSize"] + luck.choice([8, 20])
