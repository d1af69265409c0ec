"""Random small worlds: scenarios that crowd many rules into a few hours.

A world is a scenario document with everything in it. Each is made from the text "SEED:INDEX" alone, so one
world can be made again without those before it.
"""

import random
from datetime import datetime, timezone

import clustered_worlds
import mixed_worlds
import policy_worlds
import scaled_worlds

ON_DEMAND = {
    "c3.large": 0.105,
    "c3.xlarge": 0.21,
    "c3.2xlarge": 0.42,
    "r3.large": 0.175,
    "m4.xlarge": 0.252,
}
FLEET_TYPES = ["c3.large", "c3.xlarge", "c3.2xlarge", "r3.large"]
DELAYS = ["spot_launch_delay_s", "on_demand_launch_delay_s", "join_delay_s", "metric_delay_s"]
ZONES = ["us-east-1a", "us-east-1b", "us-east-1c"]


def stamp(second):
    return datetime.fromtimestamp(second, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def when(text):
    return int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


class Maker:
    """Makes one world."""

    def __init__(self, seed, index):
        self.rng = random.Random(f"{seed}:{index}")
        self.index = index
        # Luck of its own: the other worlds are what they were before there was any of it.
        self.rebalancing = random.Random(f"{seed}:{index}:rebalancing")
        self.rebalances = self.rebalancing.random() < 0.35
        self.mixing = random.Random(f"{seed}:{index}:mixed")
        self.mixes = self.mixing.random() < 0.15
        # No policy sizes a mixed-instances group.
        self.policies = policy_worlds.Policies(random.Random(f"{seed}:{index}:policies"), 0 if self.mixes else 0.6)
        self.scaling = random.Random(f"{seed}:{index}:scaling")
        self.scales = not self.mixes and self.scaling.random() < 0.2
        self.clustering = random.Random(f"{seed}:{index}:cluster")
        self.clusters = self.clustering.random() < (0.5 if self.scales else 0.1)

    def chance(self, probability):
        return self.rng.random() < probability

    def pick(self, *choices):
        return self.rng.choice(choices)

    def moment(self):
        """A second of the run, rather often one at which something else happens as well."""
        second = self.rng.randrange(self.start, self.end)
        if self.chance(0.5):
            tick = self.account.get("fleet_tick_s", 60)
            second -= second % tick
            second += self.pick(0, 0, 0, -self.notice, -1, 1, 30, tick // 2)
        return min(max(second, self.start), self.end - 1)

    def moments(self, most):
        """Several moments in order, now and then in quick succession: within a launch delay."""
        found = {self.moment() for _ in range(self.rng.randint(1, most))}
        if self.chance(0.5):
            tick = self.account.get("fleet_tick_s", 60)
            launch = self.moment() // tick * tick
            found |= {launch, launch + self.pick(0, 1, 5, 40, 100)}
        return sorted(moment for moment in found if self.start <= moment < self.end)

    # ---- parts --------------------------------------------------------------------------------

    def make_span(self):
        era = self.pick("2015", "2015", "straddling", "2018", "2018")
        hours = self.rng.choice([0.3, 0.7, 1, 1, 2, 2, 3, 4, 6, 8])
        if self.chance(0.03):
            hours = self.rng.choice([24, 48, 72])
        hours = self.policies.hours or hours
        length = int(hours * 3600) + self.pick(0, 0, 1, 17, 59)
        base = {
            "2015": when("2015-03-12T00:00:00Z"),
            "straddling": when("2017-10-02T00:00:00Z") - length // 2,
            "2018": when("2018-01-05T00:00:00Z"),
        }[era]
        if self.rebalances:  # there are recommendations since 2020-11-05
            era = "2018"
            base = when("2021-03-01T00:00:00Z")
            if self.rebalancing.random() < 0.1:
                base = when("2020-11-05T00:00:00Z") - length // 3
        self.start = base // 3600 * 3600 + self.pick(0, 0, 0, 30, 13, 59, 1800)
        self.end = self.start + length
        self.era = era

    def make_account(self):
        account = {}
        delays = (0, 0, 7, 30, 30, 45, 60, 90, 130, 200, 400, 1000)
        self.maybe(account, 0.6, "spot_launch_delay_s", *delays)
        self.maybe(account, 0.6, "on_demand_launch_delay_s", *delays)
        self.maybe(account, 0.6, "join_delay_s", *delays)
        self.maybe(account, 0.5, "metric_delay_s", 0, 15, 29, 30, 31, 60, 90, 130, 400)
        self.maybe(account, 0.4, "fleet_tick_s", 60, 30, 10, 45, 300, 1, 7)
        self.maybe(account, 0.7, "metric_period_s", *[60] * 6, 120, 180, 300, 300, 600)
        self.maybe(account, 0.3, "interruption_notice_s", 120, 60, 30, 5, 1, 0)
        self.maybe(account, 0.4, "group_termination_s", 60, 0, 5, 200, 600)
        self.maybe(account, 0.3, "replace_on", "notice", "termination")
        self.maybe(account, 0.2, "drain_on_notice", True)
        self.maybe(account, 0.2, "clamp_pending", True)
        self.maybe(account, 0.2, "launch_at_equal", True)
        self.maybe(account, 0.2, "price_lock", "continuous")
        self.maybe(account, 0.1, "metric_gap_permille", 100, 500)
        for key in DELAYS:
            if self.chance(0.15):
                account[key] = self.delay()
        self.tight = self.chance(0.25)  # the backup's launches can fail
        if self.tight:
            account["on_demand_failure_permille"] = self.pick(300, 700, 900, 1000)
            self.maybe(account, 0.6, "launch_failure_s", 0, 1, 30, 60, 100)
            account["launch_retry_s"] = self.pick(1, 10, 60, 60, 95)
            account["launch_retry_max_s"] = self.pick(95, 100, 300, 900)
            self.maybe(account, 0.3, "failed_launch_cools", True)
        self.maybe(account, 0.15, "notice_lost_permille", 200, 500, 1000)
        self.account = account
        self.notice = account.get("interruption_notice_s", 120)

    def delay(self):
        """A drawn delay."""
        return self.delay_of(self.rng)

    @staticmethod
    def delay_of(luck):
        shortest = luck.choice([0, 5, 30, 100])
        longer = luck.choice([1, 7, 60, 300])
        return luck.choice(
            [
                {"distribution": "uniform", "min_s": shortest, "max_s": shortest + longer},
                {"distribution": "exponential", "min_s": shortest, "mean_s": shortest + longer},
                {"distribution": "empirical", "values_s": [shortest, longer, shortest + longer]},
            ]
        )

    def maybe(self, target, probability, key, *choices):
        if self.chance(probability):
            target[key] = self.pick(*choices)

    def make_fleet(self):
        wanted = self.rng.randint(2, 6)
        markets = [(zone, kind) for zone in ZONES for kind in FLEET_TYPES]
        chosen = self.rng.sample(markets, wanted)
        if self.chance(0.1):
            chosen[1] = chosen[0]  # two pools of one market
            if self.account.get("drain_on_notice"):  # the record does not tell their notices apart
                self.account.pop("notice_lost_permille", None)
        weights = {kind: self.pick(1, 2, 4, 8, 1.5, 0.5, 2.25, 0.333333) for kind in FLEET_TYPES}
        if self.chance(0.2):
            weights = dict.fromkeys(FLEET_TYPES, self.pick(1, 2, 1.5))
        specifications = []
        for zone, kind in chosen:
            specification = {
                "InstanceType": kind,
                "Placement": {"AvailabilityZone": zone},
                "WeightedCapacity": weights[kind],
            }
            if self.chance(0.15):
                specification["WeightedCapacity"] = self.pick(1, 3, 2.5)
            if weights[kind] == 1 and self.chance(0.5):
                del specification["WeightedCapacity"]
            weight = specification.get("WeightedCapacity", 1)
            if self.chance(0.3):
                cap = ON_DEMAND[kind] * self.pick(0.4, 0.6, 1, 1.3) / weight
                specification["SpotPrice"] = f"{max(cap, 0.001):.6f}"
            if self.chance(0.8):
                specification["Monitoring"] = {"Enabled": True}
            specifications.append(specification)
        if self.chance(0.1):  # one specification for several zones
            zones = self.rng.sample(ZONES, 2)
            specifications[0]["Placement"]["AvailabilityZone"] = ", ".join(zones)
            chosen += [(zone, chosen[0][1]) for zone in zones]
        most = min(specification.get("WeightedCapacity", 1) for specification in specifications)
        fleet = {
            "TargetCapacity": max(1, int(self.rng.randint(1, 14) * min(most, 2))),
            "LaunchSpecifications": specifications,
        }
        self.maybe(
            fleet,
            0.7,
            "AllocationStrategy",
            *["lowestPrice", "diversified", "diversified"] * 2,
            "capacityOptimized",
            "priceCapacityOptimized",
        )
        if self.chance(0.35):
            self.use_launch_templates(fleet)
        self.maybe(fleet, 0.1, "SpotMaxTotalPrice", "0.05", "0.1", "0.15", "0.2", "0.3", "0.6", "1")
        if fleet.get("AllocationStrategy") == "lowestPrice":
            self.maybe(fleet, 0.4, "InstancePoolsToUseCount", 1, 2, 3)
        self.maybe(fleet, 0.7, "SpotPrice", "0.054", "0.06", "0.105", "0.03", "0.2")
        self.maybe(fleet, 0.3, "Type", "maintain", "request")
        self.maybe(fleet, 0.2, "ExcessCapacityTerminationPolicy", "default", "noTermination")
        if self.chance(0.15):
            self.make_validity(fleet)
        self.fleet = fleet
        self.markets = chosen

    def use_launch_templates(self, fleet):
        """Overrides of a launch template in place of launch specifications, and what only they can."""
        overrides = []
        for specification in fleet.pop("LaunchSpecifications"):
            specification.pop("Monitoring", None)
            specification["AvailabilityZone"] = specification.pop("Placement")["AvailabilityZone"]
            for zone in specification["AvailabilityZone"].split(", "):
                overrides.append({**specification, "AvailabilityZone": zone})
        self.maybe(fleet, 0.25, "AllocationStrategy", "capacityOptimizedPrioritized")
        if fleet.get("AllocationStrategy") != "lowestPrice":
            fleet.pop("InstancePoolsToUseCount", None)
        if self.chance(0.6):
            fleet["OnDemandTargetCapacity"] = self.rng.randint(0, fleet["TargetCapacity"])
            self.maybe(fleet, 0.5, "OnDemandAllocationStrategy", "lowestPrice", "prioritized")
            self.maybe(fleet, 0.3, "OnDemandMaxTotalPrice", "0.2", "0.21", "0.42", "0.7", "0.84")
        if "Prioritized" in fleet.get("AllocationStrategy", "") or fleet.get(
            "OnDemandAllocationStrategy"
        ) == "prioritized":
            for override in overrides:
                self.maybe(override, 0.7, "Priority", 0, 1, 2, 3)
        template = {"LaunchTemplateName": "fleet", "Version": "1"}
        fleet["LaunchTemplateConfigs"] = [
            {"LaunchTemplateSpecification": template, "Overrides": overrides}
        ]

    def specifications(self):
        configs = self.fleet.get("LaunchTemplateConfigs")
        return configs[0]["Overrides"] if configs else self.fleet["LaunchSpecifications"]

    def by_capacity(self):
        """Whether the fleet looks at capacity, so that there should be little of it."""
        return "capacity" in self.fleet.get("AllocationStrategy", "").lower()

    def make_validity(self, fleet):
        if self.chance(0.5):
            fleet["ValidFrom"] = stamp(self.pick(self.start - 60, self.start, self.moment()))
        if self.chance(0.7):
            until = self.moment()
            if "ValidFrom" in fleet:
                until = max(until, when(fleet["ValidFrom"]) + 1)
            fleet["ValidUntil"] = stamp(until)
            fleet["TerminateInstancesWithExpiration"] = self.chance(0.5)

    def caps_of(self, kind):
        """Prices worth hitting exactly: caps of one instance and the on-demand price."""
        caps = {self.on_demand[kind]}
        for specification in self.specifications():
            cap = specification.get("SpotPrice", self.fleet.get("SpotPrice"))
            if specification["InstanceType"] == kind and cap is not None:
                caps.add(float(cap) * specification.get("WeightedCapacity", 1))
        return sorted(caps)

    def price(self, kind):
        usual = self.on_demand[kind]
        if kind == "m4.xlarge":  # the backup's own: short at and above its on-demand price
            return round(usual * self.pick(0.5, 1, 1, 1.2), 6)
        if self.few_prices:  # ties between pools
            return self.pick(0.02, 0.04, usual)
        roll = self.rng.random()
        if roll < 0.5:
            value = usual * self.rng.uniform(0.1, 0.35)
        elif roll < 0.8:
            value = self.rng.choice(self.caps_of(kind)) + self.pick(0, 0, 0, 0.0001, -0.0001)
        else:
            value = usual * self.rng.uniform(0.5, 6)
        return round(max(value, 0.0001), self.pick(4, 4, 6))

    def make_prices(self):
        shared = [self.moment() for _ in range(self.rng.randint(0, 4))]
        per_hour = self.pick(0.3, 1, 3, 8)
        self.few_prices = self.chance(0.2)
        prices = {}
        # What tells that the backup is short: prices, interruptions and limits of its own type.
        of_backup = [(zone, "m4.xlarge") for zone in ZONES if self.tight and self.chance(0.9)]
        places = [*self.markets, *of_backup]
        for zone, kind in dict.fromkeys(places):
            changes = int((self.end - self.start) / 3600 * per_hour * self.rng.random()) + 1
            moments = {self.moment() for _ in range(min(changes, 60))}
            moments.update(moment for moment in shared if self.chance(0.6))
            first = self.start - self.pick(0, 60, 5000)
            moments = sorted(moment for moment in moments if moment > first)
            # The market after the run must not matter.
            moments += [self.end + 30] if self.chance(0.3) else []
            prices[f"{zone}/{kind}"] = [
                [stamp(moment), self.price(kind)] for moment in [first, *moments]
            ]
        trace = {"prices": prices}
        if self.chance(0.5 if self.era == "2015" else 0.9):
            trace["interruptions"] = [
                {
                    "at": stamp(self.moment()),
                    "zone": zone,
                    "type": kind,
                    "instances": self.rng.randint(1, 4),
                }
                for zone, kind in self.rng.choices(places, k=self.rng.randint(1, 8))
            ]
            if self.chance(0.15):  # before the run
                trace["interruptions"][0]["at"] = stamp(self.start - self.pick(1, 30, 200))
            for record in trace["interruptions"]:
                self.maybe(record, 0.3, "of", *[record["instances"] + more for more in (0, 1, 3)])
        if self.by_capacity() or self.chance(0.4):
            limited = dict.fromkeys(self.rng.choices(places, k=5 if self.by_capacity() else 2))
            trace["capacity"] = [
                {
                    "at": stamp(moment),
                    "zone": zone,
                    "type": kind,
                    "instances": self.pick(None, 0, 1, 2, 2, 3, 5, 9),
                }
                for zone, kind in limited
                for moment in self.moments(6)
            ]
        self.trace = trace

    def make_group(self):
        least = self.pick(0, 0, 0, 1, 2)
        most = least + self.pick(0, 1, 3, 8, 20)
        desired = self.rng.randint(least, min(most, least + (8 if self.tight else 4)))
        group = {
            "AutoScalingGroupName": "backup",
            "MinSize": least,
            "MaxSize": most,
            "DesiredCapacity": desired,
            "DefaultCooldown": self.pick(0, 1, 60, 60, 300, 300, 900, 2700),
            "AvailabilityZones": self.rng.sample(ZONES, self.rng.randint(1, 3)),
        }
        return {
            "group": group,
            "launch": {"InstanceType": "m4.xlarge"},
            "units_per_instance": self.pick(4, 4, 2, 1, 2.5, 8),
        }

    def make_demand(self):
        roll = self.rng.random()
        if roll < 0.3:
            return None
        if roll < 0.5:
            return {"units": self.pick(1, 5, 12.5)}
        steps = [[stamp(self.start - self.pick(0, 100)), self.units()]]
        steps += [
            [stamp(moment), self.units()] for moment in self.moments(6) if moment > self.start
        ]
        return {"series": steps}

    def units(self):
        return self.pick(0, 1, 2, 3, 4, 5, 6.5, 8, 12, 0.25)

    def make_modifications(self, demand):
        # A fleet whose target changes does not say what is required: that takes a demand.
        if demand is None or self.fleet.get("Type") == "request" or self.chance(0.4):
            return None
        if "series" in demand and self.chance(0.5):
            return "follow-demand"
        modifications = []
        for moment in self.moments(5):
            entry = {
                "at": stamp(moment),
                "TargetCapacity": self.rng.randint(0, 2 * self.fleet["TargetCapacity"]),
            }
            if "OnDemandTargetCapacity" in self.fleet and self.chance(0.5):
                entry["OnDemandTargetCapacity"] = self.rng.randint(0, entry["TargetCapacity"])
                if self.chance(0.3):
                    entry["OnDemandTargetCapacity"] = 0  # always within the target there is
                    del entry["TargetCapacity"]
            self.maybe(entry, 0.3, "ExcessCapacityTerminationPolicy", "default", "noTermination")
            modifications.append(entry)
        return modifications

    def make_controller(self):
        every = self.pick(*[60] * 8, 30, 20, 10, 120, 300, 3600)
        if self.end - self.start < 7200 and self.chance(0.05):
            every = 1
        controller = {
            "every_s": every,
            "phase_s": self.pick(0, min(30, every - 1), self.rng.randrange(every)),
            "alarm": self.chance(0.6),
        }
        if self.chance(0.15):
            controller["jitter_s"] = self.delay()
        self.maybe(controller, 0.05, "jitter_s", 5, 90)
        if self.chance(0.2):
            guards = {}
            self.maybe(guards, 0.5, "max_step_instances", 1, 2, 3)
            self.maybe(guards, 0.3, "max_desired_instances", 1, 2, 5)
            self.maybe(guards, 0.2, "dry_run", True)
            if self.account.get("metric_period_s") == 60:
                self.maybe(guards, 0.5, "stale_after_s", 60, 120, 200)
            controller["guards"] = guards
        if self.chance(0.3):
            controller["faults"] = [self.fault() for _ in range(self.rng.randint(1, 4))]
        if self.chance(0.15):
            controller["duration_s"] = self.pick(1, 30, 60, 90, 200, self.delay())
        self.maybe(controller, 0.1, "concurrency", 1, 1, 2)
        return controller

    def fault(self):
        """One that shall go wrong, often where something is about to happen."""
        kind = self.pick(
            *["api-error"] * 4,
            "invocation-dropped",
            "duplicate-invocation",
            "function-error",
            "function-timeout",
            "late-metrics",
            "missing-metrics",
            "metric-order",
        )
        fault = {"kind": kind}
        if kind == "api-error":
            self.maybe(fault, 0.8, "call", "GetMetricStatistics", "DescribeAutoScalingGroups")
            self.maybe(fault, 0.4, "call", "SetDesiredCapacity", "DescribeClusters")
            if fault.get("call", "SetDesiredCapacity") == "SetDesiredCapacity":
                self.maybe(fault, 0.5, "after_effect", True)
        elif kind == "duplicate-invocation":
            fault["after_s"] = self.pick(0, 1, 20, 60, 400)
        elif kind == "function-error":
            self.maybe(fault, 0.5, "retried", False, True)
        elif kind == "function-timeout":
            fault["after_s"] = self.pick(1, 30, 60, 900)
            self.maybe(fault, 0.3, "retried", False, True)
        elif kind == "late-metrics":
            fault["delay_s"] = self.pick(1, 60, 130, 1000)
        elif kind == "missing-metrics":
            self.maybe(fault, 0.5, "metric", "PendingCapacity", "TargetCapacity")
        elif kind == "metric-order":
            fault["order"] = self.pick("newest-first", "oldest-first")
        if self.chance(0.3):
            fault["at"] = [stamp(moment) for moment in self.moments(5)]
            return fault
        self.maybe(fault, 0.7, "permille", 50, 300, 700)
        if self.chance(0.5):
            first, last = self.moment(), self.moment()
            fault["from"], fault["to"] = stamp(min(first, last)), stamp(max(first, last) + 60)
        return fault

    def make_policy(self):
        name = self.pick(*["none"], *["pending-capacity"] * 4, *["pending-capacity:seed"] * 4)
        parameters = {}
        if name != "none":
            self.maybe(parameters, 0.5, "window_s", 60, 120, 300, 900)
            self.maybe(parameters, 0.3, "on_missing", "hold", "assume", "last")
            self.maybe(parameters, 0.2, "on_missing_window", "hold", "go-on")
            self.maybe(parameters, 0.2, "assumed_units", 3, 10, 32)
            self.maybe(parameters, 0.2, "clamp", True, False)
            self.maybe(parameters, 0.2, "units_per_instance", 1, 2.5, 4)
        if name == "pending-capacity":
            self.maybe(parameters, 0.4, "lookback_s", 60, 300, 600)
        return {"name": name, "parameters": parameters}

    def make_measure(self):
        first = self.rng.randrange(self.start, self.end)
        last = self.rng.randrange(first + 1, self.end + 1)
        measure = {}
        if self.chance(0.8):
            measure["from"] = stamp(first)
        if self.chance(0.8) or not measure:
            measure["to"] = stamp(last)
        return measure

    def make_interruptions(self):
        interruptions = {"source": self.source()}
        if interruptions["source"] == "advisor":
            interruptions["advisor"] = self.make_advisor()
        shortages = (60, 300, 1000, 3600, self.delay())
        self.maybe(interruptions, 0.5 if self.tight else 0.3, "shortage_s", *shortages)
        return interruptions

    def make_advisor(self):
        """Bands so bad, and bunches so small, that a few come within hours."""
        types = {specification["InstanceType"] for specification in self.specifications()}
        if self.chance(0.5):
            types.add("m4.xlarge")
        advisor = {
            "bands": {
                kind: self.pick("<5%", "10-15%", "15-20%", *[">20%"] * 5) for kind in sorted(types)
            },
            "bunch_permille": self.pick(10, 10, 20, 50, 500),
        }
        self.maybe(advisor, 0.8, "frequency", "low", "middle", "high", "high")
        self.maybe(advisor, 0.8, "open_band_permille", 300, 700, 900)
        self.maybe(advisor, 0.5, "bunch_span_s", 0, 3, 180, 3600)
        return advisor

    def source(self):
        if self.by_capacity():
            return "trace"
        if self.era == "2018":
            return self.pick(*["trace"] * 6, *["advisor"] * 3, "none")
        return self.pick(*["price"] * 5, *["trace"] * 3, "advisor", "none")

    def make(self):
        self.make_span()
        self.make_account()
        self.on_demand = dict(ON_DEMAND)
        if self.chance(0.3):  # no whole micro-USD a second
            self.on_demand["m4.xlarge"] = self.pick(0.251999, 0.1, 0.3333)
        self.make_fleet()
        self.make_prices()
        world = {
            "name": f"world {self.index}",
            "from": stamp(self.start),
            "to": stamp(self.end),
            "seed": self.rng.randrange(1000),
            "traces": [self.trace],
            "spot_fleet": self.fleet,
            "backup_group": self.make_group(),
            "on_demand_usd_per_hour": self.on_demand,
            "interruptions": self.make_interruptions(),
            "account": self.account,
            "controller": self.make_controller(),
            "policy": self.make_policy(),
        }
        demand = self.make_demand()
        if demand is not None:
            world["demand"] = demand
        modifications = self.make_modifications(demand)
        if modifications is not None:
            world["modify_spot_fleet"] = modifications
        if self.end - self.start > 2 and self.chance(0.1):
            world["cancel_spot_fleet"] = {
                "at": stamp(max(self.moment(), self.start + 1)),
                "TerminateInstances": self.chance(0.6),
            }
        self.maybe(world, 0.6 if self.tight else 0.3, "start", "cold")
        self.maybe(world, 0.2, "billing", "hourly", "per-second", "by-date")
        if self.chance(0.4):
            world["measure"] = self.make_measure()
        self.policies.put_into(world)
        if self.rebalances:
            self.add_rebalancing(world)
        if self.chance(0.3):
            world["prices"] = self.make_prices_paid()
        self.maybe(world, 0.2, "product", "Windows", "SUSE Linux (Amazon VPC)", "Red Hat Enterprise Linux")
        if self.mixes:
            mixed_worlds.add_mixed_group(self, world)
        elif self.scales:
            scaled_worlds.add_scaling(self, world)
        if self.clusters and "mixed_group" not in world:
            clustered_worlds.add_cluster(self, world)
        return world

    def make_prices_paid(self):
        """What is paid beside and instead of list prices; discounts that leave a half, and none of the price."""
        prices = {}
        self.maybe(prices, 0.5, "on_demand_discount_permille", 1, 137, 250, 500, 999, 1000)
        self.maybe(prices, 0.5, "spot_discount_permille", 1, 137, 250, 500, 999, 1000)
        self.maybe(prices, 0.7, "prepaid_instances", 1, 1, 2, 3, 5, 100)
        if self.chance(0.4):
            prices["volume_gib"] = self.pick(1, 30, 100.5, 65536)
            prices["volume_usd_per_gib_month"] = self.pick("0.08", "0.125", "0.000001")
        self.maybe(prices, 0.4, "address_usd_per_hour", "0.005", "0.000001")
        return prices

    def add_rebalancing(self, world):
        """Interruptions are announced, and the fleet may do something about it."""
        luck = self.rebalancing
        terms = world["interruptions"]
        terms["source"] = "trace"
        terms["rebalance_permille"] = luck.choice([1000, 1000, 800, 400])
        if luck.random() < 0.8:
            terms["rebalance_lead_s"] = luck.choice(
                [
                    0,
                    1,
                    60,
                    300,
                    1800,
                    3000,
                    {"distribution": "uniform", "min_s": 0, "max_s": 1500},
                    {"distribution": "exponential", "min_s": 30, "mean_s": 400},
                ]
            )
        records = self.trace.setdefault("interruptions", [])
        for zone, kind in luck.choices(self.markets, k=luck.randint(2, 8)):
            second = luck.randrange(self.start, self.end)
            record = {"at": stamp(second), "zone": zone, "type": kind}
            record["instances"] = luck.randint(1, 5)
            if luck.random() < 0.3:
                record["of"] = record["instances"] + luck.randint(0, 3)
            records.append(record)
        if world["spot_fleet"].get("Type") == "request" or luck.random() < 0.2:
            return
        rebalance = {"ReplacementStrategy": "launch"}
        if luck.random() < 0.7:
            delay = luck.choice([120, 120, 120, 121, 180, 300, 1000, 7200])
            rebalance = {"ReplacementStrategy": "launch-before-terminate"}
            rebalance["TerminationDelay"] = delay
        world["spot_fleet"]["SpotMaintenanceStrategies"] = {"CapacityRebalance": rebalance}
        if luck.random() < 0.4:
            world["account"]["marked_fulfilled"] = luck.random() < 0.3


def make_world(seed, index):
    return Maker(seed, index).make()
