"""Runs small worlds of tests/bench/simpy in both programs, with the python that has SimPy: simpy.sh says why.

    beside_simpy.py FOLDER
"""

import json
import os
import subprocess
import sys
from pathlib import Path

SIMPY = Path(__file__).resolve().parent.parent / "bench" / "simpy"
DAYS = 3
DEMANDS = {1: 0, 2: 300, 3: 900, 4: 2400, 5: 20000}  # seed: seconds between changes


def answer(*command):
    ran = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        sys.exit(f"{command[-1]}: {ran.stderr}")
    return ran.stdout


def figures(text):
    """Numbers stay texts: nothing is rounded by the comparison."""
    document = json.loads(text, parse_int=str, parse_float=str)
    return {
        f"{group}.{name}": value
        for group in ("cost", "capacity", "events")
        for name, value in document[group].items()
    }


def by_program(scenario, *options):
    return figures(answer(os.environ["BALLAST"], "run", scenario, "--json", *options))


def main():
    scenario = Path(sys.argv[1]) / "scenario.json"
    happened = set()
    for seed, every_s in DEMANDS.items():
        world = ["--days", DAYS, "--seed", seed, "--spike-every-days", 0.4, "--demand-every-s", every_s]
        answer(sys.executable, SIMPY / "world.py", scenario, *world)
        theirs = figures(answer(sys.executable, SIMPY / "model.py", scenario).splitlines()[0])
        for options in ((), ("--stepping",)):
            ours = by_program(scenario, *options)
            if ours != theirs:
                for name in ours:
                    if ours[name] != theirs.get(name):
                        print(f"seed {seed}: {name}: {ours[name]}, by SimPy {theirs.get(name)}")
                return 1
        happened |= {name for name, value in theirs.items() if value not in (None, "0")}
        # What is compared must be able to differ.
        if by_program(scenario, "--set", "account.join_delay_s=61") == theirs:
            print(f"seed {seed}: a second of join delay makes no difference")
            return 1
    never = {"events.scale_in_refused", "events.scale_in", "events.spot_interruptions", "capacity.recovery_s"} - happened
    if never:
        print(f"in none of the worlds there is any {sorted(never)[0]}")
    return 1 if never else 0


if __name__ == "__main__":
    sys.exit(main())
