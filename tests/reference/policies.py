"""The policies, from docs/policies.md: each is asked with the account and answers a wish.

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

    def decide(self, account):
        return None

    def stalest_point(self, account):
        return None


class PendingCapacity:
    def __init__(self, parameters):
        self.parameters = parameters
        self.last_pending = None

    def read(self, account):
        """Points of the three reads."""
        watch = account.cloudwatch
        return (
            watch.statistics("TargetCapacity", self.parameters["window_s"]),
            watch.statistics("PendingCapacity", self.parameters["lookback_s"]),
            watch.statistics("TargetCapacity", self.parameters["lookback_s"]),
        )

    def decide(self, account):
        window, pending_points, target_points = self.read(account)
        if len({value for _, value in window}) > 1:
            return None
        if not window and self.parameters["on_missing_window"] == "hold":
            return None
        pending = self.pending(pending_points, target_points)
        if pending is None:
            return None
        self.last_pending = pending
        need = self.instances_for(pending, account.scenario.units_per_instance)
        if self.parameters["clamp"]:
            need = max(need, account.scenario.min_size)
            need = min(need, account.scenario.max_size)
        desired = account.group.desired
        if need == desired:
            return None
        return need, need < desired

    def pending(self, pending_points, target_points):
        if pending_points and target_points:
            if self.parameters["newest"]:
                return max(pending_points)[1]
            return pending_points[0][1]
        if self.parameters["on_missing"] == "assume":
            return micro(self.parameters["assumed_units"])
        if self.parameters["on_missing"] == "last":
            return self.last_pending
        return None

    def instances_for(self, pending, group_units):
        units = self.parameters["units_per_instance"]
        per_instance = group_units if units is None else micro(units)
        # int() drops the fraction: toward zero.
        return int(Fraction(pending, per_instance) + Fraction(MICRO - 1, MICRO))

    def stalest_point(self, account):
        """Stamp of the oldest of the reads' newest points, or None where a read came back empty."""
        newest = [max(points)[0] if points else None for points in self.read(account)]
        return None if None in newest else min(newest)


def make(name, parameters):
    if name == "none":
        return NoBackup()
    presets = {"pending-capacity": PENDING_CAPACITY, "pending-capacity:seed": SEED}
    unknown = set(parameters) - set(PENDING_CAPACITY)
    if name not in presets or unknown:
        raise ValueError(f"policy {name} with {sorted(unknown)} has no second implementation")
    return PendingCapacity({**presets[name], **parameters})
