"""The policies of the second implementation on numbers worked out by hand."""

import unittest

import policies
from observation import ERROR, DescribedFleet, DescribedGroup, PoolPrice, Seen
from scenario import MICRO

NOW = 1462197600  # 14:00:00Z


def group(desired, most=9, in_service=None):
    return DescribedGroup(0, most, desired, desired if in_service is None else in_service)


def points(*values):
    """One a minute, the newest first."""
    return [(NOW - 120 - 60 * place, round(value * MICRO)) for place, value in enumerate(values)]


def fleet(target, fulfilled, active=True):
    return DescribedFleet(target * MICRO, int(fulfilled * MICRO), active)


def pool(usd_per_hour, fulfilled, zone="us-east-1a", instance_type="c3.xlarge"):
    """Four units an instance."""
    return PoolPrice(zone, instance_type, int(usd_per_hour * MICRO), 4 * MICRO, fulfilled * MICRO)


class Asked(unittest.TestCase):
    def ask(self, name, *answers, of=group(1), now=NOW, memory=None, **parameters):
        """The wish; four units an instance."""
        policy = policies.make(name, parameters)
        wish, self.memory = policy.decide(Seen(now, list(answers), of, 4 * MICRO), memory)
        return wish

    def wishes(self, wish, name, *answers, **asked):
        self.assertEqual(self.ask(name, *answers, **asked), wish)


class WithoutLooking(Asked):
    def test_static_base(self):
        self.wishes(None, "static-base")
        self.wishes((3, False), "static-base", instances=3)
        self.wishes((9, False), "static-base", instances=30)
        self.wishes((0, True), "static-base", instances=0)
        self.wishes(None, "static-base", instances=3, of=None)


class PendingCapacity(Asked):
    def test_rounding(self):
        for pending, need in ((4, 1), (4.000004, 2), (4.000003, 1), (-4, 0), (-8, -1)):
            self.wishes(
                (need, False),
                "pending-capacity",
                points(32),
                points(pending),
                points(32),
                of=DescribedGroup(0, 9, -5, 0),
                clamp=False,
            )


class Hysteresis(Asked):
    def test_band(self):
        """Of 40 units a tenth is 4, a twentieth 2."""
        for pending, size, wish in (
            (4, 0, None),
            (4.5, 0, (2, False)),
            (4.5, 5, None),
            (2, 5, None),
            (1.9, 5, (1, True)),
            (0, 5, (0, True)),
            (1.9, 0, None),
            (-3, 5, (0, True)),
        ):
            self.wishes(wish, "hysteresis", points(40, 40), points(pending), of=group(size))

    def test_change(self):
        self.wishes(None, "hysteresis", points(40, 32), points(20))
        self.wishes(None, "hysteresis", [], points(20))
        self.wishes(None, "hysteresis", points(40), [])
        self.wishes(None, "hysteresis", points(40), ERROR)


class Fleet(Asked):
    def test_always_on_demand(self):
        self.wishes((8, False), "always-on-demand", fleet(32, 32))
        self.wishes(None, "always-on-demand", fleet(32, 32, active=False))
        self.wishes(None, "always-on-demand", ERROR)
        self.wishes((2, False), "always-on-demand", ERROR, units=5)

    def test_target_headroom(self):
        """A tenth of 32 is 3.2; with 28 fulfilled 7.2 are missing."""
        self.wishes((2, False), "target-headroom", fleet(32, 28))
        self.wishes((3, False), "target-headroom", fleet(32, 28), headroom_units=8)
        self.wishes((0, True), "target-headroom", fleet(32, 40))

    def test_dynamic_fallback(self):
        """28 are ready where 32 have been there for a minute only: of that minute's point and the one before it."""
        self.wishes((1, True), "dynamic-fallback", fleet(32, 32), points(32, 28), of=group(5))
        self.wishes((1, True), "dynamic-fallback", fleet(32, 32), points(32, 20), of=group(5))
        self.wishes((3, True), "dynamic-fallback", fleet(32, 32), points(32, 20), of=group(5), warmup_s=121)
        self.wishes((2, True), "dynamic-fallback", fleet(32, 32), points(24), of=group(5), warmup_s=0)
        self.wishes((3, True), "dynamic-fallback", fleet(32, 20), points(32), of=group(5))
        self.wishes((0, True), "dynamic-fallback", fleet(32, 32), points(32), of=group(5), base_instances=0)

    def test_fallback_without_the_metric(self):
        self.wishes((3, False), "dynamic-fallback", fleet(32, 20), ERROR)
        self.wishes(None, "dynamic-fallback", fleet(32, 32), [], of=group(5))

    def test_n_plus_one(self):
        pools = [pool(0.06, 12), pool(0.06, 8, "us-east-1b"), pool(0.05, 8, "us-east-1b", "c3.large")]
        self.wishes((4, False), "n-plus-one", fleet(32, 28), pools)
        self.wishes((5, False), "n-plus-one", fleet(32, 28), pools, domain="zone")
        self.wishes(None, "n-plus-one", fleet(32, 28), ERROR)

    def test_spot_hedge(self):
        """At 0.144 USD for 4 units a unit costs 75 % of 0.048: 25 of 40 points, or 625 thousandths, of 16 units."""
        calm = pool(0.096, 16, "us-east-1b")
        self.wishes((0, True), "spot-hedge", fleet(32, 32), [calm, calm])
        self.wishes((3, False), "spot-hedge", fleet(32, 32), [calm, pool(0.144, 16)])
        self.wishes((4, False), "spot-hedge", fleet(32, 32), [calm, pool(0.1728, 16)])
        self.wishes((4, False), "spot-hedge", fleet(32, 32), [calm, pool(0.144, 16)], full_percent=50)
        self.wishes(None, "spot-hedge", fleet(32, 32), ERROR)


class Forecast(Asked):
    HOUR, DAY = 3600, 86400

    def test_hour_of_yesterday(self):
        """8 units were pending at 14 o'clock; at 13:55 the next day two instances are started."""
        self.wishes((2, False), "forecast", points(8))
        seen = self.memory
        self.wishes((0, True), "forecast", points(0), now=NOW + self.HOUR, memory=seen)
        learned = self.memory
        later = NOW + self.DAY
        self.wishes((0, True), "forecast", points(0), now=later - 301, memory=learned)
        self.wishes((2, False), "forecast", points(0), now=later - 300, memory=learned)
        self.wishes(None, "forecast", [], now=later + self.HOUR, memory=learned)

    def test_smoothing(self):
        """8 units, then 0 at this hour of each day: 5.6 are left of them, then 3.92."""
        self.ask("forecast", points(8))
        for day, wish in ((1, (2, False)), (2, (2, False)), (3, (0, True))):
            self.ask("forecast", [], now=NOW + (day - 1) * self.DAY + self.HOUR, memory=self.memory)
            now = NOW + day * self.DAY
            self.wishes(wish, "forecast", points(0), now=now, memory=self.memory, least_units=5)


if __name__ == "__main__":
    unittest.main()
