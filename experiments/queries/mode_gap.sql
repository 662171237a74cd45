-- How far are inference and training statistics apart, of runs evaluated in both modes?
SELECT name, step, split, round(running_loss, 4) AS running_loss, round(batch_loss, 4) AS batch_loss, round(loss_gap, 4) AS loss_gap
FROM mode_gap JOIN run ON run.id = run_id ORDER BY run_id, step, split;
