"""The backup: an on-demand Auto Scaling group with its activities and cooldown."""

from instance import boot


class Group:
    def __init__(self, account):
        self.env, self.ledger, self.scenario = account.env, account.ledger, account.scenario
        self.account = account
        self.desired = self.scenario.desired
        self.living = []
        self.calm_from = self.env.now  # activities and the cooldown after them are over
        for _ in range(self.desired):
            one = self.add()
            self.runs(one)
            self.joins(one)

    def set_desired_capacity(self, desired, honor_cooldown):
        """Whether it was accepted; the policy keeps it within MinSize and MaxSize."""
        if honor_cooldown and self.env.now < self.calm_from:
            return False
        self.desired = desired
        while len(self.living) < desired:
            self.launch()
        while len(self.living) > desired:
            self.terminate()
        return True

    def activity(self, length):
        self.calm_from = max(self.calm_from, self.env.now + length + self.scenario.cooldown)

    def in_zone(self, zone):
        return [one for one in self.living if one.zone == zone]

    def add(self):
        zone = min(self.scenario.backup_zones, key=lambda zone: len(self.in_zone(zone)))
        one = self.account.instance(None, zone)
        self.living.append(one)
        return one

    def launch(self):
        one = self.add()
        self.ledger.events["on_demand_launches"] += 1
        self.activity(self.scenario.on_demand_delay)
        one.booting = self.env.process(boot(self, one, self.scenario.on_demand_delay))

    def runs(self, one):
        one.running = self.env.now
        self.ledger.settle(self.env.now)
        self.ledger.backup_running += 1

    def joins(self, one):
        one.joined = True
        self.ledger.settle(self.env.now)
        self.ledger.backup_up += self.scenario.backup_units

    def terminate(self):
        """From the fullest zone: what is being launched, newest first; then what has paid for its hour."""
        now = self.env.now
        zone = max(self.scenario.backup_zones, key=lambda zone: len(self.in_zone(zone)))
        one = min(
            self.in_zone(zone),
            key=lambda one: (0, -one.number) if one.running is None
            else (1, -((now - one.running) % 3600), one.number),
        )  # fmt: skip
        if one.booting:
            one.booting.interrupt()
        self.ledger.settle(now)
        if one.joined:
            self.ledger.backup_up -= self.scenario.backup_units
        if one.running is not None:
            self.ledger.backup_running -= 1
            self.ledger.charge_backup(one.running, now)
        self.living.remove(one)
        self.activity(self.scenario.termination)

    def settle(self):
        for one in self.living:
            if one.running is not None:
                self.ledger.charge_backup(one.running, None)
