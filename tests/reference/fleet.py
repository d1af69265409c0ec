"""The Spot Fleet of the second implementation: notices, launches, modifications, expiry.

Instances are looked through one by one wherever something is asked about them; no totals are kept.
"""

from fractions import Fraction

import draws
from instance import SPOT
from on_demand_part import OnDemandPart
from rebalance import Rebalancing, Recommendation
from scenario import MICRO

UNLIMITED = 1 << 62


def by_priority(pool):
    """Overrides without a Priority come last."""
    return (1, 0) if pool.priority is None else (0, pool.priority)


class SpotFleet:
    def __init__(self, account):
        self.account = account
        self.scenario = account.scenario
        self.target = self.scenario.target
        self.on_demand = OnDemandPart(self)
        self.no_termination = self.scenario.excess_no_termination
        self.launched_once = False
        self.diversified = self.scenario.strategy == "diversified"
        self.price = [None] * len(self.scenario.pools)  # of each pool, now
        self.short_until = {}  # (zone, type) -> end of its shortage
        self.limits = {}  # (zone, type) -> how many can run there; not there: nothing limits it
        self.steps_left = list(self.scenario.limits if self.scenario.reads_records() else [])
        self.interrupted_seconds = {record[0] for record in self.scenario.interruptions}
        self.modified_seconds = {record[0] for record in self.scenario.modifications}
        if self.scenario.follow_demand:
            self.modified_seconds = {record[0] for record in self.scenario.demand}
        self.marks = []  # instances with a recommendation, in order
        self.rebalancing = Rebalancing(self)

    # ---- what is there ------------------------------------------------------------------------

    def instances(self):
        return [one for one in self.account.alive if one.kind == SPOT]

    def is_active(self):
        now = self.account.now
        scenario = self.scenario
        if scenario.valid_from is not None and now < scenario.valid_from:
            return False
        return not self.is_over()

    def is_over(self):
        """Whether it has expired or was cancelled."""
        ends = (self.scenario.valid_until, self.scenario.cancelled_at)
        return any(end is not None and self.account.now >= end for end in ends)

    def spot_target(self):
        return self.target - self.on_demand.target()

    def counts(self, instance):
        """Whether an instance is part of the fleet's size: it may stop at its notice or at its end."""
        return instance.notice is None or self.scenario.account["replace_on"] == "termination"

    def fulfilled(self):
        """Of both parts."""
        on_demand = sum(one.weight for one in self.on_demand.instances() if one.running is not None)
        return on_demand + sum(
            one.weight for one in self.instances() if one.running is not None and self.counts(one)
        )

    def spot_launched(self):
        """The weights of the spot part's instances, running and in flight."""
        return sum(one.weight for one in self.instances() if self.counts(one))

    def marked(self):
        """What of both is marked."""
        return sum(
            one.weight
            for one in self.instances()
            if self.rebalancing.is_marked(one) and self.counts(one)
        )

    def published_fulfilled(self):
        if self.scenario.account["marked_fulfilled"]:
            return self.fulfilled()
        return self.fulfilled() - sum(
            one.weight
            for one in self.instances()
            if one.running is not None and self.counts(one) and self.rebalancing.is_marked(one)
        )

    def running_in(self, pool):
        """What of its spot instances runs in one pool, with a notice or not."""
        return sum(
            one.weight
            for one in self.instances()
            if one.pool == pool.index and one.running is not None
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
            if one.pool == pool.index and (with_noticed or self.is_kept(one))
        )

    def is_kept(self, one):
        """Whether it counts where the target is made smaller."""
        return one.notice is None and not self.rebalancing.is_marked(one)

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

    def is_eligible(self, pool, replacement=False):
        price = self.price[pool.index]
        if replacement and self.scenario.strategy != "lowestPrice":
            if self.rebalancing.is_at_risk(self.place(pool)):
                return False
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
        """The steps up to now; returns the places whose limit fell, with the step that did it."""
        fell = {}
        while self.steps_left and self.steps_left[0][0] <= self.account.now:
            index = len(self.scenario.limits) - len(self.steps_left)
            _, zone, instance_type, limit = self.steps_left.pop(0)
            limit = UNLIMITED if limit is None else limit
            if limit < self.limits.get((zone, instance_type), UNLIMITED):
                fell[zone, instance_type] = index
            self.limits[zone, instance_type] = limit
        return fell

    def is_short(self, place):
        return self.account.now < self.short_until.get(place, self.account.now)

    def free_capacity(self, pool):
        if self.is_short(self.place(pool)):
            return 0
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
        self.rebalancing.recommend()
        if self.scenario.reads_records() and self.account.now in self.interrupted_seconds:
            self.trace_interruptions()
        for place, index in fell.items():
            recommended = self.rebalancing.of(True, index)
            too_many = len(self.staying(place)) - self.limits[place]
            self.take(place, too_many, recommended.marked if recommended else [])

    def take(self, place, count, first):
        """So many of the place get their notice: those of `first`, then the lowest slots."""
        staying = self.staying(place)
        first = [one for one in first if one in staying]
        for one in (first + [one for one in staying if one not in first])[: max(0, count)]:
            self.interrupt(one, "capacity")

    def share(self, record, up):
        """How many of so many up an interruption record takes."""
        if record.of == 0:
            return record.count
        count, fraction = divmod(up * record.count, record.of)
        if fraction > 0:
            key = draws.market_word(*record.place)
            seed = self.scenario.seed
            luck = draws.Generator(seed, draws.INTERRUPTION_SHARE, key, record.due)
            count += luck.below(record.of) < fraction
        return count

    def becomes_short(self, place):
        now = self.account.now
        key = draws.market_word(*place)
        shortage = self.scenario.shortage.draw(self.scenario.seed, draws.SHORTAGE, key, now, 0)
        self.short_until[place] = max(self.short_until.get(place, now), now + shortage)

    def trace_interruptions(self):
        for index, (second, zone, instance_type, count, of) in enumerate(
            self.scenario.interruptions
        ):
            if second != self.account.now:
                continue
            place = (zone, instance_type)
            self.becomes_short(place)
            recommended = self.rebalancing.of(False, index)
            record = recommended or Recommendation(second, second, False, index, place, count, of)
            given_back = self.rebalancing.given_back(record)
            up = len(self.staying(place)) + given_back
            self.take(place, self.share(record, up) - given_back, record.marked)

    def interrupt(self, one, cause):
        one.interrupted = True
        one.notice_lost = self.is_lost(one)
        self.account.count("events.spot_interruptions")
        self.give_notice(one, cause)

    def is_lost(self, one):
        return draws.chance(
            self.scenario.account["notice_lost_permille"],
            self.scenario.seed,
            draws.NOTICE_LOST,
            draws.market_word(one.zone, one.instance_type),
            self.account.now,
            (one.pool << 32) + one.slot,
        )

    def give_notice(self, one, cause, notice_s=None):
        if notice_s is None:
            notice_s = self.scenario.account["interruption_notice_s"]
        one.notice = self.account.now
        one.cause = cause
        one.end_at = self.account.now + notice_s
        self.account.plan(one.end_at)

    # ---- launching ----------------------------------------------------------------------------

    def free_slot(self, pool):
        taken = {one.slot for one in self.instances() if one.pool == pool.index}
        slot = 0
        while slot in taken:
            slot += 1
        return slot

    def is_beyond_budget(self, pool):
        """Whether one more instance there would bring what all cost now above SpotMaxTotalPrice."""
        if self.scenario.spot_budget is None:
            return False
        sum_of_prices = sum(self.price[one.pool] for one in self.instances())
        return sum_of_prices + self.price[pool.index] > self.scenario.spot_budget

    def is_beyond_double(self, pool):
        """Whether one more instance there would bring all there is above twice the target."""
        there = self.spot_launched() + self.on_demand.size()
        return there + pool.weight > 2 * self.target

    def launch_in(self, pool, warm, replacement):
        one = self.account.launch(
            kind=SPOT,
            instance_type=pool.instance_type,
            zone=pool.zone,
            weight=pool.weight,
            pool=pool.index,
            slot=self.free_slot(pool),
            warm=warm,
        )
        one.replacement = replacement
        if not warm:
            self.account.count("events.spot_launches")

    def next_pool(self, need, replacement):
        """Where the next instance is launched; None if nowhere."""
        eligible = [pool for pool in self.scenario.pools if self.is_eligible(pool, replacement)]
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
        if self.scenario.strategy == "capacityOptimizedPrioritized":
            return min(
                eligible,
                key=lambda pool: (
                    not takes_all(pool),
                    by_priority(pool),
                    -self.free_capacity(pool),
                    pool.index,
                ),
            )
        cheapest = sorted(eligible, key=by_price)[: self.scenario.pools_to_use]
        if len(cheapest) == 1:
            return cheapest[0]
        return min(cheapest, key=by_weight)

    def launch_missing(self, warm=False):
        self.launched_once = True
        self.on_demand.launch_missing(warm)
        while True:
            need = self.spot_target() - self.spot_launched() + self.marked()
            replacement = self.spot_launched() >= self.spot_target()
            pool = self.next_pool(need, replacement) if need > 0 else None
            if pool is None or self.is_beyond_budget(pool):
                return
            if replacement and self.is_beyond_double(pool):
                return
            self.launch_in(pool, warm, replacement)

    def tick(self):
        if self.account.now % self.scenario.account["fleet_tick_s"] != 0 or not self.is_active():
            return
        if self.scenario.one_shot and self.launched_once:
            return
        self.rebalancing.release()
        self.launch_missing()

    # ---- modification and expiry --------------------------------------------------------------

    def own_actions(self):
        now = self.account.now
        self.endings()
        if now in self.modified_seconds:
            self.modifications()
        self.account.mixed_group.second()
        self.tick()

    def endings(self):
        """Expiry or cancellation, whichever is first; a cancellation where both are."""
        now = self.account.now
        scenario = self.scenario
        infinite = 1 << 62
        cancelled = infinite if scenario.cancelled_at is None else scenario.cancelled_at
        expired = infinite if scenario.valid_until is None else scenario.valid_until
        if now == cancelled <= expired and scenario.terminate_when_cancelled:
            self.end_all("fleet-cancelled")
        if now == expired < cancelled and scenario.terminate_with_expiration:
            self.end_all("fleet-expired")

    def modifications(self):
        for second, target, on_demand, no_termination in self.scenario.modifications:
            if second == self.account.now:
                self.modify(target, no_termination, on_demand)
        if self.scenario.follow_demand:
            for second, required in self.scenario.demand:
                if second == self.account.now:
                    self.modify(-(-required // MICRO) * MICRO, None)

    def modify(self, target, no_termination, on_demand=None, without_warning=False):
        """None keeps what is."""
        if self.is_over():
            return
        before = (self.spot_target(), self.on_demand.target())
        if target is not None:
            self.target = target
            self.account.targets.append((self.account.now, target))
        if on_demand is not None:
            self.on_demand.wanted = on_demand
        if no_termination is not None:
            self.no_termination = no_termination
        if self.spot_target() < before[0]:
            self.cancel_launches()
            if not self.no_termination:
                self.scale_in(0 if without_warning else self.scenario.account["interruption_notice_s"])
        self.end_what_is_due()
        if self.on_demand.target() < before[1]:
            self.on_demand.get_smaller(self.no_termination)

    def size(self):
        return sum(one.weight for one in self.instances() if self.is_kept(one))

    def cancel_launches(self):
        """Open requests above the target go, whatever the excess policy: nothing runs there yet."""
        newest_first = sorted(self.instances(), key=lambda one: -one.number)
        for one in newest_first:
            if one.running is None and self.is_kept(one):
                if self.size() - one.weight >= self.spot_target():
                    self.account.end(one, "launch-cancelled")

    def scale_in(self, notice_s):
        while True:
            excess = self.size() - self.spot_target()
            candidates = [
                one
                for one in self.instances()
                if one.running is not None and self.is_kept(one) and one.weight <= excess
            ]
            if not candidates:
                return
            self.give_notice(min(candidates, key=self.scale_in_order), "fleet-scale-in", notice_s)

    def scale_in_order(self, one):
        pool = self.scenario.pools[one.pool]
        first = 0
        if self.diversified:
            first = -self.allocated(pool, with_noticed=False)
        elif self.scenario.strategy != "lowestPrice":
            first = self.free_capacity(pool)
        return (first, -self.price_per_unit(pool), pool.index, -one.number)

    def end_all(self, cause):
        for one in self.instances():
            if one.notice is not None:
                continue
            if one.running is None:
                self.account.end(one, "launch-cancelled")
            else:
                self.give_notice(one, cause)
        self.end_what_is_due()
        self.on_demand.end_all(cause)

    def end_what_is_due(self):
        """With a notice of 0 s instances end in the second of it, once all of them are chosen."""
        for one in self.instances():
            if one.end_at == self.account.now:
                self.account.end(one, one.cause)
