-- The largest eigenvalue over the steps, and 2 / rate at both ends.
WITH run AS (
    SELECT run_id, json_extract(settings, '$."optimizer.learning_rate"') AS rate, json_extract(settings, '$.variant') AS variant, last_step
    FROM sweep_summary WHERE sweep = 'edge-of-stability' AND status = 'finished'
)
SELECT step AS x, value AS y, 'rate ' || rate AS series, CASE variant WHEN 'BN' THEN 'with BN' ELSE 'without' END AS panel
FROM run JOIN hessian_eigenvalue USING (run_id) WHERE rank = 0
UNION ALL SELECT x, 2 / rate, '2 / rate ' || rate, CASE variant WHEN 'BN' THEN 'with BN' ELSE 'without' END
FROM (SELECT 0 AS x, * FROM run UNION ALL SELECT last_step, * FROM run)
ORDER BY panel DESC, series, x
