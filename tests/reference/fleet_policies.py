"""Policies that describe the fleet and look at its pools, from docs/policies.md."""

from fractions import Fraction
from math import ceil, floor

from observation import ERROR, FLEET, PRICES, Metric
from scenario import micro
from sizing import instances_for, sized


def active_fleet(answer):
    """The fleet as described; None where there is nothing to back."""
    return None if answer == ERROR or not answer.active else answer


class FleetPolicy:
    """Of those that describe the fleet; `decide` of each sees one that is there and active."""

    reads = (FLEET,)
    defaults = {"units_per_instance": None}

    def __init__(self, parameters):
        self.parameters = parameters

    def instances(self, units, seen):
        return instances_for(units, seen, self.parameters)

    def decide(self, seen, memory):
        fleet = active_fleet(seen.answers[0])
        return (None if fleet is None else self.wish(fleet, seen)), memory


class AlwaysOnDemand(FleetPolicy):
    defaults = {"units": None, **FleetPolicy.defaults}

    def decide(self, seen, memory):
        units = self.parameters["units"]
        if units is None:
            return super().decide(seen, memory)
        return sized(self.instances(micro(units), seen), seen), memory

    def wish(self, fleet, seen):
        return sized(self.instances(fleet.target, seen), seen)


class TargetHeadroom(FleetPolicy):
    defaults = {"headroom_units": 0, "headroom_percent": 10, **FleetPolicy.defaults}

    def wish(self, fleet, seen):
        share = floor(Fraction(fleet.target * self.parameters["headroom_percent"], 100))
        headroom = max(micro(self.parameters["headroom_units"]), share)
        return sized(self.instances(fleet.target + headroom - fleet.fulfilled, seen), seen)


class DynamicFallback(FleetPolicy):
    defaults = {"base_instances": 1, "warmup_s": 120, "lookback_s": 900, **FleetPolicy.defaults}

    def __init__(self, parameters):
        super().__init__(parameters)
        self.reads = (FLEET, Metric("FulfilledCapacity", parameters["lookback_s"]))

    def wish(self, fleet, seen):
        points = seen.answers[1]
        missing = points in (ERROR, [])
        ready = fleet.fulfilled
        for stamp, value in [] if missing else points:
            is_new = seen.now - (stamp + 60) < self.parameters["warmup_s"]
            if is_new or stamp == max(points)[0]:
                ready = min(ready, value)
        need = max(self.parameters["base_instances"], self.instances(fleet.target - ready, seen))
        return sized(need, seen, grows_only=missing)


class PoolPolicy(FleetPolicy):
    """Where the prices are missing they hold. What the fleet has in each pool is known in a simulation."""

    reads = (FLEET, PRICES)
    defaults = {"unknown_pools": "hold", **FleetPolicy.defaults}

    def wish(self, fleet, seen):
        rows = seen.answers[1]
        if rows in (ERROR, []):
            return None
        return sized(self.instances(self.units(fleet, rows), seen), seen)


class NPlusOne(PoolPolicy):
    defaults = {"domain": "pool", **PoolPolicy.defaults}

    def units(self, fleet, rows):
        domains = {}
        for row in rows:
            place = (row.zone, row.instance_type if self.parameters["domain"] == "pool" else None)
            domains[place] = domains.get(place, 0) + row.fulfilled
        return fleet.target + max(domains.values()) - fleet.fulfilled


class SpotHedge(PoolPolicy):
    defaults = {
        "limit_usd_per_unit_hour": "0.048",
        "start_percent": 50,
        "full_percent": 90,
        **PoolPolicy.defaults,
    }

    def units(self, fleet, rows):
        at_risk = sum(ceil(Fraction(self.permille(row) * row.fulfilled, 1000)) for row in rows)
        return fleet.target - (fleet.fulfilled - min(at_risk, fleet.fulfilled))

    def permille(self, row):
        """The share of the pool's capacity that is at risk."""
        limit = micro(self.parameters["limit_usd_per_unit_hour"])
        percent = Fraction(row.price * 1_000_000 * 100, row.weight * limit)
        start, full = self.parameters["start_percent"], self.parameters["full_percent"]
        if percent <= start:
            return 0
        if full <= start or percent >= full:
            return 1000
        return floor(1000 * (percent - start) / (full - start))
