"""A simulated month of `ballast live daemon --apply` against `ballast twin`, at speed, with all that goes wrong in production and at random: it is
killed, throttled, its clock jumps, its credentials expire and cannot always be had, calls fail, metrics come late or not at all.

    live_month.py DAYS [SEED]       with BALLAST and BALLAST_SOURCE_DIR in the environment

What must hold: each due minute is decided once or recorded as missed; no more outcomes are unknown than there were kills; nothing is scaled in on
missing data; memory and descriptors of daemon and twin do not grow; and the recording decides again as it was decided. The first half of the month has the kills; in the
second one daemon lives on, so that its memory can be looked at.
"""

import datetime
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

BALLAST = os.environ["BALLAST"]
START = datetime.datetime(2015, 6, 1, tzinfo=datetime.timezone.utc)
DAY_S = 86400
MINUTE_S = 60


def moment(seconds):
    return (START + datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def world(folder, days, rng):
    """The reference design on a market of many spikes, and its outages."""
    helper = os.path.join(os.environ["BALLAST_SOURCE_DIR"], "tests/e2e/three_clocks.py")
    subprocess.run([sys.executable, helper, "scenarios", folder, str(24 * days)], check=True, stdout=subprocess.DEVNULL)
    path = os.path.join(folder, "faulty.json")
    with open(path, encoding="utf-8") as file:
        scenario = json.load(file)
    scenario["to"] = moment(days * DAY_S + 30)
    faults = [{"kind": "api-error", "permille": 30}, {"kind": "api-error", "call": "SetDesiredCapacity", "after_effect": True, "permille": 100}]
    for _ in range(2 * days):
        begin = rng.randrange(days * DAY_S - 7200)
        kind = rng.choice([{"kind": "missing-metrics"}, {"kind": "missing-metrics", "metric": "TargetCapacity"}, {"kind": "late-metrics", "delay_s": 600}])
        faults.append(dict(kind, **{"from": moment(begin), "to": moment(begin + rng.randrange(300, 7200))}))
    scenario["controller"]["faults"] = faults
    with open(path, "w", encoding="utf-8") as file:
        json.dump(scenario, file)
    return path


def credentials(folder):
    """Keys that are to be fetched anew every second, by a command that fails every seventh time."""
    script = os.path.join(folder, "keys.sh")
    with open(script, "w", encoding="utf-8") as file:
        file.write('echo x >>"$1/asked"\n[ $(($(wc -l <"$1/asked") % 7)) -ne 0 ] || exit 1\n'
                   'printf \'{"Version":1,"AccessKeyId":"twin","SecretAccessKey":"twin","SessionToken":"%s","Expiration":"%s"}\' '
                   '"$(wc -l <"$1/asked")" "$(date -u -d "+901 seconds" +%Y-%m-%dT%H:%M:%SZ)"\n')
    os.mkdir(os.path.join(folder, ".aws"))
    with open(os.path.join(folder, ".aws/config"), "w", encoding="utf-8") as file:
        file.write(f"[default]\ncredential_process = sh {script} {folder}\n")


class Twin:
    def __init__(self, path, folder):
        self.errors = open(os.path.join(folder, "twin.errors"), "wb")
        self.process = subprocess.Popen([BALLAST, "twin", path, "--speed", "step"], stdout=subprocess.PIPE, stderr=self.errors)
        self.said = json.loads(self.process.stdout.readline())

    def post(self, path, body):
        request = urllib.request.Request(f"{self.said['endpoint']}/_ballast/{path}", data=json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=60) as reply:
            return json.load(reply)

    def now(self):
        with urllib.request.urlopen(f"{self.said['endpoint']}/_ballast/clock", timeout=60) as reply:
            return json.load(reply)["now"]


class Daemon:
    def __init__(self, twin, folder, until):
        environment = {"HOME": folder, "PATH": os.environ["PATH"], "AWS_REGION": twin.said["region"], "AWS_MAX_ATTEMPTS": "1"}
        command = [BALLAST, "live", "daemon", "--clock", "twin", "--advance", "--until", until, "--phase", "30", "--endpoint-url", twin.said["endpoint"],
                   "--fleet", twin.said["fleet"], "--group", twin.said["group"], "--policy", "pending-capacity:seed", "--set", "lookback_s=300",
                   "--set", "on_missing=assume", "--record", os.path.join(folder, "month.db"), "--state", os.path.join(folder, "state"), "--apply",
                   "--max-step", "100", "--max-desired", "100", "--stale-after", "120", "--stop-after", "5", "--stop-file", os.path.join(folder, "stop")]
        with open(os.path.join(folder, "lines"), "ab") as lines, open(os.path.join(folder, "warnings"), "ab") as warnings:
            self.process = subprocess.Popen(command, env=environment, stdout=lines, stderr=warnings)


def size(process):
    """Resident KiB and open descriptors."""
    try:
        with open(f"/proc/{process.pid}/status", encoding="utf-8") as file:
            resident = [int(line.split()[1]) for line in file if line.startswith("VmRSS")]
        return (resident[0], len(os.listdir(f"/proc/{process.pid}/fd"))) if resident else None
    except (FileNotFoundError, ProcessLookupError, IndexError):
        return None


def tail(folder):
    with open(os.path.join(folder, "warnings"), encoding="utf-8") as file:
        return "".join(file.readlines()[-3:])


def live_through(twin, folder, days, rng):
    """Until the month is over. Returns how often what happened, and the sizes of the daemon and the twin in the second half."""
    happened = {"killed": 0, "ended": 0, "throttled": 0, "jumped": 0, "without keys": 0}
    sizes = []
    begin = twin.now()
    until = moment(days * DAY_S)
    daemon = Daemon(twin, folder, until)
    while daemon.process.poll() != 0:
        if daemon.process.returncode == 3 and "credential_process" in tail(folder):
            happened["without keys"] += 1  # at its start; a service manager starts it again
            daemon = Daemon(twin, folder, until)
        assert daemon.process.returncode is None, f"the daemon ended with {daemon.process.returncode}: {tail(folder)}"
        time.sleep(rng.uniform(0.02, 0.5))
        passed = twin.now() - begin
        first_half = passed < days * DAY_S / 2
        what = rng.choice(["killed", "ended", "throttled", "jumped"] if first_half else ["throttled", "jumped", "", "", ""])
        if passed > days * DAY_S - 4 * 3600:
            what = ""
        if what == "throttled":
            twin.post("throttle", {"calls": rng.randrange(1, 40)})
        elif what == "jumped":
            twin.post("clock", {"advance_s": rng.choice([1, 59, 61, rng.randrange(2, 3600)])})
        elif what and daemon.process.poll() is None:
            daemon.process.send_signal(signal.SIGKILL if what == "killed" else signal.SIGTERM)
            daemon.process.wait()
            daemon = Daemon(twin, folder, until)
        if what:
            happened[what] += 1
        both = (size(daemon.process), size(twin.process))
        if not first_half and all(both):
            sizes.append(both)
    return happened, sizes


def flat(sizes, which, what, slack_kib):
    """The last third is no larger than the first."""
    third = len(sizes) // 3
    early = [each[which] for each in sizes[:third]]
    late = [each[which] for each in sizes[-third:]]
    assert third > 0, "too short to see memory"
    told = f"{what}: {max(each[0] for each in early)} KiB early, {max(each[0] for each in late)} KiB late"
    assert max(each[0] for each in late) <= max(each[0] for each in early) + slack_kib, f"memory grows: {told}"
    assert max(each[1] for each in late) <= max(each[1] for each in early) + 2, f"descriptors leak: {what}"
    return told


def recording(folder, days, happened):
    rows = sqlite3.connect(os.path.join(folder, "month.db"))
    due = [row[0] for row in rows.execute("SELECT due_s FROM evaluation")]
    decided = len(due)
    for first, last in rows.execute("SELECT first_s, last_s FROM missed"):
        due.extend(range(first, last + 1, MINUTE_S))
    assert sorted(due) == list(range(min(due), max(due) + 1, MINUTE_S)), "a minute is decided twice, or neither decided nor missed"
    assert len(due) >= days * DAY_S // MINUTE_S - 2, f"{len(due)} minutes"
    outcomes = dict(rows.execute("SELECT outcome, count(*) FROM evaluation GROUP BY 1"))
    assert outcomes.get("unknown", 0) <= happened["killed"], f"outcomes unknown: {outcomes}"
    missing = rows.execute("SELECT e.action, e.desired_capacity, e.group_desired FROM evaluation e WHERE EXISTS (SELECT 1 FROM evaluation_read r"
                           " WHERE r.recording=e.recording AND r.ordinal=e.ordinal AND r.status<>'ok')").fetchall()
    assert missing and outcomes.get("accepted", 0) > 0
    assert not [row for row in missing if row[0] == "set-desired" and row[2] is not None and row[1] < row[2]], "scaled in on missing data"
    return decided, len(due) - decided, outcomes, len(missing)


def hindcast(folder):
    """ballast live validate on it: the fleet is to be right; of the group, which saw what the simulation does not, the source is to be named."""
    told = subprocess.run([BALLAST, "live", "validate", os.path.join(folder, "month.db"), "--scenario", os.path.join(folder, "faulty.json"),
                           "--set", "controller.faults=[]", "--json"], capture_output=True, text=True, check=False)
    assert told.returncode in (0, 1), f"no hindcast: {told.stderr}"
    told = json.loads(told.stdout)
    error = {one["name"]: (one["simulated"], one["actual"], one["error_ppm"]) for one in told["components"]}
    source = {one["name"]: one["micro_usd"] for one in told["sources"]}
    for name in ("spot_running", "spot_launches", "spot_interruptions"):
        assert abs(error[name][2]) <= 1000, f"the hindcast of {name} is off: {error[name]}"
    assert abs(source["decisions_hindered"]) >= 10 * abs(source["decisions"]), f"hindered evaluations are not named: {source}"
    simulated, actual, ppm = error["on_demand_in_service"]
    return (f"hindcast without the outages: spot is off by {error['spot_running'][2] / 10000:.2f} % in unit-hours, {error['spot_launches'][1]} launches alike;"
            f" {simulated / 3600:,.0f} h on demand, not {actual / 3600:,.0f} ({ppm / 10000:+.2f} %), USD {source['decisions_hindered'] / 1e6:,.2f} of it hindered"
            f" evaluations, {source['decisions'] / 1e6:,.2f} other decisions")


def main():
    days = int(sys.argv[1])
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    rng = random.Random(seed)
    # In memory where that can be had: each evaluation is flushed to the disk.
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as folder:
        print(f"{days} days, seed {seed}", flush=True)
        credentials(folder)
        twin = Twin(world(folder, days, rng), folder)
        threading.Thread(target=twin.process.stdout.read, daemon=True).start()
        try:
            happened, sizes = live_through(twin, folder, days, rng)
            decided, missed, outcomes, missing = recording(folder, days, happened)
            with open(os.path.join(folder, "asked"), encoding="utf-8") as file:
                asked = len(file.readlines())
            print(f"{decided} minutes decided once, {missed} recorded as missed; {happened['killed']} times killed, {happened['ended']} ended,"
                  f" {happened['throttled']} throttled, {happened['jumped']} jumps of the clock; keys asked for {asked} times, {happened['without keys']} starts had none")
            print(f"outcomes {outcomes}; {missing} evaluations without all data, none of them scaled in")
            assert happened["killed"] and happened["throttled"] and happened["jumped"] and asked > 2, "too little happened"
            replay = subprocess.run([BALLAST, "live", "replay", os.path.join(folder, "month.db")], capture_output=True, text=True, check=False)
            assert replay.returncode == 0 and "\n0 decided otherwise" in replay.stdout, f"the replay decides otherwise: {replay.stdout}{replay.stderr}"
            print("replayed, every evaluation decides as it did")
            print(hindcast(folder))
            print("; ".join((flat(sizes, 0, "daemon", 2048), flat(sizes, 1, "twin", 8192))))
        finally:
            twin.process.terminate()
            twin.process.wait()


main()
