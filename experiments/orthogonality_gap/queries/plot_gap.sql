-- The orthogonality gap by layer: geometric mean over seeds, and its ends.
WITH gap AS (
    SELECT json_extract(settings, '$."model.hidden.width"') AS width, layer + 1 AS x, sqrt(max(1 / participation_ratio - 0.25, 0)) AS gap
    FROM sweep_summary JOIN representation_statistic USING (run_id) WHERE sweep = 'orthogonality-gap' AND site = 'preactivation' AND layer < 50
)
SELECT x, exp(avg(ln(gap))) AS y, width || ' units' AS series FROM gap GROUP BY width, x ORDER BY width, x
