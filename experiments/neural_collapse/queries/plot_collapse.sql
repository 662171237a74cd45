-- NC1, the gap of the angles (NC2), NC3 and NC4 over epochs of 40 steps: mean over seeds.
WITH number AS (
    SELECT run_id, step, 'NC1: variability within classes' AS panel, within_class_variability AS y FROM neural_collapse
    UNION ALL SELECT run_id, step, 'NC2: angles of the means', mean_angle_gap FROM neural_collapse
    UNION ALL SELECT run_id, step, 'NC3: classifier and means', self_duality FROM neural_collapse
    UNION ALL SELECT run_id, step, 'NC4: nearest mean decides otherwise', center_disagreement FROM neural_collapse
)
SELECT step / 40.0 AS x, avg(y) AS y, CASE json_extract(settings, '$.variant') WHEN 'BN' THEN 'with BN' ELSE 'without' END AS series, panel
FROM sweep_summary JOIN number USING (run_id) WHERE sweep = 'neural-collapse' AND status = 'finished'
GROUP BY panel, series, step ORDER BY panel, series, step
