-- Rows of the table of all claims (scripts/reproduce); the experiment's other queries are tables here, "NAME.sql".
SELECT 'CS231n, assignment 2' AS paper, 'BN makes a deep network converge much faster: validation accuracy after 2 epochs' AS statement, 'much faster' AS published,
    printf('%.3f, without it %.3f after 2 and %.3f after 10', max(mean) FILTER (WHERE variant = 'BN' AND epoch = 2),
        max(mean) FILTER (WHERE variant = 'none' AND epoch = 2), max(mean) FILTER (WHERE variant = 'none' AND epoch = 10)) AS ours,
    iif(max(mean) FILTER (WHERE variant = 'BN' AND epoch = 2) > max(mean) FILTER (WHERE variant = 'none' AND epoch = 2) + 0.05, 'yes', 'no') AS agrees
FROM "depth.sql" WHERE quantity = 'validation accuracy'
UNION ALL
SELECT 'CS231n, assignment 2', 'The same, training loss of the 10th epoch', 'much faster',
    printf('%.3f, without %.3f', max(mean) FILTER (WHERE variant = 'BN'), max(mean) FILTER (WHERE variant = 'none')),
    iif(max(mean) FILTER (WHERE variant = 'BN') < max(mean) FILTER (WHERE variant = 'none'), 'yes', 'no') FROM "depth.sql" WHERE quantity = 'training loss' AND epoch = 10
UNION ALL
SELECT 'CS231n, assignment 2', 'With LN the batch size matters less: training accuracy with batches of 50 less that of 5', 'markedly less',
    printf('%.3f, BN %.3f', l, b), iif(2 * abs(l) < b, 'yes', 'no')
FROM (
    SELECT max(mean) FILTER (WHERE variant = 'LN' AND batch_size = 50) - max(mean) FILTER (WHERE variant = 'LN' AND batch_size = 5) AS l,
        max(mean) FILTER (WHERE variant = 'BN' AND batch_size = 50) - max(mean) FILTER (WHERE variant = 'BN' AND batch_size = 5) AS b
    FROM "batch_size.sql" WHERE split = 'training' AND epoch = 10 AND learning_rate = 1e-3
) WHERE l IS NOT NULL AND b IS NOT NULL
