-- Rows of the table of all claims (scripts/reproduce); the experiment's other queries are tables here, "NAME.sql".
SELECT 'Cohen et al. 2021' AS paper, 'Full-batch gradient descent ends with a sharpness of 2 / rate: last quarter, rate 1' AS statement, 'just above 1' AS published,
    printf('%.3f of it, with BN %.3f', max(mean) FILTER (WHERE variant = 'none'), max(mean) FILTER (WHERE variant = 'BN')) AS ours,
    iif(min(mean) > 0.97 AND max(mean) < 1.05, 'yes', 'no') AS agrees
FROM "edge.sql" WHERE variant IN ('none', 'BN') AND rate = 1 HAVING count(*) = 2
UNION ALL
SELECT 'Cohen et al. 2022', 'Adam: the preconditioned sharpness hovers at 38 / rate, rate 0.001', 'about 1', printf('%.2f of it', mean),
    iif(mean BETWEEN 0.9 AND 1.1, 'yes', 'no') FROM "edge.sql" WHERE variant = 'Adam' AND rate = 0.001
