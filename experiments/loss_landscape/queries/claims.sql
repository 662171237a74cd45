-- Rows of the table of all claims (scripts/reproduce); the experiment's other queries are tables here, "NAME.sql".
WITH middle AS (
    SELECT quantity, max(median) FILTER (WHERE variant = 'BN') AS bn, max(median) FILTER (WHERE variant = 'none') AS none
    FROM "landscape.sql" WHERE network LIKE '5%' AND learning_rate = 0.1 GROUP BY quantity
), shift AS (
    SELECT steps, max(distance) FILTER (WHERE variant = 'BN') AS bn, max(distance) FILTER (WHERE variant = 'none') AS none
    FROM "covariate_shift.sql" WHERE network LIKE '5%' AND learning_rate = 0.1 GROUP BY steps
), noise AS (
    SELECT max(test_accuracy) FILTER (WHERE variant = 'BN') AS bn, max(test_accuracy) FILTER (WHERE variant = 'noisy BN') AS noisy,
        max(by_batch_moments) FILTER (WHERE variant = 'BN') AS bn_batch, max(by_batch_moments) FILTER (WHERE variant = 'noisy BN') AS noisy_batch
    FROM "accuracy.sql" WHERE learning_rate = 0.1
)
SELECT 'Santurkar et al. 2018' AS paper, 'Along the gradient the ' || replace(quantity, 'range of the loss', 'loss') || ' varies less with BN (rate 0.1)' AS statement,
    'clearly less (not read)' AS published, printf('%.2g, without %.2g', bn, none) AS ours,
    CASE WHEN none > 2 * bn THEN 'yes' WHEN none > 1.1 * bn THEN 'partly' ELSE 'no' END AS agrees
FROM middle WHERE quantity IN ('range of the loss', 'largest change of the gradient')
UNION ALL
SELECT 'Santurkar et al. 2018', 'The effective beta-smoothness is better with BN (rate 0.1)', 'clearly (not read)', printf('%.2g, without %.2g', bn, none),
    CASE WHEN none > 2 * bn THEN 'yes' WHEN none > 1.1 * bn THEN 'partly' ELSE 'no' END FROM middle WHERE quantity = 'effective beta-smoothness'
UNION ALL
SELECT 'Santurkar et al. 2018', 'Internal covariate shift is no smaller with BN: distance of gradients, rate 0.1, ' || iif(steps = 'all', 'all steps', 'first step'),
    'similar or larger (not read)', printf('%.2f, without %.2f', bn, none), iif(bn > 0.8 * none, 'yes', 'no') FROM shift WHERE steps IN ('first', 'all')
UNION ALL
SELECT 'Santurkar et al. 2018', 'Noise after BN does not spoil it: test accuracy by running averages', 'about as good (not read)',
    printf('%.3f, BN without noise %.3f', noisy, bn), iif(noisy > bn - 0.005, 'yes', 'no') FROM noise
UNION ALL
SELECT 'Santurkar et al. 2018', 'The same, test accuracy by the batches'' own moments', 'about as good (not read)',
    printf('%.3f, BN without noise %.3f', noisy_batch, bn_batch), iif(noisy_batch > bn_batch - 0.005, 'yes', 'no') FROM noise
