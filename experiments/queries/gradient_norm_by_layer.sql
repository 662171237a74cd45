-- How large is the gradient of each layer's weights at the first and at the last step?
SELECT name, layer,
       round(max(gradient_norm) FILTER (WHERE step = 0), 4) AS first_step,
       round(max(gradient_norm) FILTER (WHERE step = last_step), 4) AS last_step
FROM weight_gradient_norm JOIN run_summary USING (run_id, name)
WHERE name IN ('mnist_bn', 'mnist_nobn')
GROUP BY run_id, layer;
