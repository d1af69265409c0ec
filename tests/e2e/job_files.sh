#!/usr/bin/env bash
# The job files of examples/many-machines that take a cloud: kubernetes.yaml, aws-batch-job.json and the submit-job that aws-batch.sh shows are read as
# their services read them, and what they say is run for every index, in folders for the volume and the bucket.
set -euo pipefail
/usr/bin/python3 -c 'import yaml' 2>/dev/null || { echo "SKIP: Debian's python3-yaml is not installed"; exit 77; }
command -v aws >/dev/null || { echo "SKIP: awscli is not installed"; exit 77; }
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
/usr/bin/python3 "$BALLAST_SOURCE_DIR/tests/e2e/job_files.py" "$folder" || fail "the job files"
