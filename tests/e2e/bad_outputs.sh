#!/usr/bin/env bash
# What a slip of the hand must not cost: files that are read or recorded in are not written over, an empty value is no
# value, and what nobody has is not shown as if it were there.
# labels: robust
set -u
. "$(dirname "$0")/refused.bash"
ballast=$(realpath "${BALLAST:-build/ballast}")
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work" || exit 3
write_good_world good.json
printf 'us-east-1a\tc3.xlarge\tLinux/UNIX\t0.05\t2015-03-0%dT00:00:00Z\n' 1 5 >one.tsv
"$ballast" trace import one.tsv --into t.db >stdout 2>stderr || not_ok "traces can be imported"
"$ballast" run good.json --db r.db >stdout 2>stderr || not_ok "a run can be recorded"
"$ballast" check good.json --baseline base.json --update >stdout 2>stderr || not_ok "a baseline can be written"
sha256sum good.json base.json t.db r.db >before

# A page, a verdict, figures: not over a database, not over what the command reads.
refused "a page over the database it is made of" 2 'r.db: is a database.*name another' "$ballast" report r.db 1 --output r.db
refused "a page over a database of traces" 2 't.db: is a database' "$ballast" report r.db 1 --output t.db
for form in junit markdown; do
    refused "$form over a database" 2 't.db: is a database' "$ballast" check good.json --baseline base.json --$form t.db
    refused "$form over the baseline" 2 "--$form base.json: is read by" "$ballast" check good.json --baseline base.json --$form base.json
    refused "$form that takes the first scenario for its file" 2 "--$form .*good.json: is read by" \
        "$ballast" check --baseline base.json --$form "$PWD/good.json" good.json
done
refused "figures for monitoring over a database" 2 't.db: is a database' env AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b "$ballast" live once \
    --fleet sfr-1 --group g --state state --region us-east-1 --endpoint-url http://127.0.0.1:1 --metrics t.db
sha256sum --quiet --check before 2>stderr && ok "all of them are what they were" || not_ok "all of them are what they were"

# What SQLite would take for a database in memory is lost with the process.
refused "results in memory" 2 '":memory:": a results database is a file' "$ballast" run good.json --db :memory:
refused "a sweep in memory" 2 '":memory:": a results database is a file' "$ballast" sweep good.json --vary seed=1,2 --db :memory:
refused "traces in memory" 2 '":memory:": a trace database is a file' "$ballast" trace import one.tsv --into :memory:

# A folder that is not there is the user's to make, whatever is to be in it.
no_folder='nowhere/[a-z]*.[a-z]*: there is no folder nowhere: make it, or name another file'
refused "results in no folder" 2 "$no_folder" "$ballast" run good.json --db nowhere/r.db
refused "a sweep in no folder" 2 "$no_folder" "$ballast" sweep good.json --vary seed=1,2 --db nowhere/r.db
refused "a tuning in no folder" 2 "$no_folder" "$ballast" tune good.json --vary backup_group.group.DefaultCooldown=1,2 --in-sample --shortfall-cost 1 --db nowhere/r.db
refused "traces in no folder" 2 "$no_folder" "$ballast" trace import one.tsv --into nowhere/t.db
"$ballast" sweep good.json --vary seed=1,2 --db s.db >stdout 2>stderr || not_ok "a sweep can be recorded"
refused "a merge into no folder" 2 "$no_folder" "$ballast" merge s.db --into nowhere/m.db
refused "a page in no folder" 2 "$no_folder" "$ballast" report r.db 1 --output nowhere/page.html
refused "a verdict in no folder" 2 "$no_folder" "$ballast" check good.json --baseline base.json --junit nowhere/v.xml
refused "a state in no folder" 2 "$no_folder" env AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b "$ballast" live once \
    --fleet sfr-1 --group g --state nowhere/live.state --region us-east-1 --endpoint-url http://127.0.0.1:1
refused "a page within a file" 2 'one.tsv/p.html: there is no folder one.tsv' "$ballast" report r.db 1 --output one.tsv/p.html

