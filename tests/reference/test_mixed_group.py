"""Mixed-instances groups in the second implementation, worked out by hand.

Proves docs/model.md, "Mixed-instances group".
"""

import unittest

import scenario as scenarios
from account import Account
from scenario import MICRO

GROUP = {
    "MinSize": 0,
    "MaxSize": 40,
    "DesiredCapacity": 32,
    "AvailabilityZones": ["us-east-1a"],
    "MixedInstancesPolicy": {
        "LaunchTemplate": {"Overrides": [{"InstanceType": "c3.xlarge", "WeightedCapacity": "4"}]},
        "InstancesDistribution": {
            "OnDemandBaseCapacity": 8,
            "OnDemandPercentageAboveBaseCapacity": 50,
        },
    },
}


def at(second):
    return f"2018-01-05T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"


def run(*steps):
    """Two hours of 32 units, and what steps of (second, units) make of them."""
    document = {
        "from": at(0),
        "to": at(7200),
        "traces": [{"prices": {"us-east-1a/c3.xlarge": [[at(0), 0.05]]}}],
        "interruptions": {"source": "trace"},
        "on_demand_usd_per_hour": {"c3.xlarge": 0.21},
        "mixed_group": GROUP,
        "demand": {"series": [[at(0), 32], *([at(second), units] for second, units in steps)]},
        "policy": {"name": "none"},
    }
    account = Account(scenarios.read(document))
    account.run()
    return account


def lives(account):
    """(kind, requested, ended, how) of those that began or ended within the run."""
    start = account.scenario.start
    return sorted(
        (one.kind, one.requested - start, None if one.ended is None else one.ended - start, one.end)
        for one in account.all_instances
        if one.ended is not None or not one.warm
    )


class MixedGroup(unittest.TestCase):
    def test_both_parts_are_there_from_the_start(self):
        # 8 and half of 24 are 20 units on demand, of five instances; 12 of spot, of three.
        account = run()
        self.assertEqual(account.group.desired, 5)
        self.assertEqual(account.fleet.target, 12 * MICRO)
        self.assertEqual(sorted(one.kind for one in account.alive), ["on-demand"] * 5 + ["spot"] * 3)

    def test_a_fraction_is_on_demand_and_launched_at_once(self):
        # 8 and 12.5 are 21 units on demand: a sixth instance, while spot stays at 12.
        account = run((3601, 33))
        self.assertEqual(lives(account), [("on-demand", 3601, None, "still-running")])
        self.assertEqual(account.fleet.target, 12 * MICRO)

    def test_both_shrink_without_a_warning(self):
        # 8 units: two instances on demand and none of spot.
        self.assertEqual(
            lives(run((3601, 8))),
            [("on-demand", 0, 3601, "group-scale-in")] * 3 + [("spot", 0, 3601, "fleet-scale-in")] * 3,
        )

    def test_spot_grows_at_the_fleets_tick(self):
        # 40 units: 24 on demand, 16 of spot.
        self.assertEqual(
            lives(run((3601, 40))),
            [("on-demand", 3601, None, "still-running"), ("spot", 3660, None, "still-running")],
        )


if __name__ == "__main__":
    unittest.main()
