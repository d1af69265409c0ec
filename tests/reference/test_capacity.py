"""Capacity and cost of a few instances, worked out by hand.

Proves docs/model.md, "Figures".
Proves docs/model.md, "Discounts, prepaid instances, volumes and addresses".
"""

import unittest
from fractions import Fraction

import scenario as scenarios
from capacity import account_for
from instance import ON_DEMAND, SPOT, Instance
from scenario import seconds

START = seconds("2018-01-01T00:00:00Z")


def world(**changes):
    document = {
        "from": "2018-01-01T00:00:00Z",
        "to": "2018-01-01T01:00:00Z",
        "traces": [{"prices": {"a/c3.xlarge": [["2018-01-01T00:00:00Z", 0.05]]}}],
        "spot_fleet": {
            "TargetCapacity": 8,
            "LaunchSpecifications": [
                {
                    "InstanceType": "c3.xlarge",
                    "WeightedCapacity": 4,
                    "Placement": {"AvailabilityZone": "a"},
                }
            ],
        },
        "backup_group": {
            "group": {"MinSize": 0, "MaxSize": 9},
            "launch": {"InstanceType": "m4.xlarge"},
            "units_per_instance": 3,
        },
        "on_demand_usd_per_hour": {"c3.xlarge": 0.21, "m4.xlarge": 0.25},
    }
    document.update(changes)
    return scenarios.read(document)


def spot(running, joined, ended=None, weight=4, end="still-running", notice=None):
    times = [None if time is None else START + time for time in (running, joined, notice, ended)]
    running, joined, notice, ended = times
    requested = START if running is None else running
    one = Instance(SPOT, "c3.xlarge", "a", weight * 10**6, requested, running, joined)
    one.notice, one.ended, one.end = notice, ended, end
    return one


def backup(running, joined, ended):
    one = spot(running, joined, ended, weight=3, end="group-scale-in")
    one.kind, one.instance_type, one.of_fleet = ON_DEMAND, "m4.xlarge", False
    return one


class Capacity(unittest.TestCase):
    def test_who_serves_what(self):
        # Required 8. Spot serves 4 all along and 4 more from 1800 on; one backup of 3 is up from 600 to 2400.
        lives = [spot(0, 0), spot(1700, 1800), backup(500, 600, 2400)]
        figures = account_for(world(), lives)
        self.assertEqual(figures["capacity.required_unit_s"], 8 * 3600)
        self.assertEqual(figures["capacity.served_spot_unit_s"], 4 * 3600 + 4 * 1800)
        self.assertEqual(figures["capacity.served_on_demand_unit_s"], 3 * 1200)
        self.assertEqual(figures["capacity.unfulfilled_unit_s"], 4 * 600 + 1 * 1200)
        self.assertEqual(figures["capacity.surplus_unit_s"], 3 * 600)
        self.assertEqual(figures["capacity.shortfall_s"], 1800)
        self.assertEqual(figures["capacity.shortfall_episodes"], 1)
        self.assertEqual(figures["capacity.worst_shortfall_units"], 4)
        self.assertEqual(figures["capacity.recovery_s"], 600)

    def test_cost_and_its_idle_share(self):
        figures = account_for(world(), [spot(0, 0), backup(500, 600, 2400)])
        self.assertEqual(figures["cost.spot_micro_usd"], 50_000)
        self.assertEqual(figures["cost.on_demand_micro_usd"], round(Fraction(250_000 * 1900, 3600)))
        # Required 8, spot 4: all three units of the backup served, at all times.
        self.assertEqual(figures["cost.on_demand_surplus_micro_usd"], 0)
        # ceil(8 / 3) = 3 instances.
        self.assertEqual(figures["cost.all_on_demand_micro_usd"], 750_000)
        idle = account_for(world(demand={"units": 5}), [spot(0, 0), backup(500, 600, 2400)])
        two_thirds = Fraction(250_000 * 1900, 3600) * Fraction(2, 3)
        self.assertEqual(idle["cost.on_demand_surplus_micro_usd"], round(two_thirds))

    def test_prepaid_instances_discounts_and_what_is_paid_beside(self):
        # One is prepaid; when it ends the second has its place, and the third, which ends with it, never had.
        lives = [backup(0, 60, 600), backup(0, 60, None), backup(0, 60, 600)]
        prices = {"prepaid_instances": 1, "on_demand_discount_permille": 100, "address_usd_per_hour": "0.005"}
        figures = account_for(world(billing="hourly", to="2018-01-01T02:00:00Z", prices=prices), lives)
        self.assertEqual(figures["cost.on_demand_micro_usd"], 225_000 * 600 // 3600 + 225_000)
        self.assertEqual(figures["cost.other_micro_usd"], round(Fraction(5_000 * (600 + 7200 + 600), 3600)))
        # ceil(8 / 3) = 3 instances, of which one is prepaid, for two hours.
        self.assertEqual(figures["cost.all_on_demand_micro_usd"], 2 * 225_000 * 2)

    def test_episodes_and_windows(self):
        measured = {"from": "2018-01-01T00:10:00Z", "to": "2018-01-01T00:50:00Z"}
        lives = [spot(0, 0), spot(0, 900, 1000, end="price", notice=880), spot(1200, 1201)]
        figures = account_for(world(measure=measured), lives)
        # Short from before 600 to 900, and from 1000 to 1201.
        self.assertEqual(figures["capacity.shortfall_s"], 300 + 201)
        self.assertEqual(figures["capacity.shortfall_episodes"], 2)
        self.assertEqual(figures["capacity.required_unit_s"], 8 * 2400)

    def test_drain_on_notice(self):
        lives = [spot(0, 0), spot(0, 0, 1000, end="price", notice=880)]
        plain = account_for(world(), lives)
        drained = account_for(world(account={"drain_on_notice": True}), lives)
        self.assertEqual(plain["capacity.shortfall_s"], 2600)
        self.assertEqual(drained["capacity.shortfall_s"], 2720)

    def test_never_joined_serves_nothing(self):
        figures = account_for(world(), [spot(None, None), spot(100, None, 200)])
        self.assertEqual(figures["capacity.served_spot_unit_s"], 0)
        self.assertEqual(figures["cost.spot_micro_usd"], round(Fraction(50_000 * 100, 3600)))

    def test_fractions_of_a_unit_are_exact(self):
        figures = account_for(world(), [spot(0, 0, weight=Fraction(333_333, 10**6))])
        self.assertEqual(
            figures["capacity.served_spot_unit_s"], Fraction(333_333 * 3600, 10**6)
        )


if __name__ == "__main__":
    unittest.main()
