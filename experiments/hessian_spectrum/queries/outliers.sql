-- The largest eigenvalue by the 10th, 11th and 20th: how far outliers stand out, and whether there are as many as classes (10). Means over seeds.
SELECT json_extract(settings, '$.variant') AS variant, step, avg(a.value) AS largest, avg(a.value / b.value) AS by_10th, avg(b.value / c.value) AS tenth_by_11th,
    avg(a.value / d.value) AS by_20th, avg(-smallest_eigenvalue / a.value) AS smallest_by_largest, count(*) AS seeds
FROM sweep_summary JOIN hessian_eigenvalue AS a USING (run_id) JOIN hessian_eigenvalue AS b USING (run_id, step) JOIN hessian_eigenvalue AS c USING (run_id, step)
    JOIN hessian_eigenvalue AS d USING (run_id, step) JOIN hessian_statistic USING (run_id, step)
WHERE sweep = 'hessian-spectrum' AND a.rank = 0 AND b.rank = 9 AND c.rank = 10 AND d.rank = 19 AND status = 'finished'
GROUP BY variant, step ORDER BY variant DESC, step
