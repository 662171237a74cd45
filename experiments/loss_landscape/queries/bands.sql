-- By step: a quantity at one step of the optimizer, and its ends over all step sizes; means over the seeds. The smoothness is the largest.
WITH end_value AS (
    SELECT run_id, step, 'loss' AS quantity, max(loss) FILTER (WHERE step_size = 1) AS y, min(loss) AS low, max(loss) AS high
    FROM landscape GROUP BY run_id, step
    UNION ALL SELECT run_id, step, 'change', max(gradient_distance) FILTER (WHERE step_size = 1), min(gradient_distance), max(gradient_distance)
    FROM landscape GROUP BY run_id, step
    UNION ALL SELECT run_id, step, 'smoothness', max(smoothness), NULL, NULL FROM landscape GROUP BY run_id, step
)
SELECT quantity, step AS x, avg(y) AS y, json_extract(settings, '$.variant') AS series,
    'rate ' || json_extract(settings, '$."optimizer.learning_rate"') AS panel, avg(low) AS low, avg(high) AS high
FROM sweep_summary JOIN end_value USING (run_id) WHERE sweep = 'loss-landscape' AND json_extract(settings, '$.variant') <> 'noisy BN'
GROUP BY quantity, panel, series, step ORDER BY quantity, panel, series, step
