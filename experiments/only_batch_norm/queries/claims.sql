-- Rows of the table of all claims (scripts/reproduce); the experiment's other queries are tables here, "NAME.sql".
WITH only AS (SELECT * FROM "accuracy.sql" WHERE trained = 'gamma, beta'), middle AS (SELECT * FROM "accuracy.sql" WHERE width = 128 AND depth = 4)
SELECT 'Frankle et al. 2021' AS paper, 'Training only gamma and beta of a random network reaches a high accuracy' AS statement,
    '82 % (CIFAR-10, deep ResNet)' AS published, printf('%.1f %% (MNIST, %d x %d), all trained %.1f %%', 100 * test_accuracy, width, depth,
        100 * (SELECT a.test_accuracy FROM "accuracy.sql" AS a WHERE a.width = only.width AND a.depth = only.depth AND trained = 'all')) AS ours,
    iif(test_accuracy > 0.8, 'yes', 'no') AS agrees
FROM only WHERE test_accuracy = (SELECT max(test_accuracy) FROM only)
UNION ALL
SELECT 'Frankle et al. 2021', 'It is better than training as many values elsewhere (here: the output layer alone)', 'far better',
    printf('%.3f with %d values, %.3f with %d', a.test_accuracy, a.parameters, b.test_accuracy, b.parameters),
    iif(a.test_accuracy > b.test_accuracy + 0.05, 'yes', 'no')
FROM middle AS a JOIN middle AS b WHERE a.trained = 'gamma, beta' AND b.trained = 'output layer'
UNION ALL
SELECT 'Frankle et al. 2021', 'Deeper networks do better: 128 units, 1, 4 and 16 layers', 'the deepest best',
    printf('%.3f, %.3f, %.3f', max(test_accuracy) FILTER (WHERE depth = 1), max(test_accuracy) FILTER (WHERE depth = 4),
        max(test_accuracy) FILTER (WHERE depth = 16)),
    iif(max(test_accuracy) FILTER (WHERE depth = 16) > max(test_accuracy) FILTER (WHERE depth = 4), 'yes', 'no') FROM only WHERE width = 128 HAVING sum(depth IN (1, 4, 16)) = 3
UNION ALL
SELECT 'Frankle et al. 2021', 'About a third of the gammas end near 0 (here: below 0.01)', 'about 1/3',
    printf('%.1f %% to %.1f %%', 100 * min(disabled_gammas), 100 * max(disabled_gammas)), iif(max(disabled_gammas) > 0.2, 'yes', 'no') FROM only
