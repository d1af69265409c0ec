"""The controller's world: events, what becomes of them, and the function they invoke (docs/model.md, "Faults")."""

from dataclasses import dataclass, field
from typing import Optional

import draws
import observation
from group import ACCEPTED, IN_PROGRESS, VALIDATION_ERROR
from observation import ERROR, Metric, Seen

SCHEDULE = "schedule"
ALARM = "alarm"
DRY_RUN = "dry-run"
NOT_CALLED = "not-called"
FAILED = "failed"

INVOCATION, STATISTICS, GROUP, SET_DESIRED = 0, 1, 4, 7
CALLS = {
    "GetMetricStatistics": STATISTICS,
    observation.FLEET: 3,
    observation.PRICES: 6,
    "DescribeAutoScalingGroups": GROUP,
    "SetDesiredCapacity": SET_DESIRED,
}
TRIGGERS = {SCHEDULE: 0, ALARM: 1}
POINTS = 2
RETRY_AFTER = (60, 120)
KEPT_S = 6 * 3600


def falls_in_time(fault, second, width):
    """Whether `second` is one of those the fault can fall on; a given time is `width` wide."""
    if fault.times is not None:
        return second // width in {time // width for time in fault.times}
    return (fault.start is None or second >= fault.start) and (
        fault.end is None or second < fault.end
    )


def falls_on_points(faults, place, seed, stamp, period):
    fault = faults[place]
    return falls_in_time(fault, stamp, period) and draws.chance(
        fault.permille, seed, draws.FAULT, place, POINTS, stamp
    )


@dataclass
class Evaluation:
    """One evaluation; `desired` is None where it held, `before` where the group was unknown."""

    second: int  # of its reads
    trigger: str
    desired: Optional[int]
    honor_cooldown: bool
    before: Optional[int]
    outcome: str  # as told
    accepted: bool  # by the account, whatever was told


@dataclass
class Invocation:
    trigger: str
    event: int
    copy: int = 0
    attempt: int = 0
    delivered: Optional[int] = None
    throttles: int = 0
    calls: dict = field(default_factory=dict)  # made so far, by kind


@dataclass
class Running:
    """Between its reads and its calls; `wish` is None where it will do nothing."""

    until: int
    invocation: Optional[Invocation]  # None: it dies
    read_at: int = 0
    before: Optional[int] = None
    wish: Optional[tuple] = None
    memory: object = None


