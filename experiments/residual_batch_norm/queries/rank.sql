-- By branch factor gamma, normalization and width: the soft rank (sum l)^2 / sum l^2 of theorem 2, mean over seeds, of layers 64 and 512, and of layers 256
-- to 512 (of those measured), with its share of the root of the width.
WITH layer_rank AS (
    SELECT run_id, layer, json_extract(settings, '$.variant') AS variant, json_extract(settings, '$."model.residual.factor"') AS gamma,
        CAST(json_extract(settings, '$."model.hidden.width"') AS INTEGER) AS width, participation_ratio AS rank
    FROM sweep_summary JOIN representation_statistic USING (run_id) WHERE sweep = 'residual-rank' AND site = 'preactivation'
)
SELECT gamma, variant, width, avg(rank) FILTER (WHERE layer = 64) AS layer_64, avg(rank) FILTER (WHERE layer = 512) AS layer_512,
    avg(rank) FILTER (WHERE layer >= 256) AS deep, avg(rank) FILTER (WHERE layer >= 256) / sqrt(width) AS by_root_of_width
FROM layer_rank GROUP BY gamma, variant, width ORDER BY gamma, variant, width
