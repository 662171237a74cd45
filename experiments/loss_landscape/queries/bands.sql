-- By step: a quantity one step of the optimizer away, and its ends over all step sizes; means over the seeds. The smoothness is the largest.
WITH place AS (
    SELECT run_id, step, max(landscape.loss) FILTER (WHERE step_size = 1) AS loss, min(landscape.loss) AS low, max(landscape.loss) AS high,
        max(gradient_distance) FILTER (WHERE step_size = 1) AS change, min(gradient_distance) AS change_low,
        max(gradient_distance) AS change_high, max(smoothness) AS smoothness
    FROM landscape JOIN training_step USING (run_id, step) GROUP BY run_id, step
), value AS (
    SELECT run_id, step, 'loss' AS quantity, loss AS y, low, high FROM place
    UNION ALL SELECT run_id, step, 'change', change, change_low, change_high FROM place
    UNION ALL SELECT run_id, step, 'smoothness', smoothness, NULL, NULL FROM place
)
SELECT quantity, step AS x, avg(y) AS y, json_extract(settings, '$.variant') AS series,
    'learning rate ' || json_extract(settings, '$."optimizer.learning_rate"') AS panel, avg(low) AS low, avg(high) AS high
FROM sweep_summary JOIN value USING (run_id) WHERE sweep = 'loss-landscape' AND json_extract(settings, '$.variant') <> 'noisy BN'
GROUP BY quantity, panel, series, step ORDER BY quantity, panel, series, step
