-- After how many steps does each run reach a test accuracy?
SELECT name, threshold, step FROM steps_to_accuracy WHERE step IS NOT NULL ORDER BY threshold, step;
