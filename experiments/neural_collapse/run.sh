#!/usr/bin/env bash
# Neural collapse with and without batch normalization (Papyan, Han & Donoho 2020); see README.md.
# Usage: experiments/neural_collapse/run.sh [--quick] [--jobs N] [--output FOLDER] [--data FILE.h5]
set -euo pipefail
experiment=$(cd "$(dirname "$0")" && pwd)
. "$experiment/../common.sh"

less=() # the reduced form has a seventh of the steps and one seed
[ $quick = no ] || less=(--set training.steps=2000 --set schedule.every=667 --index "0,3")
"$bnexp" sweep "$experiment/sweep.json" --set data.file="$data" ${less[@]+"${less[@]}"} ${jobs[@]+"${jobs[@]}"}

"$bnexp" sql - <"$experiment/queries/collapse.sql" | tee "$output/collapse.txt"
"$bnexp" plot --sql - --log-y --title "Neural collapse" --x-label epoch --y-label "" -o "$output/collapse.svg" <"$experiment/queries/plot_collapse.sql"
