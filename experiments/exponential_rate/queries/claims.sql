-- Rows of the table of all claims (scripts/reproduce); the experiment's other queries are tables here, "NAME.sql".
SELECT 'Li & Arora 2019' AS paper, 'Without momentum, weight decay and a rate that grows by (1 - rate x decay)^(-2) a step train one network: BN' AS statement,
    'the same' AS published, printf('losses differ by %.0e at most', largest_difference) AS ours, iif(largest_difference < 1e-6, 'yes', 'no') AS agrees
FROM "equivalence.sql" WHERE normalization = 'batch'
UNION ALL
SELECT 'Li & Arora 2019', 'The same with layer and group normalization', 'the same',
    printf('in 1,000 steps losses differ by %.0e and %.0e; in all by %.1g and %.1g', max(difference_1000) FILTER (WHERE normalization = 'layer'),
        max(difference_1000) FILTER (WHERE normalization = 'group'), max(largest_difference) FILTER (WHERE normalization = 'layer'),
        max(largest_difference) FILTER (WHERE normalization = 'group')),
    CASE WHEN max(largest_difference) < 1e-4 THEN 'yes' WHEN max(difference_1000) < 1e-4 THEN 'partly' ELSE 'no' END
FROM "equivalence.sql" WHERE normalization IN ('layer', 'group')
UNION ALL
SELECT 'Li & Arora 2019', 'The same with momentum 0.9, both from a velocity of zero', 'equivalent (informal theorem)',
    printf('losses differ by %.0f %%, accuracies %.3f and %.3f', 100 * largest_difference, decay_accuracy, growing_accuracy),
    CASE WHEN largest_difference < 1e-6 THEN 'yes' WHEN abs(decay_accuracy - growing_accuracy) < 0.005 THEN 'partly' ELSE 'no' END
FROM "equivalence.sql" WHERE normalization = 'batch, momentum 0.9'
UNION ALL
SELECT 'Li & Arora 2019', 'The square of the weight''s norm grows as the rate does: growing norm / norm under decay, by the root of the growth', '1',
    printf('%.4f', growing_norm / decay_norm / sqrt(last_rate / 0.1)), iif(abs(growing_norm / decay_norm / sqrt(last_rate / 0.1) - 1) < 0.01, 'yes', 'no')
FROM "equivalence.sql" WHERE normalization = 'batch'
UNION ALL
SELECT 'our control', 'The same two without any normalization', 'no claim', printf('accuracies %.3f and %.3f', decay_accuracy, growing_accuracy), 'no claim'
FROM "equivalence.sql" WHERE normalization = 'none'
