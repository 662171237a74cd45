-- Rows of the table of all claims (scripts/reproduce); the experiment's other queries are tables here, "NAME.sql".
SELECT 'Ghorbani et al. 2019' AS paper, 'With BN the large eigenvalues hold less of the trace: share of the ten largest at the end' AS statement, 'less' AS published,
    printf('%.2f, without %.2f', max(share_of_ten) FILTER (WHERE variant = 'BN'), max(share_of_ten) FILTER (WHERE variant = 'none')) AS ours,
    iif(max(share_of_ten) FILTER (WHERE variant = 'BN') < max(share_of_ten) FILTER (WHERE variant = 'none'), 'yes', 'no') AS agrees
FROM "trace.sql" WHERE step = (SELECT max(step) FROM "trace.sql")
UNION ALL
SELECT 'Ghorbani et al. 2019', 'With BN isolated large eigenvalues are almost absent: largest by the 10th at the end', 'almost absent',
    printf('%.1f, without %.1f', max(by_10th) FILTER (WHERE variant = 'BN'), max(by_10th) FILTER (WHERE variant = 'none')),
    iif(max(by_10th) FILTER (WHERE variant = 'BN') < 2, 'yes', 'no') FROM "outliers.sql" WHERE step = (SELECT max(step) FROM "outliers.sql")
