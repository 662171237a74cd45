#!/usr/bin/env bash
# Trains a config with seeds 1, 2, 3, ... until the hours are over or a file named `stop` is in the working directory. What is running when the
# hours are over writes a checkpoint, and the same command goes on from there. Exit codes: 0 stopped between two runs, 75 within one.
# Usage: experiments/overnight.sh CONFIG.json HOURS [OPTIONS OF BNEXP RUN]...      (results in $BNEXP_DB, else results.sqlite)
set -euo pipefail
bnexp=${BNEXP:-bnexp}
[ $# -gt 1 ] || { sed -n 4p "$0" >&2; exit 64; }
config=$1
end=$(awk -v now="$(date +%s)" -v hours="$2" 'BEGIN { printf "%d", now + 3600 * hours }')
shift 2

for ((seed = 1; ; seed++)); do
    left=$((end - $(date +%s)))
    [ ! -e stop ] && [ $left -gt 0 ] || exit 0
    code=0
    timeout --foreground --preserve-status "$left" "$bnexp" run "$config" --seed "$seed" --if-exists resume --set "checkpoint={}" "$@" || code=$?
    case $code in
    0 | 2) ;; # finished, there already, or diverged, which is a result too
    *) exit $code ;;
    esac
done
