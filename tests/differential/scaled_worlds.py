"""Makes of a random world one whose fleet is scaled by alarms."""

FLEET = {
    "Namespace": "AWS/EC2Spot",
    "Dimensions": [{"Name": "FleetRequestId", "Value": "sfr-1"}],
}
METRICS = ("PendingCapacity", "PendingCapacity", "FulfilledCapacity", "TargetCapacity", "TerminatingCapacity")


def add_scaling(maker, world):
    luck = maker.scaling
    world["spot_fleet"].pop("Type", None)
    if world.get("modify_spot_fleet") == "follow-demand":
        del world["modify_spot_fleet"]
    world.setdefault("demand", {"units": world["spot_fleet"]["TargetCapacity"]})
    least = luck.choice([0, 0, 1, 2])
    target = {"MinCapacity": least, "MaxCapacity": least + luck.choice([0, 2, 5, 10, 30])}
    if luck.random() < 0.2:
        target["SuspendedState"] = {
            "DynamicScalingInSuspended": luck.random() < 0.4,
            "DynamicScalingOutSuspended": luck.random() < 0.4,
        }
    policies = [step_policy(luck, f"step-{number}") for number in range(luck.randint(1, 3))]
    names = [policy["PolicyName"] for policy in policies]
    world["scaling"] = {
        "target": target,
        "policies": policies,
        "alarms": [alarm(luck, number, names) for number in range(luck.randint(1, 4))],
    }
    if luck.random() < 0.6:
        add_swing(luck, world)
    account = world["account"]
    choices = {
        "aas_base": ["target"],
        "aas_never_decrease_on_scale_out": [False],
        "alarm_extra_points": [0, 1, 5],
        "alarm_phase_s": [0, 1, 29, 59],
    }
    for key, values in choices.items():
        if luck.random() < 0.3:
            account[key] = luck.choice(values)


def add_swing(luck, world):
    """Out where little is there and in where much is: the target goes to and fro, and cooldowns hold it."""
    scaling = world["scaling"]
    middle = luck.choice([2, 4, 6])
    scaling["target"] = {"MinCapacity": 0, "MaxCapacity": 20}
    for name, comparison, sign in (("out", "LessThanThreshold", 1), ("in", "GreaterThanOrEqualToThreshold", -1)):
        policy = step_policy(luck, name)
        settings = policy["StepScalingPolicyConfiguration"]
        settings["AdjustmentType"] = "ChangeInCapacity"
        settings.pop("MinAdjustmentMagnitude", None)
        near, far = ("Lower", "Upper") if sign > 0 else ("Upper", "Lower")
        size = luck.choice([1, 2, 3])
        settings["StepAdjustments"] = [
            {f"MetricInterval{near}Bound": -2 * sign, "ScalingAdjustment": sign * size},
            {f"MetricInterval{far}Bound": -2 * sign, "ScalingAdjustment": sign * (size + luck.choice([0, 1, 4]))},
        ]
        settings["Cooldown"] = luck.choice([0, 60, 120, 200, 600])
        swing = alarm(luck, name, [name])
        swing["MetricName"] = luck.choice(["FulfilledCapacity", "TargetCapacity"])
        swing["Statistic"] = "Average"
        swing["Period"] = luck.choice([60, 60, 120])
        swing["EvaluationPeriods"] = 1
        swing.pop("DatapointsToAlarm", None)
        swing["Threshold"] = middle
        swing["ComparisonOperator"] = comparison
        scaling["policies"].append(policy)
        scaling["alarms"].append(swing)


def step_policy(luck, name):
    kind = luck.choice(["ChangeInCapacity", "ChangeInCapacity", "PercentChangeInCapacity", "ExactCapacity"])
    settings = {"AdjustmentType": kind, "StepAdjustments": steps(luck, kind)}
    if kind == "PercentChangeInCapacity" and luck.random() < 0.6:
        settings["MinAdjustmentMagnitude"] = luck.choice([1, 2, 3])
    if luck.random() < 0.7:
        settings["Cooldown"] = luck.choice([0, 1, 60, 90, 120, 600])
    if luck.random() < 0.4:
        settings["MetricAggregationType"] = luck.choice(["Average", "Minimum", "Maximum"])
    return {
        "PolicyName": name,
        "PolicyType": "StepScaling",
        "StepScalingPolicyConfiguration": settings,
    }


def steps(luck, kind):
    """One to four that touch each other, the outer ones mostly open."""
    edges = sorted(luck.sample([-8, -4, -2, -1, 0, 0.5, 1, 3, 5, 9], luck.randint(0, 3)))
    bounds = [None, *edges, None]
    if len(edges) >= 2 and edges[0] >= 0 and luck.random() < 0.5:  # nothing is wanted below
        bounds = bounds[1:]
    elif len(edges) >= 2 and edges[-1] <= 0 and luck.random() < 0.5:  # or above
        bounds = bounds[:-1]
    found = []
    for lower, upper in zip(bounds, bounds[1:]):
        size = {
            "ChangeInCapacity": [-5, -2, -1, 0, 1, 2, 3, 6],
            "PercentChangeInCapacity": [-100, -50, -33, -10, 0, 5, 10, 50, 100, 200],
            "ExactCapacity": [0, 1, 3, 6, 12],
        }[kind]
        step = {"ScalingAdjustment": luck.choice(size)}
        if lower is not None:
            step["MetricIntervalLowerBound"] = lower
        if upper is not None:
            step["MetricIntervalUpperBound"] = upper
        found.append(step)
    return found


def alarm(luck, number, names):
    periods = luck.randint(1, 4)
    found = {
        "AlarmName": f"alarm-{number}",
        **FLEET,
        "MetricName": luck.choice(METRICS),
        "Statistic": luck.choice(["Average", "Average", "Minimum", "Maximum", "Sum", "SampleCount"]),
        "Period": luck.choice([60, 60, 60, 120, 300, 300, 600]),
        "EvaluationPeriods": periods,
        "Threshold": luck.choice([-3, 0, 0, 1, 2, 4, 4.5, 7]),
        "ComparisonOperator": luck.choice(
            [
                "GreaterThanThreshold",
                "GreaterThanOrEqualToThreshold",
                "LessThanThreshold",
                "LessThanOrEqualToThreshold",
            ]
        ),
        "AlarmActions": luck.sample(names, luck.randint(1, len(names))),
    }
    if luck.random() < 0.4:
        found["DatapointsToAlarm"] = luck.randint(1, periods)
    if luck.random() < 0.6:
        found["TreatMissingData"] = luck.choice(["breaching", "notBreaching", "ignore", "missing"])
    if luck.random() < 0.1:
        found["ActionsEnabled"] = False
    return found
