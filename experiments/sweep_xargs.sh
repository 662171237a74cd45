#!/usr/bin/env bash
# Runs the trials that a sweep lacks as lines of a shell, some at a time, by xargs. Again: those that failed or were interrupted.
# Usage: [JOBS=2] experiments/sweep_xargs.sh SWEEP.json [--set KEY=VALUE]...      (results in $BNEXP_DB, else results.sqlite)
set -euo pipefail
bnexp=${BNEXP:-bnexp}
[ $# -gt 0 ] || { sed -n 3p "$0" >&2; exit 64; }

# Each line is quoted for sh and goes to a sh of its own; xargs without -0 would take the quotes away.
"$bnexp" sweep --expand "$@" | tr '\n' '\0' | xargs -0 -r -n 1 -P "${JOBS:-2}" sh -c
"$bnexp" sweep status "$@"
