#!/usr/bin/env bash
# A network of sigmoids on MNIST with and without batch normalization (Ioffe & Szegedy 2015, section 4.1 and figure 1); see README.md.
# Usage: experiments/ioffe_szegedy_2015/run.sh [--quick] [--jobs N] [--output FOLDER] [--data FILE.h5]
set -euo pipefail
experiment=$(cd "$(dirname "$0")" && pwd)
. "$experiment/../common.sh"

reduced=() # the reduced form makes 2,000 steps with two seeds, and looks at the network just as often
[ $quick = no ] || reduced=(--index "0,1,5,6" --set training.steps=2000 --set evaluation.every=20 --set logging.probe.every=20)
"$bnexp" sweep "$experiment/sweep.json" --set data.file="$data" ${reduced[@]+"${reduced[@]}"} ${jobs[@]+"${jobs[@]}"} >/dev/null

for table in accuracy speed shift; do
    "$bnexp" sql - <"$experiment/queries/$table.sql" | tee "$output/$table.txt"
    echo
done
"$bnexp" plot --sql - --title "Test accuracy" --x-label step --y-label "test accuracy" \
    -o "$output/accuracy.svg" <"$experiment/queries/accuracy_by_step.sql"
"$bnexp" plot --sql - --shared --title "Input of one sigmoid" --x-label step --y-label "percentiles over 1,000 test images" \
    -o "$output/inputs.svg" <"$experiment/queries/inputs_by_step.sql"
