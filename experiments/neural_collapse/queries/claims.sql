-- Rows of the table of all claims (scripts/reproduce); the experiment's other queries are tables here, "NAME.sql".
WITH ends AS (
    SELECT variant, phase, nc1, (norms + weight_norms) / 2 AS norms, (angles + weight_angles) / 2 AS angles, nc3, nc4, test_accuracy FROM "collapse.sql"
), change AS (
    SELECT a.variant, a.nc1 / b.nc1 AS nc1, a.norms / b.norms AS norms, a.angles / b.angles AS angles, a.nc3 / b.nc3 AS nc3, b.nc4,
        b.test_accuracy - a.test_accuracy AS test_gain
    FROM ends AS a JOIN ends AS b USING (variant) WHERE a.phase = 'first without error' AND b.phase = 'end'
), both AS (
    SELECT bn.nc1 AS nc1, plain.nc1 AS plain_nc1, bn.norms AS norms, plain.norms AS plain_norms, bn.angles AS angles, plain.angles AS plain_angles, bn.nc3 AS nc3,
        plain.nc3 AS plain_nc3, bn.nc4 AS nc4, plain.nc4 AS plain_nc4, bn.test_gain AS test_gain, plain.test_gain AS plain_test_gain
    FROM change AS bn, change AS plain WHERE bn.variant = 'BN' AND plain.variant = 'none'
)
SELECT 'Papyan et al. 2020' AS paper, 'NC1 falls on after the last training row is right: by a factor of' AS statement, 'falls towards 0' AS published,
    printf('%.1f, without BN %.1f', nc1, plain_nc1) AS ours, iif(nc1 > 1, 'yes', 'no') AS agrees FROM both
UNION ALL
SELECT 'Papyan et al. 2020', 'NC2, the same of the variation of norms of class means and classifier', 'falls towards 0', printf('%.1f, without BN %.1f', norms, plain_norms),
    iif(norms > 1, 'yes', 'no') FROM both
UNION ALL
SELECT 'Papyan et al. 2020', 'NC2, the same of the distance of cosines from -1 / (C - 1)', 'falls towards 0', printf('%.1f, without BN %.1f', angles, plain_angles),
    iif(angles > 1, 'yes', 'no') FROM both
UNION ALL
SELECT 'Papyan et al. 2020', 'NC3, the same of the distance of classifier and class means', 'falls towards 0', printf('%.1f, without BN %.1f', nc3, plain_nc3),
    iif(nc3 > 1, 'yes', 'no') FROM both
UNION ALL
SELECT 'Papyan et al. 2020', 'NC4: share of rows that the nearest class mean decides otherwise, at the end', '0', printf('%.4f, without BN %.4f', nc4, plain_nc4),
    iif(nc4 < 0.001, 'yes', 'no') FROM both
UNION ALL
SELECT 'Papyan et al. 2020', 'Test accuracy improves after the last training row is right', 'improves', printf('by %.4f, without BN by %.4f', test_gain, plain_test_gain),
    iif(test_gain > 0, 'yes', 'no') FROM both
