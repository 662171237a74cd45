#!/usr/bin/env bash
# Gradient explosion at initialization in deep networks with batch normalization (Yang et al. 2019), beside the formulas; see README.md.
# Usage: experiments/gradient_explosion/run.sh [--quick] [--jobs N] [--output FOLDER] [--data FILE.h5]
set -euo pipefail
experiment=$(cd "$(dirname "$0")" && pwd)
. "$experiment/../common.sh"

layers=() # the reduced form has 20 narrower layers
[ $quick = no ] || layers=(--set "model.hidden=[$(seq -s, 20 | sed 's/[0-9]\+/128/g')]")
"$bnexp" sweep "$experiment/sweep.json" --set data.file="$data" ${layers[@]+"${layers[@]}"} ${jobs[@]+"${jobs[@]}"}

"$bnexp" sql - <"$experiment/queries/factor.sql" | tee "$output/factor.txt"
"$bnexp" plot --sql - --shared --log-y --title "Gradient norm by layer, relative to the last hidden one" --x-label layer --y-label "gradient norm (L2), relative" \
    -o "$output/norm_by_layer.svg" <"$experiment/queries/norm_by_layer.sql"
{
    echo "SELECT batch_size AS x, value AS y, series FROM ("
    echo "WITH factors AS (" && cat "$experiment/queries/factor.sql" && echo ")"
    echo "SELECT batch_size, measured AS value, variant || ', measured' AS series FROM factors WHERE variant LIKE 'BN%'"
    echo "UNION ALL SELECT batch_size, wide_limit, variant || ', formula' FROM factors WHERE variant LIKE 'BN%') ORDER BY series, x"
} | "$bnexp" plot --sql - --log-x --title "Growth of the squared gradient norm per layer" --x-label "batch size" --y-label "factor per layer" \
    -o "$output/factor.svg"
