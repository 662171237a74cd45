-- By which factor does the gradient change from each layer to the one below, at the first step?
SELECT name, layer, round(gradient_norm, 5) AS gradient_norm, round(factor, 4) AS factor
FROM gradient_factor JOIN run ON run.id = run_id WHERE step = 0 ORDER BY run_id, layer;
