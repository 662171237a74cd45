-- Soft rank of layers 64 to 128 at initialization by width, mean over layers and seeds, beside the square root of the width.
WITH deep AS (
    SELECT CAST(json_extract(settings, '$."model.hidden.width"') AS INTEGER) AS x, participation_ratio AS y,
        json_extract(settings, '$.variant') AS series, json_extract(settings, '$.activation') AS panel
    FROM sweep_summary JOIN representation_statistic USING (run_id) WHERE sweep = 'rank-collapse' AND site = 'preactivation' AND layer >= 63
)
SELECT x, avg(y) AS y, series, panel FROM deep GROUP BY panel, series, x
UNION ALL SELECT DISTINCT x, sqrt(x), 'square root of the width', panel FROM deep
ORDER BY panel, series, x
