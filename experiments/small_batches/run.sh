#!/usr/bin/env bash
# Batch sizes and ghost sizes with several normalizations (Ioffe 2017, Hoffer et al. 2017); see README.md.
# Usage: experiments/small_batches/run.sh [--quick] [--jobs N] [--output FOLDER] [--data FILE.h5]
set -euo pipefail
experiment=$(cd "$(dirname "$0")" && pwd)
. "$experiment/../common.sh"

less=() # the reduced form has the first seed and 2,000 rows
[ $quick = no ] || less=(--index "$(seq -s, 0 3 107)" --set data.sample=2000)
"$bnexp" sweep "$experiment/sweep.json" --set data.file="$data" ${less[@]+"${less[@]}"} ${jobs[@]+"${jobs[@]}"} >/dev/null

for table in batch_sizes ghost_sizes; do
    "$bnexp" sql - <"$experiment/queries/$table.sql" | tee "$output/$table.txt"
done
echo "SELECT batch_size AS x, accuracy AS y, lowest AS low, highest AS high, normalization AS series FROM (
    $(cat "$experiment/queries/batch_sizes.sql")) WHERE mode = 'running' ORDER BY series, x" |
    "$bnexp" plot --sql - --log-x --title "Test accuracy by batch size" --x-label "batch size" --y-label "test accuracy" -o "$output/batch_sizes.svg"
