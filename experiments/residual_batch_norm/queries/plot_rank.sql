-- Soft rank by layer at initialization, mean over seeds and its ends, networks of 32 units.
SELECT layer AS x, avg(participation_ratio) AS y, json_extract(settings, '$.variant') AS series,
    'gamma ' || json_extract(settings, '$."model.residual.factor"') AS panel, min(participation_ratio) AS low, max(participation_ratio) AS high
FROM sweep_summary JOIN representation_statistic USING (run_id)
WHERE sweep = 'residual-rank' AND site = 'preactivation' AND layer > 0 AND json_extract(settings, '$."model.hidden.width"') = 32
GROUP BY panel, series, layer ORDER BY panel, series, x
