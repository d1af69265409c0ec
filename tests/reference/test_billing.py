"""Billing, to the micro-USD: the table of worked charges, edges of windows, locks and regimes.

Proves docs/model.md, "Billing".
"""

import unittest
from fractions import Fraction

from billing import (
    HOUR,
    charge,
    charged_until,
    is_per_second,
    spot_price_of_second,
)
from capacity import half_even
from scenario import Market, seconds

FOREVER = (-(10**6), 10**6)
FLAT = 100_000  # 0.10 USD per hour


def micro_usd(used, by_ec2, per_second, window=FOREVER, price=FLAT, running=0):
    """Charge of one instance that used `used` seconds (None: still running)."""
    ended = None if used is None else running + used
    total = charge(running, ended, by_ec2, per_second, window, lambda second: price)
    return half_even(Fraction(total, HOUR))


class WorkedCharges(unittest.TestCase):
    """0.10 USD per hour flat, one instance."""

    def test_hourly(self):
        self.assertEqual(micro_usd(20 * 60, by_ec2=False, per_second=False), 100_000)
        self.assertEqual(micro_usd(20 * 60, by_ec2=True, per_second=False), 0)
        self.assertEqual(micro_usd(61 * 60, by_ec2=True, per_second=False), 100_000)
        self.assertEqual(micro_usd(61 * 60, by_ec2=False, per_second=False), 200_000)

    def test_hourly_edges(self):
        self.assertEqual(micro_usd(3600, by_ec2=True, per_second=False), 100_000)
        self.assertEqual(micro_usd(3600, by_ec2=False, per_second=False), 100_000)
        self.assertEqual(micro_usd(3601, by_ec2=False, per_second=False), 200_000)
        self.assertEqual(micro_usd(7199, by_ec2=True, per_second=False), 100_000)
        self.assertEqual(micro_usd(7200, by_ec2=True, per_second=False), 200_000)
        self.assertEqual(micro_usd(0, by_ec2=False, per_second=False), 100_000)
        self.assertEqual(micro_usd(0, by_ec2=True, per_second=False), 0)

    def test_per_second(self):
        # 0.10 x 60 / 3600 = 0.0016666...
        self.assertEqual(micro_usd(20, by_ec2=False, per_second=True), 1667)
        self.assertEqual(micro_usd(3599, by_ec2=True, per_second=True), 0)
        self.assertEqual(micro_usd(3600, by_ec2=True, per_second=True), 100_000)
        self.assertEqual(micro_usd(90 * 60, by_ec2=True, per_second=True), 150_000)

    def test_per_second_edges(self):
        self.assertEqual(micro_usd(0, by_ec2=False, per_second=True), 1667)
        self.assertEqual(micro_usd(60, by_ec2=False, per_second=True), 1667)
        self.assertEqual(micro_usd(61, by_ec2=False, per_second=True), 1694)
        self.assertEqual(micro_usd(3599, by_ec2=False, per_second=True), 99_972)

    def test_regime_follows_the_date_of_running(self):
        change = seconds("2017-10-02T00:00:00Z")
        self.assertFalse(is_per_second("by-date", change - 1))
        self.assertTrue(is_per_second("by-date", change))
        self.assertFalse(is_per_second("hourly", change))
        self.assertTrue(is_per_second("per-second", 0))

    def test_each_product_has_its_date(self):
        for product, date in (("Windows", "2021-06-11T00:00:00Z"), ("Red Hat Enterprise Linux (Amazon VPC)", "2024-04-01T00:00:00Z")):
            self.assertFalse(is_per_second("by-date", seconds(date) - 1, product))
            self.assertTrue(is_per_second("by-date", seconds(date), product))
        self.assertFalse(is_per_second("by-date", seconds("2099-01-01T00:00:00Z"), "SUSE Linux"))


class Windows(unittest.TestCase):
    def test_running_hour_is_charged_pro_rata_at_the_windows_end(self):
        self.assertEqual(
            micro_usd(None, by_ec2=False, per_second=False, window=(0, 5400)), 150_000
        )
        # Ends later: ignored, whoever ends it.
        self.assertEqual(micro_usd(5400, by_ec2=True, per_second=False, window=(0, 1800)), 50_000)
        self.assertEqual(micro_usd(1800, by_ec2=True, per_second=False, window=(0, 1800)), 50_000)

    def test_hour_started_within_the_window_is_charged_whole(self):
        self.assertEqual(micro_usd(100, by_ec2=False, per_second=False, window=(0, 1800)), 100_000)

    def test_what_was_before_the_window_is_not_charged(self):
        self.assertEqual(micro_usd(1000, by_ec2=False, per_second=False, window=(1000, 2000)), 0)
        self.assertEqual(
            micro_usd(1001, by_ec2=False, per_second=False, window=(1000, 2000)), 72_222
        )
        self.assertEqual(micro_usd(1001, by_ec2=True, per_second=False, window=(1000, 2000)), 0)
        self.assertEqual(micro_usd(4000, by_ec2=True, per_second=False, window=(3700, 9000)), 0)

    def test_never_ran(self):
        self.assertEqual(charge(None, 30, False, True, FOREVER, lambda second: FLAT), 0)


class Locks(unittest.TestCase):
    market = Market([(0, 50_000), (1800, 90_000), (3600, 20_000), (5400, 70_000)])

    def sum(self, running, used, continuous, by_ec2=False, per_second=True):
        price = spot_price_of_second(running, self.market, continuous)
        return charge(running, running + used, by_ec2, per_second, FOREVER, price)

    def test_hour_keeps_the_price_of_its_start(self):
        self.assertEqual(self.sum(0, 7200, continuous=False), 3600 * 50_000 + 3600 * 20_000)
        # Hours count from the instance's own start, not from the clock's.
        self.assertEqual(self.sum(1800, 7200, continuous=False), 3600 * 90_000 + 3600 * 70_000)

    def test_price_at_the_very_second_of_a_change_is_the_new_one(self):
        self.assertEqual(self.sum(1799, 60, continuous=False), 60 * 50_000)
        self.assertEqual(self.sum(1800, 60, continuous=False), 60 * 90_000)

    def test_continuous(self):
        self.assertEqual(self.sum(1790, 60, continuous=True), 10 * 50_000 + 50 * 90_000)

    def test_charged_until(self):
        self.assertEqual(charged_until(100, 100 + 3700, False, False), 100 + 7200)
        self.assertEqual(charged_until(100, 100 + 3700, True, False), 100 + 3600)
        self.assertEqual(charged_until(100, 130, False, True), 160)


class Rounding(unittest.TestCase):
    def test_halves_go_to_the_even(self):
        self.assertEqual(half_even(Fraction(1, 2)), 0)
        self.assertEqual(half_even(Fraction(3, 2)), 2)
        self.assertEqual(half_even(Fraction(5, 2)), 2)


if __name__ == "__main__":
    unittest.main()
