"""The backup Auto Scaling group of the second implementation."""

from instance import ON_DEMAND
from launch_failures import Launches

ACCEPTED = "accepted"
IN_PROGRESS = "ScalingActivityInProgress"
VALIDATION_ERROR = "ValidationError"


class BackupGroup:
    def __init__(self, account):
        self.account = account
        self.scenario = account.scenario
        self.desired = self.scenario.desired_capacity
        self.launches = Launches(self)
        self.standing = []  # [(second, the desired capacity from then on)]
        self.activity_ends = []  # second at which each activity that cools ends
        self.failed_ends = []  # likewise of launches that failed

    def instances(self):
        return [one for one in self.account.alive if one.kind == ON_DEMAND and not one.of_fleet]

    def is_blocked(self):
        """An activity is in progress, or the cooldown after the last one's end is not over."""
        now = self.account.now
        cooling = list(self.activity_ends)
        if self.scenario.account["failed_launch_cools"]:
            cooling += self.failed_ends
        in_progress = any(end > now for end in self.activity_ends + self.failed_ends)
        return in_progress or any(now < end + self.scenario.cooldown for end in cooling)

    def set_desired_capacity(self, desired, honor_cooldown):
        if not self.scenario.min_size <= desired <= self.scenario.max_size:
            return VALIDATION_ERROR
        if honor_cooldown and self.is_blocked():
            return IN_PROGRESS
        before, self.desired = self.desired, desired
        self.standing.append((self.account.now, desired))
        if desired > before:
            self.launch(desired - before)
        else:
            self.launches.give_up(before - desired)
        while len(self.instances()) > self.desired:
            self.terminate_one()
        return ACCEPTED

    def zones_by_need(self):
        """Those with fewest instances first."""
        return sorted(
            self.scenario.zones, key=lambda zone: (self.count_in(zone), self.order(zone))
        )

    def launch(self, instances, warm=False):
        """Returns how many of them were launched."""
        launched = 0
        for _ in range(instances):
            zone = self.zones_by_need()[0] if warm else self.launches.zone_of_next()
            if zone is None:
                continue
            launched += 1
            one = self.account.launch(
                kind=ON_DEMAND,
                instance_type=self.scenario.backup_type,
                zone=zone,
                weight=self.scenario.units_per_instance,
                pool=-1,
                slot=-1,
                of_fleet=False,
                warm=warm,
            )
            if not warm:
                self.activity_ends.append(one.run_at)
                self.account.count("events.on_demand_launches")
        return launched

    def order(self, zone):
        return self.scenario.zones.index(zone)

    def count_in(self, zone):
        return sum(one.zone == zone for one in self.instances())

    def terminate_one(self):
        now = self.account.now
        zone = min(self.scenario.zones, key=lambda zone: (-self.count_in(zone), self.order(zone)))

        def order(one):
            if one.running is None:
                return (0, -one.number, 0)
            return (1, -((now - one.running) % 3600), one.number)

        victim = min((one for one in self.instances() if one.zone == zone), key=order)
        cause = "launch-cancelled" if victim.running is None else "group-scale-in"
        self.account.end(victim, cause)
        self.activity_ends.append(now + self.scenario.account["group_termination_s"])
