"""Where the program's record of a world and the reference differ, in words."""

import json

import draws
import scenario as scenarios
from account import Account
from billing import instance_charge
from capacity import account_for
from price_terms import prepay

# What no reference says: bounds that this kind of run leaves unknown.
UNCOMPARED = {
    "cost.lower_bound_micro_usd",
    "cost.full_service_bound_micro_usd",
    "cost.regret_micro_usd",
}
OF_TASKS = "capacity.task_unserved_s"  # needs services


def figures(said, expected, what):
    found = []
    for name in sorted(set(said) | set(expected)):
        if name in UNCOMPARED or (name == OF_TASKS and name not in expected):
            continue
        if name not in said:
            found.append(f"{what}: the program has no figure {name}")
        elif name not in expected:
            found.append(f"{what}: the reference has no figure {name}")
        elif said[name] != expected[name]:
            found.append(f"{what}: {name} is {said[name]}, reference {expected[name]}")
    return found


def sequences(said, expected, what):
    """The first place where two lists part."""
    for place, (one, other) in enumerate(zip(said, expected)):
        if one != other:
            return [f"{what} {place}: program {one}, reference {other}"]
    if len(said) > len(expected):
        return [f"{what} {len(expected)}: program {said[len(expected)]}, reference has no more"]
    if len(said) < len(expected):
        return [f"{what} {len(said)}: program has no more, reference {expected[len(said)]}"]
    return []


def merge(rows):
    """Runs of evaluations that asked and got the same, whatever their reasons and triggers."""
    merged = []
    for first, last, count, desired, honor, before, outcome in rows:
        same = (desired, honor, before, outcome)
        if merged and merged[-1][3:] == same:
            merged[-1] = (merged[-1][0], last, merged[-1][2] + count, *same)
        else:
            merged.append((first, last, count, *same))
    return merged


def recorded_evaluations(recorded):
    rows = []
    for first, last, count, _, desired, honor, before, outcome in recorded.evaluations:
        if outcome == "not-called":  # held by the policy, or by a guard
            desired, honor = None, False
        rows.append((first, last, count, desired, bool(honor), before, outcome))
    return merge(rows)


def expected_evaluations(account):
    return merge(
        (one.second, one.second, 1, one.desired, one.honor_cooldown, one.before, one.outcome)
        for one in account.evaluations
    )


def expected_changes(account):
    """The account's standing at every second at which it changed, from its lives and calls."""
    world = account.scenario
    moments = {world.start} | {second for second, _ in world.demand}
    moments |= {second for second, _ in account.targets + account.group.standing}
    for one in account.all_instances:
        moments |= {one.requested, one.running, one.joined, one.notice, one.ended}
        moments.add(one.recommended)
    moments = sorted(
        moment for moment in moments if moment is not None and world.start <= moment < world.end
    )
    changes = []
    for moment in moments:
        standing = standing_at(account, moment)
        if not changes or changes[-1][1:] != standing:
            changes.append((moment, *standing))
    return changes


def standing_at(account, moment):
    world = account.scenario

    def since(time):
        return time is not None and time <= moment

    there = [one for one in account.all_instances if since(one.requested) and not since(one.ended)]
    drains = world.account["drain_on_notice"]
    up = [
        one
        for one in there
        if since(one.joined) and not (drains and since(one.notice) and not one.notice_lost)
    ]
    on_notice = world.account["replace_on"] == "notice"
    counted = [
        one
        for one in there
        if one.of_fleet and since(one.running) and not (on_notice and since(one.notice))
    ]
    if world.replacement is not None and not world.account["marked_fulfilled"]:
        counted = [one for one in counted if not since(one.recommended)]
    target = [target for second, target in account.targets if second <= moment][-1]
    desired = [desired for second, desired in account.group.standing if second <= moment][-1]
    return (
        world.required_at(moment),
        sum(one.weight for one in up if one.kind == "spot"),
        sum(one.weight for one in up if one.kind == "on-demand"),
        target,
        sum(one.weight for one in counted),
        desired,
        sum(not one.of_fleet and since(one.running) for one in there),
    )


def rebalanced(one):
    """What an instance has to do with capacity rebalancing."""
    return (
        *one.key(),
        -1 if one.recommended is None else one.recommended,
        -1 if one.released is None else one.released,
        one.replacement,
    )


def is_lost(world, one):
    """Whether the notice of a recorded instance was; the record tells its slot, not its pool."""
    pools = [
        pool.index
        for pool in world.pools
        if (pool.zone, pool.instance_type) == (one.zone, one.instance_type)
    ]
    return draws.chance(
        world.account["notice_lost_permille"],
        world.seed,
        draws.NOTICE_LOST,
        draws.market_word(one.zone, one.instance_type),
        one.notice,
        (pools[0] << 32) + one.slot,
    )


def charges(world, recorded):
    found = []
    for one in recorded.instances:
        expected = instance_charge(world, one)
        if recorded.charges[one.number] != expected:
            found.append(
                f"charge of instance {one.number}: program {recorded.charges[one.number]},"
                f" reference {expected} for {one.key()}"
            )
    return found[:1]


def differences(document, recorded):
    """Differences between a world's record and the reference, first causes first; none is []."""
    world = scenarios.read_text(json.dumps(document))
    for one in recorded.instances:
        # The record does not tell; the worlds' fleets never launch the backup's type on demand.
        one.of_fleet = one.kind == "spot" or one.instance_type != world.backup_type
        one.notice_lost = one.interrupted and is_lost(world, one)
    prepay(world, recorded.instances)
    found = charges(world, recorded)
    found += figures(
        {name: value for name, value in recorded.figures.items()},
        {**recorded.figures, **account_for(world, recorded.instances)},
        "accounting of the recorded instances",
    )
    account = Account(world)
    expected = account.run()
    found += sequences(
        sorted(one.key() for one in recorded.instances),
        sorted(one.key() for one in account.all_instances),
        "instance",
    )
    if world.replacement is not None:
        found += sequences(
            sorted(rebalanced(one) for one in recorded.instances),
            sorted(rebalanced(one) for one in account.all_instances),
            "rebalancing",
        )
    found += sequences(recorded_evaluations(recorded), expected_evaluations(account), "evaluations")
    found += sequences(recorded.changes, expected_changes(account), "capacity change")
    found += figures(recorded.figures, expected, "second implementation")
    return found
