"""CloudWatch of the second implementation: points of the fleet, and the alarm on PendingCapacity."""

import draws
from invocations import falls_on_points

INSUFFICIENT_DATA = "INSUFFICIENT_DATA"
OK = "OK"
ALARM = "ALARM"

MINUTE = 60
HISTORY_S = 2 * 86400  # a warm start's points reach back this far

NUMBERS = {"TargetCapacity": 1, "PendingCapacity": 2, "FulfilledCapacity": 3, "TerminatingCapacity": 4}


class CloudWatch:
    def __init__(self, account):
        self.account = account
        self.scenario = account.scenario
        self.period = self.scenario.account["metric_period_s"]
        self.delay = self.scenario.account["metric_delay_s"]
        self.points = []  # (stamp, {metric: micro-units}), by stamp
        self.cluster_points = []  # (stamp, {metric: millionths of a percent}, readable from), by stamp
        self.readable = {}  # stamp -> second from which on its points can be read
        self.readable_seconds = set()
        self.alarm_state = INSUFFICIENT_DATA

    def values_now(self):
        fleet = self.account.fleet
        pending = fleet.target - fleet.published_fulfilled()
        if self.scenario.account["clamp_pending"]:
            pending = max(pending, 0)
        return {
            "TargetCapacity": fleet.target,
            "FulfilledCapacity": fleet.published_fulfilled(),
            "PendingCapacity": pending,
            "TerminatingCapacity": fleet.terminating(),
        }

    def fill_history(self):
        """As if the state at the run's start had always been."""
        start = self.account.now
        values = self.values_now()
        first = (start - HISTORY_S) // self.period * self.period
        for stamp in range(first, start, self.period):
            if stamp + self.period - 1 < start:
                self.add(stamp, values)
        # The alarm has long been what it is: no transition at the run's start.
        self.alarm_state = self.state_now()

    def add(self, stamp, values):
        seed = self.scenario.seed
        if draws.chance(self.scenario.account["metric_gap_permille"], seed, draws.METRIC_GAP, stamp):
            return
        delay = self.delay.draw(seed, draws.METRIC, stamp, 0, 0)
        faults = self.scenario.faults
        for place, fault in enumerate(faults):
            if fault.kind not in ("late-metrics", "missing-metrics"):
                continue
            if not falls_on_points(faults, place, seed, stamp, self.period):
                continue
            if fault.kind == "late-metrics":
                delay += fault.wait
            else:
                lost = set(values) if fault.metric is None else {fault.metric}
                values = {name: value for name, value in values.items() if name not in lost}
        if not values:
            return
        self.points.append((stamp, values))
        self.readable[stamp] = stamp + self.period + delay
        self.readable_seconds.add(self.readable[stamp])

    def publish(self):
        """The phase "metric publication": the last second of a period is what its point shows."""
        now = self.account.now
        if (now + 1) % self.period == 0 and self.account.fleet.is_active():
            self.add(now + 1 - self.period, self.values_now())
        if (now + 1) % MINUTE == 0:
            self.add_cluster(now + 1 - MINUTE)

    def fill_cluster_history(self):
        start = self.account.now
        for stamp in range((start - HISTORY_S) // MINUTE * MINUTE, start, MINUTE):
            if stamp + MINUTE - 1 < start:
                self.add_cluster(stamp)

    def add_cluster(self, stamp):
        """The cluster's point as it stands; lost and late as one of the fleet would be, faults apart."""
        values = self.account.cluster.reservation()
        seed = self.scenario.seed
        if not values or draws.chance(
            self.scenario.account["metric_gap_permille"], seed, draws.METRIC_GAP, stamp
        ):
            return
        delay = self.delay.draw(seed, draws.METRIC, stamp, 0, 0)
        self.cluster_points.append((stamp, values, stamp + MINUTE + delay))

    def query(self, metric, lookback):
        """Points of [now - lookback, now), its start rounded down to the minute, newest last."""
        now = self.account.now
        start = (now - lookback) // 60 * 60
        found = []
        for stamp, values in reversed(self.points):
            if stamp < start:
                break
            if metric in values and stamp < now and self.readable[stamp] <= now:
                found.append((stamp, values[metric]))
        return found[::-1]

    def readable_points(self, metric, start, end):
        """The values of [start, end) that can be read now, whatever their order."""
        now = self.account.now
        if metric.endswith("Reservation"):
            return [
                values[metric]
                for stamp, values, readable in self.cluster_points
                if start <= stamp < end and readable <= now
            ]
        found = []
        for stamp, values in reversed(self.points):
            if stamp < start:
                break
            if stamp < end and metric in values and self.readable[stamp] <= now:
                found.append(values[metric])
        return found

    def statistics(self, metric, lookback):
        """GetMetricStatistics: the points of query() in the order it returns them."""
        return draws.in_order_drawn(
            self.query(metric, lookback), self.scenario.seed, self.account.now, NUMBERS[metric]
        )

    def state_now(self):
        """What the newest readable point of the last three minutes and this one says."""
        now = self.account.now
        for stamp, values in reversed(self.points):
            if stamp < now // 60 * 60 - 180:
                break
            if "PendingCapacity" in values and self.readable[stamp] <= now:
                return ALARM if values["PendingCapacity"] > 0 else OK
        return INSUFFICIENT_DATA

    def alarm_rings(self):
        """Look at the alarm; whether it went into ALARM in this second."""
        now = self.account.now
        if now % 60 != 0 and now not in self.readable_seconds:
            return False
        before, self.alarm_state = self.alarm_state, self.state_now()
        return self.alarm_state == ALARM and before != ALARM
