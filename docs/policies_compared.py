#!/usr/bin/env python3
"""Make the tables of docs/policies-compared.md: every built-in policy, and each modifier
around pending-capacity, over the worlds of real-2015.md and real-2021-2023.md.

usage: BALLAST=build/ballast BALLAST_DATA=FOLDER docs/policies_compared.py [WORLD...]

FOLDER holds the recorded data, which are not part of this project; docs/real-2015.md and docs/real-2021-2023.md name them.
Each table is written between its two marks in the page. It takes a quarter of an hour on two cores, nearly all of it for the bounds of the world whose demand changes every minute. In bold are the policies that no other beats, by
costing no more and missing no more, and one of them less.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "policies-compared.md"
LIMIT = "policy.parameters.limit_usd_per_unit_hour"

# Name, example, scenario, what is imported (from the data's folder, with options), and spot-hedge's limit: the fleet's own cap
# where it has one, else on demand per unit.
PRICES_2015, PRICES_2021 = "prices-us-east-1-2015/", "prices-us-east-1-2021/"
C3_2015 = [(PRICES_2015 + "c3.xlarge.json.gz",), (PRICES_2015 + "r3.large.txt.gz",)]
WORLDS = [
    ("c3", "c3-2015", "c3.json", C3_2015, "0.054"),
    ("c3-r3", "c3-2015", "c3-r3.json", C3_2015, "0.054"),
    ("cluster-2021", "cluster-2021", "scenario.json",
     [(f"{PRICES_2021}{kind}.json.gz",) for kind in ("c5.xlarge", "c5.2xlarge", "m5.xlarge", "r5.xlarge", "c4.2xlarge")]
     + [("demand/worldcup98-requests-per-minute.csv.gz", "--demand-name", "worldcup98"),
        ("catalog/ec2-us-east-1-2022-06.csv", "--catalog-name", "us-east-1-2022-06"),
        ("spot-advisor/spot-advisor-data-2021-02.json.gz", "--advisor-name", "spot-advisor-2021-02")], "0.0425"),
    ("v100-2023", "v100-2023", "scenario.json",
     [("availability/availability_16-node_aws-08-27-2023_us-west-2a_v100_1.json", "--zone", "us-west-2a", "--type", "p3.2xlarge",
       "--start", "2023-08-27T00:00:00Z", "--polarity", "available", "--probed", "16")], "3.06"),
]
HEAD = """| policy | total USD | of all on-demand | on-demand USD | of it idle | unfulfilled unit-h | shortfall | worst shortfall, units | scale-ins refused | regret, USD |
|---|---|---|---|---|---|---|---|---|---|"""


def call(*arguments):
    run = subprocess.run([os.environ["BALLAST"], *arguments], capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"ballast {' '.join(arguments)}: {run.stderr.strip()}")
    return run.stdout


def usd(micro):
    return f"{(micro + 5000) // 10000 / 100:,.2f}"


def duration(seconds):
    parts = [(seconds // 3600, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0"


def figures(run):
    return run["cost"]["total_micro_usd"], float(run["capacity"]["unfulfilled_unit_s"])


def beaten(run, runs):
    cost, missing = figures(run)
    return any(figures(other) != (cost, missing) and figures(other)[0] <= cost and figures(other)[1] <= missing for other in runs)


def row(name, run, runs):
    cost, capacity = run["cost"], run["capacity"]
    share = 100 * cost["total_micro_usd"] / cost["all_on_demand_micro_usd"]
    cells = [name if beaten(run, runs) else f"**{name}**", usd(cost["total_micro_usd"]), f"{share:.2f} %",
             usd(cost["on_demand_micro_usd"]), usd(cost["on_demand_surplus_micro_usd"]),
             f"{figures(run)[1] / 3600:,.1f}", duration(capacity["shortfall_s"]),
             f"{float(capacity['worst_shortfall_units']):g}", f"{run['events']['scale_in_refused']:,}",
             "–" if cost["regret_micro_usd"] is None else usd(cost["regret_micro_usd"])]
    return "| " + " | ".join(cells) + " |"


def least(run):
    """What serving all that was required costs with any policy: the same for all of them."""
    bound, schedule = run["cost"]["full_service_bound_micro_usd"], run["schedules"]["full_service"]
    if bound is None:
        return "All that was required could not have been served, whatever was done, or has no bound."
    had = f"; it can be had for {usd(schedule['cost_micro_usd'])} USD" if schedule else ""
    return f"Whatever serves all that was required costs {usd(bound)} USD at least{had}."


def table(folder, world, pool, names, data):
    name, example, scenario, imports, limit = world
    there = pathlib.Path(folder) / name
    shutil.copytree(ROOT / "examples" / example, there)
    for file, *options in imports:
        call("trace", "import", str(data / file), *options, "--into", str(there / "traces.db"))

    def run(policy):
        options = ["--set", f"{LIMIT}={limit}"] if policy == "spot-hedge" else []
        return json.loads(call("run", str(there / scenario), "--policy", policy, *options, "--bounds", "--json"))

    runs = list(pool.map(run, names))
    return "\n".join([HEAD, *(row(policy, result, runs) for policy, result in zip(names, runs)), "", least(runs[0])])


def main():
    if "BALLAST" not in os.environ or "BALLAST_DATA" not in os.environ:
        sys.exit(__doc__)
    data = pathlib.Path(os.environ["BALLAST_DATA"]).resolve()
    names = []
    for policy in json.loads(call("policy", "list", "--json")):
        around = "pending-capacity+" if policy.get("modifier") else ""
        names += [around + policy["name"], *(f"{around}{policy['name']}:{preset['name']}" for preset in policy["presets"])]
    text = PAGE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        for world in (world for world in WORLDS if not sys.argv[1:] or world[0] in sys.argv[1:]):
            begin, end = f"<!-- {world[0]} -->\n", f"<!-- end of {world[0]} -->"
            before, rest = text.split(begin)
            text = before + begin + table(folder, world, pool, names, data) + "\n" + end + rest.split(end, 1)[1]
            PAGE.write_text(text, encoding="utf-8")
            print(f"{world[0]}: done", file=sys.stderr)


if __name__ == "__main__":
    main()
