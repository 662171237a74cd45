#!/usr/bin/env bash
# A loop over learning rates: ReLU networks with and without batch normalization; ends with the share of units that died.
# Runs that the results file has are skipped, so it can be stopped, and run again with more rates.
# Usage: [RATES="0.1 0.5 2"] experiments/learning_rates.sh [RESULTS.sqlite [OPTIONS OF BNEXP RUN]]      (bnexp must be in PATH, or name it in BNEXP)
set -euo pipefail
folder=$(cd "$(dirname "$0")" && pwd)
bnexp=${BNEXP:-bnexp}
export BNEXP_DB=${1:-learning_rates.sqlite}
[ $# -eq 0 ] || shift

for rate in ${RATES:-0.1 0.5}; do
    for kind in batch none; do
        "$bnexp" run "$folder/../configs/mnist_base.json" --name "relu_${kind}_$rate" --if-exists skip --quiet --allow-divergence \
            --set model.normalization.kind=$kind --set model.activation=relu --set model.initialization.kind=he \
            --set optimizer.learning_rate="$rate" "$@" >&2
    done
done
"$bnexp" sql - <"$folder/queries/dead_units.sql"
