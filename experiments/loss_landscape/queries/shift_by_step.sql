-- Internal covariate shift of three layers by step: mean over the seeds, and its ends.
SELECT sweep, step AS x, json_extract(settings, '$.variant') AS series, 'layer ' || printf('%2d', layer) AS panel,
    coalesce(json_extract(settings, '$."optimizer.learning_rate"'), 0.01) AS learning_rate,
    avg(gradient_cosine) AS cosine, min(gradient_cosine) AS cosine_low, max(gradient_cosine) AS cosine_high,
    avg(gradient_distance) AS distance, min(gradient_distance) AS distance_low, max(gradient_distance) AS distance_high
FROM sweep_summary JOIN covariate_shift USING (run_id)
WHERE layer IN (1, CASE sweep WHEN 'deep-linear' THEN 12 ELSE 3 END, CASE sweep WHEN 'deep-linear' THEN 24 ELSE 5 END)
    AND series <> 'noisy BN'
GROUP BY sweep, learning_rate, panel, series, step
