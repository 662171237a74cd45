-- Rows of the table of all claims (scripts/reproduce); the experiment's other queries are tables here, "NAME.sql".
SELECT 'Daneshmand et al. 2021' AS paper, 'Log orthogonality gap of 4 rows in deep layers, 32 units' AS statement, '-1.6 (figure 2a)' AS published,
    printf('%.2f', deep) AS ours, iif(abs(deep + 1.6) < 0.15, 'yes', 'no') AS agrees FROM "gap.sql" WHERE width = 32
UNION ALL
SELECT 'Daneshmand et al. 2021', 'The same, 512 units', '-3.0 (figure 2a)', printf('%.2f', deep), iif(abs(deep + 3.0) < 0.15, 'yes', 'no') FROM "gap.sql" WHERE width = 512
UNION ALL
SELECT 'Daneshmand et al. 2021', 'The gap of deep layers falls with the width: slope of its logarithm against the logarithm of the width', '-0.5 (of the two values)',
    printf('%.2f', slope), iif(abs(slope + 0.5) < 0.05, 'yes', 'no')
FROM (SELECT (avg(ln(width) * deep) - avg(ln(width)) * avg(deep)) / (avg(ln(width) * ln(width)) - avg(ln(width)) * avg(ln(width))) AS slope FROM "gap.sql")
UNION ALL
SELECT 'Daneshmand et al. 2021', 'Absolute cosine of two rows at layer 50, BN, from nearly parallel rows', '0.1 to 0.15 (figure 1)', printf('%.2f', layer_50),
    iif(layer_50 BETWEEN 0.09 AND 0.16, 'yes', 'no') FROM "cosine.sql" WHERE variant = 'BN'
UNION ALL
SELECT 'Daneshmand et al. 2021', 'The same without normalization, from orthogonal rows', '0.75, band 0.65 to 0.85 (figure 1)', printf('%.2f', layer_50),
    iif(layer_50 BETWEEN 0.65 AND 0.85, 'yes', 'no') FROM "cosine.sql" WHERE variant = 'none'
