#!/bin/sh
# What a child of an AWS Batch array job runs. Its image holds ballast, the AWS CLI and this file,
# which may be executed, and has no ENTRYPOINT: Batch would give the command to that.
#
#   aws batch submit-job --job-name sweep --job-queue QUEUE --job-definition ballast-sweep \
#       --array-properties size=20 \
#       --parameters bucket=s3://BUCKET/what-if,scenario=scenario.json,vary=seed=1:500:1
#
# with the command of aws-batch-job.json in the job definition. The bucket holds in/, the scenario
# with all it names, and gets shards/. A retried child goes on from the shard it saved last.
# BALLAST_THREADS is to be the job definition's VCPU: a container sees all cores of its machine.
set -eu
bucket=$1 scenario=$2
shift 2
shard=shards/$AWS_BATCH_JOB_ARRAY_INDEX.db
aws s3 sync --only-show-errors "$bucket/in" .
mkdir -p shards
aws s3 cp --only-show-errors "$bucket/$shard" "$shard" 2>/dev/null || rm -f "$shard"
status=0
ballast sweep "$scenario" --threads "${BALLAST_THREADS:-2}" "$@" --shard auto --db "$shard" || status=$?
[ ! -s "$shard" ] || aws s3 cp --only-show-errors "$shard" "$bucket/$shard"
exit "$status"
