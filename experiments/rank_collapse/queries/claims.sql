-- Rows of the table of all claims (scripts/reproduce); the experiment's other queries are tables here, "NAME.sql".
WITH best AS (
    SELECT depth, variant, initialization, min(test_accuracy) AS low, max(test_accuracy) AS high FROM "initialization.sql" GROUP BY depth, variant, initialization
)
SELECT 'Daneshmand et al. 2020' AS paper, 'Linear, BN without centring: the rank grows at least as the root of the width: slope' AS statement,
    'at least 0.5 (theorem 2); 0.63 (its figure)' AS published, printf('%.2f', slope) AS ours, iif(slope > 0.5, 'yes', 'no') AS agrees
FROM "rank_by_width.sql" WHERE activation = 'identity' AND variant = 'BN without centring'
UNION ALL
SELECT 'Daneshmand et al. 2020', 'ReLU without normalization: soft rank of the last of 128 layers', '1', printf('%.2f at most', max(soft_rank)),
    iif(max(soft_rank) < 1.1, 'yes', 'no') FROM "rank.sql" WHERE activation = 'ReLU' AND variant = 'none'
UNION ALL
SELECT 'Daneshmand et al. 2020', 'Rank of layers 2, 8, 12 and 14 of a plain network, PyTorch''s initialization, 128 units', '101, 34, 4, 1 (figure 1)',
    printf('%.0f, %.0f, %.0f, %.0f', layer_2, layer_8, layer_12, layer_14),
    iif(abs(layer_2 - 101) < 8 AND abs(layer_8 - 34) < 6 AND abs(layer_12 - 4) < 3 AND layer_14 < 2, 'yes', 'no')
FROM "rank_by_layer.sql" WHERE network = 'none, pytorch'
UNION ALL
SELECT 'our control', 'The same with the weights of PyTorch''s initialization at He''s scale', 'no claim',
    printf('%.0f, %.0f, %.0f, %.0f', layer_2, layer_8, layer_12, layer_14), 'no claim'
FROM "rank_by_layer.sql" WHERE network = 'none, pytorch x 2.449'
UNION ALL
SELECT 'Daneshmand et al. 2020', printf('Plain networks of %d layers do not train, PyTorch''s initialization', depth), '0.10, training accuracy (figure 1)',
    printf('%.3f to %.3f', low, high), iif(high < 0.15, 'yes', 'no') FROM best WHERE variant = 'none' AND initialization = 'pytorch'
UNION ALL
SELECT 'our control', printf('The same, %d layers, its weights at He''s scale', depth), 'no claim',
    printf('%.3f to %.3f', low, high), 'no claim' FROM best WHERE variant = 'none' AND initialization = 'pytorch x 2.449'
UNION ALL
SELECT 'Daneshmand et al. 2020', printf('With BN networks of %d layers train, PyTorch''s initialization', depth), '0.93 or more, training accuracy (figure 1)',
    printf('%.3f to %.3f in 1,000 steps', low, high), CASE WHEN low > 0.9 THEN 'yes' WHEN low > 0.5 THEN 'partly' ELSE 'no' END
FROM best WHERE variant = 'BN' AND initialization = 'pytorch'
