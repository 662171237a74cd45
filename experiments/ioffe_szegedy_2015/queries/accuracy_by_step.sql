-- Figure 1(a): test accuracy by step, its mean over the seeds and their range; the second panel shows what the first is too coarse for.
SELECT step AS x, avg(accuracy) AS y, min(accuracy) AS low, max(accuracy) AS high,
    CASE json_extract(settings, '$.variant') WHEN 'BN' THEN 'with BN' ELSE 'without BN' END AS series, panel
FROM (SELECT 0 AS since, 'all steps' AS panel UNION ALL SELECT 10, 'after a tenth of the steps'), sweep_summary JOIN evaluation USING (run_id)
WHERE split = 'test' AND mode = 'running' AND step > 0 AND step * 100 >= last_step * since
GROUP BY panel, series, step ORDER BY since, series, step
