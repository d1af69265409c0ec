"""Launches of the backup that fail for lack of capacity, and when they are tried again."""

import draws


class Launches:
    """What the group's launches meet, and what of them waits."""

    def __init__(self, group):
        self.group = group
        self.account = group.account
        self.scenario = group.scenario
        self.waiting = 0
        self.due = []  # (second, "failure" or "retry"), in the order in which they were set
        self.retry_set = False
        self.retry_in = self.scenario.account["launch_retry_s"]
        self.tried = {}  # second -> launches tried in it

    # ---- short places -------------------------------------------------------------------------

    def price_now(self, place):
        market = self.scenario.markets.get(place)
        return None if market is None else market.price_at(self.account.now)

    def is_short(self, zone):
        place = (zone, self.scenario.backup_type)
        fleet = self.account.fleet
        if fleet.is_short(place) or fleet.limits.get(place) == 0:
            return True
        price = self.price_now(place)
        return price is not None and price >= self.scenario.backup_price

    def refuses(self, zone, tried):
        if self.scenario.interruption_source == "none" or not self.is_short(zone):
            return False
        return draws.chance(
            self.scenario.account["on_demand_failure_permille"],
            self.scenario.seed,
            draws.LAUNCH_FAILURE,
            draws.market_word(zone, self.scenario.backup_type),
            self.account.now,
            tried,
        )

    def zone_of_next(self):
        """Where the next instance is launched; None: it fails, and is counted and waits."""
        now = self.account.now
        tried = self.tried.get(now, 0)
        self.tried[now] = tried + 1
        for zone in self.group.zones_by_need():
            if not self.refuses(zone, tried):
                return zone
        self.account.count("events.on_demand_launch_failures")
        self.waiting += 1
        ends = now + self.scenario.account["launch_failure_s"]
        self.group.failed_ends.append(ends)
        self.due.append((ends, "failure"))
        return None

    # ---- retries ------------------------------------------------------------------------------

    def give_up(self, most):
        """Give up at most so many of those that wait."""
        self.waiting -= min(most, self.waiting)
        if self.waiting == 0:
            self.retry_in = self.scenario.account["launch_retry_s"]

    def activities_end(self):
        """The phase "end of a scaling activity"."""
        now = self.account.now
        while True:
            due = [entry for entry in self.due if entry[0] == now]
            if not due:
                return
            self.due.remove(due[0])
            if due[0][1] == "retry":
                self.retry_set = False
                self.retry()
            elif self.waiting > 0 and not self.retry_set:
                self.retry_set = True
                self.due.append((now + self.retry_in, "retry"))

    def retry(self):
        account = self.scenario.account
        waited = self.waiting
        self.waiting = 0
        launched = self.group.launch(waited)
        if waited > 0 and launched == 0:
            self.retry_in = min(2 * self.retry_in, account["launch_retry_max_s"])
        else:
            self.retry_in = account["launch_retry_s"]
