"""The policies, from docs/policies.md.

A policy has `reads` and `defaults`, and decides from what was Seen and what it remembers: it answers a wish, None (hold)
or (desired capacity, honour the cooldown), and what is remembered from then on.
"""

from fleet_policies import AlwaysOnDemand, DynamicFallback, NPlusOne, SpotHedge, TargetHeadroom
from metric_policies import Forecast, Hysteresis, PendingCapacity
from sizing import sized


class NoBackup:
    reads = ()
    defaults = {}

    def __init__(self, parameters):
        pass

    def decide(self, seen, memory):
        return None, memory


class StaticBase:
    reads = ()
    defaults = {"instances": 1}

    def __init__(self, parameters):
        self.instances = parameters["instances"]

    def decide(self, seen, memory):
        return sized(self.instances, seen), memory


POLICIES = {
    "none": NoBackup,
    "pending-capacity": PendingCapacity,
    "static-base": StaticBase,
    "always-on-demand": AlwaysOnDemand,
    "target-headroom": TargetHeadroom,
    "hysteresis": Hysteresis,
    "dynamic-fallback": DynamicFallback,
    "n-plus-one": NPlusOne,
    "spot-hedge": SpotHedge,
    "forecast": Forecast,
}


def make(name, parameters):
    base, _, preset = name.partition(":")
    kind = POLICIES.get(base)
    if kind is None or preset not in ("", "seed") or set(parameters) - set(kind.defaults):
        raise ValueError(f"policy {name} with {sorted(parameters)} has no second implementation")
    return kind({**kind.defaults, **(kind.seed if preset else {}), **parameters})
