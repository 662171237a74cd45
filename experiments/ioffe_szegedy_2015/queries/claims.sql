-- Rows of the table of all claims (scripts/reproduce); the experiment's other queries are tables here, "NAME.sql".
SELECT 'Ioffe & Szegedy 2015' AS paper, 'A network of sigmoids trains faster with BN: steps to an accuracy of 0.8' AS statement, 'faster' AS published,
    printf('%d, without %d', steps_with_BN, steps_without) AS ours, iif(steps_with_BN < steps_without, 'yes', 'no') AS agrees FROM "speed.sql" WHERE threshold = 0.8
UNION ALL
SELECT 'Ioffe & Szegedy 2015', 'It ends with a higher accuracy', 'higher',
    printf('%.4f, without %.4f', max(test_accuracy) FILTER (WHERE variant = 'BN'), max(test_accuracy) FILTER (WHERE variant = 'none')),
    iif(max(test_accuracy) FILTER (WHERE variant = 'BN') > max(test_accuracy) FILTER (WHERE variant = 'none'), 'yes', 'no')
FROM "accuracy.sql" WHERE step = (SELECT max(step) FROM "accuracy.sql")
UNION ALL
SELECT 'Ioffe & Szegedy 2015', 'The mean of a sigmoid''s input is steadier: range of its median / width', 'much steadier',
    printf('%.2f, without %.2f', max("range") FILTER (WHERE variant = 'BN'), max("range") FILTER (WHERE variant = 'none')),
    iif(2 * max("range") FILTER (WHERE variant = 'BN') < max("range") FILTER (WHERE variant = 'none'), 'yes', 'no') FROM "shift.sql" WHERE since = '0 %'
UNION ALL
SELECT 'Ioffe & Szegedy 2015', 'Its spread is steadier: widest / narrowest after a tenth of the steps', 'much steadier',
    printf('%.2f, without %.2f', max(widest_by_narrowest) FILTER (WHERE variant = 'BN'), max(widest_by_narrowest) FILTER (WHERE variant = 'none')),
    iif(1.2 * max(widest_by_narrowest) FILTER (WHERE variant = 'BN') < max(widest_by_narrowest) FILTER (WHERE variant = 'none'), 'yes', 'no')
FROM "shift.sql" WHERE since = '10 %'
