-- Rows of the table of all claims (scripts/reproduce); the experiment's other queries are tables here, "NAME.sql".
WITH running AS (SELECT * FROM "batch_sizes.sql" WHERE mode = 'running'), loss AS (
    SELECT normalization, max(accuracy) FILTER (WHERE batch_size = 32) - max(accuracy) FILTER (WHERE batch_size = 4) AS loss,
        max(accuracy) FILTER (WHERE batch_size = 4) AS small
    FROM running GROUP BY normalization
)
SELECT 'Ioffe 2017' AS paper, 'BN is worse with small batches: accuracy with batches of 32 less that with 4' AS statement, 'diminishes' AS published,
    printf('%.3f', loss) AS ours, iif(loss > 0.005, 'yes', 'no') AS agrees FROM loss WHERE normalization = 'batch'
UNION ALL
SELECT 'Ioffe 2017', 'Batch renormalization is substantially better there: accuracy with batches of 4', 'substantially better',
    printf('%.3f, BN %.3f', max(small) FILTER (WHERE normalization = 'renorm'), max(small) FILTER (WHERE normalization = 'batch')),
    iif(max(small) FILTER (WHERE normalization = 'renorm') > max(small) FILTER (WHERE normalization = 'batch') + 0.005, 'yes', 'no') FROM loss
UNION ALL
SELECT 'Wu & He 2018', 'Statistics of single rows do not depend on the batch: the same difference with group normalization', 'stable',
    printf('%.3f, BN %.3f', max(loss) FILTER (WHERE normalization = 'group'), max(loss) FILTER (WHERE normalization = 'batch')),
    iif(max(loss) FILTER (WHERE normalization = 'group') < max(loss) FILTER (WHERE normalization = 'batch') - 0.005, 'yes', 'no') FROM loss
UNION ALL
SELECT 'Hoffer et al. 2017', 'Ghost batches generalize better than one large batch (1,024 rows): best ghost size', 'significantly smaller gap',
    (SELECT printf('%s: %.3f', normalization, max(accuracy)) FROM "ghost_sizes.sql" WHERE normalization LIKE 'ghost%')
        || printf(', BN %.3f', (SELECT accuracy FROM "ghost_sizes.sql" WHERE normalization = 'batch')),
    (SELECT CASE WHEN gain > 0.005 THEN 'yes' WHEN gain > 0.001 THEN 'partly' ELSE 'no' END FROM (
        SELECT max(accuracy) FILTER (WHERE normalization LIKE 'ghost%') - max(accuracy) FILTER (WHERE normalization = 'batch') AS gain
        FROM "ghost_sizes.sql"))
