"""The Spot Fleet and its market: diversified, of type maintain, with a target that follows the demand."""

import math

from instance import INTERRUPTIONS, MODIFICATION, TERMINATIONS, TICK, WORLD, At, boot


class Fleet:
    def __init__(self, account):
        self.env, self.ledger, self.scenario = account.env, account.ledger, account.scenario
        self.account = account
        pools = self.scenario.pools
        self.price = [0] * len(pools)
        self.living = [[] for _ in pools]  # instances that have not ended, oldest first
        self.allocated = [0] * len(pools)  # units, with those being launched and those under notice
        common = math.lcm(*(pool.units for pool in pools))
        self.per_unit = [common // pool.units for pool in pools]  # price times this orders by price per unit
        self.kept = [0] * len(pools)  # units without a notice
        self.launching = []  # instances that are not running yet, oldest first
        self.size = 0  # units that have not ended
        self.fulfilled = 0  # of them running
        self.target = self.ledger.required = self.scenario.demand[0][1]
        for pool in pools:
            first = max(i for i, moment in enumerate(pool.times) if moment <= self.env.now)
            self.price[pool.index] = pool.prices[first]
            self.env.process(self.market(pool, first))
        self.launch_missing(warm=True)
        self.lacking = self.env.event()
        self.tell_lack()
        self.env.process(self.maintain())
        self.env.process(self.demand())

    # ---- the world

    def market(self, pool, first):
        env = self.env
        for moment, price in zip(pool.times[first + 1 :], pool.prices[first + 1 :]):
            yield At(env, moment - env.now, WORLD)
            self.price[pool.index] = price
            if price > pool.cap:
                for one in self.living[pool.index]:
                    if not one.noticed:
                        self.ledger.events["spot_interruptions"] += 1
                        self.give_notice(one, INTERRUPTIONS)

    def demand(self):
        env = self.env
        for moment, required in self.scenario.demand[1:]:
            yield At(env, moment - env.now, WORLD)
            self.ledger.settle(env.now)
            self.ledger.required = required
            yield At(env, 0, MODIFICATION)
            self.modify(required)

    # ---- instances

    def launch(self, pool, warm):
        one = self.account.instance(pool, None)
        self.living[pool.index].append(one)
        self.launching.append(one)
        self.allocated[pool.index] += pool.units
        self.kept[pool.index] += pool.units
        self.size += pool.units
        if warm:
            self.runs(one)
            self.joins(one)
        else:
            self.ledger.events["spot_launches"] += 1
            one.booting = self.env.process(boot(self, one, self.scenario.spot_delay))

    def runs(self, one):
        one.running = self.env.now
        self.launching.remove(one)
        self.fulfilled += one.pool.units

    def joins(self, one):
        one.joined = True
        self.ledger.settle(self.env.now)
        self.ledger.spot_up += one.pool.units

    def give_notice(self, one, phase):
        one.noticed = True
        self.kept[one.pool.index] -= one.pool.units
        self.env.process(self.terminate(one, phase))

    def terminate(self, one, phase):
        yield At(self.env, self.scenario.notice, phase)
        self.end(one, phase == INTERRUPTIONS)

    def end(self, one, by_ec2):
        pool = one.pool
        if one.booting:
            one.booting.interrupt()
        if one.joined:
            self.ledger.settle(self.env.now)
            self.ledger.spot_up -= pool.units
        if one.running is not None:
            self.fulfilled -= pool.units
            self.ledger.charge_spot(pool, one.running, self.env.now, by_ec2)
        else:
            self.launching.remove(one)
        if not one.noticed:
            self.kept[pool.index] -= pool.units
        self.living[pool.index].remove(one)
        self.allocated[pool.index] -= pool.units
        self.size -= pool.units
        self.tell_lack()

    # ---- what the fleet does

    def tell_lack(self):
        if self.size < self.target and not self.lacking.triggered:
            self.lacking.succeed()

    def maintain(self):
        """Act at ticks, as long as something is missing."""
        env, tick = self.env, self.scenario.tick
        while True:
            yield self.lacking
            yield At(env, -env.now % tick, TICK)
            self.launch_missing(warm=False)
            while self.size < self.target:
                yield At(env, tick, TICK)
                self.launch_missing(warm=False)
            self.lacking = env.event()

    def launch_missing(self, warm):
        """One instance at a time where least is allocated; ties by price per unit, then by order."""
        price = self.price
        eligible = [
            pool for pool in self.scenario.pools
            if price[pool.index] < pool.cap and price[pool.index] < pool.on_demand
        ]  # fmt: skip
        if not eligible:
            return
        order = {pool.index: (price[pool.index] * self.per_unit[pool.index], pool.index) for pool in eligible}
        while self.size < self.target:
            pool = min(eligible, key=lambda pool: (self.allocated[pool.index], order[pool.index]))
            self.launch(pool, warm)

    def modify(self, target):
        before, self.target = self.target, target
        if target < before:
            self.scale_in()
        self.tell_lack()

    def scale_in(self):
        """Never below the target: cancel launches, newest first; then by notice, from the fullest pool."""
        excess = sum(self.kept) - self.target
        for one in [one for one in reversed(self.launching) if not one.noticed]:
            if one.pool.units <= excess:
                excess -= one.pool.units
                self.end(one, by_ec2=False)
        while excess > 0:
            small = [pool for pool in self.scenario.pools if pool.units <= excess]
            one = next(filter(None, map(self.newest_kept, sorted(small, key=self.fullest_first))), None)
            if one is None:
                return
            excess -= one.pool.units
            self.give_notice(one, TERMINATIONS)

    def newest_kept(self, pool):
        for one in reversed(self.living[pool.index]):
            if one.running is not None and not one.noticed:
                return one
        return None

    def fullest_first(self, pool):
        index = pool.index
        return -self.kept[index], -self.price[index] * self.per_unit[index], index

    def settle(self):
        for pool in self.living:
            for one in pool:
                if one.running is not None:
                    self.ledger.charge_spot(one.pool, one.running, None, False)
