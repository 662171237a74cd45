-- Which share of each layer's units is dead, that is 0 on every row of the batch, at the last step?
SELECT name, layer, round(dead_unit_fraction, 3) AS dead_unit_fraction
FROM dead_unit JOIN run_summary USING (run_id, name)
WHERE step = last_step AND name LIKE 'relu%'
ORDER BY run_id, layer;
