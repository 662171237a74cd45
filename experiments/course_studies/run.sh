#!/usr/bin/env bash
# The three studies of CS231n's assignment on batch normalization: depth, weight scale, batch size; see README.md.
# Usage: experiments/course_studies/run.sh [--quick] [--jobs N] [--output FOLDER] [--data FILE.h5]
set -euo pipefail
experiment=$(cd "$(dirname "$0")" && pwd)
. "$experiment/../common.sh"

# study SWEEP TRIALS: all trials of a sweep; the reduced form has some of the second and third study, of the first seed
study() {
    local index=()
    [ $quick = no ] || index=(--index "$2")
    "$bnexp" sweep "$experiment/$1.json" --set data.file="$data" ${index[@]+"${index[@]}"} ${jobs[@]+"${jobs[@]}"} >/dev/null
}
study depth 0-5
study weight_scale 0,3,30,33,60,63,90,93,114,117
study batch_size 0,3,6,9,12,15,18,21

# rows QUERY COLUMNS REST: a SELECT from one of the queries
rows() { echo "SELECT $2 FROM (" && cat "$experiment/queries/$1.sql" && echo ") $3"; }

beside='round(max(mean) FILTER (WHERE variant = '"'BN'"'), 4) AS BN, round(max(mean) FILTER (WHERE variant = '"'none'"'), 4) AS none'
rows depth "quantity, epoch, $beside, max(seeds) AS seeds" "WHERE epoch IN (1, 2, 3, 5, 10) GROUP BY quantity, epoch" |
    "$bnexp" sql - | tee "$output/depth.txt"
rows weight_scale "quantity, weight_scale, $beside, max(seeds) AS seeds" "GROUP BY quantity, weight_scale" |
    "$bnexp" sql - | tee "$output/weight_scale.txt"
rows batch_size "variant, batch_size, learning_rate, round(max(mean) FILTER (WHERE split = 'training' AND epoch = 10), 4) AS training_accuracy,
        round(max(mean) FILTER (WHERE split = 'validation' AND epoch = 1), 4) AS validation_accuracy_epoch_1,
        round(max(mean) FILTER (WHERE split = 'validation' AND epoch = 10), 4) AS validation_accuracy, max(seeds) AS seeds" \
    "GROUP BY learning_rate, variant, batch_size ORDER BY learning_rate DESC, variant, batch_size" |
    "$bnexp" sql - | tee "$output/batch_size.txt"

# draw FILE TITLE X-LABEL Y-LABEL [OPTION...]: the SELECT of standard input
draw() { "$bnexp" plot --sql - --shared -o "$output/$1.svg" --title "$2" --x-label "$3" --y-label "$4" "${@:5}"; }

by_epoch='epoch AS x, mean AS y, low, high'
rows depth "$by_epoch, variant AS series" "WHERE quantity = 'training loss'" |
    draw depth_loss "Training loss, 5 x 100 units" epoch "loss, mean of the epoch's batches"
rows depth "$by_epoch, variant AS series, quantity AS panel" "WHERE quantity <> 'training loss'" |
    draw depth_accuracy "5 x 100 units, with and without batch normalization" epoch accuracy
rows weight_scale "weight_scale AS x, mean AS y, low, high, variant AS series, quantity AS panel" "WHERE quantity <> 'final training loss'" |
    draw weight_scale_accuracy "7 x 50 units" "standard deviation of the initial weights" accuracy --log-x
rows weight_scale "weight_scale AS x, mean AS y, low, high, variant AS series" "WHERE quantity = 'final training loss'" |
    draw weight_scale_loss "Final training loss, 7 x 50 units" "standard deviation of the initial weights" "loss, mean of the last 100 batches" --log-x --log-y
for kind in BN LN; do
    rows batch_size "$by_epoch, variant || ', batch ' || batch_size AS series, split || ' accuracy' AS panel" \
        "WHERE learning_rate = 1e-3 AND variant IN ('none', '$kind')" |
        draw "batch_size_$kind" "Batch sizes with $([ $kind = BN ] && echo batch || echo layer) normalization, learning rate 0.001" epoch accuracy
done
