-- By shape and what is trained: accuracies, mean over seeds, the range of the test accuracy, how many values are trained, and the share of gammas that
-- end below 0.01 in size.
WITH trial AS (
    SELECT run_id, json_extract(settings, '$.variant') AS trained, test_accuracy, train_accuracy, last_step,
        CAST(substr(json_extract(settings, '$.shape'), 1, instr(json_extract(settings, '$.shape'), ' ') - 1) AS INTEGER) AS width,
        CAST(substr(json_extract(settings, '$.shape'), instr(json_extract(settings, '$.shape'), 'x') + 2) AS INTEGER) AS depth
    FROM sweep_summary WHERE sweep = 'only-batch-norm' AND status = 'finished'
), gamma AS (
    SELECT run_id, avg(abs(value) < 0.01) AS disabled FROM trial JOIN unit_value AS u USING (run_id) WHERE quantity = 'gamma' AND u.step = last_step GROUP BY run_id
)
SELECT width, depth, trained,
    iif(trained LIKE 'gamma%', 2 * width * depth, 0) + iif(trained LIKE '%output layer', 10 * width + 10, 0)
        + iif(trained = 'all', 784 * width + (depth - 1) * width * width + 2 * width * depth + 10 * width + 10, 0) AS parameters,
    avg(train_accuracy) AS train_accuracy, avg(test_accuracy) AS test_accuracy, min(test_accuracy) AS least, max(test_accuracy) AS largest,
    avg(disabled) AS disabled_gammas, count(*) AS seeds
FROM trial JOIN gamma USING (run_id) GROUP BY width, depth, trained ORDER BY width, depth, parameters
