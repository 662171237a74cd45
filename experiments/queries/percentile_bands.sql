-- How do the inputs of the last hidden layer's sigmoids move? Their 15th, 50th and 85th percentile.
SELECT name, step,
       round(max(value) FILTER (WHERE percentile = 15), 3) AS p15,
       round(max(value) FILTER (WHERE percentile = 50), 3) AS p50,
       round(max(value) FILTER (WHERE percentile = 85), 3) AS p85
FROM last_hidden_percentile
WHERE name IN ('mnist_bn', 'mnist_nobn') AND step % 500 = 0
GROUP BY run_id, step;
