"""Every call of the twin as boto3 makes it, its paging and its exceptions. Run by twin_boto3.sh and twin_newest_boto3.sh:
twin_calls.py LINE CLUSTER_LINE, files with what two twins printed. The scenario of the first is
examples/p6-cooldown-restarts.json with spot launches of 30 seconds: the price takes all 32 units from 02:00 to 03:00; that
of the other has a cluster of ECS."""
import json
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from datetime import datetime, timedelta, timezone
from unittest.mock import patch

import boto3
import botocore.auth
import botocore.model
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

with open(sys.argv[1], encoding="utf-8") as file:
    TWIN = json.load(file)
URL, FLEET, GROUP = TWIN["endpoint"], TWIN["fleet"], TWIN["group"]
START = datetime(2017, 11, 1, tzinfo=timezone.utc)


def say_simulated(request, **_):
    request.headers["X-Ballast-Clock"] = "simulated"


def client(service, simulated=True, **changes):
    settings = {"endpoint_url": URL, "region_name": TWIN["region"], "aws_access_key_id": "twin",
                "aws_secret_access_key": "twin", "config": Config(retries={"max_attempts": 0})}
    settings.update(changes)
    made = boto3.client(service, **settings)
    if simulated:
        made.meta.events.register("before-sign", say_simulated)
    return made


