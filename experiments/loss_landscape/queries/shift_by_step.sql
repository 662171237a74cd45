-- Internal covariate shift of the weight in the middle by step: mean over the seeds, and its ends.
SELECT sweep, step AS x, json_extract(settings, '$.variant') AS series, 'learning rate ' || json_extract(settings, '$."optimizer.learning_rate"') AS panel,
    avg(gradient_cosine) AS cosine, min(gradient_cosine) AS cosine_low, max(gradient_cosine) AS cosine_high,
    avg(gradient_distance) AS distance, min(gradient_distance) AS distance_low, max(gradient_distance) AS distance_high
FROM sweep_summary JOIN covariate_shift USING (run_id)
WHERE layer = CASE sweep WHEN 'deep-linear' THEN 12 ELSE 3 END AND series <> 'noisy BN'
GROUP BY sweep, panel, series, step ORDER BY sweep, panel, series, step
