#!/usr/bin/env bash
# What points of a sweep or of a tune have in common is computed once (sim/batch.h): every point's figures are those of its run alone, gone through
# evaluation by evaluation, for policies that can be batched, beside ones that cannot, and for any number of threads.
set -euo pipefail
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
quick=$BALLAST_SOURCE_DIR/examples/quickstart/scenario.json
faulty=$BALLAST_SOURCE_DIR/examples/faulty-week.json
same() { # NAME SCENARIO ARGUMENTS...
    local name=$1 scenario=$2
    shift 2
    "$BALLAST" sweep "$scenario" --db "$folder/$name.stepped.db" --stepping "$@" >/dev/null
    "$BALLAST" dump "$folder/$name.stepped.db" >"$folder/$name.stepped"
    for threads in 1 3; do
        "$BALLAST" sweep "$scenario" --db "$folder/$name.$threads.db" --threads "$threads" "$@" >/dev/null
        "$BALLAST" dump "$folder/$name.$threads.db" | cmp - "$folder/$name.stepped" || fail "$name: a batch of $threads threads comes to another dump"
    done
    [ "$(grep -c '^point|' "$folder/$name.stepped")" -gt 5 ] || fail "$name: hardly a point"
}

# Three days with interruptions; the group, what stands between it and the policy, and the policy are varied.
days=(--set to=2016-05-09 --set from=2016-05-06 --set 'backup_group.group.MaxSize=6')
same group "$quick" "${days[@]}" --vary backup_group.group.DefaultCooldown=0,300,2700,7200 --vary backup_group.group.MaxSize=1,6 \
    --vary policy.parameters.window_s=60,600
same units "$quick" "${days[@]}" --vary backup_group.units_per_instance=1,4,9 --vary controller.guards.max_step_instances=0,1 \
    --policy target-headroom --vary policy.parameters.headroom_units=0,8
same policies "$quick" "${days[@]}" --vary backup_group.group.DefaultCooldown=0,2700 \
    --vary policy=none,pending-capacity,pending-capacity:seed,pending-capacity+grace,hysteresis,always-on-demand,forecast,n-plus-one,static-base
same fleets "$quick" "${days[@]}" --vary seed=1,2 --vary spot_fleet.TargetCapacity=16,32 --vary backup_group.group.DefaultCooldown=0,2700
same seeds "$quick" "${days[@]}" --set 'traces[0].synth.seed=7' --set account.spot_launch_delay_s='{"distribution":"uniform","min_s":30,"max_s":600}' --vary seed=1,2,3 \
    --vary backup_group.group.DefaultCooldown=0,2700
same moving "$quick" "${days[@]}" --set 'demand={"shape":{"mean":24,"noise_permille":400,"every_s":900}}' --set modify_spot_fleet='"follow-demand"' \
    --vary backup_group.group.DefaultCooldown=0,2700 --vary policy.parameters.window_s=60,300,600
# Demand that is made is kept for the sweep, each seed's and span's its own: a point is what a run alone is.
moving=("${days[@]}" --set 'demand={"shape":{"mean":24,"noise_permille":400,"every_s":900}}' --set modify_spot_fleet='"follow-demand"')
"$BALLAST" sweep "$quick" --db "$folder/seeds.db" "${moving[@]}" --vary seed=1,2 --vary to=2016-05-08,2016-05-09 --vary backup_group.group.DefaultCooldown=0,2700 --json >"$folder/seeds.json"
for seed in 1 2; do
    for to in 2016-05-08 2016-05-09; do
        figures=$("$BALLAST" run "$quick" "${moving[@]}" --set seed=$seed --set to=$to --set backup_group.group.DefaultCooldown=2700 --json --stepping |
            grep -o '"cost":{[^}]*},"capacity":{[^}]*},"events":{[^}]*}')
        grep -qF "\"varied\":{\"seed\":\"$seed\",\"to\":\"$to\",\"backup_group.group.DefaultCooldown\":\"2700\"},$figures" "$folder/seeds.json" ||
            fail "seed $seed to $to: the point is not what the run alone is"
    done
done
same faulty "$faulty" --vary backup_group.group.DefaultCooldown=0,600,2700 --vary policy.parameters.window_s=60,600
printf 'the same figures in batches and alone\n'