def control(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(f"{URL}/_ballast/{path}", data) as reply:
        return json.load(reply)


def go_to(hour, minute=0, second=0):
    """Step to this time of the scenario's day, and return it."""
    then = START + timedelta(hours=hour, minutes=minute, seconds=second)
    control("clock", {"advance_s": int(then.timestamp()) - control("clock")["now"]})
    return then


def refused(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        return error
    raise AssertionError(f"{code} was expected of {call}")


def same(what, found, wanted):
    assert found == wanted, f"{what}: {found!r}, not {wanted!r}"


def pages(made, operation, size, key, **arguments):
    """All items, page by page, and how many pages there were."""
    found = list(made.get_paginator(operation).paginate(PaginationConfig={"PageSize": size}, **arguments))
    return [item for page in found for item in page[key]], len(found)


def test_clock():
    same("start", control("clock")["now"], int(START.timestamp()))
    same("stepped", control("clock", {"advance_s": 30})["now"], int(START.timestamp()) + 30)
    for body in ({"advance_s": -1}, {"advance_s": 10**9}, {}, {"advance_s": "soon"}):
        try:
            control("clock", body)
        except urllib.error.HTTPError as error:
            assert error.code in (400, 409) and json.load(error)["error"]
        else:
            raise AssertionError(f"{body} was accepted")
    same("not moved", control("clock")["now"], int(START.timestamp()) + 30)


def test_signatures():
    sts = client("sts")
    same("account", sts.get_caller_identity()["Account"], "123456789012")
    codes = {"sts": ("InvalidClientTokenId", "SignatureDoesNotMatch"),
             "autoscaling": ("InvalidClientTokenId", "SignatureDoesNotMatch"), "ec2": ("AuthFailure", "AuthFailure")}
    calls = {"sts": "get_caller_identity", "autoscaling": "describe_auto_scaling_groups",
             "ec2": "describe_spot_fleet_requests"}
    for service, (unknown, wrong) in codes.items():
        refused(unknown, getattr(client(service, aws_access_key_id="nobody"), calls[service]))
        refused(wrong, getattr(client(service, aws_secret_access_key="guessed"), calls[service]))
    unsigned = client("sts", config=Config(signature_version=botocore.UNSIGNED, retries={"max_attempts": 0}))
    refused("MissingAuthenticationToken", unsigned.get_caller_identity)
    # A clock that is wrong by ten minutes: too much for most, not for EC2.
    body = "Action={}&Version={}"
    assert "Signature expired" in signed_at(-600, "sts", body.format("GetCallerIdentity", "2011-06-15"))
    assert "Signature not yet current" in signed_at(600, "sts", body.format("GetCallerIdentity", "2011-06-15"))
    assert "active" in signed_at(-600, "ec2", body.format("DescribeSpotFleetRequests", "2016-11-15"))
    assert "RequestExpired" in signed_at(-1000, "ec2", body.format("DescribeSpotFleetRequests", "2016-11-15"))


def signed_at(seconds, service, body):
    """The reply to a request that botocore's own signer signs so many seconds from now."""
    class Wrong(datetime):
        @classmethod
        def utcnow(cls):
            return datetime.utcfromtimestamp(time.time() + seconds)

        @classmethod
        def now(cls, tz=None):
            return datetime.fromtimestamp(time.time() + seconds, tz)

    class Module:
        datetime = Wrong
    request = AWSRequest("POST", URL, {"Content-Type": "application/x-www-form-urlencoded"}, body)
    names = {"datetime": Module, "get_current_datetime": lambda remove_tzinfo=True: Wrong.utcnow()}
    with ExitStack() as changed:
        for name, value in names.items():
            if hasattr(botocore.auth, name):
                changed.enter_context(patch.object(botocore.auth, name, value))
        botocore.auth.SigV4Auth(Credentials("twin", "twin"), service, TWIN["region"]).add_auth(request)
    try:
        sent = urllib.request.Request(URL + "/", body.encode(), dict(request.headers))
        with urllib.request.urlopen(sent) as reply:
            return reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.read().decode()


def test_wall_clock():
    """Clients that know of no simulated time see all of it now; replies bear the wall clock."""
    reply = client("ec2", simulated=False).describe_spot_fleet_requests()
    created = reply["SpotFleetRequestConfigs"][0]["CreateTime"]
    assert 25 <= (datetime.now(timezone.utc) - created).total_seconds() <= 90, created
    date = datetime.strptime(reply["ResponseMetadata"]["HTTPHeaders"]["date"], "%a, %d %b %Y %H:%M:%S GMT")
    assert abs((datetime.utcnow() - date).total_seconds()) < 60, date
    reply = client("ec2").describe_spot_fleet_requests()
    same("simulated", reply["SpotFleetRequestConfigs"][0]["CreateTime"], START)
    assert reply["ResponseMetadata"]["RequestId"]


def test_throttling():
    control("throttle", {"calls": 2, "operation": "DescribeAutoScalingGroups"})
    group = client("autoscaling")
    client("sts").get_caller_identity()
    for _ in range(2):
        refused("Throttling", group.describe_auto_scaling_groups)
    group.describe_auto_scaling_groups()
    control("throttle", {"calls": 1})
    error = refused("RequestLimitExceeded", client("ec2").describe_spot_fleet_requests)
    same("status", error.response["ResponseMetadata"]["HTTPStatusCode"], 503)


def test_fleet():
    ec2 = client("ec2")
    request = ec2.describe_spot_fleet_requests(SpotFleetRequestIds=[FLEET])["SpotFleetRequestConfigs"][0]
    config = request["SpotFleetRequestConfig"]
    same("state", (request["SpotFleetRequestState"], request["ActivityStatus"]), ("active", "fulfilled"))
    same("capacity", (config["TargetCapacity"], config["FulfilledCapacity"]), (32, 32.0))
    same("specification", (config["LaunchSpecifications"][0]["InstanceType"],
                           config["LaunchSpecifications"][0]["WeightedCapacity"]), ("c3.xlarge", 4.0))
    refused("InvalidSpotFleetRequestId.NotFound", ec2.describe_spot_fleet_requests, SpotFleetRequestIds=["sfr-1"])
    refused("InvalidSpotFleetRequestId.Malformed", ec2.describe_spot_fleet_requests, SpotFleetRequestIds=["fleet"])
    whole = ec2.describe_spot_fleet_instances(SpotFleetRequestId=FLEET)["ActiveInstances"]
    same("instances", len(whole), 8)
    found, count = pages(ec2, "describe_spot_fleet_instances", 3, "ActiveInstances", SpotFleetRequestId=FLEET)
    same("pages of instances", (found, count), (whole, 3))
    refused("InvalidPaginationToken", ec2.describe_spot_fleet_instances, SpotFleetRequestId=FLEET, NextToken="x")
    history = ec2.describe_spot_fleet_request_history(SpotFleetRequestId=FLEET, StartTime=START)["HistoryRecords"]
    same("history", [record["EventInformation"]["EventSubType"] for record in history],
         ["submitted", "active"] + ["launched"] * 8)
    changes = ec2.describe_spot_fleet_request_history(SpotFleetRequestId=FLEET, StartTime=START,
                                                      EventType="fleetRequestChange")["HistoryRecords"]
    same("fleet's changes", len(changes), 2)
    page = ec2.describe_spot_fleet_request_history(SpotFleetRequestId=FLEET, StartTime=START, MaxResults=9)
    rest = ec2.describe_spot_fleet_request_history(SpotFleetRequestId=FLEET, StartTime=START, MaxResults=9,
                                                   NextToken=page["NextToken"])
    same("pages of history", page["HistoryRecords"] + rest["HistoryRecords"], history)


def test_prices():
    ec2 = client("ec2")
    now = go_to(3, 30)
    def history(**arguments):
        return [float(price["SpotPrice"]) for price in ec2.describe_spot_price_history(**arguments)["SpotPriceHistory"]]
    same("all", history(), [0.05, 0.5, 0.05])
    same("now", history(StartTime=now, EndTime=now), [0.05])
    same("since two, with what was in force", history(StartTime=START + timedelta(hours=2, minutes=30)), [0.05, 0.5])
    same("another type", history(InstanceTypes=["m1.small"]), [])
    same("another product", history(ProductDescriptions=["Windows"]), [])
    same("pattern", len(history(Filters=[{"Name": "availability-zone", "Values": ["us-*-1?"]}])), 3)
    same("other zone", history(Filters=[{"Name": "availability-zone", "Values": ["us-east-1b"]}]), [])
    refused("InvalidParameterValue", history, Filters=[{"Name": "colour", "Values": ["red"]}])
    found, count = pages(ec2, "describe_spot_price_history", 2, "SpotPriceHistory")
    same("pages of prices", ([price["SpotPrice"] for price in found], count), (["0.050000", "0.500000", "0.050000"], 2))


def test_cluster():
    with open(sys.argv[2], encoding="utf-8") as line:
        twin = json.load(line)
    ecs = client("ecs", endpoint_url=twin["endpoint"])
    reply = ecs.describe_clusters(clusters=[twin["cluster"], "another"], include=["STATISTICS"])
    cluster = reply["clusters"][0]
    same("counts", [cluster[name] for name in ("registeredContainerInstancesCount", "runningTasksCount",
                                               "pendingTasksCount", "activeServicesCount")], [8, 24, 0, 1])
    same("missing", [failure["reason"] for failure in reply["failures"]], ["MISSING"])
    same("by its ARN", ecs.describe_clusters(clusters=[cluster["clusterArn"]])["clusters"], [cluster])
    same("where there is none", len(client("ecs").describe_clusters()["failures"]), 1)
    refused("UnrecognizedClientException", client("ecs", aws_access_key_id="nobody").describe_clusters)
    refused("InvalidSignatureException", client("ecs", aws_secret_access_key="guessed").describe_clusters)
    refused("UnknownOperationException", ecs.list_services)


def test_metrics():
    watch = client("cloudwatch")
    metrics(watch)
    refused("InvalidClientTokenId", client("cloudwatch", aws_access_key_id="nobody").get_metric_data,
            MetricDataQueries=[], StartTime=START, EndTime=START)
    control("throttle", {"calls": 1})
    refused("Throttling", watch.get_metric_data, MetricDataQueries=[], StartTime=START, EndTime=START)


def test_metrics_in_other_protocols():
    """Newer botocores speak CBOR too, though not of their own accord."""
    if hasattr(botocore.model, "PRIORITY_ORDERED_SUPPORTED_PROTOCOLS"):
        with patch.object(botocore.model, "PRIORITY_ORDERED_SUPPORTED_PROTOCOLS", ("smithy-rpc-v2-cbor",)):
            watch = client("cloudwatch")
        same("protocol", watch.meta.service_model.resolved_protocol, "smithy-rpc-v2-cbor")
        metrics(watch)
        own_metrics(watch, "Shop in CBOR")


def test_metrics_of_one_s_own():
    own_metrics(client("cloudwatch"), "Shop")


def own_metrics(watch, namespace):
    """Values come back as they were put; a metric is its dimensions, whatever their order."""
    now = datetime.fromtimestamp(control("clock")["now"], timezone.utc)
    minute = now.replace(second=0)
    place = [{"Name": "Zone", "Value": "a"}, {"Name": "App", "Value": "x & y"}]
    def put(**datum):
        watch.put_metric_data(Namespace=namespace, MetricData=[{"MetricName": "Wait", "Dimensions": place, **datum}])
    put(Value=1.5, Unit="Seconds", Timestamp=minute - timedelta(minutes=2))
    put(Values=[2.0, 1e-7], Counts=[2.0, 1.0], Unit="Seconds", Timestamp=minute - timedelta(minutes=2, seconds=-5))
    put(StatisticValues={"SampleCount": 4.0, "Sum": 10.0, "Minimum": 1.0, "Maximum": 4.0}, Unit="Seconds")
    asked = {"Namespace": namespace, "MetricName": "Wait", "Dimensions": place[::-1], "Period": 60,
             "StartTime": minute - timedelta(minutes=10), "EndTime": minute + timedelta(minutes=1),
             "Statistics": ["Sum", "Maximum", "Minimum", "SampleCount", "Average"]}
    points = sorted(watch.get_metric_statistics(**asked)["Datapoints"], key=lambda point: point["Timestamp"])
    same("own points", [(point["SampleCount"], point["Sum"], point["Minimum"], point["Maximum"]) for point in points],
         [(4.0, 5.5 + 1e-7, 1e-7, 2.0), (4.0, 10.0, 1.0, 4.0)])
    same("average, unit", (points[1]["Average"], points[1]["Unit"]), (2.5, "Seconds"))
    asked["Period"] = 86400
    same("a day", [point["SampleCount"] for point in watch.get_metric_statistics(**asked)["Datapoints"]], [8.0])
    asked["Dimensions"] = place[:1]
    same("not its dimensions", watch.get_metric_statistics(**asked)["Datapoints"], [])
    listed = watch.list_metrics(Namespace=namespace, Dimensions=[{"Name": "App"}])["Metrics"]
    same("listed", [(metric["MetricName"], len(metric["Dimensions"])) for metric in listed], [("Wait", 2)])
    fleet = watch.list_metrics(Namespace="AWS/EC2Spot", MetricName="PendingCapacity")["Metrics"]
    same("fleet's", fleet[0]["Dimensions"], [{"Name": "FleetRequestId", "Value": FLEET}])
    refused("InvalidParameterValue", watch.put_metric_data, Namespace="AWS/EC2", MetricData=[{"MetricName": "x"}])
    refused("InvalidParameterCombination", put)
    refused("InvalidParameterValue", put, Value=1.0, Timestamp=now - timedelta(days=15))
    # Newer clients compress what is large.
    many = [{"MetricName": f"N{number:04}", "Value": 1.0} for number in range(600)]
    watch.put_metric_data(Namespace=namespace, MetricData=many)
    paged = list(watch.get_paginator("list_metrics").paginate(Namespace=namespace))
    same("pages of metrics", [len(page["Metrics"]) for page in paged], [500, 101])


def metrics(watch):
    fleet = [{"Name": "FleetRequestId", "Value": FLEET}]
    def statistics(**changes):
        arguments = {"Namespace": "AWS/EC2Spot", "MetricName": "PendingCapacity", "Dimensions": fleet,
                     "StartTime": START + timedelta(minutes=110), "EndTime": START + timedelta(minutes=130),
                     "Period": 60, "Statistics": ["Maximum", "SampleCount"]}
        arguments.update(changes)
        points = watch.get_metric_statistics(**arguments)["Datapoints"]
        return sorted(points, key=lambda point: point["Timestamp"])
    points = statistics()
    same("points", [point["Maximum"] for point in points], [0.0] * 12 + [32.0] * 8)
    same("first", points[0], {"Timestamp": START + timedelta(minutes=110), "Maximum": 0.0, "SampleCount": 1.0,
                              "Unit": "Count"})
    same("five minutes", [point["Average"] for point in statistics(Period=300, Statistics=["Average"])],
         [0.0, 0.0, 19.2, 32.0])
    same("no such dimension", statistics(Dimensions=[]), [])
    same("no such unit", statistics(Unit="Seconds"), [])
    error = refused("InvalidParameterCombination", statistics, StartTime=START - timedelta(days=2))
    same("its class", type(error).__name__, "InvalidParameterCombinationException")
    refused("InvalidParameterValue", statistics, Period=61)
    query = [{"Id": name.lower(), "MetricStat": {"Metric": {"Namespace": "AWS/EC2Spot", "MetricName": name,
                                                            "Dimensions": fleet}, "Period": 60, "Stat": "Maximum"}}
             for name in ("TargetCapacity", "PendingCapacity")]
    asked = {"MetricDataQueries": query, "StartTime": START + timedelta(minutes=118),
             "EndTime": START + timedelta(minutes=124)}
    found = watch.get_metric_data(**asked)["MetricDataResults"]
    same("newest first", [result["Values"] for result in found], [[32.0] * 6, [32.0] * 2 + [0.0] * 4])
    same("times", found[0]["Timestamps"][0], START + timedelta(minutes=123))
    found = watch.get_metric_data(ScanBy="TimestampAscending", **asked)["MetricDataResults"]
    same("oldest first", found[1]["Values"], [0.0] * 4 + [32.0] * 2)
    values = {}
    count = 0
    for page in watch.get_paginator("get_metric_data").paginate(PaginationConfig={"PageSize": 5}, **asked):
        count += 1
        for result in page["MetricDataResults"]:
            values.setdefault(result["Id"], []).extend(result["Values"])
    same("pages of data", (values, count),
         ({"targetcapacity": [32.0] * 6, "pendingcapacity": [32.0] * 2 + [0.0] * 4}, 3))
    refused("ValidationError", watch.get_metric_data,
            **{**asked, "MetricDataQueries": [{"Id": "e", "Expression": "1+1"}]})


def test_group():
    scaling = client("autoscaling")
    group = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[GROUP])["AutoScalingGroups"][0]
    same("bounds", (group["MinSize"], group["MaxSize"], group["DesiredCapacity"], group["DefaultCooldown"]),
         (0, 200, 0, 2700))
    same("unknown group", scaling.describe_auto_scaling_groups(AutoScalingGroupNames=["x"])["AutoScalingGroups"], [])
    refused("ValidationError", scaling.set_desired_capacity, AutoScalingGroupName="x", DesiredCapacity=1)
    error = refused("ValidationError", scaling.set_desired_capacity, AutoScalingGroupName=GROUP, DesiredCapacity=201)
    assert "above max value 200" in str(error), error
    go_to(4)
    scaling.set_desired_capacity(AutoScalingGroupName=GROUP, DesiredCapacity=2, HonorCooldown=True)
    def instances():
        found = scaling.describe_auto_scaling_groups()["AutoScalingGroups"][0]["Instances"]
        return [instance["LifecycleState"] for instance in found]
    same("being launched", instances(), ["Pending"] * 2)
    def scale_in():
        return scaling.set_desired_capacity(AutoScalingGroupName=GROUP, DesiredCapacity=1, HonorCooldown=True)
    error = refused("ScalingActivityInProgress", scale_in)
    assert isinstance(error, scaling.exceptions.ScalingActivityInProgressFault), type(error)
    go_to(4, 0, 30)
    same("launched", instances(), ["InService"] * 2)
    go_to(4, 45, 29)
    refused("ScalingActivityInProgress", scale_in)
    go_to(4, 45, 30)  # the cooldown of 45 minutes ends
    scale_in()
    same("going", instances(), ["Terminating", "InService"])
    go_to(4, 46, 30)
    same("gone", instances(), ["InService"])


def test_group_s_activities():
    scaling = client("autoscaling")
    def activities(**arguments):
        return scaling.describe_scaling_activities(AutoScalingGroupName=GROUP, **arguments)["Activities"]
    found = activities()
    same("newest first", [(activity["Description"].split()[0], activity["StatusCode"]) for activity in found],
         [("Terminating", "Successful"), ("Launching", "Successful"), ("Launching", "Successful")])
    same("times", (found[0]["StartTime"], found[0]["EndTime"]), (START + timedelta(hours=4, minutes=45, seconds=30),
                                                               START + timedelta(hours=4, minutes=46, seconds=30)))
    assert "changing the desired capacity from 2 to 1" in found[0]["Cause"], found[0]["Cause"]
    paged, count = pages(scaling, "describe_scaling_activities", 2, "Activities", AutoScalingGroupName=GROUP)
    same("pages of activities", (paged, count), (found, 2))
    same("by id", activities(ActivityIds=[found[1]["ActivityId"]]), [found[1]])
    same("of another group", scaling.describe_scaling_activities(AutoScalingGroupName="x")["Activities"], [])
    scaling.set_desired_capacity(AutoScalingGroupName=GROUP, DesiredCapacity=2)
    going = activities()[0]
    same("going on", (going["StatusCode"], "EndTime" in going), ("InProgress", False))
    error = refused("ScalingActivityInProgress", scaling.set_desired_capacity, AutoScalingGroupName=GROUP,
                    DesiredCapacity=3, HonorCooldown=True)
    assert going["ActivityId"] in str(error), error


def test_group_updated():
    scaling = client("autoscaling")
    def group():
        found = scaling.describe_auto_scaling_groups()["AutoScalingGroups"][0]
        return [found[name] for name in ("MinSize", "MaxSize", "DesiredCapacity", "DefaultCooldown")]
    update = scaling.update_auto_scaling_group
    update(AutoScalingGroupName=GROUP, MinSize=3, DefaultCooldown=60)
    same("moved into its bounds", group(), [3, 200, 3, 60])
    update(AutoScalingGroupName=GROUP, MaxSize=10, DesiredCapacity=4, MinSize=0)
    same("as told", group(), [0, 10, 4, 60])
    refused("ValidationError", update, AutoScalingGroupName=GROUP, MinSize=11)
    refused("ValidationError", update, AutoScalingGroupName=GROUP, DesiredCapacity=11)
    refused("ValidationError", update, AutoScalingGroupName="x", MinSize=0)
    same("refused whole", group(), [0, 10, 4, 60])
    go_to(4, 47)
    go_to(4, 48)
    scaling.set_desired_capacity(AutoScalingGroupName=GROUP, DesiredCapacity=1, HonorCooldown=True)


def test_instances():
    ec2 = client("ec2")
    def found(reply):
        return [instance for reservation in reply["Reservations"] for instance in reservation["Instances"]]
    running = [{"Name": "instance-state-name", "Values": ["running"]}]
    spot = found(ec2.describe_instances(Filters=running + [{"Name": "instance-lifecycle", "Values": ["spot"]}]))
    same("spot", (len(spot), {instance["InstanceType"] for instance in spot}), (8, {"c3.xlarge"}))
    of_group = [{"Name": "tag:aws:autoscaling:groupName", "Values": [GROUP]}]
    states = [instance["State"]["Name"] for instance in found(ec2.describe_instances(Filters=of_group))]
    same("the group's", sorted(states), ["running"] + ["shutting-down"] * 3 + ["terminated"])
    one = spot[0]["InstanceId"]
    same("by id", found(ec2.describe_instances(InstanceIds=[one])), [spot[0]])
    same("its lifecycle", spot[0]["InstanceLifecycle"], "spot")
    refused("InvalidInstanceID.NotFound", ec2.describe_instances, InstanceIds=["i-0000000000000ffff"])
    refused("InvalidInstanceID.Malformed", ec2.describe_instances, InstanceIds=["one"])
    refused("InvalidParameterCombination", ec2.describe_instances, InstanceIds=[one], MaxResults=5)
    whole = found(ec2.describe_instances())
    paged, count = pages(ec2, "describe_instances", 5, "Reservations")
    same("pages of instances", (found({"Reservations": paged}), count), (whole, (len(whole) + 4) // 5))


def test_fleet_modified():
    ec2 = client("ec2")
    def fleet():
        found = ec2.describe_spot_fleet_requests()["SpotFleetRequestConfigs"][0]
        config = found["SpotFleetRequestConfig"]
        return (found["SpotFleetRequestState"], found.get("ActivityStatus"), config["TargetCapacity"],
                config["FulfilledCapacity"])
    assert ec2.modify_spot_fleet_request(SpotFleetRequestId=FLEET, TargetCapacity=40)["Return"]
    same("larger", fleet(), ("active", "pending_fulfillment", 40, 32.0))
    go_to(4, 50)
    same("fulfilled", fleet(), ("active", "fulfilled", 40, 40.0))
    ec2.modify_spot_fleet_request(SpotFleetRequestId=FLEET, TargetCapacity=8,
                                  ExcessCapacityTerminationPolicy="NoTermination")
    same("kept", fleet(), ("active", "fulfilled", 8, 40.0))
    ec2.modify_spot_fleet_request(SpotFleetRequestId=FLEET, TargetCapacity=7, ExcessCapacityTerminationPolicy="default")
    same("shrinking", fleet(), ("active", "pending_termination", 7, 40.0))
    events = ec2.describe_spot_fleet_request_history(SpotFleetRequestId=FLEET, EventType="fleetRequestChange",
                                                     StartTime=START + timedelta(hours=4, minutes=40))["HistoryRecords"]
    same("history", [event["EventInformation"]["EventSubType"] for event in events],
         ["modify_in_progress", "modify_succeeded"] * 3)
    refused("InvalidSpotFleetRequestId.NotFound", ec2.modify_spot_fleet_request, SpotFleetRequestId="sfr-1",
            TargetCapacity=1)
    refused("MaxSpotFleetRequestCountExceeded", ec2.modify_spot_fleet_request, SpotFleetRequestId=FLEET,
            TargetCapacity=10001)


def test_fleet_then_cancelled():
    ec2 = client("ec2")
    reply = ec2.cancel_spot_fleet_requests(SpotFleetRequestIds=[FLEET, "sfr-1", "x"], TerminateInstances=True)
    done = reply["SuccessfulFleetRequests"][0]
    same("cancelled", (done["PreviousSpotFleetRequestState"], done["CurrentSpotFleetRequestState"]),
         ("active", "cancelled_terminating"))
    same("not there", [item["Error"]["Code"] for item in reply["UnsuccessfulFleetRequests"]],
         ["fleetRequestIdDoesNotExist", "fleetRequestIdMalformed"])
    refused("fleetNotInModifiableState", ec2.modify_spot_fleet_request, SpotFleetRequestId=FLEET, TargetCapacity=1)
    go_to(4, 53)
    request = ec2.describe_spot_fleet_requests()["SpotFleetRequestConfigs"][0]
    same("gone", request["SpotFleetRequestState"], "cancelled")
    again = ec2.cancel_spot_fleet_requests(SpotFleetRequestIds=[FLEET], TerminateInstances=True)
    same("twice", again["UnsuccessfulFleetRequests"][0]["Error"]["Code"], "fleetRequestNotInCancellableState")


def test_fleet_then_requested_anew():
    ec2 = client("ec2")
    config = {"IamFleetRole": "arn:aws:iam::123456789012:role/fleet", "TargetCapacity": 12, "SpotPrice": "0.06",
              "AllocationStrategy": "diversified", "ValidUntil": START + timedelta(hours=6), "ClientToken": "once",
              "LaunchSpecifications": [{"ImageId": "ami-1", "InstanceType": "c3.xlarge", "WeightedCapacity": 2.0,
                                        "Placement": {"AvailabilityZone": "us-east-1a"},
                                        "SecurityGroups": [{"GroupId": "sg-1"}]}],
              "TerminateInstancesWithExpiration": True}
    def wrong(code, **changes):
        error = refused(code, ec2.request_spot_fleet, SpotFleetRequestConfig={**config, **changes})
        assert "\n" not in error.response["Error"]["Message"]
    wrong("InvalidSpotFleetRequestConfig", AllocationStrategy="cheapest")
    wrong("InvalidSpotFleetRequestConfig", LaunchSpecifications=[{"InstanceType": "c9.huge", "Placement": {
        "AvailabilityZone": "us-east-1a"}}])
    made = ec2.request_spot_fleet(SpotFleetRequestConfig=config)["SpotFleetRequestId"]
    assert made != FLEET
    same("asked twice", ec2.request_spot_fleet(SpotFleetRequestConfig=config)["SpotFleetRequestId"], made)
    wrong("MaxSpotFleetRequestCountExceeded", ClientToken="twice")
    refused("InvalidSpotFleetRequestId.NotFound", ec2.describe_spot_fleet_requests, SpotFleetRequestIds=[FLEET])
    go_to(4, 56)
    request = ec2.describe_spot_fleet_requests(SpotFleetRequestIds=[made])["SpotFleetRequestConfigs"][0]
    same("made", (request["CreateTime"], request["SpotFleetRequestConfig"]["ValidUntil"]),
         (START + timedelta(hours=4, minutes=53), config["ValidUntil"]))
    same("fulfilled", request["SpotFleetRequestConfig"]["FulfilledCapacity"], 12.0)
    same("instances", len(ec2.describe_spot_fleet_instances(SpotFleetRequestId=made)["ActiveInstances"]), 6)
    history = ec2.describe_spot_fleet_request_history(SpotFleetRequestId=made, StartTime=START)["HistoryRecords"]
    same("its own history", [event["EventInformation"]["EventSubType"] for event in history],
         ["submitted", "active"] + ["launched"] * 6)
    go_to(6, 3)
    request = ec2.describe_spot_fleet_requests()["SpotFleetRequestConfigs"][0]
    same("expired", request["SpotFleetRequestState"], "cancelled")


def test_group_then_made_anew():
    scaling = client("autoscaling")
    made = {"AutoScalingGroupName": "second", "MinSize": 0, "MaxSize": 5, "DesiredCapacity": 2,
            "AvailabilityZones": ["us-east-1a"], "LaunchConfigurationName": "x"}
    error = refused("AlreadyExists", scaling.create_auto_scaling_group, **{**made, "AutoScalingGroupName": GROUP})
    same("its class", type(error).__name__, "AlreadyExistsFault")
    refused("LimitExceeded", scaling.create_auto_scaling_group, **made)
    refused("ResourceInUse", scaling.delete_auto_scaling_group, AutoScalingGroupName=GROUP)
    scaling.delete_auto_scaling_group(AutoScalingGroupName=GROUP, ForceDelete=True)
    same("deleted", scaling.describe_auto_scaling_groups()["AutoScalingGroups"], [])
    refused("ValidationError", scaling.set_desired_capacity, AutoScalingGroupName=GROUP, DesiredCapacity=1)
    refused("LimitExceeded", scaling.create_auto_scaling_group, **made)
    go_to(6, 5)
    refused("ValidationError", scaling.create_auto_scaling_group, **{**made, "MinSize": 6})
    scaling.create_auto_scaling_group(**made)
    go_to(6, 6)
    group = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=["second"])["AutoScalingGroups"][0]
    same("made", (group["CreatedTime"], group["DesiredCapacity"], group["DefaultCooldown"], len(group["Instances"])),
         (START + timedelta(hours=6, minutes=5), 2, 300, 2))


for name, test in list(globals().items()):
    if name.startswith("test_"):
        try:
            test()
        except Exception:
            print(f"FAILED: {name}")
            raise
print(f"all calls with boto3 {boto3.__version__}")
