-- Internal covariate shift: medians over the layers that have others below, over steps and seeds, of the first step, the first twentieth and all of the training.
WITH shift AS (
    SELECT CASE sweep WHEN 'deep-linear' THEN '25 linear' ELSE '5 x 100 ReLU' END AS network,
        json_extract(settings, '$."optimizer.learning_rate"') AS learning_rate, json_extract(settings, '$.variant') AS variant,
        period.name AS steps, share, shift.gradient_cosine AS cosine, shift.gradient_distance AS distance,
        shift.gradient_distance / parameter_statistic.gradient_norm AS relative_distance
    FROM sweep_summary JOIN covariate_shift AS shift USING (run_id)
        JOIN parameter_statistic USING (run_id, step, layer)
        JOIN (SELECT 'first' AS name, 0.0 AS share UNION ALL SELECT 'first 5 %', 0.05 UNION ALL SELECT 'all', 1.0) AS period ON step <= share * last_step
    WHERE layer > 0 AND parameter = 'weight'
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY network, learning_rate, variant, steps ORDER BY cosine) AS cosine_position,
        row_number() OVER (PARTITION BY network, learning_rate, variant, steps ORDER BY distance) AS distance_position,
        row_number() OVER (PARTITION BY network, learning_rate, variant, steps ORDER BY relative_distance) AS relative_position,
        count(*) OVER (PARTITION BY network, learning_rate, variant, steps) AS count
    FROM shift
)
SELECT network, learning_rate, steps, variant,
    avg(cosine) FILTER (WHERE cosine_position IN ((count + 1) / 2, (count + 2) / 2)) AS cosine, min(cosine) AS smallest_cosine,
    avg(distance) FILTER (WHERE distance_position IN ((count + 1) / 2, (count + 2) / 2)) AS distance, max(distance) AS largest_distance,
    avg(relative_distance) FILTER (WHERE relative_position IN ((count + 1) / 2, (count + 2) / 2)) AS relative_distance, count
FROM ranked GROUP BY network, learning_rate, steps, variant ORDER BY network DESC, learning_rate, min(share), variant
