"""A scenario with inline prices, read into plain objects.

Only what the reference needs: one JSON document with everything in it (no traces from a database, no files
pointed to). Amounts are integers: micro-units, micro-USD per hour, seconds UTC.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timezone
from fractions import Fraction
from typing import Optional

import advisor
import cluster
import mixed_group
import price_terms
import scaling
from draws import Delay, read_delay

MICRO = 1_000_000


class Unsupported(Exception):
    """The scenario uses something the reference does not model."""


def micro(value):
    """A decimal number or text in millionths, exactly."""
    scaled = Fraction(str(value)) * MICRO
    if scaled.denominator != 1:
        raise ValueError(f"{value} is finer than a millionth")
    return int(scaled)


def optional_micro(value):
    return None if value is None else micro(value)


def seconds(text):
    """An ISO 8601 time with a zone (a date alone is midnight UTC) as seconds since 1970."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return int(moment.timestamp())


@dataclass
class Pool:
    """One launch specification in one zone."""

    index: int
    instance_type: str
    zone: str
    weight: int
    cap_per_unit: Optional[int]  # None: the cap is the on-demand price
    on_demand: int
    priority: Optional[int] = None


@dataclass
class Market:
    """Spot prices of one type in one zone: a price holds from its second until the next one."""

    steps: list  # [(second, micro-USD per hour)], by time

    def price_at(self, second):
        price = None
        for time, value in self.steps:
            if time > second:
                break
            price = value
        return price


@dataclass
class Scenario:
    seed: int
    start: int  # `from`
    end: int  # `to`
    measure_from: int
    measure_to: int
    cold: bool
    # fleet
    target: int
    strategy: str
    pools_to_use: int
    one_shot: bool  # Type "request"
    excess_no_termination: bool
    terminate_with_expiration: bool
    valid_from: Optional[int]
    valid_until: Optional[int]
    pools: list
    modifications: list  # [(second, target, on-demand target, no_termination)], by time; None: kept
    follow_demand: bool
    distribution: Optional[tuple]  # of a mixed-instances group: on-demand base, percentage above
    on_demand_target: int
    on_demand_prioritized: bool
    spot_budget: Optional[int]  # micro-USD an hour
    on_demand_budget: Optional[int]
    cancelled_at: Optional[int]
    terminate_when_cancelled: bool
    # backup group
    min_size: int
    max_size: int
    desired_capacity: int
    cooldown: int
    zones: list
    backup_type: str
    backup_price: int
    on_demand_prices: dict  # type -> micro-USD an hour
    units_per_instance: int
    # the world
    markets: dict  # (zone, type) -> Market
    interruptions: list  # [(second, zone, type, instances, of or 0)]
    limits: list  # [(second, zone, type, instances or None)], by time
    demand: list  # [(second, micro-units)], by time
    billing: str
    product: str
    price_terms: price_terms.PriceTerms
    interruption_source: str
    rebalance_permille: int  # chance that an interruption is announced
    rebalance_lead: object  # a Delay
    replacement: Optional[str]  # ReplacementStrategy
    termination_delay: int
    shortage: Delay
    scaling: Optional[scaling.Scaling]
    cluster: Optional[cluster.Terms]
    account: dict = field(default_factory=dict)
    controller: dict = field(default_factory=dict)
    faults: list = field(default_factory=list)
    policy: str = "none"
    parameters: dict = field(default_factory=dict)

    def reads_records(self):
        return self.interruption_source in ("trace", "advisor")

    def required_at(self, second):
        required = self.demand[0][1]
        for time, value in self.demand:
            if time <= second:
                required = value
        return required


ACCOUNT_DEFAULTS = {
    "spot_launch_delay_s": 30,
    "on_demand_launch_delay_s": 30,
    "join_delay_s": 60,
    "metric_delay_s": 15,
    "fleet_tick_s": 60,
    "metric_period_s": 0,
    "metric_gap_permille": 0,
    "interruption_notice_s": 120,
    "group_termination_s": 60,
    "replace_on": "termination",
    "drain_on_notice": False,
    "clamp_pending": False,
    "launch_at_equal": False,
    "price_lock": "instance-hour",
    "marked_fulfilled": True,
    "notice_lost_permille": 0,
    "on_demand_failure_permille": 0,
    "launch_failure_s": 5,
    "launch_retry_s": 60,
    "launch_retry_max_s": 900,
    "failed_launch_cools": False,
    "aas_base": "fulfilled",
    "aas_never_decrease_on_scale_out": True,
    "aas_high_alarm_points": 3,
    "aas_low_alarm_points": 15,
    "aas_low_alarm_percent": 90,
    "alarm_extra_points": 2,
    "alarm_phase_s": 30,
}

