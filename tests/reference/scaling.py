"""Application Auto Scaling of the fleet's target, as docs/model.md, "Scaling of the fleet", has it."""

from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, inf, trunc
from typing import Optional

from alarms import ALARM, MINUTE, UNIT, Alarm

OUT, IN = "out", "in"


def micro(value):
    return int(Fraction(str(value)) * UNIT)


@dataclass
class Policy:
    name: str
    out_cooldown: int
    in_cooldown: int


@dataclass
class StepPolicy(Policy):
    adjustment: str  # AdjustmentType
    steps: list  # [(lower, upper, adjustment)]
    least: int  # MinAdjustmentMagnitude
    aggregation: str

    def step(self, distance, greater):
        """The adjustment of the step that holds; None if none does."""
        closed_below = distance > 0 or (distance == 0 and greater)
        for lower, upper, adjustment in self.steps:
            if closed_below and lower <= distance < upper:
                return adjustment
            if not closed_below and lower < distance <= upper:
                return adjustment
        return None

    def size(self, base, adjustment):
        """Whole units that the adjustment comes to."""
        if self.adjustment == "ExactCapacity":
            return adjustment
        change = adjustment
        if self.adjustment == "PercentChangeInCapacity":
            exact = Fraction(base * adjustment, 100 * UNIT)
            change = trunc(exact)
            if 0 < abs(exact) < 1:
                change = 1 if exact > 0 else -1
            if adjustment > 0:
                change = max(change, self.least)
            if adjustment < 0:
                change = min(change, -self.least)
        return max(0, ceil(Fraction(base, UNIT) + change))


@dataclass
class TrackingPolicy(Policy):
    value: int
    high: Alarm
    low: Alarm
    scales_in: bool


@dataclass
class Scaling:
    least: int
    most: int
    suspended: set
    policies: list
    alarms: list


def bound(value, infinite):
    return infinite if value is None else micro(value)


def read_step_policy(name, settings):
    cooldown = int(settings.get("Cooldown", 300))
    return StepPolicy(
        name=name,
        out_cooldown=cooldown,
        in_cooldown=cooldown,
        adjustment=settings["AdjustmentType"],
        steps=[
            (
                bound(step.get("MetricIntervalLowerBound"), -inf),
                bound(step.get("MetricIntervalUpperBound"), inf),
                int(step["ScalingAdjustment"]),
            )
            for step in settings["StepAdjustments"]
        ],
        least=int(settings.get("MinAdjustmentMagnitude", 0)),
        aggregation=settings.get("MetricAggregationType", "Average"),
    )


def read_tracking_policy(name, settings, account):
    metric = settings["CustomizedMetricSpecification"]
    value = micro(settings["TargetValue"])

    def alarm(comparison, threshold, points):
        return Alarm(metric["MetricName"], metric["Statistic"], MINUTE, points, points, threshold, comparison)

    low = round(Fraction(value * account["aas_low_alarm_percent"], 100))
    return TrackingPolicy(
        name=name,
        out_cooldown=int(settings.get("ScaleOutCooldown", 300)),
        in_cooldown=int(settings.get("ScaleInCooldown", 300)),
        value=value,
        high=alarm("GreaterThanThreshold", value, account["aas_high_alarm_points"]),
        low=alarm("LessThanThreshold", low, account["aas_low_alarm_points"]),
        scales_in=not settings.get("DisableScaleIn", False),
    )


def read_alarm(entry):
    periods = int(entry["EvaluationPeriods"])
    return Alarm(
        metric=entry["MetricName"],
        statistic=entry["Statistic"],
        period=int(entry["Period"]),
        periods=periods,
        breaches=int(entry.get("DatapointsToAlarm", periods)),
        threshold=micro(entry["Threshold"]),
        comparison=entry["ComparisonOperator"],
        missing=entry.get("TreatMissingData", "missing"),
        actions_enabled=entry.get("ActionsEnabled", True),
        policies=list(entry.get("AlarmActions", [])),
    )


def read(document, account):
    """The Scaling of a scenario's `scaling`; None without one."""
    if document is None:
        return None
    target = document["target"]
    state = target.get("SuspendedState", {})
    suspended = set()
    if state.get("DynamicScalingOutSuspended"):
        suspended.add(OUT)
    if state.get("DynamicScalingInSuspended"):
        suspended.add(IN)
    policies = []
    for entry in document["policies"]:
        if "StepScalingPolicyConfiguration" in entry:
            policies.append(read_step_policy(entry["PolicyName"], entry["StepScalingPolicyConfiguration"]))
        else:
            settings = entry["TargetTrackingScalingPolicyConfiguration"]
            policies.append(read_tracking_policy(entry["PolicyName"], settings, account))
    return Scaling(
        least=int(target["MinCapacity"]),
        most=int(target["MaxCapacity"]),
        suspended=suspended,
        policies=policies,
        alarms=[read_alarm(entry) for entry in document.get("alarms", [])],
    )


