"""The alarms by which a fleet is scaled, as docs/model.md, "Alarms", has them."""

from dataclasses import dataclass, field
from fractions import Fraction

UNIT = 1_000_000
MINUTE = 60

INSUFFICIENT_DATA, OK, ALARM = "INSUFFICIENT_DATA", "OK", "ALARM"

COMPARISONS = {
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}


def statistic(name, values):
    """Of a period's points, in millionths; None where it has none."""
    if not values:
        return None
    if name == "Average":
        return round(Fraction(sum(values), len(values)))
    if name == "SampleCount":
        return len(values) * UNIT
    return {"Minimum": min, "Maximum": max, "Sum": sum}[name](values)


@dataclass
class Alarm:
    metric: str
    statistic: str
    period: int
    periods: int  # EvaluationPeriods
    breaches: int  # DatapointsToAlarm
    threshold: int
    comparison: str
    missing: str = "missing"
    actions_enabled: bool = True
    policies: list = field(default_factory=list)  # names
    state: str = INSUFFICIENT_DATA

    def values(self, account, name):
        """Of the periods of the range, the newest first; None is missing."""
        now = account.now
        end = now // MINUTE * MINUTE
        count = self.periods + account.scenario.account["alarm_extra_points"]
        found = []
        for k in range(count):
            first, last = end - (k + 1) * self.period, end - k * self.period
            points = account.cloudwatch.readable_points(self.metric, first, last)
            found.append(statistic(name, points))
        return found

    def newest(self, account, name):
        """The value of the newest period that is not missing; None if all are."""
        for value in self.values(account, name):
            if value is not None:
                return value
        return None

    def breaks(self, value):
        return COMPARISONS[self.comparison](value, self.threshold)

    def evaluate(self, account):
        self.state = self.state_of(self.values(account, self.statistic))

    def state_of(self, values):
        there = [(k, self.breaks(value)) for k, value in enumerate(values) if value is not None]
        if len(there) >= self.periods:
            breaching = sum(breaks for _, breaks in there[: self.periods])
            return ALARM if breaching >= self.breaches else OK
        known = len(there)
        breaching = [k for k, breaks in there if breaks]
        if len(breaching) >= self.breaches:
            return ALARM
        if self.missing == "breaching":
            return ALARM if len(breaching) + self.periods - known >= self.breaches else OK
        if self.missing == "notBreaching":
            return OK
        if self.missing == "ignore":
            return OK if known > len(breaching) else self.state
        if known == 0:
            return INSUFFICIENT_DATA
        if known == len(breaching) and max(breaching) + 1 >= self.breaches:
            return ALARM
        return OK