# Drawn anew for each thing they delay.
DELAYS = {"spot_launch_delay_s", "on_demand_launch_delay_s", "join_delay_s", "metric_delay_s"}

CONTROLLER_DEFAULTS = {"every_s": 60, "phase_s": 30, "jitter_s": 0, "alarm": True, "guards": {}, "duration_s": 0, "concurrency": 0}


@dataclass
class Fault:
    """Something that shall go wrong: on given times, or by chance within [start, end)."""

    kind: str
    times: Optional[list]
    permille: int
    start: Optional[int]
    end: Optional[int]
    call: Optional[str]  # api-error; None: every call
    after_effect: bool
    wait: int  # after_s or delay_s
    retried: bool
    metric: Optional[str]
    oldest_first: bool


def read_fault(entry):
    return Fault(
        kind=entry["kind"],
        times=[seconds(time) for time in entry["at"]] if "at" in entry else None,
        permille=int(entry.get("permille", 1000)),
        start=seconds(entry["from"]) if "from" in entry else None,
        end=seconds(entry["to"]) if "to" in entry else None,
        call=entry.get("call"),
        after_effect=entry.get("after_effect", False),
        wait=int(entry.get("after_s", entry.get("delay_s", 0))),
        retried=entry.get("retried", True),
        metric=entry.get("metric"),
        oldest_first=entry.get("order") == "oldest-first",
    )


def specifications_of(fleet):
    """(specification, zones) of every launch specification or override."""
    for specification in fleet.get("LaunchSpecifications", []):
        yield specification, specification["Placement"]["AvailabilityZone"]
    for config in fleet.get("LaunchTemplateConfigs", []):
        for override in config["Overrides"]:
            yield override, override["AvailabilityZone"]


def read_pools(fleet, on_demand_prices):
    pools = []
    for specification, zones in specifications_of(fleet):
        cap = specification.get("SpotPrice", fleet.get("SpotPrice"))
        for zone in zones.split(","):
            pools.append(
                Pool(
                    index=len(pools),
                    instance_type=specification["InstanceType"],
                    zone=zone.strip(),
                    weight=micro(specification.get("WeightedCapacity", 1)),
                    cap_per_unit=None if cap is None else micro(cap),
                    on_demand=micro(on_demand_prices[specification["InstanceType"]]),
                    priority=specification.get("Priority"),
                )
            )
    return pools


def read_markets(traces, end):
    markets = {}
    interruptions = []
    limits = []
    for trace in traces:
        if not isinstance(trace, dict):
            raise Unsupported("a trace database")
        for key, records in trace.get("prices", {}).items():
            zone, instance_type = key.split("/", 1)
            steps = sorted((seconds(time), micro(usd)) for time, usd in records)
            # Nothing happens at or after `to`.
            markets[zone, instance_type] = Market([step for step in steps if step[0] < end])
        for record in trace.get("interruptions", []):
            interruptions.append(
                (
                    seconds(record["at"]),
                    record["zone"],
                    record["type"],
                    int(record["instances"]),
                    int(record.get("of", 0)),
                )
            )
        for step in trace.get("capacity", []):
            limits.append((seconds(step["at"]), step["zone"], step["type"], step["instances"]))
    return markets, interruptions, sorted(limits, key=lambda step: step[0])


def read_modifications(listed):
    modifications = []
    for entry in listed if isinstance(listed, list) else []:
        policy = entry.get("ExcessCapacityTerminationPolicy")
        modifications.append(
            (
                seconds(entry["at"]),
                optional_micro(entry.get("TargetCapacity")),
                optional_micro(entry.get("OnDemandTargetCapacity")),
                None if policy is None else policy.lower() == "notermination",
            )
        )
    return sorted(modifications, key=lambda modification: modification[0])


def read_demand(document, start, initial_target, services):
    demand = document.get("demand")
    if services is not None:
        return cluster.required(services, demand.get("units_per_vcpu", 1))
    if demand is None:
        return [(start, initial_target)]
    if "units" in demand:
        return [(start, micro(demand["units"]))]
    if "series" not in demand:
        raise Unsupported("demand that is neither units nor a series")
    return sorted((seconds(time), micro(units)) for time, units in demand["series"])