class Controller:
    def __init__(self, account, policy):
        self.account = account
        self.scenario = account.scenario
        self.faults = self.scenario.faults
        self.policy = policy
        self.memory = None  # the policy's
        self.schedule_ordinal = 0
        self.put_off = []  # (second, ordinal): by jitter
        self.later = []  # (second, invocation), in the order in which they were caused
        self.running = []  # in the order in which they began
        self.evaluations = []

    # ---- faults -------------------------------------------------------------------------------

    def falls(self, place, invocation, call=INVOCATION, nth=0):
        fault = self.faults[place]
        return falls_in_time(fault, self.account.now, 60) and draws.chance(
            fault.permille,
            self.scenario.seed,
            draws.FAULT,
            place,
            TRIGGERS[invocation.trigger],
            invocation.event,
            invocation.copy,
            invocation.attempt,
            call,
            nth,
        )

    def of_kind(self, *kinds):
        return [place for place, fault in enumerate(self.faults) if fault.kind in kinds]

    def call(self, invocation, call):
        """Count a call; the api-error that falls on it, or None, and its number."""
        nth = invocation.calls.get(call, 0)
        invocation.calls[call] = nth + 1
        for place in self.of_kind("api-error"):
            wanted = self.faults[place].call
            if wanted is not None and CALLS.get(wanted) != call:
                continue
            if self.falls(place, invocation, call, nth):
                return self.faults[place], nth
        return None, nth

    # ---- events -------------------------------------------------------------------------------

    def event(self, trigger, number):
        first = Invocation(trigger, number)
        if any(self.falls(place, first) for place in self.of_kind("invocation-dropped")):
            return
        for place in self.of_kind("duplicate-invocation"):
            if self.falls(place, first):
                when = self.account.now + self.faults[place].wait
                self.later.append((when, Invocation(trigger, number, copy=place + 1)))
        self.deliver(first)

    def deliver(self, invocation):
        now = self.account.now
        if invocation.delivered is None:
            invocation.delivered = now
        concurrency = self.scenario.controller["concurrency"]
        if concurrency and len(self.running) >= concurrency:
            wait = min(2**invocation.throttles, 300)
            invocation.throttles += 1
            if now + wait - invocation.delivered <= KEPT_S:
                self.later.append((now + wait, invocation))
            return
        for place in self.of_kind("function-error", "function-timeout"):
            if self.falls(place, invocation):
                self.fail(invocation, self.faults[place])
                return
        duration = self.scenario.controller["duration_s"].draw(
            self.scenario.seed,
            draws.DURATION,
            TRIGGERS[invocation.trigger],
            invocation.event,
            invocation.copy + (invocation.attempt << 32),
        )
        running = self.read_and_decide(invocation, duration)
        if duration == 0:
            self.act(running)
        else:
            self.running.append(running)

    def fail(self, invocation, fault):
        now = self.account.now
        takes = 0
        if fault.kind == "function-timeout":
            takes = fault.wait
            self.running.append(Running(now + takes, None))
        if fault.retried and invocation.attempt < len(RETRY_AFTER):
            again = Invocation(
                invocation.trigger,
                invocation.event,
                invocation.copy,
                invocation.attempt + 1,
                invocation.delivered,
                invocation.throttles,
            )
            self.later.append((now + takes + RETRY_AFTER[invocation.attempt], again))

    # ---- one invocation -----------------------------------------------------------------------

    def statistics(self, invocation, metric, lookback):
        """GetMetricStatistics: points in the order returned, or ERROR."""
        error, nth = self.call(invocation, STATISTICS)
        if error is not None:
            return ERROR
        points = self.account.cloudwatch.statistics(metric, lookback)
        for place in self.of_kind("metric-order"):
            if self.falls(place, invocation, STATISTICS, nth):
                return sorted(points, reverse=not self.faults[place].oldest_first)
        return points

    def answer(self, invocation, read):
        if isinstance(read, Metric):
            return self.statistics(invocation, read.name, read.lookback)
        error, _ = self.call(invocation, CALLS[read])
        if error is not None:
            return ERROR
        describe = observation.fleet_of if read == observation.FLEET else observation.prices_of
        return describe(self.account)

    def read_and_decide(self, invocation, duration):
        now = self.account.now
        answers = [self.answer(invocation, read) for read in self.policy.reads]
        error, _ = self.call(invocation, GROUP)
        group = None if error is not None else observation.group_of(self.account)
        before = None if group is None else group.desired
        seen = Seen(now, answers, group, self.scenario.units_per_instance)
        wish, memory = self.policy.decide(seen, self.memory)
        wish = self.guard(wish, before, answers)
        return Running(now + duration, invocation, now, before, wish, memory)

    def guard(self, wish, before, answers):
        guards = self.scenario.controller["guards"]
        if wish is None:
            return None
        desired, honor_cooldown = wish
        step = guards.get("max_step_instances", 0)
        if step and desired > before + step:
            desired = before + step
        most = guards.get("max_desired_instances", 0)
        if most and desired > most:
            if desired > before and most <= before:
                return None
            desired = most
        stale_after = guards.get("stale_after_s", 0)
        if stale_after and desired < before:
            metrics = [
                answer
                for read, answer in zip(self.policy.reads, answers)
                if isinstance(read, Metric)
            ]
            if any(answer in (ERROR, []) for answer in metrics):
                return None
            newest = [max(answer)[0] for answer in metrics]
            if newest and self.account.now - (min(newest) + 60) > stale_after:
                return None
        return desired, honor_cooldown

    def act(self, running):
        account = self.account
        account.count("events.evaluations")
        self.memory = running.memory
        outcome, answered = NOT_CALLED, NOT_CALLED
        before = account.group.desired
        desired, honor_cooldown = running.wish or (None, False)
        if running.wish is not None:
            if self.scenario.controller["guards"].get("dry_run", False):
                outcome = DRY_RUN
            else:
                error, _ = self.call(running.invocation, SET_DESIRED)
                if error is None or error.after_effect:
                    answered = account.group.set_desired_capacity(desired, honor_cooldown)
                outcome = answered if error is None else FAILED
        self.evaluations.append(
            Evaluation(
                running.read_at,
                running.invocation.trigger,
                desired,
                honor_cooldown,
                running.before,
                outcome,
                answered == ACCEPTED,
            )
        )
        if answered == ACCEPTED and desired != before:
            account.count("events.scale_out" if desired > before else "events.scale_in")
        account.note_refusal(answered in (IN_PROGRESS, VALIDATION_ERROR) and desired < before)

    # ---- one second ---------------------------------------------------------------------------

    def second(self):
        now = self.account.now
        ending = [one for one in self.running if one.until == now]
        self.running = [one for one in self.running if one.until != now]
        for one in ending:
            if one.invocation is not None:
                self.act(one)
        controller = self.scenario.controller
        if controller["alarm"] and self.account.cloudwatch.alarm_rings():
            self.event(ALARM, now)
        if (now - controller["phase_s"]) % controller["every_s"] == 0:
            ordinal = self.schedule_ordinal
            self.schedule_ordinal += 1
            jitter = controller["jitter_s"].draw(self.scenario.seed, draws.JITTER, ordinal, 0, 0)
            if jitter == 0:
                self.event(SCHEDULE, ordinal)
            else:
                self.put_off.append((now + jitter, ordinal))
        for when, ordinal in self.put_off:
            if when == now:
                self.event(SCHEDULE, ordinal)
        self.put_off = [one for one in self.put_off if one[0] > now]
        for when, invocation in list(self.later):
            if when == now:
                self.deliver(invocation)
        self.later = [one for one in self.later if one[0] > now]
