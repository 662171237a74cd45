#!/usr/bin/env bash
# How long compare and every view take on a file of many runs, warm. Two real runs are copied under new numbers, with other seeds.
# Usage: Benchmarks/query_times.sh [RUNS] [FILE]      (default 10000 runs, about 20 million rows, 1.5 GB; needs sqlite3)
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-10000}
file=${2:-$(mktemp -d)/many.sqlite}
bnexp=.build/release/bnexp
for config in mnist_bn mnist_nobn; do
    "$bnexp" run "configs/$config.json" --db "$file" --quiet --set training.steps=2600 >/dev/null
done
copies=$(((runs - 2) / 2))
tables=$(sqlite3 "$file" "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'grdb%' AND sql LIKE '%run_id%'")
{
    echo "PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; BEGIN;"
    echo "CREATE TEMP TABLE copy AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $copies) SELECT i FROM n;"
    columns=$(sqlite3 "$file" "SELECT group_concat(name, ', ') FROM pragma_table_info('run') WHERE name NOT IN ('id', 'uuid', 'seed')")
    echo "INSERT INTO run (id, uuid, seed, $columns) SELECT id + 2 * i, uuid || '-' || i, i, $columns FROM copy CROSS JOIN run ORDER BY 1;"
    for table in $tables; do
        columns=$(sqlite3 "$file" "SELECT group_concat('\"' || name || '\"', ', ') FROM pragma_table_info('$table') WHERE name <> 'run_id'")
        echo "INSERT INTO $table (run_id, $columns) SELECT run_id + 2 * i, $columns FROM copy CROSS JOIN $table WHERE run_id <= 2;"
    done
    echo "UPDATE run_parameter SET value = (SELECT seed FROM run WHERE id = run_id) WHERE path = 'seed'; COMMIT; ANALYZE;"
} | sqlite3 "$file" >/dev/null
count=0
for table in $tables; do count=$((count + $(sqlite3 "$file" "SELECT count(*) FROM $table"))); done
echo "$(sqlite3 "$file" 'SELECT count(*) FROM run') runs, $count rows, $(($(stat -c %s "$file") / 1000000)) MB"

seconds() {
    local best=
    for _ in 1 2 3; do
        local start end
        start=$(date +%s%N)
        "$@" >/dev/null
        end=$(date +%s%N)
        local took=$(((end - start) / 1000000))
        [ -n "$best" ] && [ "$best" -le "$took" ] || best=$took
    done
    printf '%6d ms  ' "$best"
}
export BNEXP_DB=$file
seconds "$bnexp" compare 11 12 && echo "compare of two runs"
seconds "$bnexp" list && echo "list"
seconds "$bnexp" show 500 && echo "show"
for view in $(sqlite3 "$file" "SELECT name FROM sqlite_master WHERE type = 'view'"); do
    filter=$(sqlite3 "$file" "SELECT ' WHERE run_id IN (11, 12)' FROM pragma_table_info('$view') WHERE name = 'run_id'")
    seconds "$bnexp" sql "SELECT * FROM $view$filter" && echo "$view${filter:+ of two runs}"
done
seconds "$bnexp" sql "SELECT * FROM run_summary" && echo "run_summary of all runs"
