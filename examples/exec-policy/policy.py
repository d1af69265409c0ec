"""Runs handler.py as a policy of Ballast: --policy "exec:python3 examples/exec-policy/policy.py".

Each line of standard input is an evaluation, which Ballast has made all calls for; each gets one line of standard output.
The function's clients are two that answer from the line and keep what it would have done; boto3 need not be there.
docs/exec-policy.md says what is in a line.
"""
import json
import sys
from datetime import datetime, timezone
from types import SimpleNamespace

sys.modules["boto3"] = SimpleNamespace(client=lambda service: None)  # each line brings its own

import handler  # noqa: E402


class CallFailed(Exception):
    """What boto3 would have raised: botocore.exceptions.ClientError, with the code of the answer."""


def checked(answer):
    if answer["status"] == "error":
        raise CallFailed(answer["error_code"])
    return answer


class CloudWatch:
    def __init__(self, observation):
        self.metrics = {answer["metric"]: answer for answer in observation["answers"] if "metric" in answer}

    def get_metric_statistics(self, *, MetricName, StartTime, EndTime, **_):
        answer = checked(self.metrics[MetricName])
        begin = StartTime.timestamp() // 60 * 60  # as CloudWatch rounds it
        return {"Datapoints": [
            {"Timestamp": datetime.fromtimestamp(time, timezone.utc), "Maximum": float(value)}
            for time, value in answer.get("answer", []) if begin <= time < EndTime.timestamp()]}


class AutoScaling:
    def __init__(self, observation):
        self.group = observation["group"]
        self.call = None

    def describe_auto_scaling_groups(self, **_):
        group = checked(self.group)
        found = {"MinSize": group["min_size"], "MaxSize": group["max_size"], "DesiredCapacity": group["desired_capacity"]}
        return {"AutoScalingGroups": [found] if group["status"] == "ok" else []}

    def set_desired_capacity(self, *, DesiredCapacity, HonorCooldown=False, **_):
        self.call = {"desired": DesiredCapacity, "honor_cooldown": HonorCooldown}


def decide(line):
    observation = line["observation"]
    handler.cloudwatch = CloudWatch(observation)
    handler.autoscaling = autoscaling = AutoScaling(observation)
    time = datetime.fromtimestamp(observation["now"], timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    try:
        reason = handler.handler({"time": time}, None)
    except Exception as failed:  # in Lambda the invocation fails, and nothing is done
        return {"desired": None, "reason": f"hold: the function failed: {failed!r}"}
    return {"desired": None, **(autoscaling.call or {}), "reason": reason}


for text in sys.stdin:
    print(json.dumps(decide(json.loads(text))), flush=True)
