"""Worlds and bills for live_validate.sh.

  live_validate.py world             world.json, and scenario.json of the same fleet and group for what a recording does not say
  live_validate.py bill RUN.db KIND FILE [CHANGE]...
      the bill of a recorded run, instance by instance, by the rules of docs/model.md: KIND is cur, cur2 or feed. Each CHANGE makes it wrong in one way.
"""
import gzip, json, sqlite3, sys
from datetime import datetime, timezone
from fractions import Fraction

FROM = 1551657600  # 2019-03-04
moment = lambda minutes: f"2019-03-04T{minutes // 60:02}:{minutes % 60:02}:00Z"
ZONES = {"us-east-1a": ((0, 0.04), (47, 0.041), (80, 0.045), (171, 0.038)), "us-east-1b": ((0, 0.05), (100, 0.049))}
ON_DEMAND = Fraction("0.2")


def world():
    specification = lambda zone: {"InstanceType": "c3.xlarge", "WeightedCapacity": 4, "Monitoring": {"Enabled": True}, "Placement": {"AvailabilityZone": zone}}
    lost = lambda minute, zone, instances: {"at": moment(minute), "zone": zone, "type": "c3.xlarge", "instances": instances}
    scenario = {
        "name": "production", "from": moment(0), "to": moment(240), "seed": 5,
        "spot_fleet": {"Type": "maintain", "AllocationStrategy": "diversified", "SpotPrice": "0.0525", "TargetCapacity": 32,
                       "LaunchSpecifications": [specification(zone) for zone in ZONES]},
        "backup_group": {"group": {"AutoScalingGroupName": "spot-backup", "MinSize": 0, "MaxSize": 20, "DesiredCapacity": 0,
                                   "DefaultCooldown": 300, "AvailabilityZones": ["us-east-1a"]},
                         "launch": {"InstanceType": "m4.xlarge"}, "units_per_instance": 4},
        "on_demand_usd_per_hour": {"c3.xlarge": 0.21, "m4.xlarge": float(ON_DEMAND)},
        "demand": {"series": [[moment(0), 32], [moment(141), 40]]}, "modify_spot_fleet": "follow-demand",
        "policy": {"name": "pending-capacity"}, "controller": {"alarm": False, "phase_s": 30}, "interruptions": {"source": "trace"},
        "account": {"spot_launch_delay_s": 90},
        "traces": [{"prices": {f"{zone}/c3.xlarge": [[moment(minute), usd] for minute, usd in steps] for zone, steps in ZONES.items()},
                    "interruptions": [lost(85, "us-east-1a", 3), lost(125, "us-east-1b", 2), lost(135, "us-east-1a", 1)]}]}
    json.dump(scenario, open("world.json", "w", encoding="utf-8"), indent=1)
    for known in ("demand", "modify_spot_fleet", "traces", "controller"):
        del scenario[known]  # the recording says these
    scenario.update({"traces": [], "policy": {"name": "none"}})
    json.dump(scenario, open("scenario.json", "w", encoding="utf-8"), indent=1)


def price(zone, second):
    """In force at a second."""
    return [Fraction(str(usd)) for minute, usd in ZONES[zone] if FROM + 60 * minute <= second][-1]


