-- Test accuracy after 2, 10, 20, 50 and 100 % of the steps: mean, standard deviation (ddof 1), least and largest over the seeds.
SELECT json_extract(settings, '$.variant') AS variant, step, round(avg(accuracy), 4) AS test_accuracy,
    round(sqrt(max(0, (sum(accuracy * accuracy) - sum(accuracy) * avg(accuracy)) / (count(*) - 1))), 4) AS deviation,
    min(accuracy) AS least, max(accuracy) AS largest, count(*) AS seeds
FROM sweep_summary JOIN evaluation USING (run_id)
WHERE split = 'test' AND mode = 'running' AND step IN (last_step / 50, last_step / 10, last_step / 5, last_step / 2, last_step)
GROUP BY variant, step ORDER BY step, variant
