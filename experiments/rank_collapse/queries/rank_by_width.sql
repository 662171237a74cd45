-- How the soft rank (sum l)^2 / sum l^2 grows with the width: the slope of the line of least squares through log rank against log width.
-- Deep is the mean over layers 64 to 128 (of those measured) and over seeds.
WITH deep AS (
    SELECT json_extract(settings, '$.activation') AS activation, json_extract(settings, '$.variant') AS variant,
        CAST(json_extract(settings, '$."model.hidden.width"') AS INTEGER) AS width, avg(participation_ratio) AS rank
    FROM sweep_summary JOIN representation_statistic USING (run_id)
    WHERE sweep = 'rank-collapse' AND site = 'preactivation' AND layer >= 63 GROUP BY activation, variant, width
)
SELECT activation, variant, max(rank) FILTER (WHERE width = 8) AS width_8, max(rank) FILTER (WHERE width = 16) AS width_16,
    max(rank) FILTER (WHERE width = 32) AS width_32, max(rank) FILTER (WHERE width = 64) AS width_64, max(rank) FILTER (WHERE width = 128) AS width_128,
    (avg(ln(width) * ln(rank)) - avg(ln(width)) * avg(ln(rank))) / (avg(ln(width) * ln(width)) - avg(ln(width)) * avg(ln(width))) AS slope
FROM deep GROUP BY activation, variant ORDER BY activation, variant
