-- How does the training loss fall, side by side? The newest run of each name.
SELECT step,
       round(max(loss) FILTER (WHERE name = 'mnist_bn'), 4) AS with_bn,
       round(max(loss) FILTER (WHERE name = 'mnist_nobn'), 4) AS without_bn
FROM loss_by_step
WHERE run_id IN (SELECT max(id) FROM run GROUP BY name) AND step % 400 = 0
GROUP BY step;
