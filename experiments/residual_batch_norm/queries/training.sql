-- By depth and network: the best learning rate, its mean test accuracy and the range over seeds, and how many of all runs diverged. A rate at which a seed
-- diverged is left out.
WITH trial AS (
    SELECT json_extract(settings, '$.variant') AS variant, CAST(json_extract(settings, '$."model.hidden.depth"') AS INTEGER) AS layers,
        json_extract(settings, '$."optimizer.learning_rate"') AS rate, status, test_accuracy AS accuracy
    FROM sweep_summary WHERE sweep = 'residual-training' AND status IN ('finished', 'diverged')
), by_rate AS (
    SELECT variant, layers, rate, avg(accuracy) AS accuracy, min(accuracy) AS least, max(accuracy) AS largest, sum(status = 'diverged') AS diverged
    FROM trial GROUP BY variant, layers, rate
)
SELECT layers, variant, max(rate) FILTER (WHERE isbest) AS best_rate, max(accuracy) FILTER (WHERE isbest) AS accuracy,
    max(least) FILTER (WHERE isbest) AS least, max(largest) FILTER (WHERE isbest) AS largest, sum(diverged) AS diverged
FROM (
    SELECT *, diverged = 0 AND accuracy = max(accuracy) FILTER (WHERE diverged = 0) OVER (PARTITION BY variant, layers) AS isbest FROM by_rate
) GROUP BY layers, variant ORDER BY layers, variant
