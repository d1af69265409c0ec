"""Reads the scenario that ballast reads: the same file, in whole units, micro-USD and seconds.

What the model does not simulate is refused, so that no two programs are compared that do different things.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


def second(text):
    return int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


def micro_usd(value):
    micro = Decimal(value) * 10**6
    if micro != int(micro):
        raise SystemExit(f"{value}: finer than a micro-USD")
    return int(micro)


def whole(value):
    if not isinstance(value, int):
        raise SystemExit(f"{value}: this model counts in whole units")
    return value


# What must be said, for the model does this and nothing else.
FIXED = {
    "start": "warm",
    "modify_spot_fleet": "follow-demand",
    "billing": "hourly",
    "interruptions": {"source": "price"},
}
FIXED_FLEET = {
    "Type": "maintain",
    "AllocationStrategy": "diversified",
    "ExcessCapacityTerminationPolicy": "default",
}
FIXED_ACCOUNT = {
    "replace_on": "termination",
    "drain_on_notice": False,
    "clamp_pending": False,
    "launch_at_equal": False,
    "price_lock": "instance-hour",
    "metric_period_s": 60,
}
READ = {"name", "description", "product", "from", "to", "traces", "spot_fleet", "backup_group", "demand"}
READ |= {"on_demand_usd_per_hour", "account", "controller", "policy"}
READ_FLEET = {"SpotPrice", "TargetCapacity", "LaunchSpecifications"}
READ_ACCOUNT = {"spot_launch_delay_s", "on_demand_launch_delay_s", "join_delay_s", "metric_delay_s"}
READ_ACCOUNT |= {"fleet_tick_s", "interruption_notice_s", "group_termination_s"}
POLICY = {"window_s", "lookback_s", "newest", "clamp"}


def refuse_others(where, given, fixed, read):
    for key, value in fixed.items():
        if given.get(key) != value:
            raise SystemExit(f"{where}{key} must be {json.dumps(value)} for this model")
    missing = (set(fixed) | read) ^ set(given)
    if missing:
        raise SystemExit(f"{where}{sorted(missing)[0]}: not in this model, or missing")


@dataclass
class Pool:
    """One of the fleet's pools. Prices are of one instance, micro-USD an hour."""

    index: int
    units: int
    on_demand: int
    cap: int
    times: list
    prices: list


class Scenario:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            text = json.load(file, parse_float=Decimal)
        refuse_others("", text, FIXED, READ)
        fleet, group = text["spot_fleet"], text["backup_group"]["group"]
        account, controller = text["account"], text["controller"]
        refuse_others("spot_fleet.", fleet, FIXED_FLEET, READ_FLEET)
        refuse_others("account.", account, FIXED_ACCOUNT, READ_ACCOUNT)
        refuse_others("controller.", controller, {"alarm": True}, {"every_s", "phase_s"})
        refuse_others("policy.", text["policy"], {"name": "pending-capacity"}, {"parameters"})
        parameters = text["policy"]["parameters"]
        refuse_others("policy.parameters.", parameters, {"newest": True, "clamp": True}, POLICY)
        self.start, self.end = second(text["from"]), second(text["to"])
        if self.start % 60:
            raise SystemExit("from: this model begins at a whole minute")
        self.on_demand = {key: micro_usd(usd) for key, usd in text["on_demand_usd_per_hour"].items()}
        self.pools = list(self.read_pools(fleet, text["traces"]))
        self.demand = [(second(time), whole(units)) for time, units in text["demand"]["series"]]
        self.backup_type = text["backup_group"]["launch"]["InstanceType"]
        self.backup_units = whole(text["backup_group"]["units_per_instance"])
        self.backup_zones = group["AvailabilityZones"]
        self.min_size, self.max_size = group["MinSize"], group["MaxSize"]
        self.desired, self.cooldown = group["DesiredCapacity"], group["DefaultCooldown"]
        self.spot_delay = account["spot_launch_delay_s"]
        self.on_demand_delay = account["on_demand_launch_delay_s"]
        self.join_delay = account["join_delay_s"]
        self.metric_delay = account["metric_delay_s"]
        self.tick = account["fleet_tick_s"]
        self.notice = account["interruption_notice_s"]
        self.termination = account["group_termination_s"]
        self.every, self.phase = controller["every_s"], controller["phase_s"]
        self.window, self.lookback = parameters["window_s"], parameters["lookback_s"]

    def read_pools(self, fleet, traces):
        if len(traces) != 1 or set(traces[0]) != {"prices"}:
            raise SystemExit("traces: this model reads prices written inline, and nothing else")
        index = 0
        for launch in fleet["LaunchSpecifications"]:
            units = whole(launch["WeightedCapacity"])
            for zone in launch["Placement"]["AvailabilityZone"].split(", "):
                steps = traces[0]["prices"][f"{zone}/{launch['InstanceType']}"]
                yield Pool(
                    index=index,
                    units=units,
                    on_demand=self.on_demand[launch["InstanceType"]],
                    cap=micro_usd(fleet["SpotPrice"]) * units,
                    times=[second(time) for time, _ in steps],
                    prices=[micro_usd(usd) for _, usd in steps],
                )
                index += 1
