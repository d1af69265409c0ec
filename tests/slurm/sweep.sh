#!/usr/bin/env bash
# The job files of examples/many-machines on a real Slurm of one node: an array of four tasks and the merge that depends on it come to the dump of the
# sweep made in one piece; a lost shard is sent again by its number; and an array whose command says nothing of shards.
set -euo pipefail
for tool in slurmctld slurmd sbatch scontrol; do
    command -v "$tool" >/dev/null || { echo "SKIP: $tool is not installed: ./dev test --slurm installs it"; exit 77; }
done
[ "$(id -u)" -eq 0 ] || { echo "SKIP: slurmd takes root"; exit 77; }
folder=$(mktemp -d)
daemons=()
cleanup() {
    [ ${#daemons[@]} -eq 0 ] || kill "${daemons[@]}" 2>/dev/null || true
    wait
    rm -rf "$folder"
}
trap cleanup EXIT
fail() {
    printf 'FAILED: %s\n' "$*"
    tail -n 20 "$folder"/slurm*.log "$folder"/work/*.out 2>/dev/null || true
    exit 1
}

ports=$(python3 - <<'PYTHON'
import socket
with socket.socket() as a, socket.socket() as b:
    a.bind(("127.0.0.1", 0))
    b.bind(("127.0.0.1", 0))
    print(a.getsockname()[1], b.getsockname()[1])
PYTHON
)
host=$(hostname -s)
mkdir -p "$folder/state" "$folder/spool" "$folder/work"
cat >"$folder/slurm.conf" <<CONF
ClusterName=ballast
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=${ports% *}
SlurmdPort=${ports#* }
AuthType=auth/none
CredType=cred/none
SlurmUser=root
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SwitchType=switch/none
ReturnToService=2
SchedulerParameters=sched_interval=1,batch_sched_delay=0
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP OverSubscribe=YES:4
CONF
export SLURM_CONF=$folder/slurm.conf
slurmctld -D -f "$SLURM_CONF" >"$folder/slurmctld.log" 2>&1 &
daemons+=($!)
slurmd -D -f "$SLURM_CONF" >"$folder/slurmd.log" 2>&1 &
daemons+=($!)
for _ in $(seq 300); do
    [ "$(sinfo -h -o %t 2>/dev/null || true)" != idle ] || break
    sleep 0.2
done
[ "$(sinfo -h -o %t)" = idle ] || fail "the node does not come up: $(sinfo 2>&1)"

cd "$folder/work"
jobs=$BALLAST_SOURCE_DIR/examples/many-machines
space=("$BALLAST_SOURCE_DIR/examples/quickstart/scenario.json" --set to=2016-05-04 --vary policy=none,pending-capacity
    --vary account.join_delay_s=60:240:30)
export BALLAST
"$BALLAST" sweep "${space[@]}" --db whole.db >/dev/null
"$BALLAST" dump whole.db >whole
submit() { # DEPENDENCY... : sends the two jobs and waits for the second
    local sweep
    sweep=$(sbatch --parsable --output=sweep-%a.out --cpus-per-task=1 "$@" "$jobs/sweep.sbatch" "${space[@]}")
    sbatch --wait --output=merge.out --dependency="afterok:$sweep" --kill-on-invalid-dep=yes "$jobs/merge.sbatch" joined.db >/dev/null ||
        fail "the jobs did not end well: $(cat ./*.out)"
}
submit --array=1-4
[ "$(ls shards)" = "$(printf '%s\n' 1.db 2.db 3.db 4.db)" ] || fail "not four shards: $(ls shards)"
"$BALLAST" dump joined.db | cmp - whole || fail "joined it comes to another dump"
grep -q '14 of 14 points' merge.out || fail "$(cat merge.out)"
# One is lost: its task alone is sent again.
rm shards/3.db joined.db
BALLAST_SHARDS=4 submit --array=3
"$BALLAST" dump joined.db | cmp - whole || fail "with a shard sent again it comes to another dump"
grep -q 'shard 3 of 4 is complete' sweep-3.out || fail "$(cat sweep-3.out)"
# A command that says nothing of shards and names one database: each task takes its own of both.
sbatch --wait --array=1-4 --output=itself-%a.out --wrap="'$BALLAST' sweep ${space[*]} --db itself.db" >/dev/null || fail "$(cat itself-*.out)"
"$BALLAST" merge itself.*-of-4.db --into itself.db >/dev/null
"$BALLAST" dump itself.db | cmp - whole || fail "shards taken by themselves come to another dump"
