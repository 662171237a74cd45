#!/usr/bin/env bash
# Ranks of hidden representations over depth and width at initialization, and what becomes of them in training (Daneshmand et al. 2020); see README.md.
# Usage: experiments/rank_collapse/run.sh [--quick] [--jobs N] [--output FOLDER] [--data FILE.h5]
set -euo pipefail
experiment=$(cd "$(dirname "$0")" && pwd)
. "$experiment/../common.sh"

some=() # the reduced form has widths 8, 16 and 32, the first 90 trials, and trains one seed, each third trial, for fewer steps
less=()
[ $quick = no ] || { some=(--index 0-89) less=(--index "$(seq -s, 0 3 71)" --set training.steps=100); }
"$bnexp" sweep "$experiment/sweep.json" --set data.file="$data" ${some[@]+"${some[@]}"} ${jobs[@]+"${jobs[@]}"}
"$bnexp" sweep "$experiment/training_sweep.json" --set data.file="$data" ${less[@]+"${less[@]}"} ${jobs[@]+"${jobs[@]}"}

for table in rank rank_by_width training; do
    "$bnexp" sql - <"$experiment/queries/$table.sql" | tee "$output/$table.txt"
done
"$bnexp" plot --sql - --shared --log-x --log-y --title "Soft rank by layer, 32 units" --x-label "layer, from 1" --y-label "soft rank" \
    -o "$output/rank_by_layer.svg" <"$experiment/queries/plot_by_layer.sql"
"$bnexp" plot --sql - --shared --log-x --log-y --title "Soft rank of layers 64 to 128" --x-label width --y-label "soft rank" \
    -o "$output/rank_by_width.svg" <"$experiment/queries/plot_by_width.sql"
"$bnexp" plot --sql - --log-x --title "Test accuracy at the best learning rate" --x-label "hidden layers" --y-label "test accuracy" \
    -o "$output/accuracy_by_depth.svg" <"$experiment/queries/plot_training.sql"