# A page is written whole or not at all, keeps its rights, and goes into what is no file.
echo old >page.html && chmod 640 page.html
(
    ulimit -f 4
    trap '' XFSZ
    timeout 300 "$ballast" report r.db 1 --output page.html >stdout 2>stderr
    echo $? >code
)
if [ "$(cat code)" = 3 ] && [ "$(wc -l <stderr)" = 1 ] && [ "$(cat page.html)" = old ] && [ ! -e page.html.new ]; then
    ok "a disk that is full leaves the page that was there"
else
    not_ok "a disk that is full leaves the page that was there"
fi
# What stands beside it is somebody's: a file, or in a folder open to all a link that leads elsewhere.
echo mine >page.html.new && ln -s elsewhere page.html.1.new
"$ballast" report r.db 1 --output page.html >stdout 2>stderr
if [ "$(cat page.html.new)" = mine ] && [ -h page.html.1.new ] && [ ! -e elsewhere ] && [ ! -e page.html.2.new ]; then
    ok "what stands beside a page stays as it is"
else
    not_ok "what stands beside a page stays as it is"
fi
if tail -n 1 page.html | grep -q '</html>$' && [ "$(stat -c %a page.html)" = 640 ]; then
    ok "a page replaces the one before"
else
    not_ok "a page replaces the one before"
fi
"$ballast" report r.db 1 --output /dev/stdout 2>stderr | grep -q '</html>' && ok "a page into a pipe" || not_ok "a page into a pipe"

# An empty value is mostly a variable that was never set. An SQLite database without a name is gone when it is closed.
refused "traces into nowhere" 2 'empty: --into' "$ballast" trace import one.tsv --into ''
refused "generated traces into nowhere" 2 'empty: --into' "$ballast" trace synth --into= --from 2015-03-01 --to 2015-03-02 --market us-east-1a/c3.xlarge=0.21
refused "a fleet without a name" 2 'empty: --fleet' "$ballast" live once --fleet '' --group g
refused "a scenario without a name" 2 'an argument is empty: SCENARIO' "$ballast" run ''

# What is printed where nobody listens goes nowhere: not into the first files that are opened, here two locks.
AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b AWS_MAX_ATTEMPTS=1 timeout 300 "$ballast" live once --fleet sfr-1 --group g --state closed.state \
    --region us-east-1 --endpoint-url http://127.0.0.1:1 <&- >&- 2>stderr
if [ $? = 3 ] && [ -e closed.state.lock ] && [ ! -s closed.state.lock ]; then
    ok "an evaluation is not printed into a lock"
else
    not_ok "an evaluation is not printed into a lock"
fi
timeout 300 "$ballast" twin good.json >&- 2>stderr
if [ $? = 3 ] && grep -q 'output could not be written' stderr; then
    ok "a twin that cannot say where it is ends"
else
    not_ok "a twin that cannot say where it is ends"
fi

# What there is not.
refused "a time after the run's end" 2 'ended at 2015-03-02T06:00:00Z' "$ballast" explain 1 --db r.db --at 2016-01-01T00:00:00Z
refused "the run's end itself" 2 'ended at' "$ballast" explain 1 --db r.db --at 2015-03-02T06:00:00Z
refused "a catalogue that is not there" 2 '--catalog nosuch: no catalogue' "$ballast" trace show t.db --catalog nosuch
refused "a wrong price is named by its option" 2 '--on-demand -1: must not' "$ballast" trace show t.db --on-demand -1
refused "a port that is none" 2 '127.0.0.1:99999.* is no address' "$ballast" twin good.json --listen 127.0.0.1:99999
# A file of which no row is good is bad input, though each row has been told of.
printf 'zone,type,price,time\nus-east-1a,c3.xlarge,much,2015-03-01T00:00:00Z\n' >none.csv
timeout 300 "$ballast" trace import none.csv one.tsv --into rows.db >stdout 2>stderr
if [ $? = 2 ] && grep -q 'none.csv: none of its 1 rows could be used' stderr && grep -q 'one.tsv.*2 taken' stdout; then
    ok "a file without a good row"
else
    not_ok "a file without a good row"
fi
refused "prices of the future" 2 '--since 9999.*future' env AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b "$ballast" trace fetch c5.xlarge \
    --into f.db --region us-east-1 --endpoint-url http://127.0.0.1:1 --since 9999-12-31T23:59:59Z
refused "a text as results" 2 'good.json: not a results database' "$ballast" dump good.json
head -c 3000 r.db >cut.db
refused "half a results database" 2 'cut.db: is damaged.*record anew' "$ballast" dump cut.db

