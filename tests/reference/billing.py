"""What one instance costs, counted second by second.

Slow and plain on purpose: find the second at which the charge stops, then add up the price of every second
before it. Amounts are micro-USD-seconds per hour (divide by 3600 for micro-USD), integers throughout.
"""

from price_terms import discounted
from scenario import seconds

HOUR = 3600
# From when on an instance that begins to run is billed per second; products not named here as Linux/UNIX is.
PER_SECOND_SINCE = {
    "Linux/UNIX": seconds("2017-10-02T00:00:00Z"),
    "Windows": seconds("2021-06-11T00:00:00Z"),
    "Red Hat Enterprise Linux": seconds("2024-04-01T00:00:00Z"),
    "SUSE Linux": None,
}


def is_per_second(billing, running, product="Linux/UNIX"):
    if billing == "by-date":
        since = PER_SECOND_SINCE[product.removesuffix(" (Amazon VPC)")]
        return since is not None and running >= since
    return billing == "per-second"


def charged_until(running, ended, by_ec2, per_second):
    """The second before which an instance that ended at `ended` is charged."""
    used = ended - running
    if per_second:
        if by_ec2:
            return running if used < HOUR else ended
        return running + max(used, 60)
    whole_hours = used // HOUR
    if by_ec2:
        return running + HOUR * whole_hours
    if used % HOUR != 0 or used == 0:
        whole_hours += 1
    return running + HOUR * whole_hours


def charge(running, ended, by_ec2, per_second, window, price_of_second, prepaid_since=None):
    """Sum of `price_of_second(s)` over the charged seconds within window (from, to).

    `ended` is None while the instance runs. Whatever happens from the window's end on is ignored.
    From `prepaid_since` on no second is charged.
    """
    window_from, window_to = window
    if running is None:
        return 0
    if ended is not None and ended <= window_from:
        return 0
    if ended is None or ended >= window_to:
        until = window_to
    else:
        until = charged_until(running, ended, by_ec2, per_second)
    if prepaid_since is not None:
        until = min(until, prepaid_since)
    total = 0
    for second in range(max(running, window_from), until):
        total += price_of_second(second)
    return total


def spot_price_of_second(running, market, continuous, discount=0):
    """The price a spot instance pays in each second: its instance-hour's, or the market's own, less the discount."""
    known = {}

    def price(second):
        moment = second
        if not continuous:
            moment = running + (second - running) // HOUR * HOUR
        if moment not in known:
            known[moment] = discounted(market.price_at(moment), discount)
        return known[moment]

    return price


def instance_charge(scenario, instance):
    """The charge of one instance of a scenario within the measured window."""
    if instance.running is None:
        return 0
    terms = scenario.price_terms
    window = (scenario.measure_from, scenario.measure_to)
    per_second = is_per_second(scenario.billing, instance.running, scenario.product)
    if instance.kind == "on-demand":
        price = discounted(scenario.on_demand_prices[instance.instance_type], terms.on_demand_discount)
        return charge(
            instance.running, instance.ended, False, per_second, window, lambda second: price, instance.prepaid_since
        )
    market = scenario.markets[instance.zone, instance.instance_type]
    continuous = scenario.account["price_lock"] == "continuous"
    return charge(
        instance.running,
        instance.ended,
        instance.ended_by_ec2(),
        per_second,
        window,
        spot_price_of_second(instance.running, market, continuous, terms.spot_discount),
    )
