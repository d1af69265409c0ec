"""The modifiers, from docs/modifiers.md: each sees what the policy saw, and the wish as it has become by then.

`apply` answers the wish that is left of it, and what is remembered.
"""

from dataclasses import dataclass, replace
from typing import Optional

MORE, LESS, NEITHER = "more", "less", "neither"


def direction(wish, group):
    if group is None or wish is None or wish[0] == group.desired:
        return NEITHER
    return MORE if wish[0] > group.desired else LESS


def give_back(wish, group, most):
    """The wish for less, of which at most so many instances go."""
    if most <= 0:
        return None
    return max(wish[0], group.desired - most), wish[1]


class Grace:
    """Its memory is since when more has been wanted."""

    defaults = {"grace_s": 300}

    def __init__(self, parameters):
        self.grace = parameters["grace_s"]

    def apply(self, seen, wish, since):
        if direction(wish, seen.group) == MORE:
            since = seen.now if since is None else since
            return (wish if seen.now - since >= self.grace else None), since
        return wish, (None if seen.everything() else since)


class Stabilise:
    """Its memory is what was wanted: (from when on, instances), by time."""

    defaults = {"out_window_s": 0, "in_window_s": 300}
    remembered = 96

    def __init__(self, parameters):
        self.windows = {MORE: parameters["out_window_s"], LESS: parameters["in_window_s"]}

    def apply(self, seen, wish, history):
        history = history or ()
        group = seen.group
        if group is None or (wish is None and not seen.everything()):
            return wish, history
        size = group.desired if wish is None else wish[0]
        if not history or history[-1][1] != size:
            history = (*history, (seen.now, size))[-self.remembered :]
        way = direction(wish, group)
        if way == NEITHER:
            return wish, history
        wanted = list(self.within(history, seen.now - self.windows[way]))
        size = min(wanted) if way == MORE else max(wanted)
        if direction((size, None), group) != way:
            return None, history
        return (size, wish[1]), history

    @staticmethod
    def within(history, since):
        """What was wanted after that second; each counts until the next."""
        for place, (_, size) in enumerate(history):
            is_last = place + 1 == len(history)
            if is_last or history[place + 1][0] > since:
                yield size


@dataclass(frozen=True)
class Returned:
    desired: Optional[int] = None  # as seen last
    since: Optional[int] = None  # when the interval began
    gone: int = 0


class RateLimit:
    defaults = {"in_instances": 1, "in_interval_s": 300}

    def __init__(self, parameters):
        self.most = parameters["in_instances"]
        self.interval = parameters["in_interval_s"]

    def apply(self, seen, wish, memory):
        memory = memory or Returned()
        if seen.group is None:
            return wish, memory
        now, desired = seen.now, seen.group.desired
        if memory.since is not None and now - memory.since >= self.interval:
            memory = replace(memory, since=None, gone=0)
        if memory.desired is not None and desired < memory.desired:
            since = now if memory.since is None else memory.since
            memory = replace(memory, since=since, gone=memory.gone + memory.desired - desired)
        memory = replace(memory, desired=desired)
        if direction(wish, seen.group) == LESS:
            wish = give_back(wish, seen.group, self.most - memory.gone)
        return wish, memory


class ReturnHours:
    defaults = {"in_from_s": 0, "in_until_s": 86400}

    def __init__(self, parameters):
        self.first = parameters["in_from_s"]
        self.until = parameters["in_until_s"]

    def is_open(self, second):
        if self.until < self.first:
            return second >= self.first or second < self.until
        return self.first <= second < self.until

    def apply(self, seen, wish, memory):
        if direction(wish, seen.group) == LESS and not self.is_open(seen.now % 86400):
            return None, memory
        return wish, memory


class BillingHour:
    """Its memory is when each of those in service was first seen."""

    defaults = {"paid_s": 3600, "margin_s": 300}
    seen_late = 120

    def __init__(self, parameters):
        self.paid = parameters["paid_s"]
        self.margin = parameters["margin_s"]

    def left(self, now, since):
        """Seconds until its paid time ends; what had not begun by then has all of it before it."""
        return self.paid - (now - since) % self.paid if since <= now else since + self.paid - now

    def apply(self, seen, wish, began):
        began = list(began or ())
        group = seen.group
        if group is None:
            return wish, tuple(began)
        began.sort(key=lambda since: self.left(seen.now - self.seen_late, since))
        began = began[max(0, len(began) - group.in_service) :]
        began += [seen.now] * (group.in_service - len(began))
        if direction(wish, group) == LESS:
            about_to_end = sum(self.left(seen.now, since) <= self.margin for since in began)
            never_served = max(0, group.desired - group.in_service)
            wish = give_back(wish, group, about_to_end + never_served)
        return wish, tuple(began)


@dataclass(frozen=True)
class Losses:
    count: int = 0
    began: Optional[int] = None  # the last one
    lasts: bool = False
    less_since: Optional[int] = None


class Backoff:
    defaults = {"first_s": 600, "max_s": 7200, "forget_s": 21600}

    def __init__(self, parameters):
        self.first = parameters["first_s"]
        self.most = parameters["max_s"]
        self.forget = parameters["forget_s"]

    def apply(self, seen, wish, memory):
        memory = memory or Losses()
        way = direction(wish, seen.group)
        if way == MORE:
            return wish, self.lost(memory, seen.now)
        if way == NEITHER:
            if seen.everything():
                memory = replace(memory, less_since=None)
            return wish, memory
        since = seen.now if memory.less_since is None else memory.less_since
        memory = replace(memory, lasts=False, less_since=since)
        wait = 0 if memory.count == 0 else min(self.first * 2 ** (memory.count - 1), self.most)
        return (wish if seen.now - since >= wait else None), memory

    def lost(self, memory, now):
        if memory.lasts:
            return replace(memory, less_since=None)
        is_another = memory.began is not None and now - memory.began <= self.forget
        return Losses(memory.count + 1 if is_another else 1, now, True)


MODIFIERS = {
    "grace": Grace,
    "stabilise": Stabilise,
    "rate-limit": RateLimit,
    "return-hours": ReturnHours,
    "billing-hour": BillingHour,
    "backoff": Backoff,
}
