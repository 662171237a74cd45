-- By branch factor and normalization: the slope of the line of least squares through log rank against log width; rank is the mean soft rank of layers 256 to
-- 512 (of those measured) and seeds.
WITH deep AS (
    SELECT json_extract(settings, '$.variant') AS variant, json_extract(settings, '$."model.residual.factor"') AS gamma,
        CAST(json_extract(settings, '$."model.hidden.width"') AS INTEGER) AS width, avg(participation_ratio) AS rank
    FROM sweep_summary JOIN representation_statistic USING (run_id)
    WHERE sweep = 'residual-rank' AND site = 'preactivation' AND layer >= 256 GROUP BY variant, gamma, width
)
SELECT gamma, variant, (avg(ln(width) * ln(rank)) - avg(ln(width)) * avg(ln(rank))) / (avg(ln(width) * ln(width)) - avg(ln(width)) * avg(ln(width))) AS slope
FROM deep GROUP BY gamma, variant ORDER BY gamma, variant
