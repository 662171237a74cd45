-- A rate that grows, and weight decay, from the same seed: the largest relative difference of their losses in the first 1,000 steps and in all
-- measured ones, the last rate, and the norms of the second weight at the end. Accuracies are means over seeds, of running
-- averages and of averages that were recomputed with the last weights.
WITH trial AS (
    SELECT run_id, json_extract(settings, '$.seed') AS seed, json_extract(settings, '$.variant') AS variant, last_step,
        coalesce(json_extract(settings, '$.normalization'), 'batch, momentum 0.9') AS normalization,
        (SELECT accuracy FROM evaluation AS e WHERE e.run_id = s.run_id AND step = last_step AND mode = 'running') AS running,
        (SELECT accuracy FROM evaluation AS e WHERE e.run_id = s.run_id AND step = last_step AND mode = 'recomputed') AS recomputed
    FROM sweep_summary AS s WHERE sweep LIKE 'exponential-rate%' AND run_id IS NOT NULL
), difference AS (
    SELECT normalization, max(abs(g.loss - d.loss) / d.loss) FILTER (WHERE g.step <= 1000) AS difference_1000,
        max(abs(g.loss - d.loss) / d.loss) AS largest_difference, max(g.learning_rate) AS last_rate
    FROM trial AS growing JOIN trial AS decay USING (normalization, seed)
        JOIN training_step AS g ON g.run_id = growing.run_id JOIN training_step AS d ON d.run_id = decay.run_id AND d.step = g.step
    WHERE growing.variant = 'growing rate' AND decay.variant = 'weight decay' GROUP BY normalization
), norm AS (
    SELECT normalization, avg(weight_norm) FILTER (WHERE variant = 'growing rate') AS growing_norm,
        avg(weight_norm) FILTER (WHERE variant = 'weight decay') AS decay_norm
    FROM trial JOIN parameter_statistic AS p USING (run_id) WHERE layer = 1 AND parameter = 'weight' AND p.step = last_step GROUP BY normalization
)
SELECT normalization, difference_1000, largest_difference, last_rate, growing_norm, decay_norm,
    avg(running) FILTER (WHERE variant = 'weight decay') AS decay_accuracy, avg(running) FILTER (WHERE variant = 'growing rate') AS growing_accuracy,
    avg(recomputed) FILTER (WHERE variant = 'weight decay') AS decay_recomputed,
    avg(recomputed) FILTER (WHERE variant = 'growing rate') AS growing_recomputed, avg(running) FILTER (WHERE variant = 'neither') AS neither_accuracy
FROM trial LEFT JOIN difference USING (normalization) JOIN norm USING (normalization) GROUP BY normalization ORDER BY normalization
