"""The policies and the modifiers around them, from docs/policies.md and docs/modifiers.md.

A policy has `reads` and `defaults`, and decides from what was Seen and what it remembers: it answers a wish, which is
None (hold) or (desired capacity, honour the cooldown), and what is remembered from then on.
"""

from fleet_policies import AlwaysOnDemand, DynamicFallback, NPlusOne, SpotHedge, TargetHeadroom
from metric_policies import Forecast, Hysteresis, PendingCapacity
from modifiers import MODIFIERS
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


class Modified:
    """A policy with modifiers around it; each remembers for itself."""

    def __init__(self, policy, modifiers):
        self.policy = policy
        self.modifiers = modifiers
        self.reads = policy.reads

    def decide(self, seen, memory):
        memories = memory or [None] * (1 + len(self.modifiers))
        wish, kept = self.policy.decide(seen, memories[0])
        remembered = [kept]
        for modifier, memory_of_it in zip(self.modifiers, memories[1:]):
            wish, kept = modifier.apply(seen, wish, memory_of_it)
            remembered.append(kept)
        return wish, tuple(remembered)


def build(kind, given, preset=None):
    values = {**kind.defaults, **(preset or {})}
    values.update({name: value for name, value in given.items() if name in values})
    return kind(values)


def make(name, parameters):
    parts = name.split("+")
    base = "pending-capacity" if parts[0] in MODIFIERS else parts.pop(0)
    base, _, preset = base.partition(":")
    kinds = [POLICIES.get(base), *(MODIFIERS.get(part) for part in parts)]
    if None in kinds or preset not in ("", "seed"):
        raise ValueError(f"policy {name} has no second implementation")
    unknown = set(parameters) - {key for kind in kinds for key in kind.defaults}
    if unknown:
        raise ValueError(f"policy {name} has no {sorted(unknown)[0]}")
    policy = build(kinds[0], parameters, kinds[0].seed if preset else None)
    if not parts:
        return policy
    return Modified(policy, [build(kind, parameters) for kind in kinds[1:]])
