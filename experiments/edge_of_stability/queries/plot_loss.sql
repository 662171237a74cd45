SELECT step AS x, loss AS y, 'rate ' || json_extract(settings, '$."optimizer.learning_rate"') AS series,
    CASE json_extract(settings, '$.variant') WHEN 'BN' THEN 'with BN' ELSE 'without' END AS panel
FROM sweep_summary JOIN training_step USING (run_id) WHERE sweep = 'edge-of-stability' AND status = 'finished'
ORDER BY panel DESC, series, x
