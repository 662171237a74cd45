-- The third study by epoch, mean and range over seeds: accuracy on both splits for each normalization, batch size and learning rate.
WITH trial AS (
    SELECT run_id, json_extract(settings, '$.variant') AS variant, json_extract(settings, '$."training.batch_size"') AS batch_size,
        json_extract(settings, '$."optimizer.learning_rate"') AS learning_rate
    FROM sweep_summary WHERE sweep = 'course-batch-size' AND run_id IS NOT NULL
)
SELECT learning_rate, variant, batch_size, iif(split = 'train', 'training', split) AS split, step * batch_size / 1000 AS epoch,
    avg(accuracy) AS mean, min(accuracy) AS low, max(accuracy) AS high, count(*) AS seeds
FROM trial JOIN evaluation USING (run_id) WHERE mode = 'running'
GROUP BY learning_rate, variant, batch_size, split, epoch ORDER BY learning_rate DESC, split, variant, batch_size, epoch
