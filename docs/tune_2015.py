#!/usr/bin/env python3
"""Make docs/tune-2015.md: cooldown, stabilisation window and units of headroom of the 2015 c3.xlarge fleet, swept over
the whole history and tuned.

usage: BALLAST=build/ballast BALLAST_DATA=FOLDER docs/tune_2015.py [WORK]

FOLDER holds the recorded prices, which are not part of this project; docs/real-2015.md names them. WORK keeps the
databases, so that another run computes nothing again; times are those of the run that computed. Without it a temporary
folder is used. A few minutes on two cores.
"""
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "tune-2015.md"
COOLDOWN, WINDOW, HEADROOM = "backup_group.group.DefaultCooldown", "policy.parameters.in_window_s", "policy.parameters.headroom_units"
SPACE = ["c3.json", "--policy", "target-headroom+stabilise", "--set", "policy.parameters.headroom_percent=0",
         "--vary", f"{COOLDOWN}=120:3000:120", "--vary", f"{WINDOW}=0:3420:180", "--vary", f"{HEADROOM}=0:19:1"]
TUNE = ["--shortfall-cost", "2"]


def call(work, *arguments):
    """What ballast prints, the seconds it took, and those of processor time."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    run = subprocess.run([os.path.abspath(os.environ["BALLAST"]), *arguments], capture_output=True, text=True, cwd=work, check=False)
    took = time.monotonic() - began
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    if run.returncode:
        sys.exit(f"ballast {' '.join(arguments)}: {run.stderr.strip()}")
    return run.stdout, took, now.ru_utime + now.ru_stime - spent.ru_utime - spent.ru_stime


def prepare(work):
    shutil.copytree(ROOT / "examples" / "c3-2015", work, dirs_exist_ok=True)
    if not (work / "traces.db").exists():
        call(work, "trace", "import", os.path.join(os.environ["BALLAST_DATA"], "prices-us-east-1-2015", "c3.xlarge.json.gz"),
             "--into", "traces.db")


def stage(work, name, runs, *arguments):
    """One command with --json. Its time counts only where it computed all of its runs itself."""
    out, took, processor = call(work, name, *SPACE, *arguments, "--db", f"{name}.db", "--json")
    result = json.loads(out)
    kept = work / f"{name}-time.json"
    if result["computed"] == runs(result):
        kept.write_text(json.dumps({"took": took, "processor": processor, "cores": os.cpu_count()}), encoding="utf-8")
    return result, json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else None


def main():
    with tempfile.TemporaryDirectory() as temporary:
        work = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else temporary)
        prepare(work)
        sweep, sweep_time = stage(work, "sweep", lambda result: len(result["points"]))
        tune, tune_time = stage(work, "tune", lambda result: result["runs"], *TUNE)
        print(sweep_time, tune_time, len(sweep["points"]), tune["runs"])


main()
