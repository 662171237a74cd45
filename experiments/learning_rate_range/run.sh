#!/usr/bin/env bash
# The range of learning rates in which networks train, with and without normalization; see README.md.
# Usage: experiments/learning_rate_range/run.sh [--quick] [--jobs N] [--output FOLDER] [--data FILE.h5]
set -euo pipefail
experiment=$(cd "$(dirname "$0")" && pwd)
. "$experiment/../common.sh"

sweep=$experiment/sweep.json
steps=1000
if [ $quick = yes ]; then
    sweep=$experiment/quick.json
    steps=300
fi
"$bnexp" sweep "$sweep" --set data.file="$data" --set training.steps=$steps ${jobs[@]+"${jobs[@]}"}

# A query on the rows of by_rate.sql, from standard input.
on_rates() {
    echo 'WITH "by_rate.sql" AS (' && cat "$experiment/queries/by_rate.sql" && echo ') SELECT * FROM (' && cat && echo ')'
}
# draw NAME OPTIONS OF BNEXP PLOT...
draw() {
    on_rates | "$bnexp" plot --sql - --shared --x-label "learning rate" "${@:2}" -o "$output/$1.svg"
}

on_rates <"$experiment/queries/range.sql" | "$bnexp" sql - | tee "$output/range.txt"
"$bnexp" sql - <"$experiment/queries/by_rate.sql" >"$output/by_rate.txt"

draw accuracy --log-x --title "Test accuracy after $steps steps" --y-label accuracy <<'SQL'
SELECT rate AS x, accuracy AS y, normalization AS series, activation AS panel, lowest AS low, highest AS high
FROM "by_rate.sql" WHERE depth = 3 ORDER BY activation, normalization = 'none' DESC, normalization, rate
SQL
draw diverged --log-x --title "Share of runs" --y-label "share of runs" <<'SQL'
SELECT * FROM (
    SELECT rate AS x, diverged * 1.0 / runs AS y, normalization AS series, 'ReLU: diverged' AS panel FROM "by_rate.sql" WHERE depth = 3 AND activation = 'ReLU'
    UNION ALL SELECT rate, (diverged + not_learned) * 1.0 / runs, normalization, activation || ': diverged or accuracy below 0.2' FROM "by_rate.sql" WHERE depth = 3
) ORDER BY panel, series = 'none' DESC, series, x
SQL
draw depth --heat-map --title "Test accuracy by depth, ReLU" --y-label "normalization, hidden layers" <<'SQL'
SELECT round(rate, 4) AS x, normalization || ', ' || depth AS y, accuracy AS value
FROM "by_rate.sql" WHERE activation = 'ReLU' AND normalization != 'LN' AND rate BETWEEN 0.0009 AND 11 ORDER BY normalization, depth, rate
SQL
