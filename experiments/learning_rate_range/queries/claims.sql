-- Rows of the table of all claims (scripts/reproduce); the experiment's other queries are tables here, "NAME.sql".
WITH relu AS (SELECT * FROM "range.sql" WHERE activation = 'ReLU'), pair AS (
    SELECT depth, max(highest_rate) FILTER (WHERE normalization = 'BN') / max(highest_rate) FILTER (WHERE normalization = 'none') AS ratio,
        max(best_accuracy) FILTER (WHERE normalization = 'BN') - max(best_accuracy) FILTER (WHERE normalization = 'none') AS gain
    FROM relu GROUP BY depth
), small AS (
    SELECT accuracy, normalization FROM "by_rate.sql" WHERE activation = 'ReLU' AND depth = 3 AND abs(rate - 0.01) < 0.001
)
SELECT 'Ioffe & Szegedy 2015' AS paper, 'BN allows much larger rates: largest rate within 2 points of the best, three ReLU layers' AS statement,
    '5 and 30 times (not read)' AS published, printf('%.0f times', ratio) AS ours, iif(ratio >= 5, 'yes', 'no') AS agrees FROM pair WHERE depth = 3
UNION ALL
SELECT 'Bjorck et al. 2018', 'Without BN large rates diverge, the more so the deeper: lowest rate that diverged', 'falls with depth',
    group_concat(depth || ' layers: ' || coalesce(round(first_diverged, 2), 'none'), '; '),
    iif(max(first_diverged) FILTER (WHERE depth >= 10) <= coalesce(max(first_diverged) FILTER (WHERE depth = 3), 100), 'yes', 'no')
FROM (SELECT * FROM relu WHERE normalization = 'none' ORDER BY depth)
UNION ALL
SELECT 'Bjorck et al. 2018', 'Larger rates make the better result: best accuracy with BN less that without, ReLU', 'above 0',
    group_concat(printf('%d layers: %.3f', depth, gain), '; '), iif(min(gain) > 0, 'yes', 'no') FROM (SELECT * FROM pair ORDER BY depth)
UNION ALL
SELECT 'Bjorck et al. 2018', 'At one small rate both reach about the same accuracy (here 0.01, 3 layers)', 'the same (not read)',
    printf('%.3f, without %.3f', max(accuracy) FILTER (WHERE normalization = 'BN'), max(accuracy) FILTER (WHERE normalization = 'none')),
    iif(abs(max(accuracy) FILTER (WHERE normalization = 'BN') - max(accuracy) FILTER (WHERE normalization = 'none')) < 0.01, 'yes', 'no') FROM small
HAVING count(*) > 1
