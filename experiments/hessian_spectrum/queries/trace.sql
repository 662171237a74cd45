-- The trace, and the share of it that the ten largest eigenvalues have. Means over seeds.
SELECT json_extract(settings, '$.variant') AS variant, step, avg(trace) AS trace, avg(trace_error) AS trace_error,
    avg((SELECT sum(value) FROM hessian_eigenvalue AS e WHERE e.run_id = s.run_id AND e.step = h.step AND rank < 10) / trace) AS share_of_ten
FROM sweep_summary AS s JOIN hessian_statistic AS h USING (run_id) WHERE sweep = 'hessian-spectrum' AND status = 'finished'
GROUP BY variant, step ORDER BY variant DESC, step
