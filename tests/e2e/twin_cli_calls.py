"""Every call of the twin as Debian's AWS CLI makes it, all in one process: twin_cli_calls.py ENDPOINT FLEET GROUP. The
scenario is examples/p6-cooldown-restarts.json with spot launches of 30 seconds, at 02:06:30 with eight backup instances."""
import contextlib
import io
import json
import sys

from awscli.clidriver import create_clidriver

URL, FLEET, GROUP = sys.argv[1:]
DRIVER = create_clidriver()


def cli(*arguments, code=0):
    """What a command prints, as JSON; with another exit code, what it says on stderr."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = DRIVER.main(["--endpoint-url", URL, "--output", "json", *arguments])
    assert status == code, f"{arguments} ended with {status}: {err.getvalue()}"
    if code:
        return err.getvalue()
    return json.loads(out.getvalue()) if out.getvalue().strip() else {}


def same(what, found, wanted):
    assert found == wanted, f"{what}: {found!r}, not {wanted!r}"


same("account", cli("sts", "get-caller-identity")["Account"], "123456789012")

# Auto Scaling
group = ["--auto-scaling-group-name", GROUP]
found = cli("autoscaling", "describe-auto-scaling-groups", "--auto-scaling-group-names", GROUP)["AutoScalingGroups"][0]
same("instances", len(found["Instances"]), 8)
same("activities, by twos", len(cli("autoscaling", "describe-scaling-activities", "--page-size", "2")["Activities"]), 8)
held = cli("autoscaling", "set-desired-capacity", *group, "--desired-capacity", "0", "--honor-cooldown", code=254)
assert "(ScalingActivityInProgress) when calling the SetDesiredCapacity operation" in held, held
cli("autoscaling", "update-auto-scaling-group", *group, "--max-size", "9", "--default-cooldown", "60")
above = cli("autoscaling", "set-desired-capacity", *group, "--desired-capacity", "10", code=254)
assert "(ValidationError)" in above and "above max value 9" in above, above
cli("autoscaling", "set-desired-capacity", *group, "--desired-capacity", "7", "--no-honor-cooldown")
exists = cli("autoscaling", "create-auto-scaling-group", *group, "--min-size", "0", "--max-size", "1",
             "--availability-zones", "us-east-1a", code=254)
assert "(AlreadyExists)" in exists, exists

# CloudWatch
fleet = ["--dimensions", f"Name=FleetRequestId,Value={FLEET}"]
window = ["--start-time", "2017-01-01", "--end-time", "2037-01-01"]
listed = cli("cloudwatch", "list-metrics", "--namespace", "AWS/EC2Spot", *fleet)["Metrics"]
same("metrics of the fleet", len(listed), 4)
cli("cloudwatch", "put-metric-data", "--namespace", "Shop", "--metric-name", "Wait", "--value", "2.5", "--unit", "Seconds")
query = [{"Id": "own", "MetricStat": {"Metric": {"Namespace": "Shop", "MetricName": "Wait"}, "Period": 3600,
                                      "Stat": "Maximum"}}]
data = cli("cloudwatch", "get-metric-data", "--metric-data-queries", json.dumps(query), *window)["MetricDataResults"][0]
same("what was put", (data["Values"], data["StatusCode"]), ([2.5], "Complete"))
points = cli("cloudwatch", "get-metric-statistics", "--namespace", "AWS/EC2Spot", "--metric-name", "PendingCapacity", *fleet,
             *window, "--period", "31536000", "--statistics", "Maximum", "Minimum")["Datapoints"]
same("pending, ever", (max(point["Maximum"] for point in points), min(point["Minimum"] for point in points)), (32.0, 0.0))

# EC2
fleet = ["--spot-fleet-request-id", FLEET]
request = cli("ec2", "describe-spot-fleet-requests", "--spot-fleet-request-ids", FLEET)["SpotFleetRequestConfigs"][0]
same("activity", request["ActivityStatus"], "pending_fulfillment")
same("instances of the fleet", cli("ec2", "describe-spot-fleet-instances", *fleet)["ActiveInstances"], [])
history = cli("ec2", "describe-spot-fleet-request-history", *fleet, "--start-time", "2017-01-01", "--event-type",
              "instanceChange")["HistoryRecords"]
same("history", len(history), 16)
same("prices, by ones", len(cli("ec2", "describe-spot-price-history", "--page-size", "1")["SpotPriceHistory"]), 2)
reservations = cli("ec2", "describe-instances", "--page-size", "5", "--filters", "Name=instance-state-name,Values=running")
same("running", len(reservations["Reservations"]), 7)
assert cli("ec2", "modify-spot-fleet-request", *fleet, "--target-capacity", "40")["Return"]
busy = cli("ec2", "request-spot-fleet", "--spot-fleet-request-config",
           json.dumps({"IamFleetRole": "r", "TargetCapacity": 1, "LaunchSpecifications": [
               {"ImageId": "a", "InstanceType": "c3.xlarge", "Placement": {"AvailabilityZone": "us-east-1a"}}]}), code=254)
assert "(MaxSpotFleetRequestCountExceeded)" in busy, busy
gone = cli("ec2", "cancel-spot-fleet-requests", "--spot-fleet-request-ids", FLEET, "--terminate-instances")
same("cancelled", gone["SuccessfulFleetRequests"][0]["CurrentSpotFleetRequestState"], "cancelled")

same("no cluster", cli("ecs", "describe-clusters", "--clusters", "c")["failures"][0]["reason"], "MISSING")
