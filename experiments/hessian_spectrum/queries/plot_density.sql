-- Share of the eigenvalues in bins of a twentieth of the largest one, at the end, mean over probes and seeds.
WITH node AS (
    SELECT json_extract(settings, '$.variant') AS variant, run_id, probe, value, weight,
        (SELECT value FROM hessian_eigenvalue AS e WHERE e.run_id = s.run_id AND e.step = d.step AND rank = 0) AS largest
    FROM sweep_summary AS s JOIN hessian_density AS d USING (run_id)
    WHERE sweep = 'hessian-spectrum' AND status = 'finished' AND step = last_step
)
SELECT round(value / largest * 20) / 20 AS x, sum(weight) / (SELECT count(DISTINCT run_id || ' ' || probe) FROM node AS m WHERE m.variant = n.variant) AS y,
    CASE variant WHEN 'BN' THEN 'with BN' ELSE 'without' END AS series
FROM node AS n GROUP BY variant, x ORDER BY series DESC, x
