-- What the noise costs: test accuracy by the running averages and by the batches' own moments, mean and ends over the seeds.
SELECT json_extract(settings, '$."optimizer.learning_rate"') AS learning_rate, json_extract(settings, '$.variant') AS variant,
    avg(evaluation.accuracy) FILTER (WHERE mode = 'running') AS test_accuracy, min(evaluation.accuracy) FILTER (WHERE mode = 'running') AS smallest,
    max(evaluation.accuracy) FILTER (WHERE mode = 'running') AS largest, avg(evaluation.accuracy) FILTER (WHERE mode = 'batch') AS by_batch_moments,
    avg(final_loss) FILTER (WHERE mode = 'running') AS training_loss, count(*) FILTER (WHERE mode = 'running') AS seeds
FROM sweep_summary JOIN evaluation ON evaluation.run_id = sweep_summary.run_id AND evaluation.step = last_step
WHERE sweep = 'loss-landscape' GROUP BY learning_rate, variant ORDER BY learning_rate, variant
