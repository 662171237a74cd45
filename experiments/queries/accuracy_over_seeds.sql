-- Mean and standard deviation over seeds.
SELECT name, normalization, run_count, round(mean_test_accuracy, 4) AS mean_test_accuracy, round(standard_deviation, 4) AS standard_deviation
FROM accuracy_over_seeds
WHERE run_count > 1;
