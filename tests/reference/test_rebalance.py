"""Recommendations and capacity rebalancing in the second implementation, worked out by hand.

Proves docs/model.md, "Rebalance recommendations".
Proves docs/model.md, "Capacity rebalancing".
"""

import unittest

import scenario as scenarios
from account import Account
from scenario import MICRO, seconds

START = seconds("2021-03-12T00:00:00Z")


def at(second):
    hours, rest = divmod(second, 3600)
    return f"2021-03-12T{hours:02}:{rest // 60:02}:{rest % 60:02}Z"


def run(rebalance, records, strategy="capacityOptimized", zones=("a", "b"), **terms):
    """Eight instances of 4 units in zone a, for two hours; every record is announced."""
    document = {
        "from": at(0),
        "to": at(7200),
        "traces": [
            {
                "prices": {f"us-east-1{zone}/c3.xlarge": [[at(0), 0.05]] for zone in "ab"},
                "interruptions": [
                    {
                        "at": at(second),
                        "zone": f"us-east-1{zone}",
                        "type": "c3.xlarge",
                        "instances": count,
                    }
                    for second, zone, count in records
                ],
            }
        ],
        "interruptions": {"source": "trace", "rebalance_permille": 1000, **terms},
        "spot_fleet": {
            "TargetCapacity": 32,
            "AllocationStrategy": strategy,
            "LaunchSpecifications": [
                {
                    "InstanceType": "c3.xlarge",
                    "WeightedCapacity": 4,
                    "Placement": {"AvailabilityZone": f"us-east-1{zone}"},
                    "Monitoring": {"Enabled": True},
                }
                for zone in zones
            ],
        },
        "backup_group": {
            "group": {"MinSize": 0, "MaxSize": 9, "DesiredCapacity": 0, "DefaultCooldown": 2700},
            "launch": {"InstanceType": "m4.xlarge"},
        },
        "on_demand_usd_per_hour": {"c3.xlarge": 0.21, "m4.xlarge": 0.252},
        "policy": {"name": "none"},
    }
    if rebalance:
        document["spot_fleet"]["SpotMaintenanceStrategies"] = {"CapacityRebalance": rebalance}
    account = Account(scenarios.read(document))
    account.run()
    return account


def lives(account):
    """Of those that began or ended within the run: (zone, requested, ended, how), from `from`."""
    return sorted(
        (
            one.zone[-1],
            one.requested - START,
            None if one.ended is None else one.ended - START,
            one.end,
        )
        for one in account.all_instances
        if one.ended is not None or not one.warm
    )


DELAYED = {"ReplacementStrategy": "launch-before-terminate", "TerminationDelay": 120}


class Rebalancing(unittest.TestCase):
    def test_a_recommendation_marks_lowest_slots_first_and_changes_nothing(self):
        account = run(None, [(1200, "a", 2)])
        marked = [one for one in account.all_instances if one.recommended is not None]
        self.assertEqual([one.slot for one in marked], [0, 1])
        self.assertEqual([one.recommended - START for one in marked], [600, 600])
        self.assertEqual(
            lives(account),
            [("a", 0, 1320, "capacity")] * 2 + [("a", 1320, None, "still-running")] * 2,
        )

    def test_launch_replaces_elsewhere_and_ends_nothing(self):
        self.assertEqual(
            lives(run({"ReplacementStrategy": "launch"}, [(1200, "a", 2)])),
            [("a", 0, 1320, "capacity")] * 2 + [("b", 600, None, "still-running")] * 2,
        )

    def test_launch_before_terminate(self):
        # Running at 630, released at the tick of 660; the record takes nothing any more.
        self.assertEqual(
            lives(run(DELAYED, [(1200, "a", 2)])),
            [("a", 0, 780, "rebalance")] * 2 + [("b", 600, None, "still-running")] * 2,
        )

    def test_no_replacement_where_it_is_at_risk(self):
        self.assertEqual(
            lives(run(DELAYED, [(1230, "a", 2)], zones=("a",))),
            [("a", 0, 1350, "capacity")] * 2 + [("a", 1260, None, "still-running")] * 2,
        )
        found = lives(run(DELAYED, [(1230, "a", 2)], strategy="lowestPrice", zones=("a",)))
        self.assertEqual(found[:2], [("a", 0, 840, "rebalance")] * 2)

    def test_twice_the_target(self):
        found = run({"ReplacementStrategy": "launch"}, [(1200, "a", 8), (1500, "b", 8)])
        self.assertEqual([life[1] for life in lives(found) if life[0] == "b"], [600] * 8)
        self.assertEqual(
            [life[1] for life in lives(found) if life[0] == "a" and life[1] > 0], [1320] * 8
        )
        self.assertEqual(found.fleet.target, 32 * MICRO)


if __name__ == "__main__":
    unittest.main()
