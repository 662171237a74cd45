-- Test accuracy by batch size and normalization at the end, means over seeds, by running statistics and by those of batches of 1,000.
SELECT s.label AS normalization, b.value AS batch_size, mode, round(avg(accuracy), 4) AS accuracy, round(min(accuracy), 4) AS lowest,
    round(max(accuracy), 4) AS highest, count(*) AS seeds
FROM evaluation AS e JOIN run ON run.id = e.run_id AND run.status = 'finished' AND e.step = run.last_step
    JOIN sweep_value AS s ON s.sweep_id = run.sweep_id AND s.trial = run.trial AND s.axis = 'variant'
    JOIN run_parameter AS b ON b.run_id = run.id AND b.path = 'training.batch_size'
WHERE b.value < 1024
GROUP BY s.label, b.value, mode ORDER BY s.label, b.value, mode DESC