def read(document):
    """The Scenario of a parsed JSON document (numbers may be float, Fraction or int)."""
    document = mixed_group.resolve(document)
    start, end = seconds(document["from"]), seconds(document["to"])
    measure = document.get("measure", {})
    fleet = document["spot_fleet"]
    backup = document["backup_group"]
    group = backup["group"]
    on_demand_prices = document["on_demand_usd_per_hour"]
    markets, interruptions, limits = read_markets(document.get("traces", []), end)
    target = micro(fleet["TargetCapacity"])
    services = cluster.read(document, start, seconds)
    account = {**ACCOUNT_DEFAULTS, **document.get("account", {})}
    for key in account:
        if key in DELAYS:
            account[key] = read_delay(account[key])
        elif key.endswith("_s"):
            account[key] = int(account[key])
    if account["metric_period_s"] == 0:
        detailed = "LaunchSpecifications" in fleet and all(
            specification.get("Monitoring", {}).get("Enabled", False)
            for specification in fleet["LaunchSpecifications"]
        )
        account["metric_period_s"] = 60 if detailed else 300
    controller = {**CONTROLLER_DEFAULTS, **document.get("controller", {})}
    controller["jitter_s"] = read_delay(controller["jitter_s"])
    controller["duration_s"] = read_delay(controller["duration_s"])
    policy = document.get("policy", {})
    modify = document.get("modify_spot_fleet")
    cancel = document.get("cancel_spot_fleet", {})
    terms = document.get("interruptions", {})
    pools = read_pools(fleet, on_demand_prices)
    zones = list(group.get("AvailabilityZones", [""]))
    if terms.get("source") == "advisor":
        places = [(pool.zone, pool.instance_type) for pool in pools]
        if account["on_demand_failure_permille"] > 0:
            places += [(zone, backup["launch"]["InstanceType"]) for zone in zones]
        seed = int(document.get("seed", 1))
        interruptions = advisor.records(terms.get("advisor", {}), places, seed, start, end)
        limits = []
    rebalance = (fleet.get("SpotMaintenanceStrategies") or {}).get("CapacityRebalance") or {}
    return Scenario(
        seed=int(document.get("seed", 1)),
        start=start,
        end=end,
        measure_from=seconds(measure["from"]) if "from" in measure else start,
        measure_to=seconds(measure["to"]) if "to" in measure else end,
        cold=document.get("start", "warm") == "cold",
        target=target,
        strategy=fleet.get("AllocationStrategy", "lowestPrice"),
        pools_to_use=int(fleet.get("InstancePoolsToUseCount", 1)),
        one_shot=fleet.get("Type", "maintain") == "request",
        excess_no_termination=fleet.get("ExcessCapacityTerminationPolicy", "default").lower()
        == "notermination",
        terminate_with_expiration=bool(fleet.get("TerminateInstancesWithExpiration", False)),
        valid_from=seconds(fleet["ValidFrom"]) if "ValidFrom" in fleet else None,
        valid_until=seconds(fleet["ValidUntil"]) if "ValidUntil" in fleet else None,
        pools=pools,
        modifications=read_modifications(modify),
        follow_demand=modify == "follow-demand",
        distribution=mixed_group.read(document),
        on_demand_target=micro(fleet.get("OnDemandTargetCapacity", 0)),
        on_demand_prioritized=fleet.get("OnDemandAllocationStrategy") == "prioritized",
        spot_budget=optional_micro(fleet.get("SpotMaxTotalPrice")),
        on_demand_budget=optional_micro(fleet.get("OnDemandMaxTotalPrice")),
        cancelled_at=seconds(cancel["at"]) if cancel else None,
        terminate_when_cancelled=bool(cancel.get("TerminateInstances", False)),
        min_size=int(group["MinSize"]),
        max_size=int(group["MaxSize"]),
        desired_capacity=int(group.get("DesiredCapacity", group["MinSize"])),
        cooldown=int(group.get("DefaultCooldown", 300)),
        zones=zones,
        backup_type=backup["launch"]["InstanceType"],
        backup_price=micro(on_demand_prices[backup["launch"]["InstanceType"]]),
        on_demand_prices={kind: micro(usd) for kind, usd in on_demand_prices.items()},
        units_per_instance=micro(backup.get("units_per_instance", 4)),
        markets=markets,
        # In one second: by zone, type and instances, then the larger "of" first.
        interruptions=sorted(interruptions, key=lambda record: (*record[:4], -record[4])),
        faults=[read_fault(entry) for entry in controller.get("faults", [])],
        limits=limits,
        demand=read_demand(document, start, target, services),
        billing=document.get("billing", "by-date"),
        product=document.get("product", "Linux/UNIX"),
        price_terms=price_terms.read(document.get("prices", {})),
        interruption_source=terms.get("source", "price"),
        rebalance_permille=int(terms.get("rebalance_permille", 0)),
        rebalance_lead=read_delay(terms.get("rebalance_lead_s", 600)),
        replacement=rebalance.get("ReplacementStrategy"),
        termination_delay=int(rebalance.get("TerminationDelay", 0)),
        shortage=read_delay(terms.get("shortage_s", 0)),
        cluster=services,
        scaling=scaling.read(document.get("scaling"), account),
        account=account,
        controller=controller,
        policy=policy.get("name", "pending-capacity"),
        parameters=dict(policy.get("parameters", {})),
    )


def read_text(text):
    return read(json.loads(text, parse_float=Fraction))
