-- How the largest eigenvalue lies to the threshold of stability: 2 / rate for gradient descent and RMSProp,
-- (2 + 2 beta1) / ((1 - beta1) rate) = 38 / rate for Adam, of the preconditioned Hessian for these two.
-- at_start, mean, least, most: of eigenvalue / threshold at initialization and over the last quarter of the steps.
-- losses_rising: share of the losses there, every 40 steps, that are above the one before.
WITH measured AS (
    SELECT run_id, step, json_extract(settings, '$.variant') AS variant, learning_rate AS rate, step >= 0.75 * last_step AS is_late,
        loss > lag(loss) OVER (PARTITION BY run_id ORDER BY step) AS is_rising,
        CASE WHEN json_extract(settings, '$.variant') IN ('Adam', 'RMSProp') THEN preconditioned_value ELSE value END
            * learning_rate / CASE json_extract(settings, '$.variant') WHEN 'Adam' THEN 38 ELSE 2 END AS ratio
    FROM sweep_summary JOIN hessian_eigenvalue USING (run_id) JOIN training_step USING (run_id, step)
    WHERE sweep IN ('edge-of-stability', 'adaptive-edge-of-stability') AND rank = 0 AND status = 'finished'
)
SELECT variant, rate, round(max(ratio) FILTER (WHERE step = 0), 3) AS at_start, round(avg(ratio) FILTER (WHERE is_late), 3) AS mean,
    round(min(ratio) FILTER (WHERE is_late), 3) AS least, round(max(ratio) FILTER (WHERE is_late), 3) AS most,
    round(avg(is_rising) FILTER (WHERE is_late), 2) AS losses_rising
FROM measured GROUP BY run_id ORDER BY variant IN ('Adam', 'RMSProp'), variant = 'BN', variant, rate
