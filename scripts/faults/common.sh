# What the parts of scripts/test-faults share. They run in a folder of their own, with bnexp, config and count in the environment.
# shellcheck shell=bash
set -euo pipefail
: "${bnexp:?}" "${config:?}" "${count:?}"

fail() {
    echo "FAILED: $*" >&2
    exit 1
}
# run SEED DATABASE: one attempt, which resumes what exists. It replaces the shell that calls it, so that killing $! kills it.
run() {
    exec "$bnexp" run "$config" --seed "$1" --db "$2" --if-exists resume --progress json --set 'model.hidden=[30,20]' --set training.steps=3000 \
        --set logging.every=5 --set evaluation.every=200 --set model.dropout=0.1 --set 'checkpoint={"every": 100, "keep": 2}' 2>"$2.$1.progress" >/dev/null
}
# contents DATABASE SEED: every table that must not differ, without the run's number.
tables="layer training_step evaluation activation_statistic activation_percentile parameter_statistic normalization_statistic"
contents() {
    for table in $tables; do
        sqlite3 "$1" "SELECT t.* FROM $table AS t JOIN run ON run.id = run_id WHERE seed = $2 AND status = 'finished'" | cut -d'|' -f2-
    done | cksum
}
check_integrity() { [ "$(sqlite3 "$1" 'PRAGMA integrity_check')" = ok ] || fail "$1 is damaged"; }
# check_committed DATABASE SEED: what the last attempt reported as committed is there.
check_committed() {
    local committed
    committed=$(grep -o '"committed": [0-9]*' "$1.$2.progress" 2>/dev/null | tail -1 | grep -o '[0-9]*$' || true)
    [ -z "$committed" ] ||
        [ "$(sqlite3 "$1" "SELECT count(*) FROM training_step JOIN run ON id = run_id WHERE seed = $2 AND step = $committed")" -ge 1 ] ||
        fail "step $committed of seed $2 was reported as committed and is not in $1"
}
# await_commits COUNT PROGRESS PID: waits until a run has committed so often, or has ended; with 0 only until it may have begun.
await_commits() {
    [ "$1" -gt 0 ] || { sleep "0.0$((RANDOM % 10))"; return; }
    local commits
    until commits=$(grep -sc '"committed"' "$2" || true) && [ "${commits:-0}" -ge "$1" ] || ! kill -0 "$3" 2>/dev/null; do sleep 0.01; done
}
# is_killed PID: kills a run; whether that ended it, and nothing before.
is_killed() {
    local code=0
    kill -9 "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || code=$?
    [ $code -eq 137 ]
}
