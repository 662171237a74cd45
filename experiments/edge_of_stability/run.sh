#!/usr/bin/env bash
# The largest eigenvalue of the Hessian in full-batch training (Cohen et al. 2021 and 2022); see README.md.
# Usage: experiments/edge_of_stability/run.sh [--quick] [--jobs N] [--output FOLDER] [--data FILE.h5]
set -euo pipefail
experiment=$(cd "$(dirname "$0")" && pwd)
. "$experiment/../common.sh"

some=() # the reduced form has fewer steps, and leaves out the lowest rates
few=()
[ $quick = no ] || { some=(--set training.steps=800 --index 2-5) few=(--set training.steps=800 --index "1,3"); }
"$bnexp" sweep "$experiment/sweep.json" --set data.file="$data" ${some[@]+"${some[@]}"} ${jobs[@]+"${jobs[@]}"}
"$bnexp" sweep "$experiment/adaptive.json" --set data.file="$data" ${few[@]+"${few[@]}"} ${jobs[@]+"${jobs[@]}"}

"$bnexp" sql - <"$experiment/queries/edge.sql" | tee "$output/edge.txt"
"$bnexp" plot --sql - --title "Largest eigenvalue of the Hessian, and 2 / rate" --x-label step --y-label eigenvalue \
    -o "$output/sharpness.svg" <"$experiment/queries/plot_sharpness.sql"
"$bnexp" plot --sql - --log-y --title "Training loss" --x-label step --y-label "mean squared error" \
    -o "$output/loss.svg" <"$experiment/queries/plot_loss.sql"
"$bnexp" plot --sql - --title "Largest eigenvalue of the preconditioned Hessian by the threshold" --x-label step --y-label "eigenvalue / threshold" \
    -o "$output/adaptive.svg" <"$experiment/queries/plot_adaptive.sql"
