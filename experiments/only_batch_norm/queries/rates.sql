-- Test accuracy by learning rate and what is trained, 4 x 128, one seed.
SELECT json_extract(settings, '$."optimizer.learning_rate"') AS learning_rate,
    max(test_accuracy) FILTER (WHERE json_extract(settings, '$.variant') = 'gamma, beta') AS "gamma, beta",
    max(test_accuracy) FILTER (WHERE json_extract(settings, '$.variant') = 'output layer') AS "output layer",
    max(test_accuracy) FILTER (WHERE json_extract(settings, '$.variant') = 'all') AS "all"
FROM sweep_summary WHERE sweep = 'only-batch-norm-rates' GROUP BY learning_rate ORDER BY learning_rate
