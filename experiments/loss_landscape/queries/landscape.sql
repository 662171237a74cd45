-- Variation of the loss, predictiveness of the gradient and effective smoothness along the gradient: for each measured step the range or the
-- worst of all step sizes, and of these the median and the ends over the steps and seeds.
WITH place AS (
    SELECT run_id, step, CASE sweep WHEN 'deep-linear' THEN '25 linear' ELSE '5 x 100 ReLU' END AS network,
        json_extract(settings, '$."optimizer.learning_rate"') AS learning_rate, json_extract(settings, '$.variant') AS variant,
        (max(landscape.loss) - min(landscape.loss)) AS loss_range, (max(landscape.loss) - min(landscape.loss)) / training_step.loss AS relative_range,
        max(gradient_distance) AS distance, max(gradient_distance) / gradient_norm AS relative_distance, min(gradient_cosine) AS cosine,
        max(smoothness) AS smoothness
    FROM sweep_summary JOIN landscape USING (run_id) JOIN training_step USING (run_id, step)
    GROUP BY run_id, step
), value AS (
    SELECT network, learning_rate, variant, 1 AS place, 'range of the loss' AS quantity, loss_range AS value FROM place
    UNION ALL SELECT network, learning_rate, variant, 2, 'range of the loss / loss', relative_range FROM place
    UNION ALL SELECT network, learning_rate, variant, 3, 'largest change of the gradient', distance FROM place
    UNION ALL SELECT network, learning_rate, variant, 4, 'largest change / gradient norm', relative_distance FROM place
    UNION ALL SELECT network, learning_rate, variant, 5, 'smallest cosine of the gradients', cosine FROM place
    UNION ALL SELECT network, learning_rate, variant, 6, 'effective beta-smoothness', smoothness FROM place
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY network, learning_rate, variant, place ORDER BY value) AS position,
        count(*) OVER (PARTITION BY network, learning_rate, variant, place) AS count
    FROM value WHERE value IS NOT NULL
)
SELECT network, learning_rate, quantity, variant, avg(value) FILTER (WHERE position IN ((count + 1) / 2, (count + 2) / 2)) AS median,
    min(value) AS smallest, max(value) AS largest, count
FROM ranked GROUP BY network, learning_rate, place, variant ORDER BY network DESC, learning_rate, place, variant
