"""The policies, from docs/policies.md: each is asked with what its reads were answered, and answers a wish.

A wish is None (hold) or (desired capacity, honour the cooldown).
"""

from fractions import Fraction

from scenario import MICRO, micro

PENDING_CAPACITY = {
    "window_s": 600,
    "lookback_s": 900,
    "on_missing_window": "hold",
    "on_missing": "hold",
    "assumed_units": 32,
    "newest": True,
    "clamp": True,
    "units_per_instance": None,  # the backup group's own
}

SEED = {
    **PENDING_CAPACITY,
    "lookback_s": 60,
    "on_missing_window": "go-on",
    "on_missing": "assume",
    "newest": False,
    "clamp": False,
    "units_per_instance": 4,
}


class NoBackup:
    reads = ()

    def decide(self, scenario, answers, desired, memory):
        return None, memory


class PendingCapacity:
    """Its memory is the last pending value seen."""

    def __init__(self, parameters):
        self.parameters = parameters
        lookback = parameters["lookback_s"]
        self.reads = (
            ("TargetCapacity", parameters["window_s"]),
            ("PendingCapacity", lookback),
            ("TargetCapacity", lookback),
        )

    def decide(self, scenario, answers, desired, memory):
        """The wish, and what is remembered. An answer is a list of points, or "error"."""
        window, pending_points, target_points = answers
        if window == "error" or len({value for _, value in window}) > 1:
            return None, memory
        if not window and self.parameters["on_missing_window"] == "hold":
            return None, memory
        seen = [[] if points == "error" else points for points in (pending_points, target_points)]
        pending = self.pending(*seen, memory)
        if pending is None:
            return None, memory
        if all(seen):
            memory = pending
        if desired is None:
            return None, memory
        need = self.instances_for(pending, scenario.units_per_instance)
        if self.parameters["clamp"]:
            need = max(need, scenario.min_size)
            need = min(need, scenario.max_size)
        if need == desired:
            return None, memory
        return (need, need < desired), memory

    def pending(self, pending_points, target_points, memory):
        if pending_points and target_points:
            if self.parameters["newest"]:
                return max(pending_points)[1]
            return pending_points[0][1]
        if self.parameters["on_missing"] == "assume":
            return micro(self.parameters["assumed_units"])
        if self.parameters["on_missing"] == "last":
            return memory
        return None

    def instances_for(self, pending, group_units):
        units = self.parameters["units_per_instance"]
        per_instance = group_units if units is None else micro(units)
        # int() drops the fraction: toward zero.
        return int(Fraction(pending, per_instance) + Fraction(MICRO - 1, MICRO))


def make(name, parameters):
    if name == "none":
        return NoBackup()
    presets = {"pending-capacity": PENDING_CAPACITY, "pending-capacity:seed": SEED}
    unknown = set(parameters) - set(PENDING_CAPACITY)
    if name not in presets or unknown:
        raise ValueError(f"policy {name} with {sorted(unknown)} has no second implementation")
    return PendingCapacity({**presets[name], **parameters})
