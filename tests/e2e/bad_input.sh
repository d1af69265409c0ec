#!/usr/bin/env bash
# Bad input of every kind, as a user would give it: one clear line on stderr that names what is wrong and where, exit
# code 2 (mend it) or 3 (the machine failed), never a crash, a hang, or a half-written result.
#
# usage: BALLAST=path/to/ballast tests/e2e/bad_input.sh
set -u
. "$(dirname "$0")/refused.bash"
ballast=$(realpath "${BALLAST:-build/ballast}")
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work" || exit 3

# The world that everything below spoils in one way.
write_good_world good.json
if "$ballast" run good.json --json >stdout 2>stderr && [ ! -s stderr ]; then
    ok "the good world runs, silently on stderr"
else
    not_ok "the good world runs"
fi

# spoiled NAME SED PATTERN: the good world with one thing changed is refused with code 2.
spoiled() {
    sed "$2" good.json >bad.json
    if cmp -s good.json bad.json; then
        echo "the world was not changed" >stderr
        not_ok "$1"
        return
    fi
    refused "$1" 2 "$3" "$ballast" run bad.json
}

head -c 400 good.json >cut.json
refused "truncated JSON" 2 'cut.json:[0-9]+:[0-9]+: not valid JSON' "$ballast" run cut.json
: >empty.json
refused "an empty file" 2 'empty.json' "$ballast" run empty.json
head -c 5000 /dev/urandom >garbage.json
refused "binary garbage" 2 'garbage.json' "$ballast" run garbage.json
printf '[%.0s' {1..50000} >deep.json
refused "deep nesting" 2 'deep.json' "$ballast" run deep.json
echo '[1,2]' >list.json
refused "a list instead of a scenario" 2 'list.json' "$ballast" run list.json
refused "a missing file" 2 'nothere.json' "$ballast" run nothere.json
refused "a folder as a scenario" 2 "$work" "$ballast" run "$work"
spoiled "wrong type: a string for a number" 's/"WeightedCapacity": 4/"WeightedCapacity": "four"/' 'bad.json:[0-9]+:[0-9]+: .*WeightedCapacity'
spoiled "wrong type: an object for a list" 's/"LaunchSpecifications": \[/"LaunchSpecifications": {"a": [/; s/^    \]$/    ]}/' 'LaunchSpecifications'
spoiled "NaN" 's/"WeightedCapacity": 4/"WeightedCapacity": NaN/' 'bad.json:[0-9]+:[0-9]+: not valid JSON'
spoiled "a negative weight" 's/"WeightedCapacity": 4/"WeightedCapacity": -4/' 'WeightedCapacity'
spoiled "a weight of zero" 's/"WeightedCapacity": 4/"WeightedCapacity": 0/' 'WeightedCapacity'
spoiled "a weight finer than six decimals" 's/"WeightedCapacity": 4/"WeightedCapacity": 0.1234567/' 'WeightedCapacity.*six decimals'
spoiled "a huge number" 's/"TargetCapacity": 32/"TargetCapacity": 1e300/' 'TargetCapacity'
spoiled "a number beyond every integer" 's/"TargetCapacity": 32/"TargetCapacity": 99999999999999999999999999/' 'bad.json:[0-9]+:[0-9]+: .*TargetCapacity'
spoiled "a target no fleet has" 's/"TargetCapacity": 32/"TargetCapacity": 1000000000/' 'TargetCapacity.*out of range'
spoiled "a group no account has" 's/"MaxSize": 200/"MaxSize": 99999999999/' 'MaxSize.*out of range'
spoiled "a negative cooldown" 's/2700/-1/' 'DefaultCooldown.*out of range'
spoiled "a schedule that never advances" 's/"policy"/"controller": {"every_s": 0}, "policy"/' 'controller.every_s.*out of range'
spoiled "a span of thousands of years" 's/"to": "2015-/"to": "9999-/' 'bad.json:[0-9]+:[0-9]+: to: '
spoiled "a negative price" 's/0.30\]/-0.30]/' 'us-east-1a/c3.xlarge.*out of range'
spoiled "a price of zero" 's/0.30\]/0]/' 'us-east-1a/c3.xlarge.*out of range'
spoiled "a price beyond all others" 's/0.30\]/1e30]/' 'us-east-1a/c3.xlarge.*out of range'
spoiled "a price that is the word NaN" 's/0.30\]/"NaN"]/' 'us-east-1a/c3.xlarge.*decimal'
spoiled "a price that is Infinity" 's/0.30\]/Infinity]/' 'bad.json:[0-9]+:[0-9]+: not valid JSON'
spoiled "a negative target" 's/"TargetCapacity": 32/"TargetCapacity": -1/' 'TargetCapacity'
spoiled "a fractional target" 's/"TargetCapacity": 32/"TargetCapacity": 32.5/' 'TargetCapacity'
spoiled "an unknown strategy" 's/"diversified"/"cheapest"/' 'AllocationStrategy.*cheapest'
spoiled "a strategy that launch specifications cannot have" 's/"diversified"/"capacityOptimizedPrioritized"/' 'AllocationStrategy.*capacityOptimizedPrioritized'
spoiled "an unknown key of our own" 's/"name": "small world"/"nmae": "small world"/' 'bad.json:2:[0-9]+: nmae: .*name'
spoiled "an unknown key inside the fleet" 's/"TargetCapacity"/"TargetCapcity"/' 'TargetCapcity'
spoiled "a key that is there twice" 's/"subnets":/"from": "2015-03-02T00:00:00Z", "subnets":/' 'from: .*twice'
spoiled "from after to" 's/"to": "2015-03-02T06/"to": "2015-03-01T06/' 'to|from'
spoiled "from equal to to" 's/"to": "2015-03-02T06:/"to": "2015-03-02T00:/' 'to|from'
spoiled "a time without a zone" 's/"to": "2015-03-02T06:00:00Z"/"to": "2015-03-02 06:00"/' 'to: .*2015-03-02 06:00'
spoiled "prices going backwards in time" 's/\["2015-03-02T02:00:00Z"/["2015-03-02T00:30:00Z"/' 'us-east-1a/c3.xlarge'
spoiled "demand going backwards in time" 's/"policy"/"demand": {"series": [["2015-03-02T02:00:00Z", 1], ["2015-03-02T01:00:00Z", 2]]}, "policy"/' 'demand'
spoiled "negative demand" 's/"policy"/"demand": {"units": -1}, "policy"/' 'demand'
spoiled "a sum of demands with one that is none" 's/"policy"/"demand": {"sum": [{"units": 1}, {"unit": 1}]}, "policy"/' 'demand.sum.*did you mean "units"'
spoiled "a shape of 23 hours" 's/"policy"/"demand": {"shape": {"mean": 1, "daily_permille": [1, 2]}}, "policy"/' 'daily_permille: must hold 24'
spoiled "a negative discount" 's/"policy"/"prices": {"spot_discount_permille": -1}, "policy"/' 'prices.spot_discount_permille'
spoiled "a volume without a price" 's/"policy"/"prices": {"volume_gib": 8}, "policy"/' 'prices.volume_gib.*volume_usd_per_gib_month'
spoiled "a trace that begins too late" 's/2015-03-01T23:00:00Z/2015-03-02T00:10:00Z/' 'c3.xlarge.*us-east-1a|us-east-1a.*c3.xlarge'
printf 'us-east-1a\tc3.xlarge\tLinux/UNIX\t0.05\t2015-03-01T00:00:00+00:00\n' >one.tsv
"$ballast" trace import one.tsv --into one.db >stdout 2>stderr || not_ok "a trace can be imported"
spoiled "a trace that ends too early" 's/"to": "2015-03-02T06:00:00Z"/"to": "2015-03-09T00:00:00Z"/; s/"traces": \[.*\],/"traces": ["one.db"],/' 'c3.xlarge.*us-east-1a|us-east-1a.*c3.xlarge'
spoiled "no traces at all" 's/"traces": \[.*\],/"traces": [],/' 'trace|price'
spoiled "a market that no trace has" 's/"InstanceType": "c3.xlarge"/"InstanceType": "c4.xlarge"/' 'c4.xlarge'
spoiled "a subnet that is not mapped" 's/"subnets": {"subnet-1"/"subnets": {"subnet-2"/' 'subnet-1'
spoiled "no price of the backup's type" 's/"m4.xlarge": 0.252, //' 'm4.xlarge'
spoiled "a group whose minimum is above its maximum" 's/"MinSize": 0/"MinSize": 201/' 'MinSize|MaxSize'
spoiled "an unknown policy" 's/pending-capacity:seed/clairvoyant/' 'clairvoyant'
spoiled "an unknown preset" 's/capacity:seed/capacity:sead/' 'sead'
spoiled "an unknown parameter" 's/"pending-capacity:seed"}/"pending-capacity", "parameters": {"windw_s": 600}}/' 'windw_s'
spoiled "a parameter out of bounds" 's/"pending-capacity:seed"}/"pending-capacity", "parameters": {"window_s": -5}}/' 'window_s'
spoiled "a scaling fleet without a demand" 's/"policy"/"modify_spot_fleet": [{"at": "2015-03-02T01:00:00Z", "TargetCapacity": 4}], "policy"/' 'demand'
spoiled "no services" 's/"policy"/"demand": {"services": []}, "policy"/' 'services'
spoiled "a service that is a daemon" 's/"policy"/"demand": {"services": [{"service": {"serviceName": "s", "schedulingStrategy": "DAEMON"}, "task": {"cpu": "1024", "memory": "512"}}]}, "policy"/' 'DAEMON'
spoiled "services on instances of unknown size" 's/"policy"/"demand": {"services": [{"service": {"serviceName": "s", "desiredCount": 2}, "task": {"cpu": "1024", "memory": "512"}}]}, "policy"/' 'instance_types'
spoiled "a trace database that is not there" 's/"traces": \[.*\],/"traces": ["none.db"],/' 'none.db'
printf 'this is no database, just a text that is long enough to be looked at as one\n' >text.db
spoiled "a text file as a trace database" 's/"traces": \[.*\],/"traces": ["text.db"],/' 'text.db'
mkdir folder.db
spoiled "a folder as a trace database" 's/"traces": \[.*\],/"traces": ["folder.db"],/' 'folder.db'
spoiled "a control character in the name" 's/"small world"/"small\\nworld\\u001b[2J"/' 'bad.json:2:[0-9]+: name: .*control'
spoiled "a control character in a key" 's/"name": /"na\\nme": /' 'bad.json:2:[0-9]+: na.me: '
spoiled "a control character in a zone" 's/"us-east-1a"},/"us\\neast"},/' 'subnets.subnet-1: .*control'
spoiled "a control character in a policy" 's/pending-capacity:seed/pending\\ncapacity/' 'policy.name: .*control'
spoiled "bytes that are not UTF-8" 's/small world/\xff\xfe/' 'bad.json:2: not UTF-8'
spoiled "a hostile name cannot forge a line" 's/"subnet-1", "Monitoring"/"subnet-\\nballast: all is well\\u001b[2J", "Monitoring"/' 'SubnetId: .*control'

