#!/usr/bin/env bash
# Runs the trials of a sweep as lines of a shell by GNU parallel, which keeps a log of times and exit codes. Again: the lines that are new or failed.
# Usage: [JOBS=2] experiments/sweep_parallel.sh SWEEP.json [--set KEY=VALUE]...      (results in $BNEXP_DB, else results.sqlite)
set -euo pipefail
bnexp=${BNEXP:-bnexp}
[ $# -gt 0 ] || { sed -n 3p "$0" >&2; exit 64; }
results=${BNEXP_DB:-results.sqlite}

# The log counts lines, so the lines stay the same until all are done.
[ -s "$results.lines" ] || "$bnexp" sweep --expand "$@" >"$results.lines"
parallel --jobs "${JOBS:-2}" --joblog "$results.joblog" --resume-failed <"$results.lines"
rm "$results.lines" "$results.joblog"
"$bnexp" sweep status "$@"
