-- Ranks of the last of 128 hidden layers' preactivations at initialization, means over seeds, of 256 rows.
-- soft_rank: (sum l)^2 / sum l^2; stable_rank: sum l / max l; effective_rank: how many l exceed a hundredth of the largest.
SELECT json_extract(settings, '$.activation') AS activation, json_extract(settings, '$.variant') AS variant,
    CAST(json_extract(settings, '$."model.hidden.width"') AS INTEGER) AS width, avg(participation_ratio) AS soft_rank, avg(stable_rank) AS stable_rank,
    avg(effective_rank) AS effective_rank, avg(mean_cosine) AS mean_cosine, count(*) AS seeds
FROM sweep_summary JOIN representation_statistic USING (run_id)
WHERE sweep = 'rank-collapse' AND site = 'preactivation' AND layer = 127
GROUP BY activation, variant, width ORDER BY activation, variant, width
