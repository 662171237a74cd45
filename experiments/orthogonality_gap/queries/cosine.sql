-- The absolute cosine of two rows at some layers, counted from 1, and its mean over layers 20 to 50; mean over seeds.
SELECT json_extract(settings, '$.variant') AS variant, avg(abs(mean_cosine)) FILTER (WHERE layer = 0) AS layer_1,
    avg(abs(mean_cosine)) FILTER (WHERE layer = 4) AS layer_5, avg(abs(mean_cosine)) FILTER (WHERE layer = 9) AS layer_10,
    avg(abs(mean_cosine)) FILTER (WHERE layer = 49) AS layer_50, avg(abs(mean_cosine)) FILTER (WHERE layer BETWEEN 19 AND 49) AS layers_20_to_50,
    count(DISTINCT seed) AS seeds
FROM sweep_summary JOIN representation_statistic USING (run_id)
WHERE sweep = 'orthogonality-gap-cosine' AND site = 'preactivation' AND layer < 50 GROUP BY variant ORDER BY variant
