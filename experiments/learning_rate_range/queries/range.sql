-- By activation, depth and normalization: the best learning rate, and the rates around it that come within 2 points of its accuracy, up to the
-- first that does not on either side; the lowest and highest rate with an accuracy of at least 0.9; the lowest rate at which a run diverged, and how
-- many did. "by_rate.sql" is the other query.
WITH best AS (
    SELECT activation, depth, normalization, rate AS best_rate, max(accuracy) AS best_accuracy FROM "by_rate.sql" GROUP BY activation, depth, normalization
), whole AS (
    SELECT activation, depth, normalization, min(CASE WHEN accuracy >= 0.9 THEN rate END) AS lowest_90, max(CASE WHEN accuracy >= 0.9 THEN rate END) AS highest_90,
        min(CASE WHEN diverged > 0 THEN rate END) AS first_diverged, sum(diverged) AS diverged_runs, sum(runs) AS all_runs
    FROM "by_rate.sql" GROUP BY activation, depth, normalization
), miss AS (
    SELECT activation, depth, normalization, max(CASE WHEN rate < best_rate THEN rate END) AS below, min(CASE WHEN rate > best_rate THEN rate END) AS above
    FROM "by_rate.sql" JOIN best USING (activation, depth, normalization) WHERE accuracy < best_accuracy - 0.02 GROUP BY activation, depth, normalization
)
SELECT activation, depth, normalization, round(best_accuracy, 4) AS best_accuracy, best_rate, min(rate) AS lowest_rate, max(rate) AS highest_rate,
    round(log10(max(rate) / min(rate)), 1) AS decades, lowest_90, highest_90, first_diverged, diverged_runs, all_runs
FROM best JOIN whole USING (activation, depth, normalization) LEFT JOIN miss USING (activation, depth, normalization)
    JOIN "by_rate.sql" USING (activation, depth, normalization)
WHERE rate > coalesce(below, 0) AND rate < coalesce(above, 1e9)
GROUP BY activation, depth, normalization ORDER BY activation, depth, normalization
