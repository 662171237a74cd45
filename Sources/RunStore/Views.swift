import GRDB

/// The views of a results file: presentation, which does not version the file.
///
/// Whoever opens a file for writing makes those that it lacks and remakes those whose text differs; others that it may
/// have, of a newer bnexp, stay. Whoever reads a file has them for the time of reading.
struct View {
    let name: String
    private let select: String

    private init(_ name: String, _ select: String) {
        self.name = name
        self.select = select
    }

    private var sql: String { "CREATE VIEW \(name) AS\n\(select)" }

    /// Whether all views are those of this bnexp.
    static func areCurrent(in database: Database) throws -> Bool {
        let present = try present(in: database)
        return all.allSatisfy { present[$0.name] == $0.sql }
    }

    private static func present(in database: Database) throws -> [String: String] {
        let rows = try Row.fetchAll(database, sql: "SELECT name, sql FROM sqlite_master WHERE type = 'view'")
        return Dictionary(
            uniqueKeysWithValues: try rows.map { (try $0.checked("name") as String, try $0.checked("sql") as String) })
    }

    /// Runs inside of a transaction of whoever opens the file.
    static func remake(in database: Database) throws {
        let present = try present(in: database)
        for view in all where present[view.name] != view.sql {
            try database.execute(sql: "DROP VIEW IF EXISTS \(view.name)")
            try database.execute(sql: view.sql)
        }
    }

    /// Gives a connection that only reads the views of this bnexp beside those of the file, in whose place they are
    /// found.
    static func shadow(in database: Database) throws {
        let present = try present(in: database)
        for view in all where present[view.name] != view.sql {
            try database.execute(sql: "CREATE TEMP VIEW \(view.name) AS\n\(view.select)")
        }
    }

