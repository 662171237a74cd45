-- The absolute cosine of two rows by layer: mean over seeds.
SELECT layer + 1 AS x, avg(abs(mean_cosine)) AS y,
    CASE json_extract(settings, '$.variant') WHEN 'BN' THEN 'BN, from nearly parallel rows' ELSE 'none, from orthogonal rows' END AS series
FROM sweep_summary JOIN representation_statistic USING (run_id)
WHERE sweep = 'orthogonality-gap-cosine' AND site = 'preactivation' AND layer < 50 GROUP BY series, x ORDER BY series, x
