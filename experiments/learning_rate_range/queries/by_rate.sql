-- By activation, depth, normalization and learning rate: mean, lowest and highest test accuracy over seeds, how many runs diverged, and how many
-- of the others did not learn (accuracy below 0.2). A diverged run has no network to test; it counts as chance, 0.1.
WITH trial AS (
    SELECT coalesce(json_extract(settings, '$.activation'), 'ReLU') AS activation, CAST(coalesce(json_extract(settings, '$.depth'), 3) AS INTEGER) AS depth,
        json_extract(settings, '$.variant') AS normalization, json_extract(settings, '$."optimizer.learning_rate"') AS rate, status,
        CASE WHEN status = 'diverged' THEN 0.1 ELSE test_accuracy END AS accuracy
    FROM sweep_summary WHERE status IN ('finished', 'diverged')
        AND sweep_id = (SELECT max(id) FROM sweep WHERE name = 'learning-rate-range')
)
SELECT activation, depth, normalization, rate, avg(accuracy) AS accuracy, min(accuracy) AS lowest, max(accuracy) AS highest,
    sum(status = 'diverged') AS diverged, sum(status = 'finished' AND accuracy < 0.2) AS not_learned, count(*) AS runs
FROM trial GROUP BY activation, depth, normalization, rate ORDER BY activation, depth, normalization, rate
