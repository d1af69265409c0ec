"""The second implementation on worlds whose course is worked out by hand.

Proves docs/model.md, "Time".
Proves docs/model.md, "Market".
Proves docs/model.md, "Spot Fleet".
Proves docs/model.md, "Backup group".
Proves docs/model.md, "CloudWatch and the controller".
"""

import unittest

import scenario as scenarios
from account import Account
from scenario import MICRO, seconds

START = seconds("2015-03-12T00:00:00Z")


def at(second):
    hours, rest = divmod(second, 3600)
    return f"2015-03-12T{hours:02}:{rest // 60:02}:{rest % 60:02}Z"


def specification(zone, weight=4, instance_type="c3.xlarge", **more):
    return {
        "InstanceType": instance_type,
        "WeightedCapacity": weight,
        "Placement": {"AvailabilityZone": zone},
        "Monitoring": {"Enabled": True},
        **more,
    }


def run(target, specifications, prices, fleet=None, hours=1, **changes):
    """Simulate from 0:00 for `hours`; times in `prices` and results are seconds from then."""
    document = {
        "from": at(0),
        "to": at(int(hours * 3600)),
        "traces": [
            {
                "prices": {
                    key: [[at(time), usd] for time, usd in steps] for key, steps in prices.items()
                },
            }
        ],
        "spot_fleet": {
            "TargetCapacity": target,
            "SpotPrice": "0.05",
            "LaunchSpecifications": specifications,
            **(fleet or {}),
        },
        "backup_group": {
            "group": {"MinSize": 0, "MaxSize": 9, "DesiredCapacity": 0, "DefaultCooldown": 2700},
            "launch": {"InstanceType": "m4.xlarge"},
        },
        "on_demand_usd_per_hour": {"c3.xlarge": 0.21, "r3.large": 0.175, "m4.xlarge": 0.252},
        "policy": {"name": "none"},
    }
    document.update(changes)
    account = Account(scenarios.read(document))
    figures = account.run()
    return account, figures


def lives(account):
    """(kind, zone, running, notice, ended, end) in order of request."""

    def since(time):
        return None if time is None else time - START

    return [
        (one.kind, one.zone, since(one.running), since(one.notice), since(one.ended), one.end)
        for one in account.all_instances
    ]


class Allocation(unittest.TestCase):
    """The guide's worked examples of weights."""

    def count(self, target, *weights, strategy="lowestPrice"):
        prices = {f"{place}/c3.xlarge": [(0, 0.001)] for place in range(len(weights))}
        pools = [specification(str(place), weight) for place, weight in enumerate(weights)]
        account, _ = run(target, pools, prices, {"AllocationStrategy": strategy}, hours=0.01)
        zones = [one.zone for one in account.all_instances]
        return [zones.count(str(place)) for place in range(len(weights))]

    def test_instances_for_a_target(self):
        self.assertEqual(self.count(10, 2), [5])
        self.assertEqual(self.count(10, 8), [2])
        self.assertEqual(self.count(24, 6), [4])
        self.assertEqual(self.count(24, 5), [5])

    def test_three_pools(self):
        self.assertEqual(self.count(30, 8, 8, 8), [4, 0, 0])
        self.assertEqual(self.count(30, 8, 8, 8, strategy="diversified"), [2, 1, 1])


class Interruption(unittest.TestCase):
    prices = {"a/c3.xlarge": [(0, 0.03), (610, 0.2001), (700, 0.2), (1205, 0.19)]}

    def test_notice_end_and_replacement(self):
        # The cap is 0.05 x 4. At 0.2 nothing is launched: a launch needs a price below the cap.
        account, figures = run(8, [specification("a")], self.prices)
        gone = ("spot", "a", 0, 610, 730, "price")
        new = ("spot", "a", 1290, None, None, "still-running")
        self.assertEqual(lives(account), [gone, gone, new, new])
        self.assertEqual(figures["events.spot_interruptions"], 2)
        self.assertEqual(figures["events.spot_launches"], 2)
        self.assertEqual(figures["capacity.shortfall_s"], 1290 + 60 - 730)
        # Hourly: interrupted within the first hour is free; the new ones run pro rata to the end.
        self.assertEqual(figures["cost.spot_micro_usd"], round(2 * 190_000 * 2310 / 3600))

    def test_launch_at_equal(self):
        account, _ = run(4, [specification("a")], self.prices, account={"launch_at_equal": True})
        # Gone at 730; the tick at 780 launches at 0.2.
        self.assertEqual(lives(account)[1][2], 810)

    def test_replace_on_notice(self):
        prices = {"a/c3.xlarge": [(0, 0.03), (610, 0.3)], "b/c3.xlarge": [(0, 0.04)]}
        pools = [specification("a"), specification("b")]
        account, _ = run(4, pools, prices, account={"replace_on": "notice"})
        self.assertEqual(lives(account)[1], ("spot", "b", 690, None, None, "still-running"))

    def test_lowest_slots_are_taken_first(self):
        record = {"at": at(600), "zone": "a", "type": "c3.xlarge", "instances": 2}
        trace = {"prices": {"a/c3.xlarge": [[at(0), 0.03]]}, "interruptions": [record]}
        account, _ = run(
            12, [specification("a")], {}, traces=[trace], interruptions={"source": "trace"}
        )
        slots = [one.slot for one in account.all_instances if one.end == "capacity"]
        self.assertEqual(slots, [0, 1])
        # The tick in the very second of their end replaces them, in the slots they left.
        self.assertEqual([one.slot for one in account.all_instances[3:]], [0, 1])
        self.assertEqual(account.all_instances[3].requested, START + 720)