# The era in which prices do not tell who was interrupted.
sed 's/2015-/2021-/g' good.json >modern.json
refused "2021 prices without an interruption source" 2 'no-interruptions|interruptions' "$ballast" run modern.json
if "$ballast" run modern.json --no-interruptions >stdout 2>stderr && grep -q 'SWITCHED OFF' stdout; then
    ok "2021 prices with --no-interruptions run, and the output is marked"
else
    not_ok "2021 prices with --no-interruptions run, and the output is marked"
fi
if "$ballast" run modern.json --no-interruptions --json >stdout 2>stderr && grep -q '"interruptions":"none"' stdout; then
    ok "so is the JSON"
else
    not_ok "so is the JSON"
fi

# The command line.
refused "an unknown command" 2 'nosuch' "$ballast" nosuch
refused "an unknown option" 2 '--nosuch' "$ballast" run good.json --nosuch
refused "a missing argument" 2 'SCENARIO' "$ballast" run
refused "an option without its value" 2 '--db' "$ballast" run good.json --db
refused "--set without a value" 2 'PATH=VALUE' "$ballast" run good.json --set seed
refused "--set of an unknown path" 2 'sead' "$ballast" run good.json --set sead=1
refused "--set of a wrong type" 2 'seed' "$ballast" run good.json --set seed=much
refused "--policy unknown" 2 'clairvoyant' "$ballast" run good.json --policy clairvoyant
refused "explain without a database" 2 '--db' "$ballast" explain 1
refused "a family without a command" 2 'trace' "$ballast" trace

