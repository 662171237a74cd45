#!/usr/bin/env bash
# A sweep on machines that ssh reaches and that share a disk; a task whose machine is lost is run on another one.
# HOSTS are those of parallel's --sshlogin, such as 2/node1,2/node2: two tasks at a time on each.
set -euo pipefail
sweep=$(realpath "${SWEEP:-$(dirname "$0")/../rate_by_normalization.json}")
shards=$(realpath -m "${SHARDS:-shards}")
bnexp=$(realpath "${BNEXP:-$(command -v bnexp)}")
tasks=4
seq 0 $((tasks - 1)) | parallel --sshlogin "${HOSTS:?names no machines, such as HOSTS=2/node1,2/node2}" --retries 3 --quote \
    "$bnexp" sweep "$sweep" --task {} --tasks "$tasks" --collect "$shards" --jobs 1 --quiet
