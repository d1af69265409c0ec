"""A small world to tune in, and everything that `ballast tune --json` says of it found again by brute force.

usage: tune.py MAKE FILE SPIKY_DAYS             write the scenario: six days, the last SPIKY_DAYS of them with price spikes
       tune.py CHECK SCENARIO [FILE LIMIT TRAIN]...  each answer in a FILE, from runs of every point in every day: cost
                                                and 1.5 USD per unfulfilled unit-hour is least where at most LIMIT unit-seconds
                                                are unfulfilled, tuned on all days before (TRAIN 0) or TRAIN of them
"""
import json
import os
import subprocess
import sys
import tempfile
from fractions import Fraction

BASES, COOLDOWNS, DAYS = ("0", "1", "2"), ("300", "900"), range(1, 7)


def make(path, spiky):
    prices = [["2015-06-01T00:00:00Z", 0.05]]
    for day in DAYS:
        for hour in range(2, 24, 4) if day > 6 - spiky else ():
            prices += [[f"2015-06-0{day}T{hour:02}:00:00Z", 0.5], [f"2015-06-0{day}T{hour:02}:30:00Z", 0.05]]
    scenario = {
        "name": "six days", "from": "2015-06-01T00:00:00Z", "to": "2015-06-07T00:00:00Z",
        "traces": [{"prices": {"us-east-1a/c3.xlarge": prices}}],
        "spot_fleet": {"Type": "maintain", "AllocationStrategy": "lowestPrice", "SpotPrice": "0.054", "TargetCapacity": 8,
                       "LaunchSpecifications": [{"InstanceType": "c3.xlarge", "WeightedCapacity": 4,
                                                 "Placement": {"AvailabilityZone": "us-east-1a"}, "Monitoring": {"Enabled": True}}]},
        "backup_group": {"group": {"AutoScalingGroupName": "b", "MinSize": 0, "MaxSize": 10, "DesiredCapacity": 0,
                                   "DefaultCooldown": 300, "AvailabilityZones": ["us-east-1a"]},
                         "launch": {"InstanceType": "m4.xlarge"}, "units_per_instance": 4},
        "on_demand_usd_per_hour": {"c3.xlarge": 0.21, "m4.xlarge": 0.252}, "demand": {"units": 8},
        "policy": {"name": "static-base"}}
    with open(path, "w", encoding="utf-8") as file:
        json.dump(scenario, file)


def every_run(scenario, points):
    """Cost and unfulfilled capacity of each point on each day, by one sweep over the days."""
    days = ",".join(2 * f"..2015-06-0{day}T00:00:00Z..2015-06-0{day + 1}T00:00:00Z" for day in DAYS).replace(",..", ",")[2:]
    with tempfile.TemporaryDirectory() as folder:
        out = subprocess.run(
            [os.environ["BALLAST"], "sweep", scenario, "--db", f"{folder}/days.db", "--json", "--vary", f"from,to,measure.from,measure.to={days}",
             "--vary", "policy.parameters.instances,backup_group.group.DefaultCooldown=" + ",".join(map("..".join, points))],
            capture_output=True, text=True, check=True).stdout
    found = iter(json.loads(out, parse_float=Fraction, parse_int=Fraction)["points"])
    table = [{} for _ in points]
    for day in DAYS:
        for row in table:
            figures = next(found)
            assert figures["varied"]["from"] == f"2015-06-0{day}T00:00:00Z"
            row[day] = figures["cost"]["total_micro_usd"], figures["capacity"]["unfulfilled_unit_s"]
    return table


def check(points, table, path, limit, train):
    with open(path, encoding="utf-8") as file:
        told = json.load(file, parse_float=Fraction, parse_int=Fraction)

    def outcome(rows):
        """Sums over (point, day), put on six days."""
        cost, missing = (sum(table[p][day][k] for p, day in rows) * 6 / len(rows) for k in (0, 1))
        return cost + missing * 1500000 / 3600, missing, cost

    def best(days):
        all_of = [(outcome([(p, day) for day in days]), p) for p in range(len(points))]
        return min((key, p) for key, p in all_of if key[1] <= limit)

    def same(said, key):
        assert abs(said["objectives"][0] - key[0]) <= 1, (said, float(key[0]))  # micro-USD: sums put on the span are rounded
        assert abs(said["cost_micro_usd"] - key[2]) <= 1 and abs(said["unfulfilled_unit_s"] - key[1]) < Fraction(1, 10**5), said

    key, point = best(DAYS)
    assert told["best"]["point"] == point
    same(told["best"], key)
    first = train or 3
    rows = []
    for fold, judged in zip(told["out_of_sample"]["folds"], range(first + 1, 7), strict=True):
        key, point = best([day for day in DAYS if (not train or day >= judged - train) and day < judged])
        assert fold["promised"]["point"] == fold["got"]["point"] == point, fold
        same(fold["promised"], key)
        same(fold["got"], outcome([(point, judged)]))
        rows.append((point, judged))
    same(told["out_of_sample"]["got"], outcome(rows))
    key, point = best([day for _, day in rows])
    assert told["out_of_sample"]["in_sample"]["point"] == point
    same(told["out_of_sample"]["in_sample"], key)
    front = []
    for cost, missing, p in sorted((*outcome([(p, day) for day in DAYS])[:0:-1], p) for p in range(len(points))):
        if not front or missing < front[-1][0]:
            front.append((missing, p))
    assert [point["point"] for point in told["front"]] == [p for _, p in front], told["front"]


if sys.argv[1] == "MAKE":
    make(sys.argv[2], int(sys.argv[3]))
else:
    all_points = [(base, cooldown) for base in BASES for cooldown in COOLDOWNS]
    runs = every_run(sys.argv[2], all_points)
    for at in range(3, len(sys.argv), 3):
        check(all_points, runs, sys.argv[at], int(sys.argv[at + 1]), int(sys.argv[at + 2]))
