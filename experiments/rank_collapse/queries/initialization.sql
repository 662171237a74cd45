-- Test accuracy after training by initialization, width and depth, at the learning rate that is best in the mean over seeds; a diverged run counts as 0.1.
WITH trained AS (
    SELECT json_extract(settings, '$.variant') AS variant, json_extract(settings, '$.initialization') AS initialization,
        CAST(json_extract(settings, '$.depth') AS INTEGER) AS depth, json_extract(settings, '$."model.hidden.width"') AS width,
        json_extract(settings, '$."optimizer.learning_rate"') AS learning_rate,
        avg(iif(status = 'diverged', 0.1, test_accuracy)) AS test_accuracy, min(iif(status = 'diverged', 0.1, test_accuracy)) AS least,
        max(iif(status = 'diverged', 0.1, test_accuracy)) AS largest, count(*) AS seeds
    FROM sweep_summary WHERE sweep = 'rank-collapse-initialization' AND status IN ('finished', 'diverged')
    GROUP BY variant, initialization, depth, width, learning_rate
)
SELECT depth, variant, initialization, width, learning_rate AS best_rate, max(test_accuracy) AS test_accuracy, least, largest, seeds
FROM trained GROUP BY depth, variant, initialization, width ORDER BY depth, variant DESC, initialization, width
