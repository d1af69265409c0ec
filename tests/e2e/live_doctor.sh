#!/usr/bin/env bash
# `ballast live doctor` against twins in which one thing after the other is wrong: it names that thing, and no other.
# labels: robust
set -euo pipefail
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
. "$BALLAST_SOURCE_DIR/tests/e2e/twin.bash"
web=$(printf '#!/bin/sh\necho ECS_CLUSTER=web >>/etc/ecs/ecs.config\n' | base64 -w0)
test=$(printf '#!/bin/sh\necho ECS_CLUSTER=test >>/etc/ecs/ecs.config\n' | base64 -w0)
healthy=(--set backup_group.group.DefaultCooldown=600 --set cluster.name=web --set "spot_fleet.LaunchSpecifications[0].UserData=$web"
    --set "backup_group.launch.UserData=$web" --set 'spot_fleet.LaunchSpecifications[0].Monitoring={"Enabled":true}'
    --set 'demand={"services":[{"service":{"serviceName":"s","desiredCount":8},"task":{"family":"t","cpu":"1024","memory":"1024","containerDefinitions":[{"name":"c","image":"i"}]}}]}'
    --set 'cluster.instance_types={"c3.xlarge":{"vcpu":4,"memory_mib":7680},"m4.xlarge":{"vcpu":4,"memory_mib":16384}}')
count=0
account() { # argument of the twin...: a healthy account but for what these say
    count=$((count + 1))
    twin "$count" "$BALLAST_SOURCE_DIR/examples/p6-cooldown-restarts.json" --speed step "${healthy[@]}" "$@"
    step "$count" 7200
    url=$(said "$count" endpoint) fleet=$(said "$count" fleet) group=$(said "$count" group)
}
doctor() { # EXIT CODE argument...
    local code=0
    env -i HOME="$folder" AWS_REGION=us-east-1 ${KEYS-AWS_ACCESS_KEY_ID=twin AWS_SECRET_ACCESS_KEY=twin} AWS_EC2_METADATA_DISABLED=true \
        AWS_MAX_ATTEMPTS=1 "$BALLAST" live doctor --fleet "$fleet" --group "$group" --endpoint-url "$url" "${@:2}" \
        >"$folder/doctor.out" 2>"$folder/doctor.err" || code=$?
    [ "$code" -eq "$1" ] || fail "doctor ${*:2}: $code, not $1"
}
wrong() { # TEXT...: each finding, in order, and nothing else
    local found=() line
    mapfile -t found < <(grep -v '^✓' "$folder/doctor.out" || true)
    [ ${#found[@]} -eq $# ] || fail "not $# findings"
    for line in "${found[@]}"; do
        [[ $line == *"$1"* ]] || fail "no \"$1\" in: $line"
        shift
    done
}

account
doctor 0 --cluster web --try-act
wrong
grep -q 'all that is launched joins "web"' "$folder/doctor.out" || fail "the user data was not read"
grep -q 'refused for that alone' "$folder/doctor.out" || fail "acting was not tried"
doctor 0
doctor 0 --json
python3 - "$folder/doctor.out" <<'TEXT' || fail "the JSON says something else"
import json, sys
said = json.load(open(sys.argv[1]))
assert said["findings"] == 0 and said["not_looked"] == 0
steps = [step["step"] for step in said["steps"]]
assert steps == ["credentials", "clock", "fleet", "group", "cooldown", "places", "metrics", "metrics", "monitoring", "user data", "permissions"], steps
TEXT

# Names that are not there.
good=$fleet
fleet=sfr-00000000-0000-0000-0000-000000000000 doctor 1
wrong 'fleet: ' 'TargetCapacity of AWS/EC2Spot has no point' 'PendingCapacity of AWS/EC2Spot has no point'
fleet=$good group=nobody doctor 1
wrong 'there is no Auto Scaling group "nobody"'
doctor 1 --cluster test
grep -q 'joins the cluster "web", not "test"' "$folder/doctor.out" || fail "a wrong cluster was not named"

# Who may not ask, and where nobody answers.
KEYS='AWS_ACCESS_KEY_ID=nobody AWS_SECRET_ACCESS_KEY=twin' doctor 1
wrong 'InvalidClientTokenId'
KEYS='' doctor 1
wrong 'credentials: '
KEYS='AWS_ACCESS_KEY_ID=twin AWS_SECRET_ACCESS_KEY=twin' url=http://127.0.0.1:1 doctor 3
wrong 'credentials: '

# One thing wrong at a time.
account --set backup_group.group.DefaultCooldown=2700
doctor 1 && wrong 'cooldown: 45 min'
account --set backup_group.group.DefaultCooldown=0
doctor 1 && wrong 'cooldown: 0 s holds nothing'
account --set backup_group.group.MaxSize=1
doctor 1 && wrong 'less than the fleet'
type=$(python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["spot_fleet"]["LaunchSpecifications"][0]["InstanceType"])' \
    "$BALLAST_SOURCE_DIR/examples/p6-cooldown-restarts.json")
account --set "backup_group.launch.InstanceType=$type"
doctor 1 && wrong "fleet and group both launch $type in us-east-1a"
account --set "backup_group.launch.UserData=$test"
doctor 1 && wrong 'joins the cluster "test", not "web" as does launch specification 1'
account --set 'spot_fleet.LaunchSpecifications[0].Monitoring={"Enabled":false}'
doctor 1 && wrong 'has basic monitoring'
doctor 1 --policy pending-capacity:seed && wrong 'PendingCapacity is published every 5 min' 'has basic monitoring'
account --set 'controller.faults=[{"kind":"api-error","call":"GetMetricStatistics","code":"AccessDenied"}]'
doctor 1 && wrong 'cloudwatch:GetMetricStatistics is denied' 'cloudwatch:GetMetricStatistics is denied'
account --set 'controller.faults=[{"kind":"api-error","call":"SetDesiredCapacity","code":"AccessDenied"}]'
doctor 1 --try-act && wrong 'autoscaling:SetDesiredCapacity is denied'
account --set 'controller.faults=[{"kind":"api-error","call":"DescribeAutoScalingGroups","code":"InternalFailure"}]'
doctor 3 && wrong 'group: could not look'