class Modification(unittest.TestCase):
    def scaled_in_to(self, target):
        """Zones of the instances that get a notice, and the units left in the end."""
        prices = {"a/c3.xlarge": [(0, 0.1)], "b/r3.large": [(0, 0.02)]}
        pools = [specification("a", 4), specification("b", 3, "r3.large")]
        account, _ = run(
            14,
            pools,
            prices,
            {"AllocationStrategy": "diversified"},
            demand={"units": 8},
            modify_spot_fleet=[{"at": at(100), "TargetCapacity": target}],
        )
        # b a b a: 8 units in a, 6 in b, which is the cheaper one per unit.
        noticed = [one.zone for one in account.all_instances if one.notice is not None]
        return noticed, account.fleet.fulfilled() // MICRO

    def test_largest_pool_first_and_never_below_target(self):
        self.assertEqual(self.scaled_in_to(11), (["b"], 11))
        self.assertEqual(self.scaled_in_to(9), (["a"], 10))
        self.assertEqual(self.scaled_in_to(7), (["b", "a"], 7))
        self.assertEqual(self.scaled_in_to(0), (["b", "a", "b", "a"], 0))

    def test_launches_in_flight_go_first(self):
        account, _ = run(
            8,
            [specification("a")],
            {"a/c3.xlarge": [(0, 0.1)]},
            start="cold",
            account={"spot_launch_delay_s": 200},
            demand={"units": 8},
            modify_spot_fleet=[{"at": at(100), "TargetCapacity": 4}],
        )
        self.assertEqual(
            lives(account),
            [
                ("spot", "a", 200, None, None, "still-running"),
                ("spot", "a", None, None, 100, "launch-cancelled"),
            ],
        )


class Backup(unittest.TestCase):
    prices = {"a/c3.xlarge": [(0, 0.03), (600, 0.3), (1500, 0.03)]}

    def test_seed_scales_out_and_is_held_back(self):
        account, figures = run(
            8, [specification("a")], self.prices, hours=2, policy={"name": "pending-capacity:seed"}
        )
        calls = [one for one in account.evaluations if one.desired is not None]
        # Ended at 730. The period of 720 is readable at 795: the alarm rings. 8 units: 2 instances.
        first = calls[0]
        self.assertEqual((first.second - START, first.trigger, first.desired), (795, "alarm", 2))
        self.assertEqual(figures["events.scale_out"], 1)
        # Spot launched at 1500 runs at 1530; its point (1500) is readable at 1575. Refused from
        # 1590 until 2700 s after the backup was in service, at 825: the evaluation of 3570.
        self.assertEqual(figures["events.scale_in_refused_episodes"], 1)
        self.assertEqual(figures["events.scale_in_blocked_s"], 3570 - 1590)
        self.assertEqual(figures["events.scale_in_refused"], (3570 - 1590) // 60)
        self.assertEqual(figures["events.scale_in"], 1)

    def test_late_metrics_make_the_seed_assume(self):
        account, _ = run(
            8,
            [specification("a")],
            {"a/c3.xlarge": [(0, 0.03)]},
            policy={"name": "pending-capacity:seed"},
            account={"metric_delay_s": 45},
            controller={"alarm": False},
        )
        self.assertEqual(account.evaluations[0].desired, 8)

    def test_out_of_bounds_changes_nothing(self):
        account, figures = run(
            40,
            [specification("a")],
            {"a/c3.xlarge": [(0, 0.3)]},
            policy={"name": "pending-capacity:seed"},
            controller={"alarm": False},
        )
        self.assertEqual({one.outcome for one in account.evaluations}, {"ValidationError"})
        self.assertEqual(figures["events.scale_out"], 0)
        self.assertEqual(account.group.desired, 0)


if __name__ == "__main__":
    unittest.main()
