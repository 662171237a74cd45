-- Rows of the table of all claims (scripts/reproduce); the experiment's other queries are tables here, "NAME.sql".
WITH plain AS (SELECT * FROM "robustness.sql" WHERE l2 = 0), pair AS (
    SELECT perturbation, size, max(accuracy) FILTER (WHERE variant = 'BN' AND mode = 'running') AS bn,
        max(accuracy) FILTER (WHERE variant = 'none') AS none, max(accuracy) FILTER (WHERE variant = 'BN' AND mode = 'batch') AS by_batch
    FROM plain GROUP BY perturbation, size
), decayed AS (
    SELECT perturbation, size, max(accuracy) FILTER (WHERE variant = 'none' AND l2 > 0) AS penalty, max(accuracy) FILTER (WHERE variant = 'BN' AND l2 = 0) AS bn
    FROM "robustness.sql" WHERE mode = 'running' GROUP BY perturbation, size
)
SELECT 'Galloway et al. 2019' AS paper, 'BN lowers the accuracy under attack by tens of points: PGD linf 0.05' AS statement,
    'by double-digit percentages' AS published, printf('%.3f, without %.3f', bn, none) AS ours,
    CASE WHEN none - bn >= 0.1 THEN 'yes' WHEN none > bn + 0.01 THEN 'partly' ELSE 'no' END AS agrees
FROM pair WHERE perturbation = 'pgd' AND size = 0.05
UNION ALL
SELECT 'Galloway et al. 2019', 'The same under noise: standard deviation 0.5', 'by double-digit percentages', printf('%.3f, without %.3f', bn, none),
    CASE WHEN none - bn >= 0.1 THEN 'yes' WHEN none > bn + 0.01 THEN 'partly' ELSE 'no' END FROM pair WHERE perturbation = 'gaussian' AND size = 0.5
UNION ALL
SELECT 'Galloway et al. 2019', 'Weight decay in the place of BN is more robust: PGD linf 0.05', 'more robust',
    printf('%.3f, BN %.3f', penalty, bn), iif(penalty > bn + 0.01, 'yes', 'no') FROM decayed WHERE perturbation = 'pgd' AND size = 0.05
UNION ALL
SELECT 'Awais et al. 2020', 'With the statistics of the attacked batch the vulnerability of BN disappears: PGD linf 0.05', 'disappears',
    printf('%.3f by the batch, %.3f by running statistics, without BN %.3f', by_batch, bn, none),
    CASE WHEN by_batch >= none - 0.01 THEN 'yes' WHEN by_batch > bn + 0.01 THEN 'partly' ELSE 'no' END
FROM pair WHERE perturbation = 'pgd' AND size = 0.05
