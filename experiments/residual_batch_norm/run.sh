#!/usr/bin/env bash
# Rank and variance over the depth of residual networks at initialization, and what becomes of them in training (Daneshmand et al. 2020, De & Smith 2020); see
# README.md. The embedded digits are enough for it.
# Usage: experiments/residual_batch_norm/run.sh [--quick] [--jobs N] [--output FOLDER]
set -euo pipefail
experiment=$(cd "$(dirname "$0")" && pwd)
own_data=yes
. "$experiment/../common.sh"

# trials SWEEP REDUCED...: all trials of a sweep, or those of the reduced form; what diverges is counted, and no failure
trials() {
    local reduced=()
    [ $quick = no ] || reduced=("${@:2}")
    "$bnexp" sweep "$experiment/$1.json" ${reduced[@]+"${reduced[@]}"} ${jobs[@]+"${jobs[@]}"}
}
trials rank_sweep --index "$(seq -s, 0 3 35)"                                  # widths 8, 16 and 32, one seed
trials variance_sweep --index "$(seq -s, 0 3 14)"                              # one seed
trials training_sweep --index "$(seq -s, 0 2 95)" --set training.steps=30      # one seed

for table in rank rank_by_width variance training; do
    "$bnexp" sql - <"$experiment/queries/$table.sql" | tee "$output/$table.txt"
done
"$bnexp" plot --sql - --shared --log-x --log-y --title "Soft rank by layer, 32 units" --x-label layer --y-label "soft rank" \
    -o "$output/rank_by_layer.svg" <"$experiment/queries/plot_rank.sql"
"$bnexp" plot --sql - --log-x --log-y --title "Variance on the skip path" --x-label block --y-label variance \
    -o "$output/variance_by_block.svg" <"$experiment/queries/plot_variance.sql"
