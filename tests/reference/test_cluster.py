"""Services and their tasks in the second implementation, worked out by hand.

Proves docs/model.md, "ECS cluster".
"""

import unittest

import scenario as scenarios
from account import Account

START_S = 20  # task_start_s


def at(second):
    return f"2018-01-05T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"


def run(deployment, **service):
    """Four tasks on two instances of four vCPUs; the one in zone a has its notice at 600 and ends at 720."""
    zones = ("us-east-1a", "us-east-1b")
    document = {
        "from": at(0),
        "to": at(900),
        "traces": [
            {
                "prices": {f"{zone}/c3.xlarge": [[at(0), 0.05]] for zone in zones},
                "interruptions": [{"at": at(600), "zone": zones[0], "type": "c3.xlarge", "instances": 1}],
            }
        ],
        "interruptions": {"source": "trace"},
        "on_demand_usd_per_hour": {"c3.xlarge": 0.21, "m4.xlarge": 0.252},
        "spot_fleet": {
            "TargetCapacity": 8,
            "AllocationStrategy": "diversified",
            "LaunchSpecifications": [
                {
                    "InstanceType": "c3.xlarge",
                    "WeightedCapacity": 4,
                    "Placement": {"AvailabilityZone": zone},
                    "Monitoring": {"Enabled": True},
                }
                for zone in zones
            ],
        },
        "backup_group": {"group": {"MinSize": 0, "MaxSize": 9}, "launch": {"InstanceType": "m4.xlarge"}},
        "account": {"drain_on_notice": True},
        "policy": {"name": "none"},
        "demand": {
            "services": [
                {
                    "service": {"desiredCount": 4, "deploymentConfiguration": deployment, **service},
                    "task": {"cpu": "1024", "memory": "1024"},
                }
            ]
        },
        "cluster": {
            "instance_types": {
                "c3.xlarge": {"vcpu": 4, "memory_mib": 7680},
                "m4.xlarge": {"vcpu": 4, "memory_mib": 16384},
            }
        },
    }
    account = Account(scenarios.read(document))
    return account, account.run()


def unserved(deployment, **service):
    return run(deployment, **service)[1]["capacity.task_unserved_s"]


class Cluster(unittest.TestCase):
    def test_what_is_required_is_the_tasks_cpu(self):
        account, _ = run({})
        self.assertEqual(account.scenario.demand, [(account.scenario.start, 4_000_000)])

    def test_tasks_move_before_the_instance_ends(self):
        # Successors are placed at 600 and serve at 620; then the others stop.
        self.assertEqual(unserved({}), 0)

    def test_nothing_drains_where_neither_may_change(self):
        self.assertEqual(unserved({"minimumHealthyPercent": 100, "maximumPercent": 100}), 2 * START_S)

    def test_tasks_stop_first_where_less_is_healthy(self):
        self.assertEqual(unserved({"minimumHealthyPercent": 0, "maximumPercent": 100}), 2 * START_S)

    def test_behind_a_load_balancer_it_takes_longer(self):
        deployment = {"minimumHealthyPercent": 100, "maximumPercent": 100}
        self.assertEqual(unserved(deployment, loadBalancers=[{}]), 2 * (START_S + 30))

    def test_a_fixed_port_is_held_once_an_instance(self):
        definition = {"containerDefinitions": [{"portMappings": [{"hostPort": 80}]}]}
        self.assertTrue(scenarios.cluster.has_fixed_port(definition))
        self.assertFalse(scenarios.cluster.has_fixed_port({**definition, "networkMode": "awsvpc"}))

    def test_the_reservation_is_of_what_is_registered(self):
        account, _ = run({})
        points = {stamp - account.scenario.start: values for stamp, values, _ in account.cloudwatch.cluster_points}
        self.assertEqual(points[0]["CPUReservation"], 50_000_000)
        # 4 GiB of two times floor(7680 x 0.981) MiB.
        self.assertEqual(points[0]["MemoryReservation"], round(100_000_000 * 4096 / 15068))
        # At 659 successors run and the others are gone, on both instances still; at 779 one is there.
        self.assertEqual(points[600]["CPUReservation"], 50_000_000)
        self.assertEqual(points[720]["CPUReservation"], 100_000_000)


if __name__ == "__main__":
    unittest.main()
