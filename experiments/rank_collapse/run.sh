#!/usr/bin/env bash
# Ranks of hidden representations over depth and width at initialization, and what becomes of them in training (Daneshmand et al. 2020); see README.md.
# Usage: experiments/rank_collapse/run.sh [--quick] [--jobs N] [--output FOLDER] [--data FILE.h5]
set -euo pipefail
experiment=$(cd "$(dirname "$0")" && pwd)
. "$experiment/../common.sh"

# trials SWEEP REDUCED...: all trials of a sweep, or those of the reduced form
trials() {
    local reduced=()
    [ $quick = no ] || reduced=("${@:2}")
    "$bnexp" sweep "$experiment/$1.json" --set data.file="$data" ${reduced[@]+"${reduced[@]}"} ${jobs[@]+"${jobs[@]}"}
}
trials sweep --index 0-89                                                            # widths 8, 16 and 32
trials authors_sweep --index "$(seq -s, 0 3 11)"                                     # one seed
trials training_sweep --index "$(seq -s, 0 3 71)" --set training.steps=100           # one seed
trials initialization_sweep --index 0,2,4,30,32,34 --set training.steps=100          # 16 layers at the rate 0.01, one seed

for table in rank rank_by_width rank_by_layer training initialization; do
    "$bnexp" sql - <"$experiment/queries/$table.sql" | tee "$output/$table.txt"
done
"$bnexp" plot --sql - --shared --log-x --log-y --title "Soft rank by layer, 32 units" --x-label "layer, from 1" --y-label "soft rank" \
    -o "$output/rank_by_layer.svg" <"$experiment/queries/plot_by_layer.sql"
"$bnexp" plot --sql - --shared --log-x --log-y --title "Soft rank of layers 64 to 128" --x-label width --y-label "soft rank" \
    -o "$output/rank_by_width.svg" <"$experiment/queries/plot_by_width.sql"
"$bnexp" plot --sql - --title "Rank by the tolerance of float32, 128 units" --x-label "layer, from 1" --y-label rank \
    -o "$output/authors_rank.svg" <"$experiment/queries/plot_authors.sql"
"$bnexp" plot --sql - --log-x --title "Test accuracy at the best learning rate" --x-label "hidden layers" --y-label "test accuracy" \
    -o "$output/accuracy_by_depth.svg" <"$experiment/queries/plot_training.sql"