# Databases.
refused "a results database in a folder that is not there" 2 'nowhere/r.db' "$ballast" run good.json --db nowhere/r.db
refused "a folder as a results database" 2 'folder.db' "$ballast" run good.json --db folder.db
refused "a text file as a results database" 2 'text.db' "$ballast" run good.json --db text.db
"$ballast" run good.json --db r.db >stdout 2>stderr || not_ok "a run can be recorded"
"$ballast" dump r.db >dump.before
# SQLite keeps user_version in the four bytes from 60 on, highest first.
newer() {
    cp "$1" "$2" && printf '\0\0\003\347' | dd of="$2" bs=1 seek=60 conv=notrunc status=none
}
newer r.db newer.db
refused "a results database of a newer version" 2 'newer.db.*999' "$ballast" run good.json --db newer.db
refused "dump of a newer version" 2 'newer.db.*999' "$ballast" dump newer.db
refused "explain of a newer version" 2 'newer.db.*999' "$ballast" explain 1 --db newer.db --at 2015-03-02T01:00:00Z
newer one.db newer-traces.db
refused "a trace database of a newer version" 2 'newer-traces.db.*999' "$ballast" trace list newer-traces.db
refused "show of a newer version" 2 'newer-traces.db.*999' "$ballast" trace show newer-traces.db
refused "import into a newer version" 2 'newer-traces.db.*999' "$ballast" trace import one.tsv --into newer-traces.db
spoiled "a scenario whose trace database is of a newer version" 's/"traces": \[.*\],/"traces": ["newer-traces.db"],/' 'newer-traces.db.*999'

