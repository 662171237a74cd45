-- With batch normalization: the norm of the second weight, and the learning rate, by step; seed 1.
SELECT step AS x, weight_norm AS y, json_extract(settings, '$.variant') AS series, 'norm of the weight' AS panel
FROM sweep_summary JOIN parameter_statistic USING (run_id) WHERE sweep = 'exponential-rate' AND layer = 1 AND parameter = 'weight'
    AND json_extract(settings, '$.seed') = 1 AND json_extract(settings, '$.normalization') = 'batch'
UNION ALL SELECT step, learning_rate, json_extract(settings, '$.variant'), 'learning rate'
FROM sweep_summary JOIN training_step USING (run_id) WHERE sweep = 'exponential-rate'
    AND json_extract(settings, '$.seed') = 1 AND json_extract(settings, '$.normalization') = 'batch' ORDER BY panel, series, x
