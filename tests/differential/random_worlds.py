#!/usr/bin/env python3
"""Differential test: the built program against an independent reference, on random small worlds.

Every world is run by the program and compared exactly in three ways: the charge of each instance, the
figures that follow from the recorded instances, and everything that a second implementation of the account
says happened. Where they differ, the world is made smaller as long as it still differs, and printed; the
exit code is then 1.

    random_worlds.py [--worlds N] [--seed S] [--world INDEX] [--file WORLD.json]

The program is $BALLAST, or build/ballast.
"""

import argparse
import json
import multiprocessing
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "reference")]

import compare  # noqa: E402
import engine  # noqa: E402
from shrink import shrink  # noqa: E402
from worlds import make_world  # noqa: E402

SHRINK_LIMIT_S = 40


def program():
    return os.environ.get("BALLAST", str(HERE.parent.parent / "build" / "ballast"))


def check(world):
    """Differences of one world, in words; [] if there are none."""
    try:
        recorded = engine.run(program(), world)
    except engine.Refused as refusal:
        return [f"the program refused the world: {refusal}"]
    return compare.differences(world, recorded)


def check_index(job):
    seed, index = job
    return index, check(make_world(seed, index))


def still_differs(kind):
    def test(world):
        try:
            found = check(world)
        except (KeyError, ValueError, IndexError, ZeroDivisionError, TypeError):
            return False  # no longer a world
        return any(kind_of(difference) == kind for difference in found)

    return test


def kind_of(difference):
    return difference.split(":")[0].rstrip("0123456789 ")


def report(world, found, limit_s):
    small = shrink(world, still_differs(kind_of(found[0])), limit_s)
    print(json.dumps(small, indent=1))
    for difference in check(small)[:8]:
        print(f"  {difference}")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worlds", type=int, default=60, help="how many (60)")
    parser.add_argument("--seed", type=int, default=1, help="what they are made from (1)")
    parser.add_argument("--world", type=int, help="only the world of this number")
    parser.add_argument("--file", help="check the world in this file instead")
    parser.add_argument("--no-shrink", action="store_true", help="print failing worlds as they are")
    return parser.parse_args()


def main():
    options = arguments()
    if not os.access(program(), os.X_OK):
        print(f"{program()}: not there: build it first, or set BALLAST", file=sys.stderr)
        return 2
    if options.file:
        found = check(json.loads(Path(options.file).read_text(encoding="utf-8")))
        print("\n".join(found) or "no difference")
        return 1 if found else 0
    print(f"seed {options.seed}", flush=True)
    numbers = range(options.worlds) if options.world is None else [options.world]
    failed = {}
    with multiprocessing.Pool() as pool:
        jobs = ((options.seed, index) for index in numbers)
        for index, found in pool.imap(check_index, jobs):
            if found:
                failed[index] = found
                print(f"seed {options.seed}, world {index}: {found[0]}", flush=True)
    for place, (index, found) in enumerate(failed.items()):
        # The first is worth the time; the others are found again by their number.
        if place == 0:
            print(f"seed {options.seed}, world {index}, made smaller:")
            limit_s = 0 if options.no_shrink else SHRINK_LIMIT_S
            report(make_world(options.seed, index), found, limit_s)
    if failed:
        print(f"again with: --seed {options.seed} --world {min(failed)}")
    print(f"{len(numbers) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
