"""A Lambda function that sizes the backup group, as it would be deployed: once a minute a rule of EventBridge calls it.

It knows nothing of Ballast. Its clients are made where it is loaded, as usual; what time it is says the event.
"""
from datetime import datetime, timedelta, timezone

import boto3

FLEET = "sfr-example"
GROUP = "backup"
UNITS_PER_INSTANCE = 4
WINDOW = timedelta(minutes=10)  # a target that moved within it is still being filled
LOOKBACK = timedelta(minutes=15)

cloudwatch = boto3.client("cloudwatch")
autoscaling = boto3.client("autoscaling")


def points(metric, now, back):
    """The metric's points, oldest first: AWS returns them in no order."""
    answer = cloudwatch.get_metric_statistics(
        Namespace="AWS/EC2Spot", MetricName=metric, Dimensions=[{"Name": "FleetRequestId", "Value": FLEET}],
        StartTime=now - back, EndTime=now, Period=60, Statistics=["Maximum"])
    return [point["Maximum"] for point in sorted(answer["Datapoints"], key=lambda point: point["Timestamp"])]


def handler(event, context):
    now = datetime.strptime(event["time"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    targets = points("TargetCapacity", now, WINDOW)
    if not targets:
        return "hold: nothing says whether the target changed"
    if len(set(targets)) > 1:
        return "hold: the target changed a short while ago"
    pending = points("PendingCapacity", now, LOOKBACK)
    if not pending or not points("TargetCapacity", now, LOOKBACK):
        return "hold: nothing says what is pending"
    group = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[GROUP])["AutoScalingGroups"][0]
    need = int(pending[-1] / UNITS_PER_INSTANCE + 0.999999)
    need = min(max(need, group["MinSize"]), group["MaxSize"])
    if need == group["DesiredCapacity"]:
        return "the size fits"
    shrinks = need < group["DesiredCapacity"]
    autoscaling.set_desired_capacity(AutoScalingGroupName=GROUP, DesiredCapacity=need, HonorCooldown=shrinks)
    return "fewer are needed" if shrinks else "more are needed"
