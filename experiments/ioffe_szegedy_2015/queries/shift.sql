-- How far the distribution of a sigmoid's input moves: means over ten units of the last hidden layer and all seeds.
-- Width is the distance from the 15th to the 85th percentile. `range` is the median's largest value less its smallest, `jump` its mean change
-- between two measurements, a hundredth of the steps apart, both in widths. All is measured from the start on, and after a tenth of the steps.
WITH width AS (
    SELECT json_extract(settings, '$.variant') AS variant, run_id, last_step, unit, step, max(value) FILTER (WHERE percentile = 50) AS median,
        max(value) FILTER (WHERE percentile = 85) - max(value) FILTER (WHERE percentile = 15) AS width
    FROM sweep_summary JOIN probe_percentile USING (run_id) WHERE mode = 'batch' GROUP BY run_id, unit, step
), changed AS (
    SELECT *, median - lag(median) OVER (PARTITION BY run_id, unit ORDER BY step) AS change FROM width
), moved AS (
    SELECT variant, since, (max(median) - min(median)) / avg(width) AS "range", avg(abs(change)) / avg(width) AS jump,
        avg(width) AS width, max(width) / min(width) AS width_ratio
    FROM changed, (SELECT 0 AS since UNION ALL SELECT 10) WHERE step * 100 >= last_step * since GROUP BY run_id, unit, since
)
SELECT since || ' %' AS since, variant, round(avg("range"), 3) AS "range", round(avg(jump), 4) AS jump, round(avg(width), 2) AS width,
    round(avg(width_ratio), 2) AS widest_by_narrowest, count(*) AS sigmoids
FROM moved GROUP BY since, variant ORDER BY moved.since, variant
