-- The isometry gap of the last hidden layer by depth, where it is finite in all seeds: mean over seeds, and its ends.
SELECT CAST(json_extract(settings, '$.depth') AS INTEGER) AS x, avg(isometry_gap) AS y, json_extract(settings, '$.variant') AS series,
    json_extract(settings, '$."model.activation"') AS panel, min(isometry_gap) AS low, max(isometry_gap) AS high
FROM sweep_summary JOIN representation_statistic USING (run_id)
WHERE sweep = 'orthogonal-initialization' AND site = 'preactivation' AND layer = json_extract(settings, '$.depth') - 1
GROUP BY panel, series, x HAVING count(isometry_gap) = count(*) AND min(isometry_gap) > 0 ORDER BY panel, series, x
