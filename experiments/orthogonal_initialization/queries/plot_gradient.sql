-- The gradient norm of the second weight matrix by depth: geometric mean over seeds, and its ends.
SELECT CAST(json_extract(settings, '$.depth') AS INTEGER) AS x, exp(avg(ln(gradient_norm))) AS y, json_extract(settings, '$.variant') AS series,
    json_extract(settings, '$."model.activation"') AS panel, min(gradient_norm) AS low, max(gradient_norm) AS high
FROM sweep_summary JOIN parameter_statistic USING (run_id)
WHERE sweep = 'orthogonal-initialization' AND layer = 1 AND parameter = 'weight' GROUP BY panel, series, x ORDER BY panel, series, x
