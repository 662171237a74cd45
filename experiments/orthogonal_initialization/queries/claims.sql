-- Rows of the table of all claims (scripts/reproduce); the experiment's other queries are tables here, "NAME.sql".
WITH ends AS (
    SELECT activation, weights, log_gradient_norm AS deepest, max(depth) AS depth,
        (SELECT log_gradient_norm FROM "depth.sql" AS d WHERE d.activation = s.activation AND d.weights = s.weights AND d.depth = 5) AS shallowest
    FROM "depth.sql" AS s GROUP BY activation, weights
)
SELECT 'Meterez et al. 2023' AS paper, 'Linear, orthogonal weights: gradients are bounded at any depth' AS statement, 'bounded' AS published,
    printf('log norm %.2f with 5 layers, %.2f with %d', shallowest, deepest, depth) AS ours, iif(abs(deepest - shallowest) < 0.2, 'yes', 'no') AS agrees
FROM ends WHERE activation = 'identity' AND weights = 'orthogonal'
UNION ALL
SELECT 'Meterez et al. 2023', 'Linear, normal weights: gradients explode', 'explode', printf('log norm %.2f with 5 layers, %.2f with %d', shallowest, deepest, depth),
    iif(deepest - shallowest > 0.2, 'yes', 'no') FROM ends WHERE activation = 'identity' AND weights = 'normal'
UNION ALL
SELECT 'Meterez et al. 2023', 'Linear, orthogonal weights: rows become orthogonal, the isometry gap falls to 0', 'falls exponentially',
    printf('%.2g with 5 layers, %.1g with %d', max(isometry_gap) FILTER (WHERE depth = 5), min(isometry_gap), max(depth)),
    iif(min(isometry_gap) < 0.5 * max(isometry_gap) FILTER (WHERE depth = 5), 'yes', 'no')
FROM "depth.sql" WHERE activation = 'identity' AND weights = 'orthogonal'
UNION ALL
SELECT 'Meterez et al. 2023', 'With tanh orthogonal weights are not enough (the paper shapes the activation)', 'explode',
    printf('log norm %.2f with 5 layers, %.1f with %d', shallowest, deepest, depth), iif(deepest - shallowest > 3, 'yes', 'no')
FROM ends WHERE activation = 'tanh' AND weights = 'orthogonal'
