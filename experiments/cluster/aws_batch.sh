#!/usr/bin/env bash
# A sweep as an array job of AWS Batch. The job definition "bnexp" has an image with bnexp and sh, and mounts an EFS
# file system at /shared. A Spot instance that is taken away sends SIGTERM to its tasks, which copy and are tried again.
# shellcheck disable=SC2016  # the shell of the container expands
aws batch submit-job --job-name rates --job-queue spot --job-definition bnexp --array-properties size=8 \
    --retry-strategy '{"attempts": 10, "evaluateOnExit": [
        {"onExitCode": "75", "action": "RETRY"}, {"onStatusReason": "Host EC2*", "action": "RETRY"},
        {"onExitCode": "*", "action": "EXIT"}]}' \
    --container-overrides '{"command": ["sh", "-c",
        "exec bnexp sweep /shared/sweep.json --task $AWS_BATCH_JOB_ARRAY_INDEX --tasks 8 --collect /shared/shards --quiet"]}'
