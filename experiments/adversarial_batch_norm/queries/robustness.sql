-- Test accuracies of the last evaluation, means over seeds: of the rows as they are, and perturbed.
SELECT s.label AS variant, l.value AS l2, mode, kind || iif(norm = 'l2', ' l2', '') AS perturbation, size,
    round(avg(accuracy), 4) AS accuracy, round(avg(clean_accuracy), 4) AS clean_accuracy, round(min(accuracy), 4) AS lowest,
    round(max(accuracy), 4) AS highest, count(*) AS seeds
FROM perturbed_evaluation AS p JOIN run ON run.id = p.run_id AND run.status = 'finished' AND p.step = run.last_step
    JOIN sweep_value AS s ON s.sweep_id = run.sweep_id AND s.trial = run.trial AND s.axis = 'variant'
    JOIN run_parameter AS l ON l.run_id = run.id AND l.path = 'loss.l2'
WHERE split = 'test'
GROUP BY s.label, l.value, mode, perturbation
ORDER BY perturbation, size, l.value, mode DESC, s.label
