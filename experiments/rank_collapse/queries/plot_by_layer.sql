-- Soft rank by layer at initialization, mean over seeds, networks of 32 units.
SELECT layer + 1 AS x, avg(participation_ratio) AS y, json_extract(settings, '$.variant') AS series, json_extract(settings, '$.activation') AS panel,
    min(participation_ratio) AS low, max(participation_ratio) AS high
FROM sweep_summary JOIN representation_statistic USING (run_id)
WHERE sweep = 'rank-collapse' AND site = 'preactivation' AND json_extract(settings, '$."model.hidden.width"') = 32
GROUP BY panel, series, layer ORDER BY panel, series, x
