#!/usr/bin/env python3
"""Make docs/tune-2015.md: cooldown, stabilisation window and units of headroom of the 2015 c3.xlarge fleet, swept over
the whole history and tuned.

usage: BALLAST=build/ballast BALLAST_DATA=FOLDER docs/tune_2015.py [WORK]

FOLDER holds the recorded prices, which are not part of this project; docs/real-2015.md names them. WORK, an empty folder at
first, keeps databases, answers and times, so that the page can be made again from them. Without it a temporary folder
is used. A few minutes on two cores.
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


def stage(work, name, command, runs, *arguments):
    """What one command answers, and what it took: known only where it computed all of its runs itself."""
    answer, kept = work / f"{name}.json", work / f"{name}-time.json"
    if not answer.exists():
        out, took, processor = call(work, command, *SPACE, *arguments, "--db", f"{name}.db", "--json")
        answer.write_text(out, encoding="utf-8")
        if json.loads(out)["computed"] == runs(json.loads(out)):
            kept.write_text(json.dumps({"took": took, "processor": processor, "cores": os.cpu_count()}), encoding="utf-8")
    if not kept.exists():
        sys.exit(f"{work}: {name}.db was there before: what it took is not known; begin with an empty folder")
    return json.loads(answer.read_text(encoding="utf-8")), json.loads(kept.read_text(encoding="utf-8"))


def usd(value):
    return f"{(round(float(value)) + 5000) // 10000 / 100:,.2f}"


def unit_hours(unit_s):
    return f"{float(unit_s) / 3600:,.2f}"


def spread(low, high, show):
    return f"{show(low)} to {show(high)}"


def gap(value, base):
    return f"{100 * (value - base) / base:+.2f} %"


def duration(seconds):
    return f"{seconds / 60:.0f} min" if seconds >= 300 else f"{seconds:.0f} s"


def parameter_rows(tune):
    names = {COOLDOWN: "cooldown, s", WINDOW: "window, s", HEADROOM: "headroom, units"}
    for parameter in tune["parameters"]:
        reached = [value for value in parameter["reached"] if value["objectives"]]
        least = min(reached, key=lambda value: value["objectives"][0])
        worst = max(reached, key=lambda value: value["objectives"][0])
        same = ("no preference: all the same" if not parameter["preferred"] else ", ".join(parameter["as_good"]) or "none")
        chosen = parameter["chosen"]
        loss = gap(worst["objectives"][0], least["objectives"][0])
        yield (f"| {names[parameter['vary']]} | {parameter['value']} | {same} | {' to '.join(chosen['interval'])} "
               f"| {100 * chosen['as_good'] / tune['bootstrap']['resamples']:.1f} % "
               f"| {'nothing' if worst['objectives'] == least['objectives'] else loss + ' (' + worst['value'] + ')'} |")


def in_words(tune):
    """What the table says of each parameter, for those who are to set it."""
    names = {COOLDOWN: "cooldown", WINDOW: "window", HEADROOM: "headroom"}
    units = {COOLDOWN: " s", WINDOW: " s", HEADROOM: " units"}
    for parameter in tune["parameters"]:
        name, unit, resamples = names[parameter["vary"]], units[parameter["vary"]], tune["bootstrap"]["resamples"]
        low, high = parameter["chosen"]["interval"]
        if not parameter["preferred"]:
            yield f"The {name} may be any of those tried: with the other two as recommended all come to the same."
        elif low == high:
            yield f"The {name} is settled: {low}{unit} in nearly every resample of the weeks."
        else:
            yield (f"The {name} is not settled: in other weeks it could have come out anywhere from {low} to {high}{unit}, and in {parameter['chosen']['as_good']:,} of "
                   f"{resamples:,} resamples it was one as good as {parameter['value']}{unit}.")


def walked(walk):
    """What the gaps of the walk say."""
    got, best, promised = (walk[name]["objectives"][0] for name in ("got", "in_sample", "promised"))
    if got > best:
        return "What was got is above the best that one point could have come to in these weeks: that much was lost by not knowing them."
    if got < best:
        return "What was got is below what any one point could have come to in these weeks, for the choice changed between them."
    return ("What was got is the best that any one point could have come to in these weeks, so tuning on the past lost nothing. "
            f"That it is {'above' if got > promised else 'below'} the promise is the market's doing: these weeks were {'dearer' if got > promised else 'cheaper'} than those before them.")


def fold_rows(tune):
    for fold in tune["out_of_sample"]["folds"]:
        varied = fold["got"]["varied"]
        yield (f"| {fold['from'][:10]} | {usd(fold['promised']['objectives'][0])} | {usd(fold['got']['objectives'][0])} "
               f"| {varied[COOLDOWN]} | {varied[WINDOW]} | {varied[HEADROOM]} |")


def front_rows(tune):
    for point in tune["front"]:
        marks = [mark for mark, there in (("best", point["point"] == tune["best"]["point"]), ("knee", point["point"] == tune["knee"])) if there]
        varied = point["varied"]
        yield (f"| {usd(point['cost_micro_usd'])} | {unit_hours(point['unfulfilled_unit_s'])} | {varied[COOLDOWN]} | {varied[WINDOW]} "
               f"| {varied[HEADROOM]} | {', '.join(marks)} |")


def swept(sweep, best):
    """The sweep's best by the same measure: one run of the whole history for each point."""
    def paid(point):
        return point["cost"]["total_micro_usd"] + float(point["capacity"]["unfulfilled_unit_s"]) * 2e6 / 3600
    least = min(map(paid, sweep["points"]))
    equal = [point for point in sweep["points"] if paid(point) == least]
    return (f"Over the whole history in one run, {usd(least)} USD is the least of the sweep, with 2 USD for each unit-hour; {len(equal)} points come to it, the "
            f"one recommended below {'is' if any(point['varied'] == best['varied'] for point in equal) else 'is not'} among them.")


