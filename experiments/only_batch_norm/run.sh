#!/usr/bin/env bash
# Networks of random weights of which only gamma and beta are trained (Frankle, Schwab & Morcos 2021); see README.md.
# Usage: experiments/only_batch_norm/run.sh [--quick] [--jobs N] [--output FOLDER] [--data FILE.h5]
set -euo pipefail
experiment=$(cd "$(dirname "$0")" && pwd)
. "$experiment/../common.sh"

one=() less=() # the reduced form has one seed and 200 steps
if [ $quick = yes ]; then
    one=(--index "$(seq -s, 0 2 39)") less=(--set training.steps=200)
fi
"$bnexp" sweep "$experiment/rates_sweep.json" --set data.file="$data" ${less[@]+"${less[@]}"} ${jobs[@]+"${jobs[@]}"}
"$bnexp" sweep "$experiment/sweep.json" --set data.file="$data" ${one[@]+"${one[@]}"} ${less[@]+"${less[@]}"} ${jobs[@]+"${jobs[@]}"}

for table in rates accuracy; do
    "$bnexp" sql - <"$experiment/queries/$table.sql" | tee "$output/$table.txt"
done
for axis in width depth; do
    "$bnexp" plot --sql - --shared --log-x --title "Test accuracy by $axis" --x-label "$axis" --y-label "test accuracy" \
        -o "$output/accuracy_by_$axis.svg" <"$experiment/queries/plot_$axis.sql"
done
