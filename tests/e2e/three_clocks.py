"""Helper of three_clocks.sh: the scenarios it uses, and the comparison of what was decided.

    three_clocks.py scenarios FOLDER HOURS     writes NAME.json of each, one name a line on stdout
    three_clocks.py settings NAME FOLDER       what live needs to know of NAME.json and NAME.twin, on one line
    three_clocks.py compare NAME FOLDER        NAME.sim.db, NAME.live.db, NAME.each and NAME.other.db
"""

import datetime
import json
import os
import sqlite3
import sys

GUARDS = {"max_step_instances": 10000, "max_desired_instances": 10000, "stale_after_s": 86400}
SPECIFICATION = {"InstanceType": "c3.xlarge", "WeightedCapacity": 4, "Placement": {"AvailabilityZone": "us-east-1a"},
                 "Monitoring": {"Enabled": True}}
SECOND_SPECIFICATION = dict(SPECIFICATION, Placement={"AvailabilityZone": "us-east-1b"})
GROUP = {"AutoScalingGroupName": "spot-backup", "MinSize": 0, "MaxSize": 200, "DesiredCapacity": 0,
         "DefaultCooldown": 2700, "AvailabilityZones": ["us-east-1a"]}


def scenario(name, start, hours, seed, **more):
    end = datetime.datetime.fromisoformat(start) + datetime.timedelta(hours=hours)
    result = {
        "name": name, "from": start + "T00:00:00Z", "to": end.strftime("%Y-%m-%dT%H:%M:30Z"), "seed": seed,
        "spot_fleet": {"Type": "maintain", "AllocationStrategy": "lowestPrice", "SpotPrice": "0.0525",
                       "TargetCapacity": 32, "LaunchSpecifications": [SPECIFICATION]},
        "backup_group": {"group": GROUP, "launch": {"InstanceType": "m4.xlarge"}, "units_per_instance": 4},
        "on_demand_usd_per_hour": {"c3.xlarge": 0.21, "m4.xlarge": 0.2},
        "demand": {"units": 32},
        # The schedule alone: an alarm would wake the simulated function, and nothing wakes the daemon.
        "controller": {"alarm": False, "guards": GUARDS},
        "traces": [{"synth": {"regime": "bid-era", "spikes_per_30_days": 400, "spike_length_s": 1500,
                              "markets": {"us-east-1a/c3.xlarge": 0.21}}}],
        "policy": {"name": "pending-capacity"},
    }
    result["controller"].update(more.pop("controller", {}))
    result.update(more)
    return result


def scenarios(hours):
    yield "bids", scenario("bids: spikes of 2015", "2015-03-02", hours, 3)
    yield "smooth", scenario(
        "smooth prices, interruptions without notice of the price, two pools, 2019", "2019-03-04", hours, 1,
        spot_fleet={"Type": "maintain", "AllocationStrategy": "diversified", "SpotPrice": "0.0525",
                    "TargetCapacity": 32, "LaunchSpecifications": [SPECIFICATION, SECOND_SPECIFICATION]},
        traces=[{"synth": {"regime": "modern", "interruptions_per_30_days": 300,
                           "markets": {"us-east-1a/c3.xlarge": 0.21, "us-east-1b/c3.xlarge": 0.21}}}],
        interruptions={"source": "trace"}, policy={"name": "n-plus-one"})
    yield "faulty", scenario(
        "calls that fail and metrics that come late or never", "2015-06-01", hours, 1,
        policy={"name": "pending-capacity:seed", "parameters": {"lookback_s": 300}},
        controller={"faults": [{"kind": "api-error", "permille": 30},
                               {"kind": "api-error", "call": "SetDesiredCapacity", "after_effect": True, "permille": 100},
                               {"kind": "late-metrics", "delay_s": 240, "permille": 50},
                               {"kind": "missing-metrics", "permille": 50}]})
    yield "cluster", scenario(
        "tasks on a cluster of fleet and backup, whose reservation scales the fleet, 2017", "2017-09-04", hours, 11,
        demand={"services": [{"service": {"serviceName": "jobs", "desiredCount": 24},
                              "task": {"family": "job", "cpu": "1024", "memory": "1024",
                                       "containerDefinitions": [{"name": "job", "image": "job"}]}}]},
        cluster={"instance_types": {"c3.xlarge": {"vcpu": 4, "memory_mib": 7680},
                                    "m4.xlarge": {"vcpu": 4, "memory_mib": 16384}}},
        scaling={"target": {"ServiceNamespace": "ec2", "ScalableDimension": "ec2:spot-fleet-request:TargetCapacity",
                            "MinCapacity": 4, "MaxCapacity": 64},
                 "policies": [{"PolicyName": "reservation-at-75", "PolicyType": "TargetTrackingScaling",
                               "TargetTrackingScalingPolicyConfiguration": {
                                   "TargetValue": 75,
                                   "CustomizedMetricSpecification": {
                                       "Namespace": "AWS/ECS", "MetricName": "CPUReservation", "Statistic": "Average",
                                       "Unit": "Percent", "Dimensions": [{"Name": "ClusterName", "Value": "jobs"}]}}}]})