    private static let all = [
        View(
            "final_accuracy",
            """
                SELECT run_id, name, split, mode, max(step) AS step, loss, accuracy
                FROM evaluation JOIN run ON run.id = run_id GROUP BY run_id, split, mode
            """),
        View(
            "task_accuracy",
            """
                SELECT t.run_id, name, task, t.step AS first_step, split, mode, max(e.step) AS step, loss, accuracy
                FROM (SELECT *, lead(step) OVER (PARTITION BY run_id ORDER BY step) AS next_step FROM task) AS t
                    JOIN evaluation AS e ON e.run_id = t.run_id AND e.step > t.step AND (next_step IS NULL OR e.step <= next_step)
                    JOIN run ON run.id = t.run_id
                GROUP BY t.run_id, task, split, mode
            """),
        View(
            "loss_by_step",
            """
                SELECT run_id, name, step, loss, accuracy FROM training_step JOIN run ON run.id = run_id
            """),
        View(
            "last_hidden_percentile",
            """
                SELECT run_id, name, step, percentile, value
                FROM activation_percentile AS p JOIN run ON run.id = run_id
                WHERE site = 'preactivation'
                    AND layer = (SELECT max(layer) - 1 FROM layer WHERE layer.run_id = p.run_id)
            """),
        View(
            "weight_gradient_norm",
            """
                SELECT run_id, name, step, layer, gradient_norm
                FROM parameter_statistic JOIN run ON run.id = run_id WHERE parameter = 'weight'
            """),
        View(
            "dead_unit",
            """
                SELECT run_id, name, step, layer, dead_unit_fraction
                FROM activation_statistic JOIN run ON run.id = run_id WHERE site = 'activation'
            """),
        View(
            "run_summary",
            """
                SELECT id AS run_id, uuid, name, status, created_at, seed, precision,
                    (SELECT name FROM sweep WHERE sweep.id = run.sweep_id) AS sweep,
                    (SELECT group_concat(tag, ', ') FROM (SELECT tag FROM tag WHERE run_id = run.id ORDER BY tag))
                        AS tags,
                    (SELECT normalization FROM normalization_by_run WHERE run_id = run.id) AS normalization,
                    last_step,
                    (SELECT loss FROM training_step WHERE run_id = run.id ORDER BY step LIMIT 1) AS first_loss,
                    (SELECT loss FROM training_step WHERE run_id = run.id ORDER BY step DESC LIMIT 1) AS final_loss,
                    (SELECT accuracy FROM evaluation WHERE run_id = run.id AND split = 'train'
                        AND mode = 'running' ORDER BY step DESC LIMIT 1) AS train_accuracy,
                    (SELECT max(accuracy) FROM evaluation WHERE run_id = run.id AND split = 'train'
                        AND mode = 'running') AS best_train_accuracy,
                    (SELECT loss FROM evaluation WHERE run_id = run.id AND split = 'train'
                        AND mode = 'running' ORDER BY step DESC LIMIT 1) AS train_loss,
                    (SELECT min(loss) FROM evaluation WHERE run_id = run.id AND split = 'train'
                        AND mode = 'running') AS best_train_loss,
                    (SELECT accuracy FROM evaluation WHERE run_id = run.id AND split = 'validation'
                        AND mode = 'running' ORDER BY step DESC LIMIT 1) AS validation_accuracy,
                    (SELECT max(accuracy) FROM evaluation WHERE run_id = run.id AND split = 'validation'
                        AND mode = 'running') AS best_validation_accuracy,
                    (SELECT loss FROM evaluation WHERE run_id = run.id AND split = 'validation'
                        AND mode = 'running' ORDER BY step DESC LIMIT 1) AS validation_loss,
                    (SELECT min(loss) FROM evaluation WHERE run_id = run.id AND split = 'validation'
                        AND mode = 'running') AS best_validation_loss,
                    (SELECT accuracy FROM evaluation WHERE run_id = run.id AND split = 'test'
                        AND mode = 'running' ORDER BY step DESC LIMIT 1) AS test_accuracy,
                    (SELECT max(accuracy) FROM evaluation WHERE run_id = run.id AND split = 'test'
                        AND mode = 'running') AS best_test_accuracy,
                    (SELECT loss FROM evaluation WHERE run_id = run.id AND split = 'test'
                        AND mode = 'running' ORDER BY step DESC LIMIT 1) AS test_loss,
                    (SELECT min(loss) FROM evaluation WHERE run_id = run.id AND split = 'test'
                        AND mode = 'running') AS best_test_loss,
                    (SELECT t.accuracy FROM evaluation AS v LEFT JOIN evaluation AS t ON t.run_id = v.run_id
                        AND t.step = v.step AND t.split = 'test' AND t.mode = 'running'
                        WHERE v.run_id = run.id AND v.split = 'validation' AND v.mode = 'running'
                            AND v.accuracy IS NOT NULL ORDER BY v.accuracy DESC, v.step LIMIT 1) AS test_accuracy_at_best_validation,
                    (SELECT t.loss FROM evaluation AS v LEFT JOIN evaluation AS t ON t.run_id = v.run_id
                        AND t.step = v.step AND t.split = 'test' AND t.mode = 'running'
                        WHERE v.run_id = run.id AND v.split = 'validation' AND v.mode = 'running'
                            AND v.loss IS NOT NULL ORDER BY v.loss ASC, v.step LIMIT 1) AS test_loss_at_best_validation,
                    (SELECT sum(wall_seconds) FROM run_phase WHERE run_id = run.id AND phase = 'train')
                        AS train_seconds,
                    last_step / (SELECT sum(wall_seconds) FROM run_phase WHERE run_id = run.id AND phase = 'train')
                        AS steps_per_second
                FROM run
            """),
        View(
            "step_clock",
            """
                SELECT run_id, step, max(attempt) AS attempt, 1.0 * step / steps_per_epoch AS epoch, train_seconds, at
                FROM step_time JOIN run ON run.id = run_id GROUP BY run_id, step
            """),
        View(
            "normalization_by_run",
            """
                SELECT run_id, CASE json_valid(value) WHEN 1 THEN 'per layer' ELSE value END AS normalization
                    FROM run_parameter
                WHERE path IN ('model.normalization.kind', 'model.normalization')
            """),
        View(
            "final_test_accuracy",
            """
                SELECT run.id AS run_id, name, seed, status, normalization, (
                    SELECT accuracy FROM evaluation WHERE run_id = run.id AND split = 'test'
                        AND mode = 'running' ORDER BY step DESC LIMIT 1
                ) AS test_accuracy
                FROM run JOIN normalization_by_run ON run_id = run.id
            """),
        View(
            "batch_norm_gain",
            """
                SELECT a.run_id, b.run_id AS plain_run_id, a.name, a.seed, a.test_accuracy,
                    b.test_accuracy AS plain_test_accuracy,
                    a.test_accuracy - b.test_accuracy AS gain
                FROM final_test_accuracy AS a JOIN final_test_accuracy AS b
                    ON a.seed = b.seed AND a.normalization <> 'none' AND b.normalization = 'none'
                WHERE NOT EXISTS (
                    SELECT 1 FROM run_parameter AS p LEFT JOIN run_parameter AS q ON q.run_id = b.run_id
                        AND q.path = p.path
                    WHERE p.run_id = a.run_id
                        AND \(ResultsFile.comparedValue(of: "p")) IS NOT \(ResultsFile.comparedValue(of: "q"))
                        AND p.path NOT LIKE 'model.normalization%' AND p.path NOT IN ('name', 'tags')
                        AND p.path NOT LIKE 'logging.%')
            """),
        View(
            "best_learning_rate",
            """
                SELECT normalization, learning_rate, max(mean_test_accuracy) AS mean_test_accuracy, run_count FROM (
                    SELECT normalization, p.value AS learning_rate,
                        avg(coalesce(test_accuracy, 0)) AS mean_test_accuracy, count(*) AS run_count
                    FROM final_test_accuracy AS f JOIN run_parameter AS p ON p.run_id = f.run_id
                        AND p.path = 'optimizer.learning_rate'
                    WHERE status IN ('finished', 'diverged') GROUP BY normalization, p.value)
                GROUP BY normalization
            """),
        View(
            "accuracy_over_seeds",
            """
                SELECT name, normalization, count(*) AS run_count, avg(test_accuracy) AS mean_test_accuracy,
                    CASE WHEN count(test_accuracy) > 1 THEN sqrt(max(0,
                        (sum(test_accuracy * test_accuracy) - sum(test_accuracy) * avg(test_accuracy))
                        / (count(test_accuracy) - 1))) END AS standard_deviation,
                    min(test_accuracy) AS minimum, max(test_accuracy) AS maximum
                FROM final_test_accuracy AS f WHERE status = 'finished' AND NOT EXISTS (
                    SELECT 1 FROM run JOIN run AS later USING (identity, name)
                    WHERE run.id = f.run_id AND later.id > run.id AND later.status = 'finished')
                GROUP BY name, normalization
            """),
        View(
            "steps_to_accuracy",
            """
                SELECT run_id, name, threshold, (
                    SELECT min(step) FROM evaluation AS e WHERE e.run_id = run.id AND split = 'test'
                        AND mode = 'running' AND accuracy >= threshold
                ) AS step
                FROM (SELECT id AS run_id, id, name FROM run) AS run,
                    (SELECT 0.5 AS threshold UNION ALL SELECT 0.8 UNION ALL SELECT 0.9 UNION ALL SELECT 0.95
                        UNION ALL SELECT 0.98)
            """),
        View(
            "effective_learning_rate",
            """
                SELECT run_id, step, layer, weight_norm, learning_rate,
                    learning_rate / nullif(weight_norm * weight_norm, 0) AS effective_learning_rate,
                    decay AS weight_decay, angular_update, CASE iif(projection = 'none', optimizer, NULL)
                    WHEN 'sgd' THEN iif(decay > 0 AND NOT nesterov, sqrt(2 * learning_rate * decay / (1 + momentum)), NULL)
                    WHEN 'adamw' THEN
                        iif(decay > 0 AND l2 = 0, sqrt(2 * learning_rate * decay * (1 - momentum) / (1 + momentum)), NULL)
                    END AS equilibrium_angular_update
                FROM (
                    SELECT p.run_id, p.step, p.layer, p.weight_norm, t.learning_rate * coalesce((
                            SELECT value FROM run_parameter WHERE run_id = p.run_id
                                AND path = 'optimizer.learning_rate_multipliers.' || p.layer || '/weight'
                        ), o.multiplier) * iif(p.layer = 0 OR p.layer = (
                            SELECT max(layer) FROM layer WHERE run_id = p.run_id), o.outer_rate, 1) AS learning_rate,
                        p.angular_update, o.optimizer, o.momentum, o.nesterov, o.decay, o.l2, o.projection
                    FROM parameter_statistic AS p JOIN training_step AS t USING (run_id, step)
                        JOIN layer AS l USING (run_id, layer) JOIN (
                            SELECT run_id, max(value) FILTER (WHERE path = 'optimizer.kind') AS optimizer,
                                coalesce(max(value) FILTER (WHERE path IN ('optimizer.momentum', 'optimizer.beta1')), 0)
                                    AS momentum,
                                coalesce(max(value) FILTER (WHERE path = 'optimizer.nesterov'), 0) AS nesterov,
                                coalesce(max(value) FILTER (WHERE path = 'optimizer.weight_projection'), 'none')
                                    AS projection,
                                coalesce(max(value) FILTER (
                                    WHERE path = 'optimizer.learning_rate_multipliers.weight'), 1) AS multiplier,
                                coalesce(max(value) FILTER (WHERE path = 'optimizer.weight_decay'), 0)
                                    * (coalesce(max(value) FILTER (WHERE path = 'optimizer.weight_decay_exclude'), '')
                                        NOT LIKE '%"weight"%')
                                + iif(max(value) FILTER (WHERE path = 'optimizer.kind') = 'sgd',
                                    coalesce(max(value) FILTER (WHERE path = 'loss.l2'), 0), 0) AS decay,
                                coalesce(max(value) FILTER (WHERE path = 'loss.l2'), 0) AS l2,
                                -- AdamW's rate of the first and the last layer, by that of Muon
                                coalesce(iif(max(value) FILTER (WHERE path = 'optimizer.matrices') = 'hidden',
                                    1.0 * max(value) FILTER (WHERE path = 'optimizer.adamw.learning_rate')
                                        / max(value) FILTER (WHERE path = 'optimizer.learning_rate'), NULL), 1)
                                    AS outer_rate
                            FROM run_parameter WHERE path LIKE 'optimizer.%' OR path = 'loss.l2' GROUP BY run_id
                        ) AS o USING (run_id)
                    WHERE p.parameter = 'weight' AND l.scale_invariant)
            """),
        View(
            "gradient_noise_scale",
            """
                SELECT run_id, step, layer, count(*) OVER recent AS measurement_count,
                    avg(gradient_square) OVER recent AS gradient_square, avg(trace) OVER recent AS trace,
                    iif(avg(gradient_square) OVER recent > 0,
                        avg(trace) OVER recent / avg(gradient_square) OVER recent, NULL) AS noise_scale
                FROM (SELECT run_id, step, NULL AS layer, gradient_square, trace FROM gradient_noise
                    UNION ALL SELECT run_id, step, layer, gradient_square, trace FROM layer_gradient_noise)
                WINDOW recent AS (PARTITION BY run_id, layer ORDER BY step ROWS BETWEEN 9 PRECEDING AND CURRENT ROW)
            """),
        View(
            "gradient_factor",
            """
                SELECT g.run_id, g.step, g.layer, g.gradient_norm, g.gradient_norm / above.gradient_norm AS factor
                FROM activation_statistic AS g JOIN activation_statistic AS above
                    ON above.run_id = g.run_id AND above.step = g.step AND above.layer = g.layer + 1
                        AND above.site = 'preactivation'
                WHERE g.site = 'preactivation'
            """),
        View(
            "mode_gap",
            """
                SELECT a.run_id, a.step, a.split, a.loss AS running_loss, b.loss AS batch_loss,
                    a.loss - b.loss AS loss_gap,
                    a.accuracy AS running_accuracy, b.accuracy AS batch_accuracy,
                    b.accuracy - a.accuracy AS accuracy_gap
                FROM evaluation AS a JOIN evaluation AS b ON b.run_id = a.run_id AND b.step = a.step
                    AND b.split = a.split AND b.mode = 'batch'
                WHERE a.mode = 'running'
            """),
        View(
            "unit_value",
            """
                SELECT run_id, step, layer, quantity, unit.key AS unit, unit.value AS value
                FROM unit_vector, json_each("values") AS unit
            """),
        View(
            "sweep_run",
            """
                SELECT t.sweep_id, t.trial, t.identity, run.id AS run_id, run.status
                FROM sweep_trial AS t LEFT JOIN run ON run.id = (
                    SELECT id FROM run AS r WHERE r.identity = t.identity
                    ORDER BY r.status IN ('finished', 'diverged') DESC, r.id DESC LIMIT 1)
            """),
        View(
            "sweep_summary",
            """
                SELECT r.sweep_id, sweep.name AS sweep, r.trial,
                    (SELECT json_group_object(axis, coalesce(label, value)) FROM sweep_value AS v
                        WHERE v.sweep_id = r.sweep_id AND v.trial = r.trial) AS settings,
                    r.run_id, r.status, s.seed, s.normalization, s.last_step, s.first_loss,
                    s.final_loss, s.train_accuracy, s.best_train_accuracy, s.train_loss,
                    s.best_train_loss, s.validation_accuracy, s.best_validation_accuracy,
                    s.validation_loss, s.best_validation_loss, s.test_accuracy,
                    s.best_test_accuracy, s.test_loss, s.best_test_loss,
                    s.test_accuracy_at_best_validation, s.test_loss_at_best_validation,
                    s.train_seconds
                FROM sweep_run AS r JOIN sweep ON sweep.id = r.sweep_id LEFT JOIN run_summary AS s
                    ON s.run_id = r.run_id
            """),
    ]
}
