-- The loss of the batch by step, seed 1.
SELECT step AS x, loss AS y, json_extract(settings, '$.variant') AS series, coalesce(json_extract(settings, '$.normalization'), 'batch, momentum 0.9') AS panel
FROM sweep_summary JOIN training_step USING (run_id)
WHERE sweep LIKE 'exponential-rate%' AND json_extract(settings, '$.seed') = 1 AND loss > 0 ORDER BY panel, series DESC, x
