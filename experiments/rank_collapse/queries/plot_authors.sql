-- Rank by layer in networks of 128 units, by the tolerance of float32: mean over seeds, and its ends.
SELECT layer + 1 AS x, avg(effective_rank) AS y, json_extract(settings, '$.variant') AS series, min(effective_rank) AS low, max(effective_rank) AS high
FROM sweep_summary JOIN representation_statistic USING (run_id)
WHERE sweep = 'rank-collapse-authors' AND site = 'activation' GROUP BY series, layer ORDER BY series, x
