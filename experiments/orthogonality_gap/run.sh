#!/usr/bin/env bash
# The orthogonality gap of random linear networks with batch normalization over depth and width (Daneshmand et al. 2021); see README.md.
# Usage: experiments/orthogonality_gap/run.sh [--quick] [--jobs N] [--output FOLDER]
set -euo pipefail
experiment=$(cd "$(dirname "$0")" && pwd)
own_data=yes
. "$experiment/../common.sh"

data=$output/inputs.h5
"$bnexp" data import csv "$experiment/inputs.csv" -o "$data" --force >/dev/null

some=() # the reduced form has widths from 16 to 128, the first 80 trials
[ $quick = no ] || some=(--index 0-79)
"$bnexp" sweep "$experiment/sweep.json" --set data.file="$data" ${some[@]+"${some[@]}"} ${jobs[@]+"${jobs[@]}"}
"$bnexp" sweep "$experiment/cosine_sweep.json" --set data.file="$data" ${jobs[@]+"${jobs[@]}"}

for table in gap cosine; do
    "$bnexp" sql - <"$experiment/queries/$table.sql" | tee "$output/$table.txt"
done
"$bnexp" plot --sql - --log-y --title "Orthogonality gap by layer" --x-label "layer, from 1" --y-label "orthogonality gap" \
    -o "$output/gap_by_layer.svg" <"$experiment/queries/plot_gap.sql"
"$bnexp" plot --sql - --log-x --log-y --title "Orthogonality gap, layers 41 to 100" --x-label width --y-label "orthogonality gap" \
    -o "$output/gap_by_width.svg" <"$experiment/queries/plot_width.sql"
"$bnexp" plot --sql - --title "Cosine of two rows, 32 units" --x-label "layer, from 1" --y-label "absolute cosine" \
    -o "$output/cosine.svg" <"$experiment/queries/plot_cosine.sql"
