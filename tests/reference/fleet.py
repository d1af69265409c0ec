"""The Spot Fleet of the second implementation: notices, launches, modifications, expiry.

Instances are looked through one by one wherever something is asked about them; no totals are kept.
"""

from fractions import Fraction

import draws
from instance import SPOT
from scenario import MICRO

UNLIMITED = 1 << 62


class SpotFleet:
    def __init__(self, account):
        self.account = account
        self.scenario = account.scenario
        self.target = self.scenario.target
        self.no_termination = self.scenario.excess_no_termination
        self.launched_once = False
        self.diversified = self.scenario.strategy == "diversified"
        self.price = [None] * len(self.scenario.pools)  # of each pool, now
        self.limits = {}  # (zone, type) -> how many can run there; not there: nothing limits it
        self.steps_left = list(self.scenario.limits if self.reads_trace() else [])
        self.interrupted_seconds = {record[0] for record in self.scenario.interruptions}
        self.modified_seconds = {record[0] for record in self.scenario.modifications}
        if self.scenario.follow_demand:
            self.modified_seconds = {record[0] for record in self.scenario.demand}

    def reads_trace(self):
        return self.scenario.interruption_source == "trace"

    # ---- what is there ------------------------------------------------------------------------

    def instances(self):
        return [one for one in self.account.alive if one.kind == SPOT]

    def is_active(self):
        now = self.account.now
        scenario = self.scenario
        if scenario.valid_from is not None and now < scenario.valid_from:
            return False
        return scenario.valid_until is None or now < scenario.valid_until

    def counts(self, instance):
        """Whether an instance is part of the fleet's size: it may stop at its notice or at its end."""
        return instance.notice is None or self.scenario.account["replace_on"] == "termination"

    def fulfilled(self):
        return sum(
            one.weight for one in self.instances() if one.running is not None and self.counts(one)
        )

    def in_flight(self):
        return sum(
            one.weight for one in self.instances() if one.running is None and self.counts(one)
        )

    def terminating(self):
        """Running instances under a termination notice of the fleet's own."""
        return sum(
            one.weight
            for one in self.instances()
            if one.running is not None and one.notice is not None and not one.interrupted
        )

    def allocated(self, pool, with_noticed):
        return sum(
            one.weight
            for one in self.instances()
            if one.pool == pool.index and (with_noticed or one.notice is None)
        )

    # ---- the market ---------------------------------------------------------------------------

    def read_prices(self):
        for pool in self.scenario.pools:
            market = self.scenario.markets[pool.zone, pool.instance_type]
            for time, price in market.steps:
                if time == self.account.now:
                    self.price[pool.index] = price

    def first_prices(self):
        for pool in self.scenario.pools:
            market = self.scenario.markets[pool.zone, pool.instance_type]
            self.price[pool.index] = market.price_at(self.account.now)

    def above_cap(self, pool):
        """The price less the cap of one instance; in millionths of a micro-USD, to stay whole."""
        cap = pool.on_demand * MICRO
        if pool.cap_per_unit is not None:
            cap = pool.cap_per_unit * pool.weight
        return self.price[pool.index] * MICRO - cap

    def price_per_unit(self, pool):
        return Fraction(self.price[pool.index] * MICRO, pool.weight)

    def is_eligible(self, pool):
        price = self.price[pool.index]
        if self.diversified and price >= pool.on_demand:
            return False
        if self.free_capacity(pool) == 0:
            return False
        if self.scenario.account["launch_at_equal"] and self.above_cap(pool) == 0:
            return True
        return self.above_cap(pool) < 0

    # ---- capacity -----------------------------------------------------------------------------

    @staticmethod
    def place(pool):
        return pool.zone, pool.instance_type

    def at_place(self, place):
        return [one for one in self.instances() if (one.zone, one.instance_type) == place]

    def read_limits(self):
        """The steps up to now; returns the places whose limit fell."""
        fell = []
        while self.steps_left and self.steps_left[0][0] <= self.account.now:
            _, zone, instance_type, limit = self.steps_left.pop(0)
            limit = UNLIMITED if limit is None else limit
            if limit < self.limits.get((zone, instance_type), UNLIMITED):
                fell.append((zone, instance_type))
            self.limits[zone, instance_type] = limit
        return fell

    def free_capacity(self, pool):
        limit = self.limits.get(self.place(pool), UNLIMITED)
        if limit == UNLIMITED:
            return UNLIMITED
        return max(0, limit - len(self.at_place(self.place(pool))))

    def staying(self, place):
        """The place's instances without a notice, in the order in which they are taken."""
        found = [one for one in self.at_place(place) if one.notice is None]
        return sorted(found, key=lambda one: (one.pool, one.slot))

    # ---- notices ------------------------------------------------------------------------------

    def notices(self):
        source = self.scenario.interruption_source
        if source == "none":
            return
        fell = self.read_limits()
        for pool in self.scenario.pools:
            if self.above_cap(pool) > 0:
                for one in self.instances():
                    if one.pool == pool.index and one.notice is None:
                        self.interrupt(one, "price")
        if self.reads_trace() and self.account.now in self.interrupted_seconds:
            self.trace_interruptions()
        for place in fell:
            staying = self.staying(place)
            for one in staying[: max(0, len(staying) - self.limits[place])]:
                self.interrupt(one, "capacity")

    def trace_interruptions(self):
        for second, zone, instance_type, count, of in self.scenario.interruptions:
            if second != self.account.now:
                continue
            staying = self.staying((zone, instance_type))
            if of > 0:
                count, fraction = divmod(len(staying) * count, of)
                key = draws.market_word(zone, instance_type)
                seed = self.scenario.seed
                if fraction > 0:
                    luck = draws.Generator(seed, draws.INTERRUPTION_SHARE, key, second).below(of)
                    count += luck < fraction
            for one in staying[:count]:
                self.interrupt(one, "capacity")

    def interrupt(self, one, cause):
        one.interrupted = True
        self.account.count("events.spot_interruptions")
        self.give_notice(one, cause)

    def give_notice(self, one, cause):
        one.notice = self.account.now
        one.cause = cause
        one.end_at = self.account.now + self.scenario.account["interruption_notice_s"]
        self.account.plan(one.end_at)

    # ---- launching ----------------------------------------------------------------------------

    def free_slot(self, pool):
        taken = {one.slot for one in self.instances() if one.pool == pool.index}
        slot = 0
        while slot in taken:
            slot += 1
        return slot

    def launch_in(self, pool, warm):
        self.account.launch(
            kind=SPOT,
            instance_type=pool.instance_type,
            zone=pool.zone,
            weight=pool.weight,
            pool=pool.index,
            slot=self.free_slot(pool),
            warm=warm,
        )
        if not warm:
            self.account.count("events.spot_launches")

    def next_pool(self, need):
        """Where the next instance is launched; None if nowhere."""
        eligible = [pool for pool in self.scenario.pools if self.is_eligible(pool)]
        if not eligible:
            return None

        def by_price(pool):
            return self.price_per_unit(pool), pool.index

        def by_weight(pool):
            return self.allocated(pool, with_noticed=True), *by_price(pool)

        def takes_all(pool):
            return self.free_capacity(pool) * pool.weight >= need

        if self.diversified:
            return min(eligible, key=by_weight)
        if self.scenario.strategy == "capacityOptimized":
            return min(eligible, key=lambda pool: (-self.free_capacity(pool), pool.index))
        if self.scenario.strategy == "priceCapacityOptimized":
            return min(eligible, key=lambda pool: (not takes_all(pool), *by_price(pool)))
        cheapest = sorted(eligible, key=by_price)[: self.scenario.pools_to_use]
        if len(cheapest) == 1:
            return cheapest[0]
        return min(cheapest, key=by_weight)

    def launch_missing(self, warm=False):
        self.launched_once = True
        while True:
            need = self.target - self.fulfilled() - self.in_flight()
            pool = self.next_pool(need) if need > 0 else None
            if pool is None:
                return
            self.launch_in(pool, warm)

    def tick(self):
        if self.account.now % self.scenario.account["fleet_tick_s"] != 0 or not self.is_active():
            return
        if self.scenario.one_shot and self.launched_once:
            return
        self.launch_missing()

    # ---- modification and expiry --------------------------------------------------------------

    def own_actions(self):
        now = self.account.now
        if now in self.modified_seconds:
            self.modifications()
        if self.scenario.valid_until == now and self.scenario.terminate_with_expiration:
            self.expire()
        self.tick()

    def modifications(self):
        for second, target, no_termination in self.scenario.modifications:
            if second == self.account.now:
                self.modify(target, no_termination)
        if self.scenario.follow_demand:
            for second, required in self.scenario.demand:
                if second == self.account.now:
                    self.modify(-(-required // MICRO) * MICRO, None)

    def has_expired(self):
        return (
            self.scenario.valid_until is not None and self.account.now >= self.scenario.valid_until
        )

    def modify(self, target, no_termination):
        if self.has_expired():
            return
        is_lower = target < self.target
        self.target = target
        self.account.targets.append((self.account.now, target))
        if no_termination is not None:
            self.no_termination = no_termination
        if is_lower:
            self.cancel_launches()
            if not self.no_termination:
                self.scale_in()

    def size(self):
        return sum(one.weight for one in self.instances() if one.notice is None)

    def cancel_launches(self):
        """Open requests above the target go, whatever the excess policy: nothing runs there yet."""
        newest_first = sorted(self.instances(), key=lambda one: -one.number)
        for one in newest_first:
            if one.running is None and one.notice is None:
                if self.size() - one.weight >= self.target:
                    self.account.end(one, "launch-cancelled")

    def scale_in(self):
        while True:
            excess = self.size() - self.target
            candidates = [
                one
                for one in self.instances()
                if one.running is not None and one.notice is None and one.weight <= excess
            ]
            if not candidates:
                return
            self.terminate(min(candidates, key=self.scale_in_order), "fleet-scale-in")

    def scale_in_order(self, one):
        pool = self.scenario.pools[one.pool]
        first = 0
        if self.diversified:
            first = -self.allocated(pool, with_noticed=False)
        elif self.scenario.strategy != "lowestPrice":
            first = self.free_capacity(pool)
        return (first, -self.price_per_unit(pool), pool.index, -one.number)

    def expire(self):
        for one in self.instances():
            if one.running is None:
                self.account.end(one, "launch-cancelled")
            elif one.notice is None:
                self.terminate(one, "fleet-expired")

    def terminate(self, one, cause):
        """A termination of the fleet's own; with a notice of 0 s it happens in this very second."""
        self.give_notice(one, cause)
        if one.end_at == self.account.now:
            self.account.end(one, cause)
