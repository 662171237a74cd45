-- The four numbers of neural collapse at initialization, where the training rows are first all right (the terminal phase begins), and at the end. Means over seeds.
WITH terminal AS (
    SELECT run_id, min(step) AS start FROM evaluation WHERE split = 'train' AND accuracy = 1 GROUP BY run_id
)
SELECT json_extract(settings, '$.variant') AS variant,
    CASE step WHEN 0 THEN 'initialization' WHEN last_step THEN 'end' ELSE 'first without error' END AS phase,
    avg(step) AS step, avg(within_class_variability) AS nc1, avg(mean_norm_variation) AS norms, avg(weight_norm_variation) AS weight_norms,
    avg(mean_angle_gap) AS angles, avg(weight_angle_gap) AS weight_angles, avg(self_duality) AS nc3, avg(center_disagreement) AS nc4,
    avg(test.accuracy) AS test_accuracy, count(*) AS seeds
FROM sweep_summary JOIN neural_collapse AS c USING (run_id) JOIN terminal USING (run_id)
    JOIN evaluation AS test USING (run_id, step, mode)
WHERE sweep = 'neural-collapse' AND sweep_summary.status = 'finished' AND c.split = 'train' AND test.split = 'test' AND step IN (0, start, last_step)
GROUP BY variant, phase ORDER BY variant, step
