-- Rows of the table of all claims (scripts/reproduce); the experiment's other queries are tables here, "NAME.sql".
SELECT 'Yang et al. 2019' AS paper, 'Growth of the squared gradient per layer, identity, batches of 8: (B - 2) / (B - 3)' AS statement, '1.200' AS published,
    printf('%.3f; all 9 batch sizes within %.1f %%', max(measured) FILTER (WHERE batch_size = 8), max(abs(difference_percent))) AS ours,
    iif(max(abs(difference_percent)) FILTER (WHERE batch_size >= 8) < 3, 'yes', 'no') AS agrees FROM "factor.sql" WHERE variant = 'BN, identity'
UNION ALL
SELECT 'Yang et al. 2019', 'The same for ReLU and large batches: pi / (pi - 1)', '1.467', printf('%.3f with batches of 256', measured),
    iif(abs(measured / 1.467 - 1) < 0.03, 'yes', 'no') FROM "factor.sql" WHERE variant = 'BN, ReLU' AND batch_size = 256
UNION ALL
SELECT 'our formula', 'The same for ReLU and finite batches', 'no number', printf('9 batch sizes within %.1f %%', max(abs(difference_percent))),
    iif(max(abs(difference_percent)) FILTER (WHERE batch_size >= 6) < 3, 'yes', 'no') FROM "factor.sql" WHERE variant = 'BN, ReLU'
UNION ALL
SELECT 'Yang et al. 2019', 'Without normalization, critical weights: no growth (ReLU)', '1', printf('%.3f', measured), iif(abs(measured - 1) < 0.03, 'yes', 'no')
FROM "factor.sql" WHERE variant = 'none, ReLU'
