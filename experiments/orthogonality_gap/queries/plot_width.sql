-- The mean orthogonality gap of layers 41 to 100 by width, and its ends over the seeds, beside 1 / sqrt(width).
WITH seed_gap AS (
    SELECT json_extract(settings, '$."model.hidden.width"') AS x, avg(sqrt(max(1 / participation_ratio - 0.25, 0))) AS y
    FROM sweep_summary JOIN representation_statistic USING (run_id)
    WHERE sweep = 'orthogonality-gap' AND site = 'preactivation' AND layer BETWEEN 40 AND 99 GROUP BY run_id
)
SELECT x, avg(y) AS y, 'measured' AS series, min(y) AS low, max(y) AS high FROM seed_gap GROUP BY x
UNION ALL SELECT DISTINCT x, 1 / sqrt(x), '1 / sqrt(width)', NULL, NULL FROM seed_gap ORDER BY series, x
