-- By network and number of blocks before it: the variance on the skip path (site sum; of the first layer h), what the formula gives from the measured variance of
-- the first layer, that of the branch before its factor (site linear), and the share of the sum that the branch, times its factor, has; mean over seeds.
WITH site_variance AS (
    SELECT run_id, json_extract(settings, '$.variant') AS variant, layer / 2 AS block,
        coalesce(max(standard_deviation * standard_deviation) FILTER (WHERE site = 'sum'),
            max(standard_deviation * standard_deviation) FILTER (WHERE site = 'linear'),
            max(standard_deviation * standard_deviation) FILTER (WHERE site = 'preactivation')) AS variance,
        max(standard_deviation * standard_deviation) FILTER (WHERE site = 'linear' AND layer > 0) AS branch
    FROM sweep_summary JOIN activation_statistic USING (run_id) WHERE sweep = 'residual-variance' GROUP BY run_id, layer
), first AS (SELECT run_id, variance AS first FROM site_variance WHERE block = 0)
SELECT variant, block, avg(variance) AS variance,
    avg(CASE variant WHEN 'BN' THEN first + block WHEN 'LN' THEN first + block WHEN 'none' THEN first * pow(2, block) ELSE first END) AS formula,
    avg(branch) AS branch, avg(iif(variant = 'SkipInit' AND block > 0, 0, branch / variance)) AS branch_share
FROM site_variance JOIN first USING (run_id) GROUP BY variant, block ORDER BY variant, block
