"""Policies that read the fleet's metrics, from docs/policies.md."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Optional

from observation import ERROR, Metric
from scenario import micro
from sizing import grow_only, instances_for, shrink_only, sized, wish_for


def newest(points):
    return max(points)[1]


class PendingCapacity:
    """Its memory is the last pending value seen."""

    defaults = {
        "window_s": 600,
        "lookback_s": 900,
        "on_missing_window": "hold",
        "on_missing": "hold",
        "assumed_units": 32,
        "newest": True,
        "clamp": True,
        "units_per_instance": None,  # the backup group's own
    }
    seed = {
        "lookback_s": 60,
        "on_missing_window": "go-on",
        "on_missing": "assume",
        "newest": False,
        "clamp": False,
        "units_per_instance": 4,
    }

    def __init__(self, parameters):
        self.parameters = parameters
        lookback = parameters["lookback_s"]
        self.reads = (
            Metric("TargetCapacity", parameters["window_s"]),
            Metric("PendingCapacity", lookback),
            Metric("TargetCapacity", lookback),
        )

    def decide(self, seen, memory):
        """The wish, and what is remembered."""
        window, pending_points, target_points = seen.answers
        if window == ERROR or len({value for _, value in window}) > 1:
            return None, memory
        if not window and self.parameters["on_missing_window"] == "hold":
            return None, memory
        found = [[] if points == ERROR else points for points in (pending_points, target_points)]
        pending = self.pending(*found, memory)
        if pending is None:
            return None, memory
        if all(found):
            memory = pending
        need = instances_for(pending, seen, self.parameters)
        if self.parameters["clamp"]:
            return sized(need, seen), memory
        return wish_for(need, seen.group), memory

    def pending(self, pending_points, target_points, memory):
        if pending_points and target_points:
            return newest(pending_points) if self.parameters["newest"] else pending_points[0][1]
        if self.parameters["on_missing"] == "assume":
            return micro(self.parameters["assumed_units"])
        if self.parameters["on_missing"] == "last":
            return memory
        return None


class Hysteresis:
    defaults = {
        "out_above_percent": 10,
        "in_below_percent": 5,
        "window_s": 600,
        "lookback_s": 900,
        "units_per_instance": None,
    }

    def __init__(self, parameters):
        self.parameters = parameters
        self.reads = (
            Metric("TargetCapacity", parameters["window_s"]),
            Metric("PendingCapacity", parameters["lookback_s"]),
        )

    def decide(self, seen, memory):
        window, pending_points = seen.answers
        if ERROR in (window, pending_points) or not window or not pending_points:
            return None, memory
        if len({value for _, value in window}) > 1:
            return None, memory
        target, pending = newest(window), newest(pending_points)
        wish = sized(instances_for(pending, seen, self.parameters), seen)
        if 100 * pending > self.parameters["out_above_percent"] * target:
            return grow_only(wish), memory
        if pending <= 0 or 100 * pending < self.parameters["in_below_percent"] * target:
            return shrink_only(wish), memory
        return None, memory


@dataclass(frozen=True)
class Seasons:
    """What forecast remembers: the most of an hour that lasts, and what was learned of others."""

    hour: int = 0
    most: Optional[int] = None
    slots: tuple = ()  # ((slot, micro-units), ...)


class Forecast:
    defaults = {
        "season": "day",
        "smoothing_percent": 30,
        "lead_s": 300,
        "least_units": 1,
        "lookback_s": 900,
        "units_per_instance": None,
    }

    def __init__(self, parameters):
        self.parameters = parameters
        self.season_hours = {"day": 24, "week": 168}[parameters["season"]]
        self.reads = (Metric("PendingCapacity", parameters["lookback_s"]),)

    def decide(self, seen, memory):
        (points,) = seen.answers
        pending = None if points in (ERROR, []) else max(0, newest(points))
        memory = self.learn(memory or Seasons(), seen.now // 3600, pending)
        expected = max(self.slot(memory, seen.now), self.slot(memory, seen.now + self.parameters["lead_s"]))
        if expected < micro(self.parameters["least_units"]):
            expected = 0
        units = expected if pending is None else max(pending, expected)
        need = instances_for(units, seen, self.parameters)
        return sized(need, seen, grows_only=pending is None), memory

    def slot(self, memory, second):
        return dict(memory.slots).get(second // 3600 % self.season_hours, 0)

    def learn(self, memory, hour, pending):
        slots, most = dict(memory.slots), memory.most
        if most is not None and hour > memory.hour:
            slot = memory.hour % self.season_hours
            weight = self.parameters["smoothing_percent"]
            if slot in slots:
                slots[slot] = Fraction(slots[slot] * (100 - weight) + most * weight, 100).__floor__()
            else:
                slots[slot] = most
            most = None
        if pending is not None:
            most = pending if most is None else max(most, pending)
        return Seasons(hour, most, tuple(slots.items()))