# One kind of file where another belongs, garbage, and halves, wherever a database is read or written.
head -c 3000 r.db >cut-results.db
head -c 3000 one.db >cut-traces.db
cp garbage.json garbage.db
for file in one.db cut-results.db garbage.db text.db folder.db; do
    refused "$file as results: dump" 2 "$file" "$ballast" dump $file
    refused "$file as results: explain" 2 "$file" "$ballast" explain 1 --db $file --at 2015-03-02T01:00:00Z
    refused "$file as results: run" 2 "$file" "$ballast" run good.json --db $file
done
for file in r.db cut-traces.db garbage.db text.db folder.db; do
    refused "$file as traces: list" 2 "$file" "$ballast" trace list $file
    refused "$file as traces: show" 2 "$file" "$ballast" trace show $file
    refused "$file as traces: import" 2 "$file" "$ballast" trace import one.tsv --into $file
    refused "$file as traces: scenario" 2 "$file" "$ballast" run good.json --set "traces=[\"$file\"]"
done
refused "garbage as a fleet" 2 'garbage.json' "$ballast" run good.json --set spot_fleet=garbage.json
refused "garbage as a group" 2 'garbage.json' "$ballast" run good.json --set backup_group.group=garbage.json
refused "garbage as a policy" 2 'garbage.json' "$ballast" run good.json --policy ./garbage.json
refused "a scenario without an end" 2 '/dev/zero' "$ballast" run /dev/zero
refused "a run that is not there" 2 '"?99"?' "$ballast" explain 99 --db r.db --at 2015-03-02T01:00:00Z
refused "explain before the first decision" 2 'small world' "$ballast" explain 1 --db r.db --at 2015-03-01T00:00:00Z
refused "explain at a time that is none" 2 'yesterday' "$ballast" explain 1 --db r.db --at yesterday

