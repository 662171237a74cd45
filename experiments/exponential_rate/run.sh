#!/usr/bin/env bash
# Weight decay beside a rate that grows exponentially (Li & Arora 2019); see README.md.
# Usage: experiments/exponential_rate/run.sh [--quick] [--jobs N] [--output FOLDER] [--data FILE.h5]
set -euo pipefail
experiment=$(cd "$(dirname "$0")" && pwd)
. "$experiment/../common.sh"

one=() less=() # the reduced form has one seed and 600 steps
if [ $quick = yes ]; then
    one=(--index "$(seq -s, 0 3 35)") less=(--set training.steps=600)
fi
"$bnexp" sweep "$experiment/sweep.json" --set data.file="$data" ${one[@]+"${one[@]}"} ${less[@]+"${less[@]}"} ${jobs[@]+"${jobs[@]}"}
[ $quick = no ] || one=(--index "0,3,6")
"$bnexp" sweep "$experiment/momentum_sweep.json" --set data.file="$data" ${one[@]+"${one[@]}"} ${less[@]+"${less[@]}"} ${jobs[@]+"${jobs[@]}"}

"$bnexp" sql - <"$experiment/queries/equivalence.sql" | tee "$output/equivalence.txt"
"$bnexp" plot --sql - --shared --log-y --title "Training loss" --x-label step --y-label "loss of the batch" \
    -o "$output/loss.svg" <"$experiment/queries/plot_loss.sql"
"$bnexp" plot --sql - --log-y --title "Difference of the losses of both" --x-label step --y-label "difference / loss" \
    -o "$output/difference.svg" <"$experiment/queries/plot_difference.sql"
"$bnexp" plot --sql - --shared --log-y --title "Batch normalization: the second weight" --x-label step --y-label "norm (L2), rate" \
    -o "$output/norm.svg" <"$experiment/queries/plot_norm.sql"
