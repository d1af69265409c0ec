#!/usr/bin/env python3
"""The full-service bound is the value of the linear programme of docs/bounds.md, as GLPK finds it.

    random_linear_programmes.py [--worlds N] [--seed S] [--world INDEX]

Random small worlds in which everything happens at multiples of ten minutes: there the bound is taken with the grid of
docs/bounds.md that is exact. It may never be above the programme's value, and below it by a thousandth at most. The
programme is written down here launch interval by launch interval, from docs/model.md and without the network. The
program is $BALLAST, or build/ballast; the solver is glpsol (Debian: glpk-utils), without which nothing is compared.
"""

import argparse
import json
import math
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE)]

from worlds import stamp, when  # noqa: E402

STEP, HOUR = 600, 3600
SECONDS_LOST = 1e-3  # a second here and there, at which a grid stands for the one beside it
PER_SECOND_SINCE = when("2017-10-02T00:00:00Z")
TYPES = ["c3.large", "r3.large", "c3.xlarge"]
CAP, BACKUP = 100_000, 300_000  # micro-USD per unit, and per instance


class World:
    """One world: what of it matters for the programme, and as a scenario."""

    def __init__(self, seed, index):
        rng = self.rng = random.Random(f"linear programme {seed}:{index}")
        start = {
            "hourly": when("2015-03-12T00:00:00Z"),
            "both": PER_SECOND_SINCE - rng.randint(1, 12) * STEP,
            "per second": when("2018-01-05T00:00:00Z"),
        }[rng.choice(["hourly", "hourly", "both", "per second"])]
        self.start, self.end = start, start + rng.randint(9, 24) * STEP
        self.measure_from = start + rng.choice([0, 0, 0, 1, 4, 7]) * STEP
        self.measure_to = self.end - rng.choice([0, 0, 0, 1]) * STEP
        self.launch, self.backup_launch = rng.choice([0, 0, 1]) * STEP, rng.choice([0, 0, 1]) * STEP
        self.join = rng.choice([0, 0, 1, 2]) * STEP
        self.notice = rng.choice([0, 1, 1, 2]) * STEP
        self.drains = rng.random() < 0.3
        self.cold = rng.random() < 0.5
        self.types = TYPES[: rng.randint(1, 3)]
        equal = rng.random() < 0.5
        self.weights = {kind: 2 if equal else rng.choice([1, 2, 3, 4]) for kind in self.types}
        self.backup_weight = 2 if equal else rng.choice([1, 2, 3])
        self.prices, self.closings = {}, {}
        for kind in self.types:
            self.make_market(kind)
        self.records = {kind: self.make_records() for kind in self.types}
        self.target = 2 * rng.randint(1, 3)
        self.demand = [(start, rng.choice([0, 0, 2]))]
        for step in range(1, (self.end - start) // STEP):
            if rng.random() < 0.4:
                self.demand.append((start + step * STEP, rng.randint(0, 5)))
        self.continuous = rng.random() < 0.25
        self.address = rng.choice([0, 0, 0, 7200])  # micro-USD per hour; weights are equal where it is not 0
        if self.address:
            self.weights, self.backup_weight = dict.fromkeys(self.types, 2), 2
            for kind in self.types:
                self.make_market(kind)

    def moment(self):
        return self.rng.randrange(self.start + STEP, self.end, STEP)

    def make_market(self, kind):
        """A pool opens again only when all that it lost has ended: otherwise the bound is lower."""
        while True:
            self.prices[kind] = self.make_prices(self.weights[kind])
            self.closings[kind] = self.make_closings()
            times = range(self.start, self.end, STEP)
            shut = [time for time in times if not self.is_open(kind, time)]
            closes = [time for time in shut if time - STEP not in shut and time > self.start]
            if all(time in shut for close in closes for time in times if close <= time < close + self.notice):
                return

    def make_prices(self, weight):
        steps = {self.start - 1000: self.rng.randint(10, 99) * 1000 * weight}
        for _ in range(self.rng.randint(0, 6)):
            usual = self.rng.random() < 0.75
            steps[self.moment()] = (self.rng.randint(10, 99) if usual else self.rng.randint(101, 300)) * 1000 * weight
        return sorted(steps.items())

    def make_closings(self):
        """Seconds in which the place is closed, and opened again."""
        if self.rng.random() < 0.7:
            return []
        closed = self.moment()
        return [(closed, 0), (closed + self.rng.randint(1, 5) * STEP, None)]

    def make_records(self):
        return sorted({self.moment() for _ in range(self.rng.choice([0, 0, 0, 1, 2]))})

    def scenario(self):
        place = {"zone": "us-east-1a"}
        return {
            "name": "small",
            "from": stamp(self.start),
            "to": stamp(self.end),
            "measure": {"from": stamp(self.measure_from), "to": stamp(self.measure_to)},
            "start": "cold" if self.cold else "warm",
            "traces": [
                {
                    "prices": {
                        f"us-east-1a/{kind}": [[stamp(second), micro / 1e6] for second, micro in self.prices[kind]]
                        for kind in self.types
                    },
                    "interruptions": [
                        {"at": stamp(second), **place, "type": kind, "instances": 1}
                        for kind in self.types
                        for second in self.records[kind]
                    ],
                    "capacity": [
                        {"at": stamp(second), **place, "type": kind, "instances": instances}
                        for kind in self.types
                        for second, instances in self.closings[kind]
                    ],
                }
            ],
            "spot_fleet": {
                "TargetCapacity": self.target,
                "AllocationStrategy": "lowestPrice",
                "SpotPrice": str(CAP / 1e6),
                "LaunchTemplateConfigs": [
                    {
                        "LaunchTemplateSpecification": {"LaunchTemplateName": "fleet", "Version": "1"},
                        "Overrides": [
                            {
                                "InstanceType": kind,
                                "WeightedCapacity": self.weights[kind],
                                "AvailabilityZone": "us-east-1a",
                            }
                            for kind in self.types
                        ],
                    }
                ],
            },
            "backup_group": {
                "group": {
                    "AutoScalingGroupName": "backup",
                    "MinSize": 0,
                    "MaxSize": 100,
                    "DesiredCapacity": 0,
                    "DefaultCooldown": 0,
                    "AvailabilityZones": ["us-east-1a"],
                },
                "launch": {"InstanceType": "m4.xlarge"},
                "units_per_instance": self.backup_weight,
            },
            "on_demand_usd_per_hour": {**dict.fromkeys(TYPES, 5), "m4.xlarge": BACKUP / 1e6},
            "interruptions": {"source": "trace"},
            "account": {
                "spot_launch_delay_s": self.launch,
                "on_demand_launch_delay_s": self.backup_launch,
                "join_delay_s": self.join,
                "interruption_notice_s": self.notice,
                "drain_on_notice": self.drains,
                "price_lock": "continuous" if self.continuous else "instance-hour",
            },
            **({"prices": {"address_usd_per_hour": self.address / 1e6}} if self.address else {}),
            "policy": {"name": "none"},
            "demand": {"series": [[stamp(second), units] for second, units in self.demand]},
        }

    # ---- the programme ------------------------------------------------------------------------

    def price(self, kind, second):
        return [micro for time, micro in self.prices[kind] if time <= second][-1] if kind else BACKUP

    def is_open(self, kind, second):
        closed = [instances == 0 for time, instances in self.closings[kind] if time <= second]
        return self.price(kind, second) <= CAP * self.weights[kind] and not (closed and closed[-1])

    def charge(self, kind, running, ended, by_ec2):
        """micro-USD for an instance that runs for [running, ended)."""
        until = ended
        hours, rest = divmod(ended - running, HOUR)
        if ended >= self.measure_to:
            until = self.measure_to
        elif running < PER_SECOND_SINCE:
            until = running + (hours + (rest > 0 and not by_ec2)) * HOUR
        elif by_ec2 and hours == 0:
            until = running
        total = 0
        for begins in range(running, until, HOUR):
            ends = min(begins + HOUR, until)
            changes = [second for second, _ in self.prices[kind] if begins < second < ends] if kind and self.continuous else []
            for since, till in zip([begins, *changes], [*changes, ends]):
                total += self.price(kind, since) * max(till - max(since, self.measure_from), 0)
        return total / HOUR

    def intervals(self, points):
        """(weight, serves from, serves until, cost, at most so many) of all that could be bought."""
        for kind in [*self.types, None]:
            delay = self.launch if kind else self.backup_launch
            asks = [point for point in points if kind is None or self.is_open(kind, point)]
            launches = [(asked, asked + delay, asked + delay + self.join, math.inf) for asked in asks]
            warm = self.warm(kind)
            if warm:
                launches.append((self.start, self.start, self.start, warm))
            weight = self.weights[kind] if kind else self.backup_weight
            for asked, running, joined, most in launches:
                for noticed, ended, by_ec2 in self.ends(kind, asked, running, points):
                    leaves = min(ended, noticed) if self.drains else ended
                    if ended > running and leaves > joined:
                        yield weight, joined, leaves, self.charge(kind, running, ended, by_ec2), most

    def warm(self, kind):
        """How many instances of a pool run at the start."""
        if self.cold or kind is None:
            return 0
        per_unit = [(self.price(kind, self.start) / self.weights[kind], TYPES.index(kind)) for kind in self.types
                    if self.is_open(kind, self.start)]
        if not per_unit or TYPES[min(per_unit)[1]] != kind:
            return 0
        return math.ceil(self.target / self.weights[kind])

    def ends(self, kind, asked, running, points):
        """(second of the notice, second of the end, whether EC2 ends it) of one that was asked for then."""
        forced = [point for point in points if kind and point > asked and not self.is_open(kind, point)]
        last = min(forced, default=math.inf) + self.notice
        if last >= self.measure_to:
            last = math.inf
        for noticed in [*(self.records[kind] if kind else []), *forced[:1]]:
            if asked < noticed and noticed + self.notice <= last and noticed + self.notice < self.measure_to:
                yield noticed, noticed + self.notice, True
        noticed = last - self.notice
        whole_hours = set(range(running + HOUR, self.measure_to, HOUR))
        for ended in points:
            if ended <= last and (running >= PER_SECOND_SINCE or ended in whole_hours or ended == self.measure_to):
                yield noticed, ended, False

    def addresses(self):
        """What the addresses of as many instances as are required cost."""
        steps = [*self.demand, (self.measure_to, 0)]
        return self.address / HOUR * sum(
            -(-units // self.backup_weight) * max(until - max(since, self.measure_from), 0)
            for (since, units), (until, _) in zip(steps, steps[1:])
            if until <= self.measure_to
        )

    def programme(self):
        """In CPLEX's format; None if what is required cannot be served."""
        points = sorted(
            point
            for second in range(self.start, self.measure_to + 1, STEP)
            for point in (second - 1, second, second + 1)
            if self.start <= point <= self.measure_to
        )
        unit = math.gcd(*self.weights.values(), self.backup_weight)
        intervals = list(self.intervals(points))
        rows = []
        for begin, end in zip(points, points[1:]):
            required = [units for second, units in self.demand if second <= begin][-1]
            if begin < self.measure_from or required == 0:
                continue
            serving = [i for i, (_, joined, leaves, _, _) in enumerate(intervals) if joined <= begin and end <= leaves]
            required = -(-required // unit) * unit
            # However many warm ones may leave together: each may also stay for as long as any of them.
            if not any(intervals[i][4] == math.inf for i in serving):
                if max((intervals[i][0] * intervals[i][4] for i in serving), default=0) < required:
                    return None
            rows.append("\n + ".join(f"{intervals[i][0]} x{i}" for i in serving) + f" >= {required}")
        warm = [i for i, interval in enumerate(intervals) if interval[4] != math.inf]
        if warm:
            rows.append("\n + ".join(f"x{i}" for i in warm) + f" <= {intervals[warm[0]][4]}")
        lines = ["Minimize", " cost: 0 nothing"]
        lines += [f" + {cost:.12g} x{i}" for i, (_, _, _, cost, _) in enumerate(intervals)]
        return "\n".join([*lines, "Subject To", *[f" r{n}: {row}" for n, row in enumerate(rows)], " none: nothing >= 0", "End", ""])


def solve(programme):
    with tempfile.TemporaryDirectory() as folder:
        problem, solution = Path(folder, "problem.lp"), Path(folder, "solution")
        problem.write_text(programme)
        subprocess.run(["glpsol", "--lp", problem, "-o", solution], stdout=subprocess.DEVNULL, timeout=600, check=True)
        for line in solution.read_text().splitlines():
            if line.startswith("Status:") and "OPTIMAL" not in line:
                raise RuntimeError(f"glpsol: {line}")
            if line.startswith("Objective:"):
                return float(line.split("=")[1].split()[0])
    raise RuntimeError("glpsol wrote no solution")


def bound(scenario):
    program = os.environ.get("BALLAST", str(HERE.parent.parent / "build" / "ballast"))
    command = [program, "run", "-", "--bounds", "--json"]
    done = subprocess.run(command, input=json.dumps(scenario), capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    return json.loads(done.stdout)["cost"]["full_service_bound_micro_usd"]


def check(job):
    seed, index = job
    world = World(seed, index)
    programme = world.programme()
    found = bound(world.scenario())
    if programme is None:
        return index, found is None, f"bound {found}, cannot be served", 0
    least = solve(programme) + world.addresses()
    # A micro-USD is lost to rounding, and GLPK computes in floating point; where instances drain, the bound is lower.
    same = found is not None and found <= least * (1 + 1e-7) + 2
    same = same and (found >= least * (1 - SECONDS_LOST) - 2 or (world.drains and world.notice > 0))
    return index, same, f"bound {found}, GLPK {least}", least


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worlds", type=int, default=40, help="how many (40)")
    parser.add_argument("--seed", type=int, default=1, help="what they are made from (1)")
    parser.add_argument("--world", type=int, help="only the world of this number")
    options = parser.parse_args()
    if not shutil.which("glpsol"):
        print("skipped: glpsol was not found (Debian: glpk-utils)")
        return 77
    print(f"seed {options.seed}", flush=True)
    numbers = range(options.worlds) if options.world is None else [options.world]
    failed = compared = 0
    with multiprocessing.Pool() as pool:
        for index, same, said, least in pool.imap(check, [(options.seed, index) for index in numbers]):
            failed += not same
            compared += least > 0
            if not same or options.world is not None:
                print(f"seed {options.seed}, world {index}: {said}", flush=True)
    print(f"{len(numbers) - failed} passed, {failed} failed; {compared} of them cost something")
    return 1 if failed or not compared else 0


if __name__ == "__main__":
    sys.exit(main())
