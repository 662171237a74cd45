-- Test accuracy by depth, at a width of 128: mean over seeds, and its ends.
SELECT depth AS x, avg(test_accuracy) AS y, trained AS series, min(test_accuracy) AS low, max(test_accuracy) AS high
FROM (
    SELECT test_accuracy, json_extract(settings, '$.variant') AS trained,
        CAST(substr(json_extract(settings, '$.shape'), 1, instr(json_extract(settings, '$.shape'), ' ') - 1) AS INTEGER) AS width,
        CAST(substr(json_extract(settings, '$.shape'), instr(json_extract(settings, '$.shape'), 'x') + 2) AS INTEGER) AS depth
    FROM sweep_summary WHERE sweep = 'only-batch-norm' AND status = 'finished'
) WHERE width = 128 AND trained IN ('gamma, beta', 'all') GROUP BY trained, depth ORDER BY series, x
