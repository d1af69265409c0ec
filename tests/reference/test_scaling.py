"""Alarms and scaling in the second implementation: AWS's tables, and courses worked out by hand.

Proves docs/model.md, "Alarms".
Proves docs/model.md, "Scaling of the fleet".
"""

import unittest

import scenario as scenarios
from account import Account
from alarms import Alarm
from scaling import StepPolicy

MICRO = 1_000_000


def state(points, missing, periods=3, breaches=3):
    """Of points as the guide writes them, oldest first: X breaches, 0 does not, - is missing."""
    alarm = Alarm("m", "Average", 60, periods, breaches, 0, "GreaterThanThreshold", missing, state="stays")
    values = [{"X": MICRO, "0": 0, "-": None}[one] for one in points]
    return alarm.state_of(values[::-1])


class Guide(unittest.TestCase):
    """CloudWatch user guide, how alarms treat missing data: the state by missing, ignore, breaching, notBreaching."""

    def test_three_of_three(self):
        rows = {
            "0-X-X": ["OK", "OK", "OK", "OK"],
            "----0": ["OK", "OK", "OK", "OK"],
            "-----": ["INSUFFICIENT_DATA", "stays", "ALARM", "OK"],
            "0XX-X": ["ALARM", "ALARM", "ALARM", "ALARM"],
            "--X--": ["ALARM", "stays", "ALARM", "OK"],
        }
        treatments = ["missing", "ignore", "breaching", "notBreaching"]
        for points, expected in rows.items():
            self.assertEqual([state(points, one) for one in treatments], expected, points)

    def test_two_of_three(self):
        rows = {
            "0-X-X": "ALARM",
            "00X0X": "ALARM",
            "0-X--": "OK",
            "----0": "OK",
            "---X-": "ALARM",
        }
        for points, expected in rows.items():
            self.assertEqual(state(points, "missing", breaches=2), expected, points)


class Steps(unittest.TestCase):
    def test_percent_is_rounded_toward_zero_but_not_to_zero(self):
        policy = StepPolicy("p", 300, 300, "PercentChangeInCapacity", [], 0, "Average")
        self.assertEqual([policy.size(10 * MICRO, one) for one in (25, -25, 5, -5, 0)], [12, 8, 11, 9, 10])
        policy.least = 3
        self.assertEqual([policy.size(10 * MICRO, one) for one in (5, -5, 0)], [13, 7, 10])

    def test_a_step_holds_toward_the_threshold(self):
        policy = StepPolicy("p", 300, 300, "ChangeInCapacity", [(-9, -2, 1), (-2, 0, 2), (0, 5, 3), (5, 9, 4)], 0, "")
        self.assertEqual([policy.step(one, True) for one in (-2, -1, 0, 5)], [1, 2, 3, 4])
        self.assertEqual([policy.step(one, False) for one in (-2, 0, 9)], [1, 2, None])


def at(second):
    return f"2018-01-05T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"


def targets(adjustment, **settings):
    """(second, target) of a fleet of 32 units for 15 minutes whose FulfilledCapacity is always below 40."""
    policy = {"AdjustmentType": "ChangeInCapacity", "StepAdjustments": [{"ScalingAdjustment": adjustment}], **settings}
    document = {
        "from": at(0),
        "to": at(900),
        "traces": [{"prices": {"us-east-1a/c3.xlarge": [[at(0), 0.05]]}}],
        "on_demand_usd_per_hour": {"c3.xlarge": 0.21, "m4.xlarge": 0.252},
        "spot_fleet": {
            "TargetCapacity": 32,
            "LaunchSpecifications": [
                {
                    "InstanceType": "c3.xlarge",
                    "WeightedCapacity": 4,
                    "Placement": {"AvailabilityZone": "us-east-1a"},
                    "Monitoring": {"Enabled": True},
                }
            ],
        },
        "backup_group": {"group": {"MinSize": 0, "MaxSize": 9}, "launch": {"InstanceType": "m4.xlarge"}},
        "demand": {"units": 32},
        "policy": {"name": "none"},
        "scaling": {
            "target": {"MinCapacity": 0, "MaxCapacity": 100},
            "policies": [{"PolicyName": "p", "StepScalingPolicyConfiguration": policy}],
            "alarms": [
                {
                    "MetricName": "FulfilledCapacity",
                    "Statistic": "Average",
                    "Period": 60,
                    "EvaluationPeriods": 1,
                    "Threshold": 40,
                    "ComparisonOperator": "LessThanThreshold",
                    "AlarmActions": ["p"],
                }
            ],
        },
    }
    account = Account(scenarios.read(document))
    account.run()
    start = account.scenario.start
    return [(second - start, target // MICRO) for second, target in account.targets]


class Scaling(unittest.TestCase):
    def test_out_once_a_cooldown(self):
        self.assertEqual(targets(4), [(0, 32), (30, 36), (330, 40)])

    def test_in_once_a_cooldown(self):
        self.assertEqual(targets(-8, Cooldown=400), [(0, 32), (30, 24), (450, 16), (870, 8)])


if __name__ == "__main__":
    unittest.main()
