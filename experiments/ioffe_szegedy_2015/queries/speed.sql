-- Steps until the test accuracy first reaches a threshold: mean over the seeds that reach it.
WITH first AS (
    SELECT json_extract(settings, '$.variant') AS variant, seed, threshold,
        (SELECT min(step) FROM evaluation AS e WHERE e.run_id = s.run_id AND split = 'test' AND mode = 'running' AND accuracy >= threshold) AS step
    FROM sweep_summary AS s, (SELECT 0.8 AS threshold UNION ALL SELECT 0.9 UNION ALL SELECT 0.95 UNION ALL SELECT 0.96 UNION ALL SELECT 0.97)
    WHERE run_id IS NOT NULL
)
SELECT threshold, cast(avg(step) FILTER (WHERE variant = 'BN') AS INTEGER) AS steps_with_BN,
    cast(avg(step) FILTER (WHERE variant = 'none') AS INTEGER) AS steps_without,
    count(step) FILTER (WHERE variant = 'BN') || ' of ' || count(*) FILTER (WHERE variant = 'BN') AS seeds_with_BN,
    count(step) FILTER (WHERE variant = 'none') || ' of ' || count(*) FILTER (WHERE variant = 'none') AS seeds_without
FROM first GROUP BY threshold ORDER BY threshold
