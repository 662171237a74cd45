#!/usr/bin/env bash
# Gradients and isometry of deep networks with batch normalization and orthogonal weights at initialization (Meterez et al. 2023); see README.md.
# Usage: experiments/orthogonal_initialization/run.sh [--quick] [--jobs N] [--output FOLDER] [--data FILE.h5]
set -euo pipefail
experiment=$(cd "$(dirname "$0")" && pwd)
. "$experiment/../common.sh"

some=() # the reduced form has depths to 100, each twice: of each activation the first 45 trials, of which two seeds of three
[ $quick = no ] || some=(--index "$(seq 0 143 | awk '$1 % 72 < 45 && $1 % 3 < 2' | paste -sd, -)")
"$bnexp" sweep "$experiment/sweep.json" --set data.file="$data" ${some[@]+"${some[@]}"} ${jobs[@]+"${jobs[@]}"}

"$bnexp" sql - <"$experiment/queries/depth.sql" | tee "$output/depth.txt"
"$bnexp" plot --sql - --shared --log-x --log-y --title "Gradient of the second weight matrix" --x-label "hidden layers" --y-label "gradient norm (L2)" \
    -o "$output/gradient_by_depth.svg" <"$experiment/queries/plot_gradient.sql"
"$bnexp" plot --sql - --shared --log-x --log-y --title "Isometry gap of the last hidden layer" --x-label "hidden layers" --y-label "isometry gap" \
    -o "$output/isometry_by_depth.svg" <"$experiment/queries/plot_isometry.sql"
