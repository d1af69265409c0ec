"""What is paid beside and instead of list prices: discounts, prepaid instances, volumes and addresses."""

from dataclasses import dataclass
from fractions import Fraction

HOURS_PER_MONTH = 730


@dataclass
class PriceTerms:
    on_demand_discount: int  # thousandths
    spot_discount: int
    prepaid: int  # instances of the backup group
    other_per_hour: Fraction  # micro-USD that volume and address of a running instance cost


def read(document):
    volume = Fraction(str(document.get("volume_gib", 0))) * Fraction(str(document.get("volume_usd_per_gib_month", 0)))
    address = Fraction(str(document.get("address_usd_per_hour", 0)))
    return PriceTerms(
        on_demand_discount=int(document.get("on_demand_discount_permille", 0)),
        spot_discount=int(document.get("spot_discount_permille", 0)),
        prepaid=int(document.get("prepaid_instances", 0)),
        other_per_hour=(volume / HOURS_PER_MONTH + address) * 10**6,
    )


def discounted(price, permille):
    return round(Fraction(price * (1000 - permille), 1000))


def prepay(scenario, instances):
    """Say of each instance of the backup group since when it is prepaid.

    `instances` stand in the order of their numbers. Only the state after all events of a second counts.
    """
    ours = [one for one in instances if not one.of_fleet and one.running is not None]
    for one in ours:
        one.prepaid_since = None
    moments = {one.running for one in ours} | {one.ended for one in ours if one.ended is not None}
    for moment in sorted(moments):
        there = [one for one in ours if one.running <= moment and (one.ended is None or one.ended > moment)]
        free = scenario.price_terms.prepaid - sum(one.prepaid_since is not None for one in there)
        paid = [one for one in there if one.prepaid_since is None]
        for one in sorted(paid, key=lambda one: one.running)[: max(free, 0)]:
            one.prepaid_since = moment


def other_cost(scenario, instances):
    """Of volumes and addresses, micro-USD, exactly."""
    running_s = 0
    for one in instances:
        if one.running is not None:
            until = scenario.measure_to if one.ended is None else min(one.ended, scenario.measure_to)
            running_s += max(0, until - max(one.running, scenario.measure_from))
    return running_s * scenario.price_terms.other_per_hour / 3600
