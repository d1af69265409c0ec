"""Random small worlds, tuned with and without --stop-early: what is chosen must be the same, to the last digit.

usage: tune_stop.py FIRST COUNT   each world is named by its seed; a world that differs is told with its command
       tune_stop.py MAKE SEED     print the scenario of one
"""
import json
import os
import random
import subprocess
import sys
import tempfile

DAYS, FROM = range(1, 9), "2015-06-01T00:00:00Z"


def make(luck):
    """Eight days with spikes, in which a fleet of two instances is interrupted; some days are calm."""
    prices = {}
    for zone in "ab"[: luck.choice((1, 2))]:
        records = [[FROM, round(luck.uniform(0.03, 0.05), 4)]]
        for day in DAYS:
            for hour in sorted(luck.sample(range(1, 23), luck.choice((0, 0, 1, 2, 5)))):
                at = f"2015-06-0{day}T{hour:02}"
                records += [[f"{at}:00:00Z", 0.5], [f"{at}:{luck.choice((7, 30, 50)):02}:00Z", round(luck.uniform(0.03, 0.05), 4)]]
        prices[f"us-east-1{zone}/c3.xlarge"] = records
    specifications = [{"InstanceType": "c3.xlarge", "WeightedCapacity": 4, "Placement": {"AvailabilityZone": pool.split("/")[0]},
                       "Monitoring": {"Enabled": True}} for pool in prices]
    return {
        "name": "eight days", "from": FROM, "to": "2015-06-09T00:00:00Z", "traces": [{"prices": prices}],
        "spot_fleet": {"Type": "maintain", "AllocationStrategy": "lowestPrice", "SpotPrice": "0.054", "TargetCapacity": 8,
                       "LaunchSpecifications": specifications},
        "backup_group": {"group": {"AutoScalingGroupName": "b", "MinSize": 0, "MaxSize": 10, "DesiredCapacity": 0,
                                   "DefaultCooldown": 300, "AvailabilityZones": ["us-east-1a"]},
                         "launch": {"InstanceType": "m4.xlarge"}, "units_per_instance": 4},
        "on_demand_usd_per_hour": {"c3.xlarge": 0.21, "m4.xlarge": 0.252}, "demand": {"units": 8},
        "policy": {"name": "static-base"}}


SPACES = (
    ["policy.parameters.instances=0,1,2,4,8", "backup_group.group.DefaultCooldown=300,900"],
    ["policy=none,pending-capacity,static-base,always-on-demand,target-headroom+stabilise", "backup_group.group.MinSize=0,1,3"],
    ["policy.parameters.instances=0,2,5", "account.join_delay_s=60,1800"],  # the fleet's spot instances are not the same
    ["policy.parameters.instances=0,1,3", "spot_fleet.SpotPrice=0.035,0.054"],
)
JUDGED = (
    ["--shortfall-cost", "0.1"], ["--shortfall-cost", "1.5"], ["--shortfall-cost", "20"],
    ["--minimize", "cost.total_micro_usd", "--subject-to", "capacity.unfulfilled_unit_s <= capacity.required_unit_s * 0.01"],
    ["--minimize", "cost.total_micro_usd", "--subject-to", "capacity.unfulfilled_unit_s <= 60000", "--subject-to", "events.scale_out >= 1"],
    ["--minimize", "cost.total_micro_usd", "--minimize", "capacity.unfulfilled_unit_s"],
    ["--minimize", "cost.total_micro_usd - cost.spot_micro_usd", "--minimize", "capacity.worst_shortfall_units", "--minimize", "capacity.shortfall_s"],
)
MORE = ([], [], ["--train", "2"], ["--seeds", "2"], ["--narrow", "1"], ["--narrow", "2", "--train", "3"], ["--in-sample", "--seeds", "3"])


def ask(folder, arguments):
    run = subprocess.run([os.environ["BALLAST"], "tune", f"{folder}/world.json", "--json", *arguments], capture_output=True, text=True, check=False)
    return run.returncode, json.loads(run.stdout) if run.stdout else None, run.stderr


def compare(whole, early, front):
    assert early["runs"] + early["stopped_early"]["runs_left_out"] == whole["runs"], early["stopped_early"]
    same = ["best", "out_of_sample", "narrowed", "points", "windows"] + (["front", "knee", "episodes", "recommended", "why_not"] if front else [])
    for name in same:
        assert whole[name] == early[name], (name, whole[name], early[name])
    if early["stopped_early"]["points"] == 0:
        assert {**early, "stopped_early": None} == whole, "nothing was stopped"
        return
    if whole["bootstrap"]:
        unsure = early["bootstrap"].pop("unsure")
        near = early["bootstrap"] == whole["bootstrap"]
        assert near or (unsure and abs(early["bootstrap"]["none_meets"] - whole["bootstrap"]["none_meets"]) <= unsure), unsure
    for old, new in zip(whole["parameters"], early["parameters"], strict=True):
        for name in ("vary", "value", "others_tried", "preferred", "as_good") + (() if not whole["bootstrap"] or unsure else ("chosen",)):
            assert old[name] == new[name], (name, old[name], new[name])
        for a, b in zip(old["reached"], new["reached"], strict=True):
            for at, x in enumerate(b["objectives"] or ()):
                least = b["at_least"][at]
                assert (not a["objectives"] or x <= a["objectives"][at]) if least else a["objectives"] and x == a["objectives"][at], (a, b)


def main(first, count):
    stopped = {"best": 0, "front": 0}
    left_out, runs = 0, 0
    for seed in range(first, first + count):
        luck = random.Random(seed)
        with tempfile.TemporaryDirectory() as folder:
            with open(f"{folder}/world.json", "w", encoding="utf-8") as file:
                json.dump(make(luck), file)
            asked = [*luck.choice(JUDGED), *luck.choice(MORE), *(word for vary in luck.choice(SPACES) for word in ("--vary", vary)), "--bootstrap", "40"]
            if "--in-sample" not in asked:
                asked += ["--windows", luck.choice(("day", "36h"))]
            code, whole, error = ask(folder, [*asked, "--db", f"{folder}/whole.db"])
            for mode in stopped:
                early_code, early, early_error = ask(folder, [*asked, "--stop-early", mode, "--db", f"{folder}/{mode}.db"])
                if early_code == 2 and "may fall as windows are added" in early_error:
                    assert "account.join_delay_s" in str(asked) or "SpotPrice" in str(asked), asked
                    continue
                try:
                    assert (code, error) == (early_code, early_error), (code, error, early_code, early_error)
                    if whole:
                        compare(whole, early, mode == "front")
                except AssertionError as why:
                    sys.exit(f"world {seed} (tune_stop.py MAKE {seed}): --stop-early {mode} {' '.join(asked)}: {why}")
                if early:
                    stopped[mode] += early["stopped_early"]["points"]
                    left_out += early["stopped_early"]["runs_left_out"]
                    runs += whole["runs"]
    print(f"worlds {first} to {first + count - 1}: stopped {stopped['best']} points (best), {stopped['front']} (front); {left_out} of {runs} runs left out")
    if count > 5 and not all(stopped.values()):
        sys.exit("nothing was stopped: a check of nothing")


if sys.argv[1] == "MAKE":
    print(json.dumps(make(random.Random(int(sys.argv[2])))))
else:
    main(int(sys.argv[1]), int(sys.argv[2]))
