"""Make a world that shows a difference smaller, while it still shows one."""

import copy
import time

from mixed_group import resolve
from modifiers import MODIFIERS
from policies import POLICIES
from scenario import specifications_of
from worlds import stamp, when

ESSENTIAL = ("TargetCapacity", "LaunchSpecifications", "LaunchTemplateConfigs")
OPTIONAL = ("measure", "modify_spot_fleet", "cancel_spot_fleet", "demand", "start", "billing", "product", "prices", "scaling")


def drop_keys(world, path, keys):
    """One candidate for each key that can go."""
    for key in keys:
        candidate = copy.deepcopy(world)
        place = candidate
        for step in path:
            place = place[step] if isinstance(place, list) else place.get(step, {})
        if key in place:
            del place[key]
            yield candidate


def drop_entries(world, *path):
    """Candidates with part of a list gone: halves first, then single entries."""
    entries = world
    for step in path:
        try:
            entries = entries[step]
        except (KeyError, TypeError):
            return
    if not isinstance(entries, list):
        return
    size = max(len(entries) // 2, 1)
    while True:
        for first in range(0, len(entries), size):
            candidate = copy.deepcopy(world)
            place = candidate
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = entries[:first] + entries[first + size :]
            yield candidate
        if size == 1:
            return
        size //= 2


def drop_unused_markets(world):
    used = {
        f"{zone.strip()}/{one['InstanceType']}"
        for one, zones in specifications_of(world["spot_fleet"])
        for zone in zones.split(",")
    }
    prices = world["traces"][0]["prices"]
    if set(prices) - used:
        candidate = copy.deepcopy(world)
        for key in set(prices) - used:
            del candidate["traces"][0]["prices"][key]
        yield candidate


def shorter(world):
    start, end = when(world["from"]), when(world["to"])
    for length in ((end - start) // 2, (end - start) * 7 // 8, end - start - 60, end - start - 1):
        if length > 0:
            yield {**copy.deepcopy(world), "to": stamp(start + length)}
    for later in ((end - start) // 2, 600, 60):
        if later < end - start:
            candidate = copy.deepcopy(world)
            candidate["from"] = stamp(start + later)
            for steps in candidate["traces"][0]["prices"].values():
                while len(steps) > 1 and when(steps[1][0]) <= start + later:
                    steps.pop(0)
            yield candidate


def fewer_modifiers(world):
    base, *modifiers = world["policy"]["name"].split("+")
    for place in range(len(modifiers)):
        left = modifiers[:place] + modifiers[place + 1 :]
        known = {name for part in left for name in MODIFIERS[part].defaults}
        known |= set(POLICIES[base.split(":")[0]].defaults)
        given = world["policy"].get("parameters", {})
        yield {
            **copy.deepcopy(world),
            "policy": {
                "name": "+".join([base, *left]),
                "parameters": {name: value for name, value in given.items() if name in known},
            },
        }


def simpler(world):
    yield {**copy.deepcopy(world), "policy": {"name": "none"}}
    yield from fewer_modifiers(world)
    yield from drop_keys(world, (), OPTIONAL)
    yield from drop_unused_markets(world)
    for size in (0, 1):
        candidate = copy.deepcopy(world)
        group = candidate["backup_group"]["group"]
        group.update({"DesiredCapacity": size, "MinSize": min(size, group["MinSize"])})
        if size < world["backup_group"]["group"].get("DesiredCapacity", 0):
            yield candidate
    yield from drop_keys(world, ("policy",), ("parameters",))
    yield from drop_keys(world, ("policy", "parameters"), list(world["policy"].get("parameters", {})))
    yield from drop_entries(world, "controller", "faults")
    yield from drop_keys(world, ("controller",), ("guards",))
    yield from shorter(world)
    yield from drop_keys(world, ("account",), list(world["account"]))
    fleet = ("spot_fleet",)
    yield from drop_keys(
        world, fleet, [key for key in world["spot_fleet"] if key not in ESSENTIAL]
    )
    yield from drop_entries(world, "spot_fleet", "LaunchSpecifications")
    yield from drop_entries(world, "spot_fleet", "LaunchTemplateConfigs", 0, "Overrides")
    yield from drop_entries(world, "modify_spot_fleet")
    yield from drop_entries(world, "demand", "series")
    yield from drop_entries(world, "demand", "services")
    for number, entry in enumerate(world.get("demand", {}).get("services", [])):
        place = ("demand", "services", number)
        yield from drop_entries(world, *place, "tasks", "series")
        yield from drop_keys(world, place, ("tasks",))
        optional = [key for key in entry["service"] if key not in ("serviceName", "desiredCount")]
        yield from drop_keys(world, (*place, "service"), optional)
    if "cluster" in world:
        yield from drop_keys(world, ("cluster",), [key for key in world["cluster"] if key != "instance_types"])
    yield from drop_entries(world, "traces", 0, "interruptions")
    yield from drop_entries(world, "traces", 0, "capacity")
    for key in world["traces"][0]["prices"]:
        yield from drop_entries(world, "traces", 0, "prices", key)
    target = world["spot_fleet"]["TargetCapacity"]
    for smaller in (1, target // 2, target - 1):
        if 0 < smaller < target:
            candidate = copy.deepcopy(world)
            candidate["spot_fleet"]["TargetCapacity"] = smaller
            yield candidate


def shrink(world, still_differs, limit_s):
    """Greedily take every simpler world that still differs, until none does or time is up."""
    deadline = time.monotonic() + limit_s
    if "mixed_group" in world:
        if not still_differs(resolve(world)):
            return world
        world = resolve(world)
    progress = True
    while progress:
        progress = False
        for candidate in simpler(world):
            if candidate == world:
                continue
            if time.monotonic() > deadline:
                return world
            if still_differs(candidate):
                world = candidate
                progress = True
                break
    return world
