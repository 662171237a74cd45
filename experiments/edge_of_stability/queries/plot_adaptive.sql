-- The largest eigenvalue of the preconditioned Hessian, and that of the Hessian, by the threshold, 2 / rate or for Adam 38 / rate.
WITH scaled AS (
    SELECT run_id, json_extract(settings, '$.variant') AS variant,
        CASE json_extract(settings, '$.variant') WHEN 'Adam' THEN 38 ELSE 2 END AS edge
    FROM sweep_summary WHERE sweep = 'adaptive-edge-of-stability' AND status = 'finished'
)
SELECT step AS x, preconditioned_value * learning_rate / edge AS y, 'rate ' || learning_rate AS series, variant AS panel
FROM scaled JOIN hessian_eigenvalue USING (run_id) JOIN training_step USING (run_id, step) WHERE rank = 0 AND step > 0
ORDER BY panel, series, x
