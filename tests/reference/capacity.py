"""Every figure under cost.* and capacity.*, and the events that instances tell, from the instances alone.

For each second of the measured window: what is required, what spot and on-demand instances are up, who serves
what. Nothing is integrated over stretches, so there is no stretch to get wrong.
"""

from fractions import Fraction

from billing import HOUR, instance_charge
from price_terms import discounted, other_cost, prepay
from scenario import MICRO


def half_even(value):
    """A Fraction as the nearest integer, halves to the even one."""
    return round(Fraction(value))


def decimal(value, scale=MICRO):
    return Fraction(value, scale)


def fill(seconds, window, first, last, amount):
    """Add `amount` to every second of the window within [first, last)."""
    for second in range(max(first, window[0]), min(last, window[1])):
        seconds[second - window[0]] += amount


def up_until(scenario, instance):
    """The second from which an instance serves no more."""
    until = scenario.end if instance.ended is None else instance.ended
    drains = scenario.account["drain_on_notice"] and not instance.notice_lost
    if drains and instance.notice is not None:
        until = min(until, instance.notice)
    return until


def required_by_second(scenario):
    required = []
    changes = dict(scenario.demand)
    now = scenario.required_at(scenario.measure_from)
    for second in range(scenario.measure_from, scenario.measure_to):
        now = changes.get(second, now)
        required.append(now)
    return required


def count_capacity(scenario, instances):
    window = (scenario.measure_from, scenario.measure_to)
    length = window[1] - window[0]
    spot_up = [0] * length
    on_demand_up = [0] * length
    backup_running = [0] * length
    for instance in instances:
        if not instance.of_fleet and instance.running is not None:
            ended = scenario.end if instance.ended is None else instance.ended
            fill(backup_running, window, instance.running, ended, 1)
        if instance.joined is not None:
            up = spot_up if instance.kind == "spot" else on_demand_up
            fill(up, window, instance.joined, up_until(scenario, instance), instance.weight)

    sums = dict.fromkeys(
        ("required", "served_spot", "served_on_demand", "unfulfilled", "surplus"), 0
    )
    up_on_demand = all_on_demand_instances = 0
    shortfall_s = episodes = worst = recovery_s = 0
    was_short = False
    per_instance = scenario.units_per_instance
    by_second = zip(required_by_second(scenario), spot_up, on_demand_up, backup_running)
    for required, spot, on_demand, running in by_second:
        served_spot = min(required, spot)
        served_on_demand = min(required - served_spot, on_demand)
        missing = required - served_spot - served_on_demand
        sums["required"] += required
        sums["served_spot"] += served_spot
        sums["served_on_demand"] += served_on_demand
        sums["unfulfilled"] += missing
        sums["surplus"] += spot + on_demand - served_spot - served_on_demand
        up_on_demand += on_demand
        all_on_demand_instances += max(0, -(-required // per_instance) - scenario.price_terms.prepaid)
        if missing > 0:
            shortfall_s += 1
            episodes += not was_short
            worst = max(worst, missing)
        was_short = missing > 0
        recovery_s += spot >= required and running > 0
    figures = {f"capacity.{name}_unit_s": decimal(total) for name, total in sums.items()}
    figures["capacity.shortfall_s"] = shortfall_s
    figures["capacity.shortfall_episodes"] = episodes
    figures["capacity.worst_shortfall_units"] = decimal(worst)
    figures["capacity.recovery_s"] = recovery_s
    return figures, up_on_demand, sums["served_on_demand"], all_on_demand_instances


def count_cost(scenario, instances, up_on_demand, served_on_demand, all_on_demand_instances):
    spot = on_demand = 0
    prepay(scenario, instances)
    for instance in instances:
        if instance.kind == "spot":
            spot += instance_charge(scenario, instance)
        else:
            on_demand += instance_charge(scenario, instance)
    idle_share = Fraction(0)
    if up_on_demand > 0:
        idle_share = Fraction(up_on_demand - served_on_demand, up_on_demand)
    figures = {
        "cost.spot_micro_usd": half_even(Fraction(spot, HOUR)),
        "cost.on_demand_micro_usd": half_even(Fraction(on_demand, HOUR)),
        "cost.other_micro_usd": half_even(other_cost(scenario, instances)),
        "cost.all_on_demand_micro_usd": half_even(
            Fraction(
                all_on_demand_instances
                * discounted(scenario.backup_price, scenario.price_terms.on_demand_discount),
                HOUR,
            )
        ),
    }
    figures["cost.on_demand_surplus_micro_usd"] = half_even(
        figures["cost.on_demand_micro_usd"] * idle_share
    )
    figures["cost.total_micro_usd"] = (
        figures["cost.spot_micro_usd"]
        + figures["cost.on_demand_micro_usd"]
        + figures["cost.other_micro_usd"]
    )
    return figures


def count_events(scenario, instances):
    def within(second):
        return second is not None and scenario.measure_from <= second < scenario.measure_to

    launches = [one for one in instances if not one.warm and within(one.requested)]
    interrupted = [one for one in instances if one.interrupted and within(one.notice)]
    return {
        "events.spot_launches": sum(one.kind == "spot" for one in launches),
        "events.on_demand_launches": sum(not one.of_fleet for one in launches),
        "events.spot_interruptions": len(interrupted),
    }


def account_for(scenario, instances):
    """All figures that follow from a scenario and the lives of its instances."""
    figures, up, served, all_on_demand = count_capacity(scenario, instances)
    figures.update(count_cost(scenario, instances, up, served, all_on_demand))
    figures.update(count_events(scenario, instances))
    return figures