@dataclass
class Wish:
    units: int
    direction: str
    policy: Policy
    base: int  # what a scale-out's cooldown keeps


@dataclass
class Scaler:
    """Evaluates the alarms once a minute and changes the fleet's target."""

    account: object
    out_until: Optional[int] = None
    out_base: int = 0
    in_until: Optional[int] = None
    tracking: list = field(default_factory=list)

    def __post_init__(self):
        self.scenario = self.account.scenario
        self.scaling = self.scenario.scaling
        if self.scaling is not None:
            self.tracking = [one for one in self.scaling.policies if isinstance(one, TrackingPolicy)]

    def second(self):
        """The phase "alarms"."""
        now = self.account.now
        if self.scaling is None or now % MINUTE != self.scenario.account["alarm_phase_s"]:
            return
        for alarm in self.scaling.alarms:
            alarm.evaluate(self.account)
        for policy in self.tracking:
            policy.high.evaluate(self.account)
            policy.low.evaluate(self.account)
        fleet = self.account.fleet
        if not fleet.is_active():
            return
        wishes = [wish for wish in self.wishes() if wish is not None]
        if not wishes:
            return
        wish = max(wishes, key=lambda one: one.units)
        if wish.units * UNIT == fleet.target:
            return
        self.begin_cooldown(wish)
        fleet.modify(wish.units * UNIT, None)

    def begin_cooldown(self, wish):
        now = self.account.now
        if wish.direction == OUT:
            self.out_base = wish.base
            self.out_until = now + wish.policy.out_cooldown
            self.in_until = None
        else:
            self.in_until = now + wish.policy.in_cooldown

    # ---- what policies want -------------------------------------------------------------------

    def cools_out(self):
        return self.out_until is not None and self.account.now < self.out_until

    def cools_in(self):
        return self.in_until is not None and self.account.now < self.in_until

    def base(self, direction):
        if direction == OUT and self.cools_out():
            return self.out_base
        if self.scenario.account["aas_base"] == "target":
            return self.account.fleet.target
        return self.account.fleet.published_fulfilled()

    def wishes(self):
        by_name = {policy.name: policy for policy in self.scaling.policies}
        for alarm in self.scaling.alarms:
            if alarm.state == ALARM and alarm.actions_enabled:
                for name in alarm.policies:
                    yield self.stepped(by_name[name], alarm)
        for policy in self.tracking:
            yield self.tracked(policy)

    def stepped(self, policy, alarm):
        metric = alarm.newest(self.account, policy.aggregation)
        if metric is None:
            return None
        greater = alarm.comparison.startswith("Greater")
        adjustment = policy.step(metric - alarm.threshold, greater)
        if adjustment is None:
            return None
        if policy.adjustment == "ExactCapacity":
            direction = OUT if adjustment * UNIT >= self.account.fleet.target else IN
        else:
            direction = OUT if adjustment >= 0 else IN
        base = self.base(direction)
        return self.wish(policy.size(base, adjustment), direction, policy, base)

    def tracked(self, policy):
        if policy.high.state == ALARM:
            direction, alarm = OUT, policy.high
        elif policy.low.state == ALARM and policy.scales_in:
            direction, alarm = IN, policy.low
            if any(one.scales_in and one.low.state != ALARM for one in self.tracking):
                return None
        else:
            return None
        metric = alarm.newest(self.account, alarm.statistic)
        if metric is None:
            return None
        base = self.base(direction)
        return self.wish(ceil(Fraction(base * metric, UNIT * policy.value)), direction, policy, base)

    def wish(self, units, direction, policy, base):
        """What is left of it after direction, bounds and cooldowns."""
        if direction in self.scaling.suspended:
            return None
        if direction == IN and self.cools_in():
            return None
        target = self.account.fleet.target
        wanted = units * UNIT
        if direction == OUT and wanted < target:
            if self.scenario.account["aas_never_decrease_on_scale_out"] or self.cools_out():
                wanted = target
        if direction == IN:
            wanted = min(wanted, target)
        wanted = min(max(wanted, self.scaling.least * UNIT), self.scaling.most * UNIT)
        return Wish(wanted // UNIT, direction, policy, base)