# A full disk: a file may not grow past 8 blocks of 1,024 bytes. What was recorded before stays.
cp r.db full.db
(
    ulimit -f 8
    trap '' XFSZ
    timeout 300 "$ballast" run good.json --policy none --db new.db >stdout 2>stderr
    echo $? >code
)
if [ "$(cat code)" = 3 ] && [ "$(wc -l <stderr)" = 1 ] && grep -q new.db stderr; then
    ok "a disk that is full while a database is made"
else
    not_ok "a disk that is full while a database is made"
fi
(
    ulimit -f $(($(stat -c %s full.db) / 1024))
    trap '' XFSZ
    # A month with many interruptions: more than the free room within the file's pages.
    timeout 300 "$ballast" run good.json --policy none --set to=2015-04-02T00:00:00Z --set spot_fleet.SpotPrice=0.0095 --db full.db \
        --set 'traces=[{"synth": {"regime": "bid-era", "markets": {"us-east-1a/c3.xlarge": 0.21}}}]' >stdout 2>stderr
    echo $? >code
)
"$ballast" dump full.db >dump.after 2>>stderr
if [ "$(cat code)" = 3 ] && [ "$(wc -l <stderr)" = 1 ] && grep -q full.db stderr && cmp -s dump.before dump.after; then
    ok "a disk that is full while a run is recorded: what was there stays"
else
    not_ok "a disk that is full while a run is recorded: what was there stays"
fi
# The same for traces: 20,000 records do not fit, and the one of before stays.
for ((i = 0; i < 20000; i++)); do
    printf 'us-east-1b\tc3.xlarge\tLinux/UNIX\t0.0%d\t2015-03-%02dT%02d:%02d:%02dZ\n' \
        $((300 + i % 500)) $((1 + i / 1440)) $((i / 60 % 24)) $((i % 60)) $((i % 60))
done >many.tsv
"$ballast" trace list one.db --json >list.before
(
    ulimit -f $(($(stat -c %s one.db) / 1024 + 8))
    trap '' XFSZ
    timeout 300 "$ballast" trace import many.tsv --into one.db >stdout 2>stderr
    echo $? >code
)
"$ballast" trace list one.db --json >list.after 2>>stderr
if [ "$(cat code)" = 3 ] && [ "$(wc -l <stderr)" = 1 ] && grep -q one.db stderr && cmp -s list.before list.after; then
    ok "a disk that is full while traces are imported: what was there stays"
else
    not_ok "a disk that is full while traces are imported: what was there stays"
fi
refused "a results database on a full device" 3 '/dev/full' "$ballast" run good.json --db /dev/full
refused "a trace database on a full device" 3 '/dev/full' "$ballast" trace import one.tsv --into /dev/full
timeout 300 "$ballast" run good.json >/dev/full 2>stderr
if [ $? = 3 ] && [ "$(wc -l <stderr)" = 1 ] && grep -q 'output could not be written' stderr; then
    ok "an output that cannot be written"
else
    not_ok "an output that cannot be written"
fi
timeout 300 "$ballast" run good.json --json >&- 2>stderr
if [ $? = 3 ] && [ "$(wc -l <stderr)" = 1 ] && grep -q 'output could not be written' stderr; then
    ok "an output that is closed"
else
    not_ok "an output that is closed"
fi

# What may not be read or written. root may everything, so it steps down to a user without rights, and takes a copy of
# the program to where that user can reach it.
program=$ballast
user=()
if [ "$(id -u)" -eq 0 ]; then
    if command -v setpriv >/dev/null; then
        user=(setpriv --reuid 65534 --regid 65534 --clear-groups)
        cp "$ballast" "$work/program" && program=$work/program
        chmod 755 "$work"
    else
        echo "SKIP    what may not be read or written: root without setpriv"
    fi