def stopped(tune, early):
    """What stopping early left out, where it must not change any choice."""
    for name in ("best", "recommended", "out_of_sample"):
        if tune[name] != early[name]:
            sys.exit(f"--stop-early best: another {name}")
    return (f"With `--stop-early best` the tuning stops {early['stopped_early']['points']:,} of the points before the last week and makes {early['runs']:,} of the "
            f"{tune['runs']:,} runs. The recommended point and its intervals, and all of \"Out of sample\" below, are the same to the last digit; "
            f"in {early['bootstrap']['unsure']:,} of {early['bootstrap']['resamples']:,} resamples a stopped point might have been chosen. Its front is that of the "
            f"points that ran in every week, and so not the one below.")


def page(sweep, sweep_time, tune, tune_time, early, early_time):
    best, boot, walk = tune["best"], tune["bootstrap"], tune["out_of_sample"]
    hours = (len(tune["windows"]) * 7 * 24, 4128)
    years = sum(hours) / 8766 * len(sweep["points"])
    recommended = ("Recommended is" if tune["recommended"] else f"Nothing is recommended: {tune['why_not']} Best in these worlds is")
    lines = [
        "# Tuning the 2015 fleet", "",
        "Made by `docs/tune_2015.py`; what is here is what it got. The fleet is that of [real-2015.md](real-2015.md): 32 units of c3.xlarge in two zones, recorded prices of "
        "2015-03-12 to 2015-08-31, m4.xlarge as backup. Backed by `target-headroom+stabilise`: spot and backup together hold the target and some units of headroom, and "
        "the group shrinks only to the most that was wanted within a window. A unit-hour that nobody serves is put at 2 USD, about thirty times what on demand costs: a choice, not a measurement. "
        "What the words mean is in [tune.md](tune.md).", "",
        "```", f"ballast sweep {' '.join(SPACE)} --db sweep.db", f"ballast tune {' '.join(SPACE)} {' '.join(TUNE)} --db tune.db", "```", "",
        "## What it took", "",
        f"{len(sweep['points']):,} points: 25 cooldowns, 20 windows, 20 amounts of headroom. The sweep ran each over the whole history, the tuning each in {len(tune['windows'])} weeks, "
        f"{tune['runs']:,} runs; {years:,.0f} simulated years together. On {sweep_time['cores']} cores:", "",
        "| | runs | elapsed | processor time |", "|---|---|---|---|",
        f"| sweep | {len(sweep['points']):,} | {duration(sweep_time['took'])} | {duration(sweep_time['processor'])} |",
        f"| tune, with the intervals | {tune['runs']:,} | {duration(tune_time['took'])} | {duration(tune_time['processor'])} |",
        f"| the same with `--stop-early best` | {early['runs']:,} | {duration(early_time['took'])} | {duration(early_time['processor'])} |", "",
        swept(sweep, best), "",
        stopped(tune, early), "",
        "## The answer", "",
        f"{recommended} cooldown {best['varied'][COOLDOWN]} s, window {best['varied'][WINDOW]} s, {best['varied'][HEADROOM]} units of headroom. "
        f"{tune['episodes']} independent shortage episodes stand behind it. {' '.join(in_words(tune))}", "",
        "| | recommended | the same come from | chosen in 95 % of resamples | as good was chosen in | the worst value costs, all else free |", "|---|---|---|---|---|---|",
        *parameter_rows(tune), "",
        f"| over {len(tune['windows'])} weeks | | 95 % interval |", "|---|---|---|",
        f"| cost, USD | {usd(best['cost_micro_usd'])} | {spread(*boot['cost_micro_usd'], usd)} |",
        f"| nobody served, unit-h | {unit_hours(best['unfulfilled_unit_s'])} | {spread(*boot['unfulfilled_unit_s'], unit_hours)} |",
        f"| with 2 USD for each unit-hour, USD | {usd(best['objectives'][0])} | {spread(*boot['objectives'][0], usd)} |", "",
        f"Intervals: {boot['resamples']:,} resamples of the weeks.", "",
        "## Out of sample", "",
        "| week from | promised, USD | got, USD | cooldown, s | window, s | headroom, units |", "|---|---|---|---|---|---|", *fold_rows(tune), "",
        "| put on the whole span, with 2 USD for each unit-hour | USD | gap |", "|---|---|---|",
        f"| promised, on average | {usd(walk['promised']['objectives'][0])} | |",
        f"| got, out of sample | {usd(walk['got']['objectives'][0])} | {gap(walk['got']['objectives'][0], walk['promised']['objectives'][0])} to the promise |",
        f"| best point of the same weeks, in sample | {usd(walk['in_sample']['objectives'][0])} | out of sample is {gap(walk['got']['objectives'][0], walk['in_sample']['objectives'][0])} |", "",
        walked(walk), "",
        "## Cost against capacity", "",
        f"The Pareto front, over the {len(tune['windows'])} weeks.", "",
        "| cost, USD | nobody served, unit-h | cooldown, s | window, s | headroom, units | |", "|---|---|---|---|---|---|", *front_rows(tune)]
    if tune["warnings"]:
        lines += ["", "What `ballast tune` warns of:", "", *(f"- {warning}" for warning in tune["warnings"])]
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    with tempfile.TemporaryDirectory() as temporary:
        work = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else temporary)
        prepare(work)
        sweep, sweep_time = stage(work, "sweep", "sweep", lambda result: len(result["points"]))
        tune, tune_time = stage(work, "tune", "tune", lambda result: result["runs"], *TUNE)
        early, early_time = stage(work, "early", "tune", lambda result: result["runs"], *TUNE, "--stop-early", "best")
        page(sweep, sweep_time, tune, tune_time, early, early_time)


main()
