#!/usr/bin/env bash
# The loss along the gradient and internal covariate shift, with and without batch normalization (Santurkar et al. 2018); see README.md.
# Usage: experiments/loss_landscape/run.sh [--quick] [--jobs N] [--output FOLDER] [--data FILE.h5]
set -euo pipefail
experiment=$(cd "$(dirname "$0")" && pwd)
. "$experiment/../common.sh"

steps=() linear=() # the reduced form makes fewer steps, on fewer rows
if [ $quick = yes ]; then
    steps=(--set training.steps=150 --set evaluation.every=0)
    linear=(--set training.steps=20 --set data.limit=100 --set training.batch_size=100)
fi
"$bnexp" sweep "$experiment/sweep.json" --set data.file="$data" ${steps[@]+"${steps[@]}"} ${jobs[@]+"${jobs[@]}"}
"$bnexp" sweep "$experiment/deep_linear.json" --set data.file="$data" ${linear[@]+"${linear[@]}"} ${jobs[@]+"${jobs[@]}"}

for table in landscape covariate_shift accuracy; do
    "$bnexp" sql - <"$experiment/queries/$table.sql" | tee "$output/$table.txt"
done

# draw NAME QUERY "COLUMNS ... WHERE ..." OPTION...: a figure of the rows of a query.
draw() {
    { echo "WITH answer AS (" && cat "$experiment/queries/$2.sql" && echo ") SELECT $3"; } | "$bnexp" plot --sql - --shared --x-label step -o "$output/$1.svg" "${@:4}"
}
draw loss bands "x, y, series, panel, low, high FROM answer WHERE quantity = 'loss'" --log-y \
    --title "Loss after half to four times the step (line: the step)" --y-label loss
draw gradient_change bands "x, y, series, panel, low, high FROM answer WHERE quantity = 'change'" --log-y \
    --title "Change of the gradient after half to four times the step" --y-label "norm of the change (L2)"
draw smoothness bands "x, y, series, panel FROM answer WHERE quantity = 'smoothness'" --log-y \
    --title "Effective beta-smoothness" --y-label "largest change / distance"
for sweep in loss-landscape deep-linear; do
    rows="FROM answer WHERE sweep = '$sweep'"
    draw "shift_cosine_$sweep" shift_by_step "x, cosine AS y, series, panel, cosine_low AS low, cosine_high AS high $rows" \
        --title "Gradient of the layer in the middle: angle" --y-label "cosine, before and after updates below"
    draw "shift_distance_$sweep" shift_by_step "x, distance AS y, series, panel, distance_low AS low, distance_high AS high $rows" --log-y \
        --title "Gradient of the layer in the middle: distance" --y-label "norm of the difference (L2)"
done
