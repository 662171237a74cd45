#!/usr/bin/env bash
# Accuracy under noise and attacks, with and without batch normalization (Galloway et al. 2019); see README.md.
# Usage: experiments/adversarial_batch_norm/run.sh [--quick] [--jobs N] [--output FOLDER] [--data FILE.h5]
set -euo pipefail
experiment=$(cd "$(dirname "$0")" && pwd)
. "$experiment/../common.sh"

less=() # the reduced form has the first seed and 600 steps
[ $quick = no ] || less=(--index '0,3,6,9,12,15' --set training.steps=600)
"$bnexp" sweep "$experiment/sweep.json" --set data.file="$data" ${less[@]+"${less[@]}"} ${jobs[@]+"${jobs[@]}"} >/dev/null

"$bnexp" sql - <"$experiment/queries/robustness.sql" | tee "$output/robustness.txt"
"$bnexp" plot --sql - --shared --title "Test accuracy under PGD, 20 steps" --x-label "epsilon, linf" --y-label accuracy \
    -o "$output/pgd.svg" <"$experiment/queries/plot_pgd.sql"
