#!/usr/bin/env bash
# Halves the learning rate until training does not diverge. `bnexp run` says by exit code 2 that a run diverged, and prints its uuid in any
# case, by which it is then tagged, shown, compared and asked.
# Usage: [RATE=1000] experiments/largest_rate.sh CONFIG.json [OPTIONS OF BNEXP RUN]...      (results in $BNEXP_DB, else results.sqlite)
set -euo pipefail
bnexp=${BNEXP:-bnexp}
[ $# -gt 0 ] || { sed -n 4p "$0" >&2; exit 64; }
config=$1
shift

rate=${RATE:-1000}
diverged=
while true; do
    code=0
    id=$("$bnexp" run "$config" --quiet --name "rate-$rate" --set optimizer.learning_rate="$rate" "$@") || code=$?
    case $code in
    0) break ;;
    2)
        "$bnexp" tag "$id" too-large
        diverged=$id
        rate=$(awk -v rate="$rate" 'BEGIN { print rate / 2 }')
        ;;
    *) exit $code ;; # a mistake in the config, a signal
    esac
done

"$bnexp" tag "$id" largest-rate
"$bnexp" show "$id"
[ -z "$diverged" ] || "$bnexp" compare "$id" "$diverged"
"$bnexp" sql "SELECT status, learning_rate, max(step) AS last_logged_step, max(gradient_norm) AS largest_gradient_norm
              FROM training_step JOIN run ON run.id = run_id WHERE uuid IN ('$id', '$diverged') GROUP BY run_id"
