-- Test accuracy by width, at a depth of 4: mean over seeds, and its ends.
SELECT width AS x, avg(test_accuracy) AS y, trained AS series, min(test_accuracy) AS low, max(test_accuracy) AS high
FROM (
    SELECT test_accuracy, json_extract(settings, '$.variant') AS trained,
        CAST(substr(json_extract(settings, '$.shape'), 1, instr(json_extract(settings, '$.shape'), ' ') - 1) AS INTEGER) AS width,
        CAST(substr(json_extract(settings, '$.shape'), instr(json_extract(settings, '$.shape'), 'x') + 2) AS INTEGER) AS depth
    FROM sweep_summary WHERE sweep = 'only-batch-norm' AND status = 'finished'
) WHERE depth = 4 AND trained IN ('gamma, beta', 'all', 'output layer') GROUP BY trained, width ORDER BY series, x
