-- Rows of the table of all claims (scripts/reproduce); the experiment's other queries are tables here, "NAME.sql".
WITH deep AS (SELECT variant, block, variance, formula, branch_share FROM "variance.sql" WHERE block = 64),
    trained AS (SELECT layers, max(accuracy) FILTER (WHERE variant = 'BN') AS bn, max(accuracy) FILTER (WHERE variant = 'SkipInit') AS skipinit,
        max(accuracy) FILTER (WHERE variant = 'Fixup') AS fixup, max(accuracy) FILTER (WHERE variant = 'none') AS plain FROM "training.sql" GROUP BY layers)
SELECT 'Daneshmand et al. 2020' AS paper, 'BN(H + gamma H W): the rank grows at least as the root of the width: slope, gamma 0.05 and 0.1' AS statement,
    'at least 0.5 (theorem 2)' AS published, group_concat(printf('%.2f', slope), ', ') AS ours,
    CASE WHEN min(slope) > 0.5 THEN 'yes' WHEN min(slope) > 0.4 THEN 'partly' ELSE 'no' END AS agrees
FROM (SELECT * FROM "rank_by_width.sql" WHERE variant = 'BN' ORDER BY gamma)
UNION ALL
SELECT 'Daneshmand et al. 2020', 'H + gamma H W without BN: soft rank of layer 512, 32 units, gamma 0.1', 'falls to 1',
    printf('%.2f, with BN %.2f', max(layer_512) FILTER (WHERE variant = 'none'), max(layer_512) FILTER (WHERE variant = 'BN')),
    iif(max(layer_512) FILTER (WHERE variant = 'none') < 1.3 AND max(layer_512) FILTER (WHERE variant = 'BN') > sqrt(32) / 2, 'yes', 'no')
FROM "rank.sql" WHERE gamma = 0.1 AND width = 32
UNION ALL
SELECT 'De & Smith 2020', 'With BN in the branches the variance on the skip path grows by 1 a block: after 64 blocks', printf('%.1f (its formula)', formula), printf('%.1f', variance),
    iif(abs(variance / formula - 1) < 0.1, 'yes', 'no') FROM deep WHERE variant = 'BN'
UNION ALL
SELECT 'De & Smith 2020', 'Without it doubles: log2 of the growth over 64 blocks', '64 (its formula)', printf('%.1f', log2(variance / formula) + 64),
    iif(abs(log2(variance / formula)) < 4, 'yes', 'no') FROM deep WHERE variant = 'none'
UNION ALL
SELECT 'De & Smith 2020', 'BN scales the branch down by the depth: its share of the variance after 64 blocks, by 1 / 64', 'about 1', printf('%.2f', 64 * branch_share),
    iif(abs(64 * branch_share - 1) < 0.2, 'yes', 'no') FROM deep WHERE variant = 'BN'
UNION ALL
SELECT 'De & Smith 2020', printf('Without normalization SkipInit trains deep networks like BN: test accuracy, %d layers', layers), 'about the same',
    printf('%.3f, BN %.3f, ', skipinit, bn) || iif(plain IS NULL, 'without both every run diverges', printf('without both %.3f', plain)),
    CASE WHEN skipinit > bn - 0.02 AND coalesce(plain, 0) < skipinit - 0.05 THEN 'yes' WHEN skipinit > bn - 0.05 THEN 'partly' ELSE 'no' END
FROM trained WHERE layers = 129
UNION ALL
SELECT 'Zhang et al. 2019', printf('Without normalization Fixup trains deep networks: test accuracy, %d layers', layers), 'as with BN', printf('%.3f, BN %.3f', fixup, bn),
    iif(fixup > bn - 0.02, 'yes', 'no') FROM trained WHERE layers = 129
