-- Which learning rate suits each kind of normalization best?
SELECT normalization, learning_rate, round(mean_test_accuracy, 4) AS mean_test_accuracy, run_count FROM best_learning_rate;
