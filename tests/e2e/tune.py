"""A small world to tune in, and everything that `ballast tune --json` says of it found again by brute force.

usage: tune.py MAKE FILE SPIKY_DAYS             write the scenario: six days, the last SPIKY_DAYS of them with price spikes
       tune.py CHECK SCENARIO [FILE LIMIT TRAIN]...  each answer in a FILE, from runs of every point in every day: cost
                                                and 1.5 USD per unfulfilled unit-hour is least where at most LIMIT unit-seconds
                                                are unfulfilled, tuned on all days before (TRAIN 0) or TRAIN of them
       tune.py NARROW SCENARIO FILE TRAIN       the answer in FILE of two rounds of narrowing from WIDE: each past adds points by itself;
                                                and its best is the best of all that lie between, better than any of WIDE
"""
import itertools
import json
import os
import subprocess
import sys
import tempfile
from fractions import Fraction

BASES, COOLDOWNS, DAYS = ("0", "1", "2"), ("300", "900"), range(1, 7)
WIDE, ROUNDS = [(base, cooldown) for base in (0, 4, 8) for cooldown in (300, 900)], 2


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


def put_together(table, rows):
    """Sums over (point, day), put on six days."""
    cost, missing = (sum(table[p][day][k] for p, day in rows) * 6 / len(rows) for k in (0, 1))
    return cost + missing * 1500000 / 3600, missing, cost


def past_of(judged, train):
    return [day for day in DAYS if (not train or day >= judged - train) and day < judged]


def narrow(table, train):
    """All points in the order in which they are tried, and which of them each past may choose from."""
    pasts = [past_of(judged, train) for judged in range((train or 3) + 1, 7)] + [list(DAYS)]
    points, own = list(WIDE), [list(WIDE) for _ in pasts]
    for _ in range(ROUNDS):
        for days, mine in zip(pasts, own, strict=True):
            best = min(mine, key=lambda p, days=days, mine=mine: (put_together(table, [(p, day) for day in days]), mine.index(p)))
            axes = []
            for d, value in enumerate(best):
                known = {p[d] for p in mine}
                below, above = max((v for v in known if v < value), default=value), min((v for v in known if v > value), default=value)
                axes.append(sorted({v for v in ((below + value) // 2, (value + above) // 2) if v not in known} | {value}))
            mine += [p for p in itertools.product(*axes) if p != best]
            points += [p for p in mine if p not in points]
    return points, {tuple(days): [points.index(p) for p in mine] for days, mine in zip(pasts[:-1], own, strict=False)}


def check(points, table, path, limit, train, allowed):
    with open(path, encoding="utf-8") as file:
        told = json.load(file, parse_float=Fraction, parse_int=Fraction)
    assert told["points"] == len(points), (told["points"], points)

    def outcome(rows):
        return put_together(table, rows)

    def best(days, among=None):
        all_of = [(outcome([(p, day) for day in days]), at) for at, p in enumerate(among or range(len(points)))]
        key, at = min((key, at) for key, at in all_of if key[1] <= limit)
        return key, among[at] if among else at

    def same(said, key):
        assert abs(said["objectives"][0] - key[0]) <= 1, (said, float(key[0]))  # micro-USD: sums put on the span are rounded
        assert abs(said["cost_micro_usd"] - key[2]) <= 1 and abs(said["unfulfilled_unit_s"] - key[1]) < Fraction(1, 10**5), said

    key, point = best(DAYS)
    assert told["best"]["point"] == point
    same(told["best"], key)
    first = train or 3
    rows = []
    for fold, judged in zip(told["out_of_sample"]["folds"], range(first + 1, 7), strict=True):
        past = past_of(judged, train)
        key, point = best(past, allowed.get(tuple(past)))
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
    return told


def check_narrowed(scenario, path, train):
    fine = [(base, cooldown) for base in range(9) for cooldown in range(300, 901, 150)]
    table = dict(zip(fine, every_run(scenario, [tuple(map(str, p)) for p in fine]), strict=True))
    points, allowed = narrow(table, train)
    told = check(points, [table[p] for p in points], path, 10**9, train, allowed)
    assert told["narrowed"] == {"rounds": ROUNDS, "grid": len(WIDE), "added": len(points) - len(WIDE), "left_out": 0}, told["narrowed"]
    for at in [told["best"], *(fold["got"] for fold in told["out_of_sample"]["folds"])]:
        assert [int(value) for value in at["varied"].values()] == list(points[int(at["point"])]), at
    full, wide = (min(put_together(table, [(p, day) for day in DAYS])[0] for p in of) for of in (fine, WIDE))
    assert abs(told["best"]["objectives"][0] - full) <= 1 and full < wide, (told["best"], full, wide)
    chosen = {int(fold["got"]["point"]) for fold in told["out_of_sample"]["folds"]}
    assert max(chosen) >= len(WIDE), "no fold chose what was added: a check of nothing"


if sys.argv[1] == "MAKE":
    make(sys.argv[2], int(sys.argv[3]))
elif sys.argv[1] == "NARROW":
    check_narrowed(sys.argv[2], sys.argv[3], int(sys.argv[4]))
else:
    all_points = [(base, cooldown) for base in BASES for cooldown in COOLDOWNS]
    runs = every_run(sys.argv[2], all_points)
    for at in range(3, len(sys.argv), 3):
        check(all_points, runs, sys.argv[at], int(sys.argv[at + 1]), int(sys.argv[at + 2]), {})
