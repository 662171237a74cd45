-- Test accuracy after training at the learning rate that is best in the mean over seeds, and the last hidden layer's soft rank before and after.
WITH trained AS (
    SELECT CAST(json_extract(settings, '$.depth') AS INTEGER) AS depth, json_extract(settings, '$.variant') AS variant,
        json_extract(settings, '$."optimizer.learning_rate"') AS learning_rate, avg(test_accuracy) AS test_accuracy, count(*) AS seeds,
        avg((SELECT participation_ratio FROM representation_statistic AS r WHERE r.run_id = s.run_id AND step = 0 AND site = 'preactivation')) AS rank_before,
        avg((SELECT participation_ratio FROM representation_statistic AS r WHERE r.run_id = s.run_id AND step = last_step AND site = 'preactivation')) AS rank_after
    FROM sweep_summary AS s WHERE sweep = 'rank-collapse-training' AND run_id IS NOT NULL
    GROUP BY depth, variant, learning_rate HAVING count(*) = count(test_accuracy) FILTER (WHERE status = 'finished')
)
SELECT depth, variant, learning_rate, test_accuracy, rank_before, rank_after, seeds FROM trained AS t
WHERE test_accuracy = (SELECT max(test_accuracy) FROM trained WHERE depth = t.depth AND variant = t.variant) ORDER BY depth, variant
