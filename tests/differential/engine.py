"""Run the built program on a scenario and read back all it recorded."""

import json
import os
import sqlite3
import subprocess
import tempfile
from dataclasses import dataclass
from fractions import Fraction

from instance import Instance

TIMEOUT_S = 600


class Refused(Exception):
    """The program ended with another code than 0."""


@dataclass
class Recorded:
    figures: dict
    instances: list
    charges: dict  # instance number -> micro-USD-seconds per hour
    evaluations: list  # [(first second, last second, evaluations, trigger, desired, honor, before, outcome)]
    changes: list  # the account at each second at which anything in it changed


def millionths(units):
    """Units as a column gives them: a decimal text, or a number whose shortest text it is."""
    scaled = Fraction(str(units)) * 1_000_000
    assert scaled.denominator == 1
    return int(scaled)


def read_instances(database):
    interrupted = {row[0] for row in database.execute("SELECT instance FROM interruption")}
    instances, charges = [], {}
    rebalanced = {
        number: rest
        for number, *rest in database.execute(
            "SELECT instance, recommended_s, released_s, replacement FROM rebalance"
        )
    }
    rows = database.execute(
        "SELECT instance, kind, instance_type, zone, weight_units, slot, warm, requested_s,"
        " running_s, joined_s, notice_s, ended_s, end, cost_micro_usd_s FROM instance"
        " ORDER BY instance"
    )
    for number, kind, of_type, zone, weight, slot, warm, *times, end, cost in rows:
        requested, running, joined, notice, ended = times
        charges[number] = int(cost)
        recommended, released, replacement = rebalanced.get(number, (None, None, False))
        instances.append(
            Instance(
                kind=kind,
                instance_type=of_type,
                zone=zone,
                weight=millionths(weight),
                requested=requested,
                running=running,
                joined=joined,
                notice=notice,
                ended=ended,
                end=end,
                warm=bool(warm),
                slot=-1 if slot is None else slot,
                number=number,
                interrupted=number in interrupted,
                recommended=recommended,
                released=released,
                replacement=bool(replacement),
            )
        )
    return instances, charges


def read_evaluations(database):
    return list(
        database.execute(
            "SELECT first_s, last_s, evaluations, trigger, desired_capacity, honor_cooldown,"
            " desired_before, outcome FROM decision ORDER BY ordinal"
        )
    )


def read_changes(database):
    rows = database.execute(
        "SELECT time_s, required_units, spot_up_units, on_demand_up_units, fleet_target_units,"
        " fleet_fulfilled_units, group_desired, group_running FROM capacity_change ORDER BY time_s"
    )
    return [
        (time, *(millionths(units) for units in capacity), desired, running)
        for time, *capacity, desired, running in rows
    ]


def read_figures(text):
    document = json.loads(text, parse_float=Fraction)
    return {
        f"{group}.{name}": value
        for group in ("cost", "capacity", "events")
        for name, value in document[group].items()
    }


def run(program, world):
    with tempfile.TemporaryDirectory() as folder:
        scenario = os.path.join(folder, "world.json")
        results = os.path.join(folder, "results.db")
        with open(scenario, "w", encoding="utf-8") as file:
            json.dump(world, file)
        done = subprocess.run(
            [program, "run", scenario, "--json", "--db", results],
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
        if done.returncode != 0:
            lines = done.stderr.strip().splitlines()
            raise Refused(f"exit code {done.returncode}: {' | '.join(lines[-3:])}")
        database = sqlite3.connect(results)
        try:
            instances, charges = read_instances(database)
            return Recorded(
                figures=read_figures(done.stdout),
                instances=instances,
                charges=charges,
                evaluations=read_evaluations(database),
                changes=read_changes(database),
            )
        finally:
            database.close()
