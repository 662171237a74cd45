-- Test accuracy by depth at the learning rate that is best in the mean over seeds; rates with a diverged run are left out.
WITH trained AS (
    SELECT CAST(json_extract(settings, '$.depth') AS INTEGER) AS depth, json_extract(settings, '$.variant') AS variant,
        avg(test_accuracy) AS test_accuracy, min(test_accuracy) AS low, max(test_accuracy) AS high
    FROM sweep_summary WHERE sweep = 'rank-collapse-training' AND run_id IS NOT NULL
    GROUP BY depth, variant, json_extract(settings, '$."optimizer.learning_rate"')
    HAVING count(*) = count(test_accuracy) FILTER (WHERE status = 'finished')
)
SELECT depth AS x, test_accuracy AS y, variant AS series, low, high FROM trained AS t
WHERE test_accuracy = (SELECT max(test_accuracy) FROM trained WHERE depth = t.depth AND variant = t.variant) ORDER BY series, x