if command -v python3 >/dev/null; then
    cp r.db altered.db
    python3 -c 'import sqlite3
with sqlite3.connect("altered.db") as db: db.execute("UPDATE capacity_change SET group_desired=9223372036854775807")'
    refused "a capacity that no group has" 2 'altered.db: is damaged: .*9223372036854775807' "$ballast" report altered.db 1 --output altered.html
    # What a file from elsewhere says is text: it forges no lines and moves no cursor.
    python3 -c 'import sqlite3
with sqlite3.connect("altered.db") as db: db.execute("UPDATE decision SET reason=?, words=?", ("calm\x1b[2J", "all is well\nThe account"))
with db: db.execute("UPDATE run SET name=?", ("mine\x1b[2J",))'
    "$ballast" explain 1 --db altered.db --at 2015-03-02T01:01:00Z >stdout 2>stderr
    if grep -q 'all is well?The account' stdout && ! grep -q "$(printf '\033')" stdout; then
        ok "control characters of a database are not printed"
    else
        not_ok "control characters of a database are not printed"
    fi
    # So are those of a sweep.
    for policy in none pending-capacity; do
        "$ballast" sweep good.json --policy $policy --vary seed=1:6:1 --db $policy.db >stdout 2>stderr || not_ok "a sweep can be recorded"
    done
    python3 -c 'import sqlite3
with sqlite3.connect("none.db") as db: db.execute("UPDATE sweep SET name=?, version=?", ("mine\x1b[2J<b>", "0.9\x1b[2J\nold is better"))'
    "$ballast" report none.db --output sweep.html >stdout 2>stderr
    "$ballast" compare none.db pending-capacity.db >>stdout 2>>stderr
    if grep -q '<h1>mine?\[2J&lt;b&gt;' sweep.html && grep -q '0.9?\[2J?old is' stdout && ! cat sweep.html stdout stderr | grep -q "$(printf '\033')"; then
        ok "control characters of a sweep are not printed"
    else
        not_ok "control characters of a sweep are not printed"
    fi
    # Numbers that no arithmetic in 64 bits survives end nothing.
    "$ballast" run good.json --bounds --db bounds.db >stdout 2>stderr || not_ok "a run with bounds can be recorded"
    python3 -c 'import sqlite3
with sqlite3.connect("bounds.db") as db:
    db.execute("UPDATE instance SET running_s=9223372036854775807")
    db.execute("UPDATE schedule SET instances=9223372036854775807")'
    for command in "report bounds.db 1 --output bounds.html" "explain 1 --db bounds.db --at 2015-03-02T01:01:00Z"; do
        # shellcheck disable=SC2086 # words of a command
        timeout 300 "$ballast" $command >stdout 2>stderr && ok "the largest numbers: $command" || not_ok "the largest numbers: $command"
    done
fi

# init writes nothing before it knows that its input can be read, and names what the user named.
init=("$ballast" init --prices one.tsv --launch-type m5.xlarge --into made)
echo '{"AutoScalingGroupName": "b", "MinSize": 0' >cut-group.json
python3 -c 'import json; json.dump(json.load(open("good.json"))["spot_fleet"], open("fleet.json", "w"))' 2>/dev/null || sed -n '/spot_fleet/,/^  },/p' good.json >fleet.json
echo '{"AutoScalingGroupName": "b", "MinSize": 0, "MaxSize": 9, "DesiredCapacity": 0}' >group.json
refused "init with a group that is cut" 2 'cut-group.json:[0-9]+:[0-9]+: not valid JSON' "${init[@]}" --spot-fleet fleet.json --group cut-group.json
refused "init with a price that is none" 2 '--on-demand m5.xlarge=x: is not a decimal' "${init[@]}" --spot-fleet fleet.json --group group.json --on-demand m5.xlarge=x
refused "init with units that are none" 2 '--units-per-instance 0: must be above 0' "${init[@]}" --spot-fleet fleet.json --group group.json --units-per-instance 0
refused "init with a band of no type" 2 '--band 5-10%: write it as NAME=VALUE' "${init[@]}" --spot-fleet fleet.json --group group.json --band 5-10%
[ ! -e made ] && ok "none of them makes a folder" || not_ok "none of them makes a folder"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
