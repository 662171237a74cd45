#!/usr/bin/env bash
# ReLU networks with and without batch normalization over learning rates; ends with the share of units that died.
# Usage: experiments/learning_rates.sh [RESULTS.sqlite]      (bnexp must be in PATH, or name it in BNEXP)
set -euo pipefail
folder=$(cd "$(dirname "$0")" && pwd)
bnexp=${BNEXP:-bnexp}
export BNEXP_DB=${1:-learning_rates.sqlite}

for rate in 0.1 0.5; do
    for kind in batch none; do
        "$bnexp" run "$folder/../configs/mnist_base.json" --name "relu_${kind}_$rate" --quiet --allow-divergence \
            --set model.normalization.kind=$kind --set model.activation=relu --set model.initialization.kind=he \
            --set optimizer.learning_rate=$rate >&2
    done
done
"$bnexp" sql - <"$folder/queries/dead_units.sql"
