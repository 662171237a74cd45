-- Root mean square over seeds of the gradient norm in each layer, relative to the last hidden layer.
WITH mean_square AS (
    SELECT json_extract(settings, '$.variant') AS variant, json_extract(settings, '$."training.batch_size"') AS b, layer,
        avg(gradient_norm * gradient_norm) AS square
    FROM sweep_summary JOIN activation_statistic USING (run_id) WHERE site = 'preactivation' GROUP BY variant, b, layer
)
SELECT layer AS x, sqrt(square / (SELECT square FROM mean_square AS last WHERE last.variant = m.variant AND last.b = m.b AND last.layer =
        (SELECT max(layer) - 1 FROM mean_square))) AS y,
    CASE WHEN variant LIKE 'BN%' THEN 'batch ' || b ELSE 'none' END AS series, replace(replace(variant, 'BN, ', ''), 'none, ', '') AS panel
FROM mean_square AS m WHERE (b IN (8, 64, 256) OR variant LIKE 'none%') AND layer < (SELECT max(layer) FROM mean_square)
ORDER BY panel, variant, b, layer
