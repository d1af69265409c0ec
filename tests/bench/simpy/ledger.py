"""What is summed while the model runs: capacity over time, bills, counts; and the figures made of it."""

from bisect import bisect_right
from fractions import Fraction

HOUR = 3600


def half_even(numerator, denominator):
    return round(Fraction(numerator, denominator))


class Ledger:
    def __init__(self, scenario):
        self.scenario = scenario
        self.now = scenario.start  # up to here the sums are made
        self.required = 0
        self.spot_up = 0
        self.backup_up = 0
        self.backup_running = 0  # instances
        self.sums = dict.fromkeys(("required", "served_spot", "served_on_demand", "unfulfilled", "surplus"), 0)
        self.shortfall_s = self.episodes = self.worst = self.recovery_s = 0
        self.short = False
        self.backup_up_s = self.all_on_demand_s = 0
        self.spot_bill = self.backup_bill = 0  # micro-USD-seconds an hour
        self.events = dict.fromkeys(
            ("evaluations", "spot_launches", "spot_interruptions", "on_demand_launches",
             "on_demand_launch_failures", "scale_out", "scale_in", "scale_in_refused",
             "scale_in_refused_episodes", "scale_in_blocked_s"), 0)  # fmt: skip

    def settle(self, now):
        """Add up what has been since the last change; to be called before each."""
        length = now - self.now
        if length == 0:
            return
        self.now = now
        required, spot, backup = self.required, self.spot_up, self.backup_up
        by_spot = min(required, spot)
        by_backup = min(required - by_spot, backup)
        missing = required - by_spot - by_backup
        sums = self.sums
        sums["required"] += required * length
        sums["served_spot"] += by_spot * length
        sums["served_on_demand"] += by_backup * length
        sums["unfulfilled"] += missing * length
        sums["surplus"] += (spot + backup - by_spot - by_backup) * length
        self.backup_up_s += backup * length
        self.all_on_demand_s += -(-required // self.scenario.backup_units) * length
        if missing:
            self.shortfall_s += length
            self.episodes += not self.short
            self.worst = max(self.worst, missing)
        self.short = missing > 0
        if spot >= required and self.backup_running:
            self.recovery_s += length

    def charged_until(self, running, ended, by_ec2):
        """Whole hours, the last one free if EC2 ended the instance; up to the end of the run if nobody did."""
        if ended is None:
            return self.scenario.end
        hours, rest = divmod(ended - running, HOUR)
        if not by_ec2 and (rest or not hours):
            hours += 1
        return running + hours * HOUR

    def charge_spot(self, pool, running, ended, by_ec2):
        """Each hour of an instance has the price at its beginning."""
        until = self.charged_until(running, ended, by_ec2)
        times, prices = pool.times, pool.prices
        at = bisect_right(times, running) - 1
        last = len(times) - 1
        bill = 0
        for hour in range(running, until, HOUR):
            while at < last and times[at + 1] <= hour:
                at += 1
            bill += prices[at] * min(HOUR, until - hour)
        self.spot_bill += bill

    def charge_backup(self, running, ended):
        price = self.scenario.on_demand[self.scenario.backup_type]
        self.backup_bill += price * (self.charged_until(running, ended, False) - running)

    def figures(self):
        spot, backup = half_even(self.spot_bill, HOUR), half_even(self.backup_bill, HOUR)
        idle_s = self.backup_up_s - self.sums["served_on_demand"]
        price = self.scenario.on_demand[self.scenario.backup_type]
        return {
            "cost": {
                "spot_micro_usd": spot,
                "on_demand_micro_usd": backup,
                "other_micro_usd": 0,
                "total_micro_usd": spot + backup,
                "all_on_demand_micro_usd": half_even(self.all_on_demand_s * price, HOUR),
                "on_demand_surplus_micro_usd": half_even(backup * idle_s, self.backup_up_s or 1),
                "lower_bound_micro_usd": None,
                "full_service_bound_micro_usd": None,
                "regret_micro_usd": None,
            },
            "capacity": {
                **{f"{name}_unit_s": total for name, total in self.sums.items()},
                "shortfall_s": self.shortfall_s,
                "shortfall_episodes": self.episodes,
                "worst_shortfall_units": self.worst,
                "recovery_s": self.recovery_s,
                "task_unserved_s": 0,
            },
            "events": self.events,
        }
