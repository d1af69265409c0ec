# What tests of bad input share. Source it in the folder to work in, with $ballast set.
passed=0
failed=0

ok() {
    passed=$((passed + 1))
    echo "ok      $1"
}

not_ok() {
    failed=$((failed + 1))
    echo "not ok  $1"
    sed 's/^/          /' stderr | head -n 5
}

# refused NAME CODE PATTERN COMMAND...: exits with CODE, says one line that matches PATTERN, and nothing on stdout.
refused() {
    local name=$1 code=$2 pattern=$3
    shift 3
    timeout 300 "$@" >stdout 2>stderr </dev/null
    local got=$?
    if [ "$got" -ne "$code" ]; then
        echo "exit code $got, expected $code" >>stderr
        not_ok "$name"
    elif [ "$(wc -l <stderr)" -ne 1 ]; then
        echo "not one line" >>stderr
        not_ok "$name"
    elif ! grep -qE -- "$pattern" stderr; then
        echo "does not match: $pattern" >>stderr
        not_ok "$name"
    elif [ -s stdout ]; then
        echo "something on stdout" >>stderr
        not_ok "$name"
    else
        ok "$name"
    fi
}

# The small world that is spoiled in one way or another.
write_good_world() {
    cat >"$1" <<'JSON'
{
  "name": "small world",
  "from": "2015-03-02T00:00:00Z",
  "to": "2015-03-02T06:00:00Z",
  "traces": [{"prices": {"us-east-1a/c3.xlarge": [["2015-03-01T23:00:00Z", 0.05], ["2015-03-02T01:00:00Z", 0.30], ["2015-03-02T02:00:00Z", 0.05]]}}],
  "spot_fleet": {
    "TargetCapacity": 32,
    "SpotPrice": "0.054",
    "AllocationStrategy": "diversified",
    "LaunchSpecifications": [
      {"InstanceType": "c3.xlarge", "WeightedCapacity": 4, "SubnetId": "subnet-1", "Monitoring": {"Enabled": true}}
    ]
  },
  "subnets": {"subnet-1": "us-east-1a"},
  "backup_group": {
    "group": {"AutoScalingGroupName": "backup", "MinSize": 0, "MaxSize": 200, "DesiredCapacity": 0, "DefaultCooldown": 2700, "AvailabilityZones": ["us-east-1a"]},
    "launch": {"InstanceType": "m4.xlarge"}
  },
  "on_demand_usd_per_hour": {"m4.xlarge": 0.252, "c3.xlarge": 0.210},
  "policy": {"name": "pending-capacity:seed"}
}
JSON
}
