-- Accuracy against epsilon, of running statistics; epsilon 0 is the rows as they are.
WITH value AS (
    SELECT s.label AS variant, l.value AS l2, size, accuracy
    FROM perturbed_evaluation AS p JOIN run ON run.id = p.run_id AND run.status = 'finished' AND p.step = run.last_step
        JOIN sweep_value AS s ON s.sweep_id = run.sweep_id AND s.trial = run.trial AND s.axis = 'variant'
        JOIN run_parameter AS l ON l.run_id = run.id AND l.path = 'loss.l2'
    WHERE split = 'test' AND mode = 'running' AND kind = 'pgd' AND norm = 'linf'
    UNION ALL
    SELECT DISTINCT s.label, l.value, 0, clean_accuracy
    FROM perturbed_evaluation AS p JOIN run ON run.id = p.run_id AND run.status = 'finished' AND p.step = run.last_step
        JOIN sweep_value AS s ON s.sweep_id = run.sweep_id AND s.trial = run.trial AND s.axis = 'variant'
        JOIN run_parameter AS l ON l.run_id = run.id AND l.path = 'loss.l2'
    WHERE split = 'test' AND mode = 'running' AND kind = 'pgd' AND norm = 'linf'
)
SELECT size AS x, avg(accuracy) AS y, min(accuracy) AS low, max(accuracy) AS high, variant AS series,
    iif(l2 = 0, 'without a penalty', 'L2 penalty ' || l2) AS panel
FROM value GROUP BY panel, variant, size ORDER BY panel DESC, variant, size
