"""Faults of the controller's world, on a world whose course is worked out by hand.

Proves docs/model.md, "Faults".
"""

import unittest

from test_account import at, run, specification


def first_backup(account):
    return min(one.requested for one in account.all_instances if one.kind == "on-demand") - account.scenario.start


def faulty(*faults, **controller):
    """Eight instances go at 1120 for good. The first point that says so, stamped 1080, is readable at 1155."""
    return run(
        32,
        [specification("us-east-1a")],
        {"us-east-1a/c3.xlarge": [(0, 0.05), (1000, 0.3)]},
        policy={"name": "pending-capacity"},
        controller={"alarm": False, "faults": list(faults), **controller},
    )[0]


class Faults(unittest.TestCase):
    def test_none(self):
        self.assertEqual(first_backup(faulty()), 1170)

    def test_dropped(self):
        self.assertEqual(first_backup(faulty({"kind": "invocation-dropped", "at": [at(1140)]})), 1230)

    def test_throttled_call(self):
        fault = {"kind": "api-error", "call": "GetMetricStatistics", "at": [at(1170)]}
        self.assertEqual(first_backup(faulty(fault)), 1230)

    def test_lost_answer(self):
        fault = {"kind": "api-error", "call": "SetDesiredCapacity", "after_effect": True, "at": [at(1170)]}
        account = faulty(fault)
        self.assertEqual(first_backup(account), 1170)
        self.assertEqual([one.outcome for one in account.evaluations if one.accepted], ["failed"])

    def test_retried(self):
        fault = {"kind": "function-error", "from": at(1230), "to": at(1300)}
        self.assertEqual(first_backup(faulty(fault, every_s=600)), 1410)

    def test_throttled_function(self):
        fault = {"kind": "function-timeout", "after_s": 900, "retried": False, "from": at(1230), "to": at(1231)}
        self.assertEqual(first_backup(faulty(fault, every_s=600, concurrency=1)), 2341)

    def test_late_points(self):
        self.assertEqual(first_backup(faulty({"kind": "late-metrics", "delay_s": 200})), 1410)

    def test_takes_time(self):
        self.assertEqual(first_backup(faulty(duration_s=45)), 1215)


if __name__ == "__main__":
    unittest.main()
