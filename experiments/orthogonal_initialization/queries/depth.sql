-- By activation, weights and depth, means over seeds: the logarithm of the second weight's gradient norm, and the last hidden layer's isometry gap and
-- soft rank (of its normalized values). A gap is missing where the rows are dependent.
SELECT json_extract(settings, '$."model.activation"') AS activation, json_extract(settings, '$.variant') AS weights,
    CAST(json_extract(settings, '$.depth') AS INTEGER) AS depth, avg(ln(g.gradient_norm)) AS log_gradient_norm, avg(r.isometry_gap) AS isometry_gap,
    avg(r.participation_ratio) AS soft_rank, count(*) AS seeds
FROM sweep_summary AS s JOIN parameter_statistic AS g ON g.run_id = s.run_id AND g.layer = 1 AND g.parameter = 'weight'
    JOIN representation_statistic AS r ON r.run_id = s.run_id AND r.layer = json_extract(settings, '$.depth') - 1 AND r.site = 'preactivation'
WHERE sweep = 'orthogonal-initialization' GROUP BY activation, weights, depth ORDER BY activation, weights, depth
