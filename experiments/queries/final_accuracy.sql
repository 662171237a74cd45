-- How accurate is each run in the end, with and without batch normalization?
SELECT name, normalization, last_step, round(final_loss, 4) AS loss, test_accuracy, best_test_accuracy
FROM run_summary
ORDER BY run_id;
