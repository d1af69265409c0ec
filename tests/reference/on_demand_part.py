"""The fleet's own on-demand capacity in the second implementation."""

from fractions import Fraction

from instance import ON_DEMAND


class OnDemandPart:
    def __init__(self, fleet):
        self.fleet = fleet
        self.account = fleet.account
        self.scenario = fleet.scenario
        self.wanted = self.scenario.on_demand_target

    def target(self):
        return min(self.wanted, self.fleet.target)

    def instances(self):
        return [one for one in self.account.alive if one.kind == ON_DEMAND and one.of_fleet]

    def size(self):
        return sum(one.weight for one in self.instances())

    def preference(self, pool):
        """The lower, the sooner it is launched."""
        price = Fraction(pool.on_demand, pool.weight)
        if not self.scenario.on_demand_prioritized:
            return (0, 0, price)
        if pool.priority is None:
            return (1, 0, price)
        return (0, pool.priority, price)

    def is_beyond_budget(self, pool):
        if self.scenario.on_demand_budget is None:
            return False
        prices = self.scenario.on_demand_prices
        sum_of_prices = sum(prices[one.instance_type] for one in self.instances())
        return sum_of_prices + pool.on_demand > self.scenario.on_demand_budget

    def launch_missing(self, warm):
        pool = min(self.scenario.pools, key=lambda pool: (self.preference(pool), pool.index))
        while self.size() < self.target() and not self.is_beyond_budget(pool):
            self.account.launch(
                kind=ON_DEMAND,
                instance_type=pool.instance_type,
                zone=pool.zone,
                weight=pool.weight,
                pool=pool.index,
                slot=-1,
                warm=warm,
            )

    def get_smaller(self, no_termination):
        """Launches in flight, newest first; then running ones, those that would be launched last."""

        def takes_too_much(one):
            return self.size() - one.weight < self.target()

        for one in sorted(self.instances(), key=lambda one: -one.number):
            if one.running is None and not takes_too_much(one):
                self.account.end(one, "launch-cancelled")
        if no_termination:
            return
        pools = sorted(self.scenario.pools, key=self.preference, reverse=True)
        for pool in pools:  # sorted() is stable in both directions: ties stay by order
            in_pool = [one for one in self.instances() if one.pool == pool.index]
            for one in sorted(in_pool, key=lambda one: -one.number):
                if one.running is not None and not takes_too_much(one):
                    self.account.end(one, "fleet-scale-in")

    def end_all(self, cause):
        for one in self.instances():
            self.account.end(one, "launch-cancelled" if one.running is None else cause)