def charged(row, changes):
    """The end of what is charged, or None."""
    spot, end = row["kind"] == "spot", row["ended_s"]
    by_ec2 = row["end"] in ("price", "capacity")
    if end is None:
        return FROM + 240 * 60
    used = end - row["running_s"]
    if "hourly" in changes:
        hours = used // 3600
        return row["running_s"] + 3600 * (hours if by_ec2 else max(1, -(-used // 3600)))
    if by_ec2 and spot:
        return None if used < 3600 and "first-hour" not in changes else end
    return row["running_s"] + max(used, 60)


def lines(path, changes):
    """(instance, type, zone, kind, start of an hour of the instance, end, USD an hour) of each instance-hour."""
    rows = sqlite3.connect(path)
    rows.row_factory = sqlite3.Row
    for row in rows.execute("SELECT * FROM instance WHERE running_s IS NOT NULL ORDER BY instance"):
        end = charged(row, changes)
        begin = row["running_s"]
        name = f"i-{row['instance']:017x}"
        if "lost" in changes and row["kind"] == "spot" and row["slot"] == 1 and row["zone"] == "us-east-1b" and row["warm"]:
            continue
        while end is not None and begin < end:
            until = min(begin + 3600, end)
            usd = price(row["zone"], begin) if row["kind"] == "spot" else ON_DEMAND
            if "dearer" in changes and row["kind"] == "spot" and row["zone"] == "us-east-1b":
                usd *= Fraction(11, 10)
            if "discount" in changes and row["kind"] != "spot":
                usd *= Fraction(9, 10)
            yield name, row["instance_type"], row["zone"], row["kind"], begin, until, usd
            begin = until


def by_clock(instance_hours):
    """The same split at the hours of the clock, those of one instance and hour of the clock in one line: use, cost."""
    sums = {}
    for name, kind_of, zone, kind, begin, end, usd in instance_hours:
        while begin < end:
            hour = begin - begin % 3600
            until = min(end, hour + 3600)
            key = (hour, name, kind_of, zone, kind)
            use, cost = sums.get(key, (Fraction(0), Fraction(0)))
            sums[key] = use + Fraction(until - begin, 3600), cost + Fraction(until - begin, 3600) * usd
            begin = until
    return sorted(sums.items())


def ten(value):
    """Ten decimals, as AWS prints them."""
    parts = round(value * 10**10)
    return f"{parts // 10**10}.{parts % 10**10:010}"


stamp = lambda second, form="%Y-%m-%dT%H:%M:%SZ": datetime.fromtimestamp(second, timezone.utc).strftime(form)


def cur(out, rows, new):
    names = ["identity/LineItemId", "lineItem/LineItemType", "lineItem/UsageStartDate", "lineItem/UsageEndDate", "lineItem/ProductCode",
             "lineItem/UsageType", "lineItem/AvailabilityZone", "lineItem/ResourceId", "lineItem/UsageAmount", "lineItem/CurrencyCode",
             "lineItem/UnblendedRate", "lineItem/UnblendedCost", "lineItem/LineItemDescription"]
    if new:
        snake = lambda name: "".join("_" + c.lower() if c.isupper() else c for c in name).replace("/_", "_").replace("/", "_")
        names = ["resource_tags"] + [snake(name) for name in names]
    else:
        names.append("resourceTags/aws:autoscaling:groupName")
    out.write(",".join(names) + "\n")
    for number, ((hour, name, kind_of, zone, kind), (use, cost)) in enumerate(rows):
        spot = kind == "spot"
        group = "" if spot else "spot-backup"
        when = [stamp(second, "%Y-%m-%d %H:%M:%S.000" if new else "%Y-%m-%dT%H:%M:%SZ") for second in (hour, hour + 3600)]
        fields = [f"id{number}", "Usage", *when, "AmazonEC2", f"{'SpotUsage' if spot else 'BoxUsage'}:{kind_of}", zone, name, ten(use), "USD",
                  ten(cost / use), ten(cost), '"a ""line"", of an instance"']
        tags = '"{""aws_autoscaling_group_name"":""spot-backup""}"' if group else "{}"
        out.write(",".join([tags] + fields if new else fields + [group]) + "\n")
    # What is not compared: another service, a credit, somebody else's instance.
    other = ["x1", "Usage", stamp(FROM), stamp(FROM + 3600), "AmazonS3", "Requests-Tier1", "", "bucket", "12", "USD", "0.1", "1.2", ""]
    credit = ["x2", "Credit", stamp(FROM), stamp(FROM + 3600), "AmazonEC2", "BoxUsage:m4.xlarge", "", "", "1", "USD", "", "-0.5", ""]
    foreign = ["x3", "Usage", stamp(FROM + 7200), stamp(FROM + 10800), "AmazonEC2", "SpotUsage:c3.xlarge", "us-east-1a", "i-0fffffffffffffff0",
               "1.0000000000", "USD", "0.0410000000", "0.0410000000", ""]
    for fields in (other, credit, foreign):
        out.write(",".join([""] + fields if new else fields + [""]) + "\n")


def feed(out, instance_hours):
    out.write("#Version: 1.0\n#Fields: Timestamp UsageType Operation InstanceID MyBidID MyMaxPrice MarketPrice Charge Version\n")
    for name, kind_of, _, kind, begin, end, usd in instance_hours:
        if kind == "spot":
            charge = usd * Fraction(end - begin, 3600)
            out.write("\t".join([stamp(begin, "%Y-%m-%d %H:%M:%S UTC"), f"SpotUsage:{kind_of}", "RunInstances:SV001", name, "sir-1", "0.2100000000 USD",
                                 f"{ten(usd)} USD", f"{ten(charge)} USD", "1"]) + "\n")


def bill(path, kind, name, *changes):
    instance_hours = list(lines(path, changes))
    with gzip.open(name, "wt", encoding="utf-8") if name.endswith(".gz") else open(name, "w", encoding="utf-8") as out:
        if kind == "feed":
            feed(out, instance_hours)
        else:
            cur(out, by_clock(instance_hours), kind == "cur2")


{"world": world, "bill": bill}[sys.argv[1]](*sys.argv[2:])
