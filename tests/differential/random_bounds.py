#!/usr/bin/env python3
"""No policy pays less than the lower bound of the capacity it served, over random small worlds.

    random_bounds.py [--worlds N] [--seed S] [--world INDEX]

Each world is run with `--bounds` under several policies. The full-service bound is the same for all of them, and no
policy that serves all that is required pays less. The program is $BALLAST, or build/ballast.
"""

import argparse
import json
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "reference")]

from worlds import make_world  # noqa: E402

POLICIES = ["", "none", "pending-capacity", "always-on-demand"]


def program():
    return os.environ.get("BALLAST", str(HERE.parent.parent / "build" / "ballast"))


def run(world, policy):
    command = [program(), "run", "-", "--bounds", "--json"]
    if policy:
        command += ["--policy", policy]
    done = subprocess.run(command, input=json.dumps(world), capture_output=True, text=True, timeout=600, check=False)
    return (json.loads(done.stdout) if done.returncode == 0 else None), done.stderr


def check(job):
    seed, index = job
    world = make_world(seed, index)
    found, known, loose, full = [], 0, 0, None
    for policy in POLICIES:
        if policy not in ("", "none") and "instances_distribution" in json.dumps(world):
            continue
        figures, said = run(world, policy)
        if figures is None:
            if not policy:
                found.append(f"refused: {said.strip()}")
            continue
        cost = figures["cost"]
        total, lower, whole = (cost[name + "_micro_usd"] for name in ("total", "lower_bound", "full_service_bound"))
        if lower is None:
            if "no lower bound" not in said:
                found.append(f"{policy}: no bound, and nothing is said")
            if "cannot be covered" in said:
                found.append(f"{policy}: what was served is said to be impossible")
            continue
        known += 1
        loose += lower < total
        if lower > total or cost["regret_micro_usd"] != total - lower:
            found.append(f"{policy}: paid {total}, bound {lower}")
        if float(figures["capacity"]["unfulfilled_unit_s"]) == 0 and (whole is None or whole > total + 1):
            found.append(f"{policy}: served all for {total}, full-service bound {whole}")
        if full not in (None, whole):
            found.append(f"{policy}: full-service bound {whole}, with another policy {full}")
        full = whole
        if whole is not None and whole + 1 < lower:
            found.append(f"{policy}: full-service bound {whole} below lower bound {lower}")
    return index, found, known, loose


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worlds", type=int, default=25, help="how many (25)")
    parser.add_argument("--seed", type=int, default=1, help="what they are made from (1)")
    parser.add_argument("--world", type=int, help="only the world of this number")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    numbers = range(options.worlds) if options.world is None else [options.world]
    failed = bounded = 0
    with multiprocessing.Pool() as pool:
        for index, found, known, _ in pool.imap(check, [(options.seed, index) for index in numbers]):
            bounded += known
            failed += bool(found)
            for line in found:
                print(f"seed {options.seed}, world {index}: {line}", flush=True)
    print(f"{len(numbers) - failed} passed, {failed} failed; {bounded} runs bounded")
    return 1 if failed or not bounded else 0


if __name__ == "__main__":
    sys.exit(main())