FIELDS = ("trigger, action, policy_desired_capacity, desired_capacity, honor_cooldown, fleet_target, {before}, guard,"
          " outcome, fleet_outcome, reason, words, figures")


def simulated(path):
    """The decision of each evaluation in turn, taken out of the runs of identical ones they are stored as."""
    rows = sqlite3.connect(path).execute("SELECT first_s, last_s, evaluations, " + FIELDS.format(before="desired_before") +
                                         " FROM decision WHERE run=1 ORDER BY ordinal")
    for first, last, count, *said in rows:
        assert count == 1 or (last - first) % (count - 1) == 0, "evaluations are not evenly spaced"
        step = (last - first) // (count - 1) if count > 1 else 0
        for i in range(count):
            yield (first + i * step, *said)


def compare(name, folder):
    live_db = sqlite3.connect(os.path.join(folder, name + ".live.db"))
    live = live_db.execute("SELECT time_s, " + FIELDS.format(before="group_desired") + " FROM evaluation ORDER BY ordinal").fetchall()
    sim = list(simulated(os.path.join(folder, name + ".sim.db")))
    for i, (one, two) in enumerate(zip(sim, live)):
        assert one == two, f"{name}: evaluation {i} differs\n  simulated {one}\n  recorded  {two}"
    assert len(sim) == len(live), f"{name}: {len(sim)} simulated, {len(live)} recorded"
    assert live_db.execute("SELECT count(*) FROM missed").fetchone() == (0,), f"{name}: some were missed"
    each = [json.loads(line) for line in open(os.path.join(folder, name + ".each"), encoding="utf-8")]
    assert len(each) == len(live), f"{name}: {len(each)} replayed"
    for i, line in enumerate(each):
        assert line["recorded"] == line["replayed"] and not line["differs"], f"{name}: replay of {i} differs: {line}"
    other = list(simulated(os.path.join(folder, name + ".other.db")))
    assert other != sim, f"{name}: another seed changed nothing"
    # Nothing leaks: after the first quarter neither descriptors nor memory grow.
    watched = [tuple(map(int, line.split())) for line in open(os.path.join(folder, name + ".watched"), encoding="utf-8")]
    assert len(watched) >= 20, f"{name}: hardly watched: {watched}"
    quarter, rest = watched[: len(watched) // 4 + 1], watched[len(watched) // 4:]
    assert max(each[0] for each in rest) <= max(each[0] for each in quarter) + 2, f"{name}: descriptors leak: {watched}"
    assert max(each[1] for each in rest) <= max(each[1] for each in quarter) + 2048, f"{name}: memory grows: {watched}"
    outcomes = [row[9] for row in live]
    refused = outcomes.count("ScalingActivityInProgress")
    accepted = outcomes.count("accepted")
    print(f"{name}: {len(live)} evaluations decided alike in simulation, over HTTP and in replay;"
          f" {accepted} calls accepted, {refused} refused, {outcomes.count('failed')} failed")
    assert accepted > 0 and refused > 0, f"{name}: nothing was scaled, or nothing refused"


if sys.argv[1] == "scenarios":
    for short, made in scenarios(int(sys.argv[3])):
        with open(os.path.join(sys.argv[2], short + ".json"), "w", encoding="utf-8") as file:
            json.dump(made, file, indent=1)
        print(short)
elif sys.argv[1] == "settings":
    with open(os.path.join(sys.argv[3], sys.argv[2] + ".json"), encoding="utf-8") as file:
        made = json.load(file)
    with open(os.path.join(sys.argv[3], sys.argv[2] + ".twin"), encoding="utf-8") as file:
        twin = json.load(file)
    parameters = made["policy"].get("parameters", {})
    print(twin["region"], twin["endpoint"], twin["fleet"], twin["group"], made["to"], "--policy", made["policy"]["name"],
          *[f"--set {name}={value}" for name, value in parameters.items()])
else:
    compare(sys.argv[2], sys.argv[3])
