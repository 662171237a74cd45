-- The first study by epoch, mean and range over seeds: the mean loss of the epoch's batches, and accuracies after it.
WITH trial AS (
    SELECT run_id, json_extract(settings, '$.variant') AS variant FROM sweep_summary WHERE sweep = 'course-depth' AND run_id IS NOT NULL
), measured AS (
    SELECT 'training loss' AS quantity, variant, run_id, epoch + 1 AS epoch, avg(loss) AS value
    FROM trial JOIN training_step USING (run_id) WHERE epoch < 10 GROUP BY run_id, epoch
    UNION ALL
    SELECT iif(split = 'train', 'training', split) || ' accuracy', variant, run_id, step / 20, accuracy  -- 20 batches of 50 are an epoch
    FROM trial JOIN evaluation USING (run_id) WHERE mode = 'running'
)
SELECT quantity, epoch, variant, avg(value) AS mean, min(value) AS low, max(value) AS high, count(*) AS seeds
FROM measured GROUP BY quantity, variant, epoch ORDER BY quantity, variant, epoch
