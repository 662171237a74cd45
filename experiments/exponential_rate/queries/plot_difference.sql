-- How far the losses under a growing rate are from those under weight decay by step, relative: mean over seeds, and its ends.
WITH trial AS (
    SELECT run_id, json_extract(settings, '$.seed') AS seed, json_extract(settings, '$.variant') AS variant,
        coalesce(json_extract(settings, '$.normalization'), 'batch, momentum 0.9') AS normalization
    FROM sweep_summary WHERE sweep LIKE 'exponential-rate%' AND run_id IS NOT NULL
)
SELECT g.step AS x, avg(abs(g.loss - d.loss) / d.loss) AS y, normalization AS series
FROM trial AS growing JOIN trial AS decay USING (normalization, seed)
    JOIN training_step AS g ON g.run_id = growing.run_id JOIN training_step AS d ON d.run_id = decay.run_id AND d.step = g.step
WHERE growing.variant = 'growing rate' AND decay.variant = 'weight decay' AND g.step > 0
GROUP BY series, x HAVING y > 0 ORDER BY series, x
