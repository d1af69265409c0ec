#!/usr/bin/env bash
# `ballast live template`: what is deployed is what was simulated, and may do what the policy reads and no more. The
# templates are checked by cfn-lint, too, which is fetched once from Python's package index into the build folder; where
# that cannot be, the last part is skipped.
set -euo pipefail
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
template() { # NAME EXAMPLE argument...
    "$BALLAST" live template "$BALLAST_SOURCE_DIR/examples/$2.json" "${@:3}" >"$folder/$1.json" 2>"$folder/error" || fail "$1 ended with $?"
}
refused() { # TEXT argument...
    local code=0
    "$BALLAST" live template "$BALLAST_SOURCE_DIR/examples/quickstart/scenario.json" "${@:2}" >/dev/null 2>"$folder/error" || code=$?
    [ "$code" -eq 2 ] && grep -q -- "$1" "$folder/error" || fail "$*: $code"
}
template plain quickstart/scenario
template still quickstart/scenario --set scaling=null
template request quickstart/scenario --set spot_fleet.Type=request
template scaled p7-reservation-feedback
template prices quickstart/scenario --policy n-plus-one --set controller.alarm=false --set controller.every_s=300 \
    --set controller.guards.max_step_instances=3
template overrides capacity-rebalance
template steps p7-reservation-feedback --set 'scaling.policies=[{"PolicyName":"up","PolicyType":"StepScaling","StepScalingPolicyConfiguration":{"AdjustmentType":"ChangeInCapacity","StepAdjustments":[{"MetricIntervalLowerBound":0,"ScalingAdjustment":4}]}}]' \
    --set 'scaling.alarms=[{"AlarmName":"high","Namespace":"AWS/ECS","MetricName":"CPUReservation","Dimensions":[{"Name":"ClusterName","Value":"jobs"}],"Statistic":"Average","Period":60,"EvaluationPeriods":2,"Threshold":80,"ComparisonOperator":"GreaterThanThreshold","AlarmActions":["up"]}]'

python3 - "$folder" <<'TEXT' || fail "a template says something else"
import json, pathlib, re, sys

def load(name):
    return json.loads((pathlib.Path(sys.argv[1]) / f"{name}.json").read_text())

def references(node):
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "Ref" and value != "AWS::NoValue":
                yield value
            elif key == "Fn::GetAtt":
                yield value[0]
            elif key == "Fn::Sub":
                yield from (name for name in re.findall(r"\$\{([^}]*)\}", value) if not name.startswith("AWS::"))
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)

