-- The 20 largest eigenvalues at initialization and at the end, mean over seeds.
SELECT rank + 1 AS x, avg(value) AS y, CASE step WHEN 0 THEN 'at initialization' ELSE 'at the end' END AS series,
    CASE json_extract(settings, '$.variant') WHEN 'BN' THEN 'with BN' ELSE 'without' END AS panel
FROM sweep_summary JOIN hessian_eigenvalue USING (run_id)
WHERE sweep = 'hessian-spectrum' AND status = 'finished' AND (step = 0 OR step = last_step)
GROUP BY panel, series, rank ORDER BY panel DESC, series, x
