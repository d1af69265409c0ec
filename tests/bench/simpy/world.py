#!/usr/bin/env python3
"""Write the scenario of the comparison with SimPy: scenario.json with dates, prices and demand.

    world.py FILE [--days N] [--seed S] [--spike-every-days N] [--demand-every-s N]

Prices move calmly, and every now and then lie above every cap for an hour or so. Some changes come in the very
second in which the fleet or a metric acts, and some prices equal the cap: the edges at which two programs part.
"""

import argparse
import json
import random
from datetime import datetime, timezone
from pathlib import Path

START = 1420070400  # 2015-01-01T00:00:00Z
DAY = 86400
CHANGES_EVERY_S = 7568  # 50,000 a year in 12 pools
SPIKE_S = 3600
HEIGHT = 5  # of a spike, in on-demand prices


def stamp(second):
    return datetime.fromtimestamp(second, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def pools(scenario):
    """(zone, type, units) of each, in the request's order."""
    for launch in scenario["spot_fleet"]["LaunchSpecifications"]:
        for zone in launch["Placement"]["AvailabilityZone"].split(", "):
            yield zone, launch["InstanceType"], launch["WeightedCapacity"]


def prices(luck, on_demand, cap, end, spike_every_s):
    """[[time, USD], ...] of one market; amounts are micro-USD until they are written."""
    steps = []
    time = START
    spike = START + luck.expovariate(1 / spike_every_s)
    while time < end:
        high = time >= spike
        if high:
            price = HEIGHT * on_demand
            spike = time + luck.expovariate(1 / spike_every_s)
        elif luck.random() < 0.02:
            price = cap
        else:
            price = on_demand * luck.randint(150, 250) // 1000
        steps.append([stamp(time), f"{price // 10**6}.{price % 10**6:06d}"])
        wait = luck.expovariate(1 / (SPIKE_S if high else CHANGES_EVERY_S))
        after = time + 1 + int(wait)
        if luck.random() < 0.25:
            after = -(-after // 15) * 15
        time = max(after, time + 1)
    return steps


def demand(target, end, every_s):
    if every_s == 0:
        return [[stamp(START), target]]
    return [[stamp(second), target - (second - START) // every_s % 40] for second in range(START, end, every_s)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--spike-every-days", type=float, default=36)
    parser.add_argument("--demand-every-s", type=int, default=0, help="0: constant")
    options = parser.parse_args()
    scenario = json.loads((Path(__file__).parent / "scenario.json").read_text(encoding="utf-8"))
    end = START + options.days * DAY
    cap_per_unit = round(float(scenario["spot_fleet"]["SpotPrice"]) * 10**6)
    markets = {}
    for zone, instance_type, units in pools(scenario):
        luck = random.Random(f"{options.seed}:{zone}:{instance_type}")
        on_demand = round(scenario["on_demand_usd_per_hour"][instance_type] * 10**6)
        markets[f"{zone}/{instance_type}"] = prices(
            luck, on_demand, cap_per_unit * units, end, options.spike_every_days * DAY
        )
    scenario["from"], scenario["to"] = stamp(START), stamp(end)
    scenario["traces"] = [{"prices": markets}]
    target = scenario["spot_fleet"]["TargetCapacity"]
    scenario["demand"] = {"series": demand(target, end, options.demand_every_s)}
    Path(options.file).write_text(json.dumps(scenario), encoding="utf-8")


if __name__ == "__main__":
    main()
