-- Ranks at initialization in networks of 128 units as the authors' figure 1 has them: of the activations of 128 rows, by the tolerance that
-- torch.matrix_rank has in float32 (singular values above 128 x 1.19e-7 of the largest). Layers are counted from 0, as there. Means over seeds.
SELECT json_extract(settings, '$.variant') AS network, avg(effective_rank) FILTER (WHERE layer = 0) AS layer_0,
    avg(effective_rank) FILTER (WHERE layer = 2) AS layer_2, avg(effective_rank) FILTER (WHERE layer = 4) AS layer_4,
    avg(effective_rank) FILTER (WHERE layer = 6) AS layer_6, avg(effective_rank) FILTER (WHERE layer = 8) AS layer_8,
    avg(effective_rank) FILTER (WHERE layer = 10) AS layer_10, avg(effective_rank) FILTER (WHERE layer = 12) AS layer_12,
    avg(effective_rank) FILTER (WHERE layer = 14) AS layer_14, avg(effective_rank) FILTER (WHERE layer = 32) AS layer_32, count(DISTINCT seed) AS seeds
FROM sweep_summary JOIN representation_statistic USING (run_id)
WHERE sweep = 'rank-collapse-authors' AND site = 'activation' GROUP BY network ORDER BY network
