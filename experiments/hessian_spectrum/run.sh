#!/usr/bin/env bash
# The spectrum of the Hessian in training, with and without batch normalization (Ghorbani et al. 2019); see README.md.
# Usage: experiments/hessian_spectrum/run.sh [--quick] [--jobs N] [--output FOLDER] [--data FILE.h5]
set -euo pipefail
experiment=$(cd "$(dirname "$0")" && pwd)
. "$experiment/../common.sh"

less=() # the reduced form has fewer steps and one seed
[ $quick = no ] || less=(--set training.steps=400 --index "0,2")
"$bnexp" sweep "$experiment/sweep.json" --set data.file="$data" ${less[@]+"${less[@]}"} ${jobs[@]+"${jobs[@]}"}

for table in outliers trace; do
    "$bnexp" sql - <"$experiment/queries/$table.sql" | tee "$output/$table.txt"
done
"$bnexp" plot --sql - --shared --log-y --title "Largest eigenvalues of the Hessian" --x-label rank --y-label eigenvalue \
    -o "$output/eigenvalues.svg" <"$experiment/queries/plot_eigenvalues.sql"
"$bnexp" plot --sql - --log-y --title "Spectral density at the end" --x-label "eigenvalue / largest" --y-label "share of eigenvalues in a bin" \
    -o "$output/density.svg" <"$experiment/queries/plot_density.sql"
