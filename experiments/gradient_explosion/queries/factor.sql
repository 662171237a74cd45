-- The factor by which the squared gradient norm grows from one layer to the layer below, measured and in the limit of wide layers.
-- Measured: the mean over seeds of the squared norm in each layer, then the geometric mean of its growth from layer 30 to layer 5.
WITH mean_square AS (
    SELECT json_extract(settings, '$.variant') AS variant, json_extract(settings, '$."training.batch_size"') AS b, layer,
        avg(gradient_norm * gradient_norm) AS square, count(*) AS seeds
    FROM sweep_summary JOIN activation_statistic USING (run_id) WHERE site = 'preactivation' GROUP BY variant, b, layer
), measured AS (
    SELECT low.variant, low.b, low.seeds, pow(low.square / high.square, 1.0 / (high.layer - low.layer)) AS factor
    FROM mean_square AS low JOIN mean_square AS high USING (variant, b)
    WHERE low.layer = 5 AND high.layer = (SELECT min(30, max(layer) - 5) FROM mean_square)
), relu AS (  -- moments of the rectified batch; see README.md
    SELECT b, rho, (sqrt(1 - rho * rho) + rho * (pi() - acos(rho))) / (2 * pi()) AS c, 0.25 + asin(rho) / (2 * pi()) AS q
    FROM (SELECT DISTINCT b, -1.0 / (b - 1) AS rho FROM measured)
), theory AS (
    SELECT 'BN, identity' AS variant, b, (b - 2.0) / (b - 3) AS factor FROM relu
    UNION ALL SELECT 'BN, ReLU', b,
        b * (b / 2.0 - 1.5 + 0.5 / b + (b - 1) * q / b + (0.5 + (b - 1) * c) / b) / ((0.5 - c) * (b - 1) * (b - 3)) FROM relu
    UNION ALL SELECT 'none, identity', b, 1.0 FROM relu UNION ALL SELECT 'none, ReLU', b, 1.0 FROM relu
)
SELECT variant, b AS batch_size, measured.factor AS measured, theory.factor AS wide_limit,
    round(100 * (measured.factor / theory.factor - 1), 1) AS difference_percent, seeds
FROM measured JOIN theory USING (variant, b) ORDER BY variant, b
