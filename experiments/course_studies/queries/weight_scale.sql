-- The second study by weight scale, mean and range over seeds: best accuracies of all epochs, and the mean loss of the last 100 batches.
WITH trial AS (
    SELECT run_id, last_step, json_extract(settings, '$.variant') AS variant,
        json_extract(settings, '$."model.initialization.standard_deviation"') AS weight_scale
    FROM sweep_summary WHERE sweep = 'course-weight-scale' AND run_id IS NOT NULL
), measured AS (
    SELECT 'best ' || iif(split = 'train', 'training', split) || ' accuracy' AS quantity, variant, weight_scale, max(accuracy) AS value
    FROM trial JOIN evaluation USING (run_id) WHERE mode = 'running' GROUP BY run_id, split
    UNION ALL
    SELECT 'final training loss', variant, weight_scale, avg(loss)
    FROM trial JOIN training_step USING (run_id) WHERE step BETWEEN last_step - 100 AND last_step - 1 GROUP BY run_id
)
SELECT quantity, weight_scale, variant, avg(value) AS mean, min(value) AS low, max(value) AS high, count(*) AS seeds
FROM measured GROUP BY quantity, variant, weight_scale ORDER BY quantity, variant, weight_scale
