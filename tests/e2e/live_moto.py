"""moto's server with a Spot Fleet, a backup group and metrics in it, for live_moto.sh. FOLDER/ready gets the port and the
fleet's id."""

import datetime
import os
import sys

import boto3
from moto.server import ThreadedMotoServer

FOLDER = sys.argv[1]
SERVER = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
SERVER.start()
PORT = SERVER.get_host_and_port()[1]


def client(name):
    return boto3.client(name, region_name="us-east-1", endpoint_url=f"http://127.0.0.1:{PORT}", aws_access_key_id="a",
                        aws_secret_access_key="b")


EC2 = client("ec2")
IMAGE = EC2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
SUBNET = EC2.describe_subnets()["Subnets"][0]["SubnetId"]
FLEET = EC2.request_spot_fleet(SpotFleetRequestConfig={
    "IamFleetRole": "arn:aws:iam::123456789012:role/fleet", "TargetCapacity": 32, "SpotPrice": "0.1",
    "AllocationStrategy": "diversified",
    "LaunchSpecifications": [{"ImageId": IMAGE, "InstanceType": "c4.xlarge", "WeightedCapacity": 4, "SubnetId": SUBNET,
                              "SpotPrice": "0.1"}]})["SpotFleetRequestId"]
GROUPS = client("autoscaling")
GROUPS.create_launch_configuration(LaunchConfigurationName="lc", ImageId=IMAGE, InstanceType="m4.xlarge")
GROUPS.create_auto_scaling_group(AutoScalingGroupName="grp", MinSize=0, MaxSize=10, DesiredCapacity=2,
                                 LaunchConfigurationName="lc", AvailabilityZones=["us-east-1a"])
NOW = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0)
for minute in range(-15, 15):
    for metric, value in (("PendingCapacity", 12.0), ("TargetCapacity", 32.0)):
        client("cloudwatch").put_metric_data(Namespace="AWS/EC2Spot", MetricData=[
            {"MetricName": metric, "Value": value, "Timestamp": NOW - datetime.timedelta(minutes=minute),
             "Dimensions": [{"Name": "FleetRequestId", "Value": FLEET}]}])
with open(os.path.join(FOLDER, "ready.tmp"), "w", encoding="utf-8") as ready:
    print(PORT, FLEET, file=ready)
os.rename(os.path.join(FOLDER, "ready.tmp"), os.path.join(FOLDER, "ready"))
SERVER._thread.join()  # pylint: disable=protected-access
