#!/usr/bin/env bash
# How sweeps scale: 40 trials of configs/mnist_bn.json with two jobs against one, in interleaved rounds; what a trial costs beside its steps;
# and how long ten thousand trials take to plan.
# Usage: Benchmarks/sweep_scaling.sh [ROUNDS]      (after scripts/build, on a machine of two cores or more that does nothing else)
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-5}
bnexp=$PWD/.build/release/bnexp
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

sweep() { # NAME SEEDS: a sweep of 20 learning rates and so many seeds
    cat >"$work/$1.json" <<EOF
{ "config": "$PWD/configs/mnist_bn.json", "seeds": {"range": [1, $2, 1]}, "product": {"optimizer.learning_rate": {"logspace": [-3, 0, 20]}} }
EOF
}
seconds() { # of a command
    local start
    start=$(date +%s.%N)
    "$@" >"$work/out" 2>"$work/errors" || { cat "$work/errors" >&2; exit 1; }
    echo "$(date +%s.%N) $start" | awk '{ printf "%.4f", $1 - $2 }'
}
median() { sort -g | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'; }

sweep forty 2
sweep many 500
for round in $(seq "$rounds"); do
    for jobs in 1 2; do
        rm -f "$work"/r.sqlite*
        seconds "$bnexp" sweep "$work/forty.json" --jobs $jobs --set training.steps=500 --db "$work/r.sqlite" -q >"$work/$jobs"
    done
    echo "round $round: 1 job $(cat "$work/1") s, 2 jobs $(cat "$work/2") s" >&2
    paste "$work/1" "$work/2" | awk '{ print $1 / $2 }' >>"$work/ratios"
    # No step is made: what is left is loading, the evaluation and the measurement at initialization, and their rows.
    rm -f "$work"/r.sqlite*
    seconds "$bnexp" sweep "$work/forty.json" --jobs 1 --set training.steps=0 --db "$work/r.sqlite" -q >>"$work/trials"
    seconds "$bnexp" run configs/mnist_bn.json --set training.steps=0 --db "$work/r.sqlite" -q >>"$work/process"
    seconds "$bnexp" sweep "$work/many.json" --dry-run --db "$work/none.sqlite" -q >>"$work/plan"
done
echo "2 jobs against 1, 40 trials of 500 steps: $(median <"$work/ratios") times as fast"
echo "a trial without steps, in a sweep: $(median <"$work/trials" | awk '{ print 1000 * $1 / 40 }') ms"
echo "a run without steps, as a process of its own: $(median <"$work/process" | awk '{ print 1000 * $1 }') ms"
echo "10,000 trials expanded and planned: $(median <"$work/plan") s"
