-- What does the normalization bring, against the plain run of the same seed and settings?
SELECT name, seed, plain_test_accuracy, test_accuracy, round(gain, 4) AS gain FROM batch_norm_gain ORDER BY gain DESC;
