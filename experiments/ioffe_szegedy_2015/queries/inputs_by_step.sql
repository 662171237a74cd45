-- Figure 1(b, c): percentiles of the input of unit 0 of the last hidden layer over test images, in the runs of the first seed.
-- With batch normalization these images are normalized as a training batch is, by their own mean and variance.
SELECT step AS x, value AS y, printf('%dth percentile', percentile) AS series,
    CASE json_extract(settings, '$.variant') WHEN 'BN' THEN '(c) with BN' ELSE '(b) without BN' END AS panel
FROM sweep_summary JOIN probe_percentile USING (run_id) WHERE seed = 1 AND unit = 0 AND mode = 'batch'
ORDER BY panel, percentile DESC, step
