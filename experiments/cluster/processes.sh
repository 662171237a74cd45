#!/usr/bin/env bash
# A sweep as 4 processes of this machine, or of several: start this with FIRST=0 LAST=1 on one and FIRST=2 LAST=3 on another.
# A process that was killed, or stopped with checkpoints (exit code 75), goes on when this is started again.
set -uo pipefail
sweep=${SWEEP:-$(dirname "$0")/../rate_by_normalization.json}
shards=${SHARDS:-shards}
bnexp=${BNEXP:-bnexp}
tasks=4
pids=()
for ((task = ${FIRST:-0}; task <= ${LAST:-$((tasks - 1))}; task++)); do
    "$bnexp" sweep "$sweep" --task "$task" --tasks "$tasks" --collect "$shards" --jobs 1 --progress plain &
    pids+=($!)
done
trap 'kill "${pids[@]}" 2>/dev/null' INT TERM
code=0
for pid in "${pids[@]}"; do
    while kill -0 "$pid" 2>/dev/null; do wait "$pid"; done
    wait "$pid" || code=$?
done
exit "$code"
