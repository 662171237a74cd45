-- The variance on the skip path by block, mean over seeds.
SELECT layer / 2 AS x, avg(standard_deviation * standard_deviation) AS y, json_extract(settings, '$.variant') AS series
FROM sweep_summary JOIN activation_statistic USING (run_id)
WHERE sweep = 'residual-variance' AND site = 'sum' AND layer > 0 GROUP BY series, layer ORDER BY series, x
