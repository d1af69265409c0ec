"""The backup Auto Scaling group of the second implementation."""

from instance import ON_DEMAND

ACCEPTED = "accepted"
IN_PROGRESS = "ScalingActivityInProgress"
VALIDATION_ERROR = "ValidationError"


class BackupGroup:
    def __init__(self, account):
        self.account = account
        self.scenario = account.scenario
        self.desired = self.scenario.desired_capacity
        self.activity_ends = []  # second at which each activity that ever was ends

    def instances(self):
        return [one for one in self.account.alive if one.kind == ON_DEMAND and not one.of_fleet]

    def is_blocked(self):
        """An activity is in progress, or the cooldown after the last one's end is not over."""
        now = self.account.now
        if not self.activity_ends:
            return False
        last = max(self.activity_ends)
        return last > now or now < last + self.scenario.cooldown

    def set_desired_capacity(self, desired, honor_cooldown):
        if not self.scenario.min_size <= desired <= self.scenario.max_size:
            return VALIDATION_ERROR
        if honor_cooldown and self.is_blocked():
            return IN_PROGRESS
        self.desired = desired
        self.launch_missing()
        while len(self.instances()) > self.desired:
            self.terminate_one()
        return ACCEPTED

    def launch_missing(self, warm=False):
        while len(self.instances()) < self.desired:
            zone = min(self.scenario.zones, key=lambda zone: (self.count_in(zone), self.order(zone)))
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
