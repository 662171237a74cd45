-- The orthogonality gap |H'H - I/n| (Frobenius; the trace of H'H is 1) of n = 4 rows by width: the mean over seeds of its logarithm at some
-- layers, counted from 1, and the logarithm of its mean over layers 41 to 100. Since |H'H|^2 is 1 / participation_ratio, it is sqrt(1 / ratio - 1/n).
WITH gap AS (
    SELECT json_extract(settings, '$."model.hidden.width"') AS width, layer + 1 AS layer, sqrt(max(1 / participation_ratio - 0.25, 0)) AS gap, seed
    FROM sweep_summary JOIN representation_statistic USING (run_id) WHERE sweep = 'orthogonality-gap' AND site = 'preactivation' AND layer < 100
)
SELECT width, avg(ln(gap)) FILTER (WHERE layer = 1) AS layer_1, avg(ln(gap)) FILTER (WHERE layer = 10) AS layer_10,
    avg(ln(gap)) FILTER (WHERE layer = 20) AS layer_20, avg(ln(gap)) FILTER (WHERE layer = 50) AS layer_50,
    ln(avg(gap) FILTER (WHERE layer > 40)) AS deep, count(DISTINCT seed) AS seeds
FROM gap GROUP BY width ORDER BY width