def actions(template):
    statements = template["Resources"]["FunctionRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
    return {action for each in statements for action in (each["Action"] if isinstance(each["Action"], list) else [each["Action"]])
            if not action.startswith("logs:")}, {json.dumps(each["Resource"]) for each in statements if "SetDesired" in json.dumps(each)}

for name in ("plain", "still", "request", "scaled", "prices", "overrides", "steps"):
    template = load(name)
    known = set(template["Parameters"]) | set(template["Resources"])
    assert set(references(template)) <= known, (name, set(references(template)) - known)
    assert set(template["Parameters"]) <= set(references(template)), (name, "a parameter that nobody uses")

plain = load("plain")
resources = plain["Resources"]
asked, on = actions(plain)
assert asked == {"autoscaling:DescribeAutoScalingGroups", "autoscaling:SetDesiredCapacity", "cloudwatch:GetMetricStatistics"}, asked
assert all("BackupGroup" in resource for resource in on), on
fleet = resources["SpotFleet"]["Properties"]["SpotFleetRequestConfigData"]
assert fleet["TargetCapacity"] == 32 and fleet["AllocationStrategy"] == "diversified"
assert [(each["InstanceType"], each["WeightedCapacity"], each["SpotPrice"]) for each in fleet["LaunchSpecifications"]] == [
    ("c4.xlarge", 4, "0.04725")] * 2 + [("c4.2xlarge", 8, "0.04725")] * 2
for launch in fleet["LaunchSpecifications"] + [resources["BackupTemplate"]["Properties"]["LaunchTemplateData"]]:
    assert "ECS_CLUSTER=${Cluster}" in launch["UserData"]["Fn::Base64"]["Fn::Sub"]
group = resources["BackupGroup"]["Properties"]
assert (group["MinSize"], group["MaxSize"], group["Cooldown"]) == ("0", "200", "2700") and "DesiredCapacity" not in group
assert {resources[name]["Properties"]["Principal"] for name in ("SchedulePermission", "TopicPermission")} == {
    "events.amazonaws.com", "sns.amazonaws.com"}
assert resources["Schedule"]["Properties"]["ScheduleExpression"] == "rate(1 minute)"
function = resources["Function"]["Properties"]
assert function["Runtime"] == "provided.al2023" and function["Handler"] == "bootstrap"
assert plain["Parameters"]["ReservedConcurrency"]["Default"] == "1"
assert resources["FunctionRetries"]["Properties"]["MaximumRetryAttempts"] == 0
variables = function["Environment"]["Variables"]
assert variables["BALLAST_POLICY"] == "pending-capacity" and variables["BALLAST_UNITS_PER_INSTANCE"] == "4"
assert "lookback_s=" in variables["BALLAST_SET"] and variables["BALLAST_APPLY"] == {"Ref": "Apply"}
assert plain["Parameters"]["Apply"]["Default"] == "false"

# What scales the fleet is the reference design's where the scenario does not say, and said to be.
said = plain["Metadata"]["Ballast"]
assert any("was not simulated" in text for text in said["NotInTheScenario"])
target = resources["ScalableTarget"]["Properties"]
assert (target["MinCapacity"], target["MaxCapacity"]) == (8, 64) and target["ServiceNamespace"] == "ec2"
tracked = [resources[f"ScalingPolicy{number}"]["Properties"]["TargetTrackingScalingPolicyConfiguration"] for number in (1, 2)]
assert [(each["TargetValue"], each["CustomizedMetricSpecification"]["MetricName"]) for each in tracked] == [
    (75, "CPUReservation"), (75, "MemoryReservation")]
assert all(said["Defaults"][path] for path in ("scaling.target.MinCapacity", "scaling.target.MaxCapacity", "scaling.policies[0]",
                                               "scaling.policies[].TargetValue"))
with open(f"{sys.argv[1]}/scaling", "w", encoding="utf-8") as file:
    json.dump(said["Scaling"], file)
for name, why in (("still", "as in the scenario"), ("request", "cannot be scaled")):
    without = load(name)
    assert "ScalableTarget" not in without["Resources"] and "scaling.policies[0]" not in without["Metadata"]["Ballast"]["Defaults"]
    assert any(why in text for text in without["Metadata"]["Ballast"]["NotInTheScenario"]), name

prices = load("prices")
asked, _ = actions(prices)
assert {"ec2:DescribeSpotPriceHistory", "ec2:DescribeSubnets", "ec2:DescribeInstances", "ec2:DescribeSpotFleetRequests"} <= asked
assert not {"Alarm", "Topic", "TopicPermission"} & set(prices["Resources"])
assert prices["Resources"]["Schedule"]["Properties"]["ScheduleExpression"] == "rate(5 minutes)"
assert prices["Parameters"]["MaxStep"]["Default"] == "3"

scaled = load("scaled")["Resources"]
terms = scaled["ScalingPolicy1"]["Properties"]["TargetTrackingScalingPolicyConfiguration"]
assert terms["TargetValue"] == 75 and terms["CustomizedMetricSpecification"]["Dimensions"][0]["Value"] == {"Ref": "Cluster"}
assert scaled["ScalableTarget"]["Properties"]["MaxCapacity"] == 64
steps = load("steps")["Resources"]
assert steps["ScalingAlarm1"]["Properties"]["AlarmActions"] == [{"Ref": "ScalingPolicy1"}]
assert "StepScalingPolicyConfiguration" in steps["ScalingPolicy1"]["Properties"]
TEXT
# What was added can be simulated as it stands there.
"$BALLAST" live template "$BALLAST_SOURCE_DIR/examples/p7-reservation-feedback.json" --set "scaling=$(cat "$folder/scaling")" >"$folder/again.json" \
    2>"$folder/error" || fail "what was added is no scaling of a scenario"
scaling_of() {
    python3 -c 'import json, sys; made = json.load(open(sys.argv[1]))["Resources"]; print(made["ScalableTarget"], made["ScalingPolicy1"], made["ScalingPolicy2"])' "$1"
}
cmp <(scaling_of "$folder/again.json") <(scaling_of "$folder/plain.json") || fail "it is another scaling"
"$BALLAST" run "$BALLAST_SOURCE_DIR/examples/p7-reservation-feedback.json" --set "scaling=$(cat "$folder/scaling")" >/dev/null 2>"$folder/error" ||
    fail "what was added cannot be simulated"
refused 'built-in policies only' --policy 'exec:true'
refused 'whole minutes' --set controller.every_s=30
"$BALLAST" live template "$BALLAST_SOURCE_DIR/examples/quickstart/scenario.json" --set backup_group.launch.InstanceType=c4.xlarge 2>&1 >/dev/null |
    grep -q 'both launch c4.xlarge' || fail "no warning of a shared type"

environment=$BALLAST_BUILD_DIR/cfn-lint
if [ ! -f "$environment/complete" ]; then
    rm -rf "$environment"
    { python3 -m venv "$environment" && timeout 300 "$environment/bin/pip" install -q --disable-pip-version-check cfn-lint==1.58.0 &&
        touch "$environment/complete"; } >/dev/null 2>&1 || { echo "SKIP: cfn-lint could not be fetched: the templates were not checked by it"; exit 77; }
fi
"$environment/bin/cfn-lint" --regions us-east-1 -- "$folder"/*.json >"$folder/error" || fail "cfn-lint finds something"
sed 's/"MinSize"/"MinimumSize"/' "$folder/plain.json" >"$folder/wrong.template"
! "$environment/bin/cfn-lint" --regions us-east-1 -- "$folder/wrong.template" >/dev/null || fail "cfn-lint would find nothing in any template"
