"""What a policy sees: its reads, and what each of them is answered.

A metric is answered with a list of (stamp, micro-units), in the order returned; a fleet with a DescribedFleet; prices
with a list of PoolPrice. A call that failed is ERROR.
"""

from dataclasses import dataclass
from typing import Optional

ERROR = "error"  # what a read that failed is answered

FLEET = "DescribeSpotFleetRequests"
PRICES = "DescribeSpotPriceHistory"


@dataclass(frozen=True)
class Metric:
    """GetMetricStatistics of so many seconds back."""

    name: str
    lookback: int


@dataclass(frozen=True)
class DescribedFleet:
    target: int
    fulfilled: int
    active: bool


@dataclass(frozen=True)
class PoolPrice:
    """The newest price of one pool, and what the fleet has there."""

    zone: str
    instance_type: str
    price: int  # micro-USD an hour
    weight: int
    fulfilled: int


@dataclass(frozen=True)
class DescribedGroup:
    min_size: int
    max_size: int
    desired: int
    in_service: int


@dataclass(frozen=True)
class Seen:
    now: int
    answers: list  # one of each read
    group: Optional[DescribedGroup]  # None: it could not be described
    units_per_instance: int  # of the group's instances

    def everything(self):
        """Whether nothing failed, and nothing returned nothing."""
        return self.group is not None and all(one not in (ERROR, []) for one in self.answers)


def fleet_of(account):
    fleet = account.fleet
    return DescribedFleet(fleet.target, fleet.published_fulfilled(), fleet.is_active())


def prices_of(account):
    fleet = account.fleet
    return [
        PoolPrice(pool.zone, pool.instance_type, fleet.price[pool.index], pool.weight, fleet.running_in(pool))
        for pool in account.scenario.pools
    ]


def group_of(account):
    scenario, group = account.scenario, account.group
    running = sum(one.running is not None for one in group.instances())
    return DescribedGroup(scenario.min_size, scenario.max_size, group.desired, running)