fi
if [ "$(id -u)" -ne 0 ] || [ ${#user[@]} -gt 0 ]; then
    mkdir closed && chmod 555 closed
    cp r.db read-only.db && cp one.db read-only-traces.db && chmod 444 read-only.db read-only-traces.db
    cp good.json secret.json && cp r.db secret.db && chmod 000 secret.json secret.db
    refused "results into a folder that may not be written" 3 'closed/r.db' "${user[@]}" "$program" run good.json --db closed/r.db
    refused "traces into a folder that may not be written" 3 'closed/t.db' "${user[@]}" "$program" trace import one.tsv --into closed/t.db
    refused "a results database that may not be written" 3 'read-only.db' "${user[@]}" "$program" run good.json --set seed=3 --db read-only.db
    refused "a trace database that may not be written" 3 'read-only-traces.db' "${user[@]}" "$program" trace import many.tsv --into read-only-traces.db
    refused "a scenario that may not be read" 3 'secret.json' "${user[@]}" "$program" run secret.json
    refused "a results database that may not be read" 3 'secret.db' "${user[@]}" "$program" dump secret.db
fi

# Generated traces: what is wrong with each parameter, what would have no effect, and what would never end.
synth=(trace synth --into s.db --from 2015-03-01 --to 2015-04-01 --market us-east-1a/c3.xlarge=0.21)
refused "synth without a market" 2 '--market' "$ballast" trace synth --into s.db --from 2015-03-01 --to 2015-04-01
refused "synth from after to" 2 'from must be before to' "$ballast" "${synth[@]}" --to 2015-02-01
refused "synth of an unknown regime" 2 '--regime postmodern' "$ballast" "${synth[@]}" --regime postmodern
refused "synth with a seed that is none" 2 '--seed -1' "$ballast" "${synth[@]}" --seed -1
refused "synth with an unknown parameter" 2 'nois' "$ballast" "${synth[@]}" --set nois=0.1
refused "synth with a parameter that is no number" 2 'noise=NaN' "$ballast" "${synth[@]}" --set noise=NaN
refused "synth with a parameter out of bounds" 2 'noise.*out of range' "$ballast" "${synth[@]}" --set noise=7
refused "synth of a market without a price" 2 '--market us-east-1a/c3' "$ballast" "${synth[@]}" --market us-east-1a/c3
refused "synth of a market whose price is zero" 2 '--market us-east-1b/c3=0' "$ballast" "${synth[@]}" --market us-east-1b/c3=0
refused "synth of a market named twice" 2 'us-east-1a/c3.xlarge.*twice' "$ballast" "${synth[@]}" --market us-east-1a/c3.xlarge=0.3
refused "synth of a hostile name" 2 'is no market' "$ballast" "${synth[@]}" --market $'us\nballast: all is well/c3\e[2J=0.3'
refused "synth of spikes where there are none" 2 'spikes_per_30_days' "$ballast" "${synth[@]}" --regime modern --set spikes_per_30_days=5
refused "synth of interruptions where prices interrupt" 2 'interruptions_per_30_days' "$ballast" "${synth[@]}" --set interruptions_per_30_days=5
refused "synth of too many prices" 2 'records' "$ballast" "${synth[@]}" --to 2035-01-01 --set change_interval_s=1
refused "synth of too many interruptions" 2 'interruptions' "$ballast" "${synth[@]}" --regime modern --set interruptions_per_30_days=100000 --set bunch_instances=10000
refused "synth of too many spikes at once" 2 'spikes at once' "$ballast" "${synth[@]}" --set spikes_per_30_days=100000 --set spike_length_s=2592000
refused "a generated market in a scenario tells its place" 2 'traces=.*synth: noise is out of range' "$ballast" run good.json \
    --set 'traces=[{"synth":{"markets":{"us-east-1a/c3.xlarge":0.21},"noise":7}}]'
refused "a scenario that would generate without end" 2 'interruptions' "$ballast" run good.json \
    --set 'traces=[{"synth":{"regime":"modern","markets":{"us-east-1a/c3.xlarge":0.21},"interruptions_per_30_days":100000,"bunch_instances":10000}}]'
if [ -e s.db ]; then
    echo "s.db is there" >stderr
    not_ok "a refused synth makes no database"
else
    ok "a refused synth makes no database"
fi

# Trace files.
refused "import without a database" 2 '--into' "$ballast" trace import good.json
refused "import of a missing file" 2 'nothere.json' "$ballast" trace import nothere.json --into t.db
refused "import of a file in which nothing is known" 2 'good.json' "$ballast" trace import good.json --into t.db
refused "import of garbage" 2 'garbage.json' "$ballast" trace import garbage.json --into t.db
printf '{"SpotPriceHistory": [{"AvailabilityZone": "us-east-1a", "InstanceType": "c3.xl' >cut-history.json
refused "import of JSON that is cut" 2 'cut-history.json:1' "$ballast" trace import cut-history.json --into t.db
gzip -c one.tsv 2>/dev/null | head -c 40 >cut.gz
printf '[%.0s' {1..50000} >deep-list.json
refused "import of deep nesting" 2 'deep-list.json' "$ballast" trace import deep-list.json --into t.db
refused "import of a folder" 2 'folder.db' "$ballast" trace import folder.db --into t.db
refused "import without an end" 2 '/dev/zero' "$ballast" trace import /dev/zero --into t.db
refused "import of a gzip file that is cut" 2 'cut.gz' "$ballast" trace import cut.gz --into t.db
printf 'us-east-1a\tc3.xlarge\tLinux/UNIX\tmuch\t2015-03-01T00:00:00Z\nus-east-1a\tc3.xlarge\tLinux/UNIX\t0.05\t2015-03-01T00:00:00Z\n' >row.tsv
timeout 300 "$ballast" trace import row.tsv --into rows.db --json >stdout 2>stderr
if grep -q '"taken":1' stdout && grep -q '"refused":1' stdout && grep -q 'row.tsv:1: ' stderr; then
    ok "a bad row is refused with its place, the rest is taken"
else
    not_ok "a bad row is refused with its place, the rest is taken"
fi
timeout 300 "$ballast" trace import row.tsv --into strict.db --strict >stdout 2>stderr
if [ $? = 2 ] && [ "$("$ballast" trace list strict.db --json | grep -c c3.xlarge)" = 0 ]; then
    ok "--strict keeps nothing of that file"
else
    not_ok "--strict keeps nothing of that file"
fi
printf 'us\033[2J\tc3.xlarge\tLinux/UNIX\t0.05\t2015-03-01T00:00:00Z\nus-east-1a\tc3.xlarge\tLinux/UNIX\t-0.05\t2015-03-01T00:00:00Z\nus-east-1a\tc3.xlarge\tLinux/UNIX\tNaN\t2015-03-01T00:00:00Z\nus-east-1a\tc3.xlarge\tLinux/UNIX\t1e30\t2015-03-01T00:00:00Z\nus-east-1a\tc3.xlarge\tLinux/UNIX\t0.05\t2015-13-01T00:00:00Z\nus-east-1a\tc3.xlarge\tLinux/UNIX\t0.05\t2015-03-01T00:00:00Z\n' >rows.tsv
timeout 300 "$ballast" trace import rows.tsv --into bad-rows.db --json >stdout 2>stderr
if grep -q '"taken":1' stdout && grep -q '"refused":5' stdout && [ "$(grep -c '^rows.tsv:[1-5]: ' stderr)" = 5 ] &&
    ! grep -q $'\033' stderr; then
    ok "a hostile zone, bad prices and a bad time are refused row by row"
else
    not_ok "a hostile zone, bad prices and a bad time are refused row by row"
fi
: >nothing.tsv
refused "import of an empty file" 2 'nothing.tsv' "$ballast" trace import nothing.tsv --into t.db

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
