-- Test accuracy of batches of 1,024 rows that are normalized in ghost batches, means over seeds, by running statistics.
SELECT s.label AS normalization, round(avg(accuracy), 4) AS accuracy, round(min(accuracy), 4) AS lowest, round(max(accuracy), 4) AS highest,
    count(*) AS seeds
FROM evaluation AS e JOIN run ON run.id = e.run_id AND run.status = 'finished' AND e.step = run.last_step
    JOIN sweep_value AS s ON s.sweep_id = run.sweep_id AND s.trial = run.trial AND s.axis = 'variant'
    JOIN run_parameter AS b ON b.run_id = run.id AND b.path = 'training.batch_size'
WHERE b.value = 1024 AND mode = 'running'
GROUP BY s.label ORDER BY min(run.trial)
