import GRDB

/// "bnxp" in ASCII: marks an SQLite file as a results file of bnexp (`PRAGMA application_id`).
let applicationID: Int32 = 0x626E_7870

/// The number of the newest migration (`PRAGMA user_version`).
package let schemaVersion = 3

/// All migrations, in order.
///
/// A released one is never edited.
var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("v1") { database in
        try database.execute(sql: schemaVersion1)
        try database.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = 1")
    }
    migrator.registerMigration("v2") { database in
        try database.execute(sql: schemaVersion2)
        try database.execute(sql: "PRAGMA user_version = 2")
    }
    migrator.registerMigration("v3") { database in
        try database.execute(sql: schemaVersion3)
        try database.execute(sql: "PRAGMA user_version = 3")
    }
    return migrator
}

// Columns of a metric table stand in the order of its primary key, then the values. WITHOUT ROWID keeps the rows of a
// run together, so that one run's curve is one range of the file.
private let schemaVersion1 = """
    CREATE TABLE run (
        id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('running', 'finished', 'diverged', 'interrupted', 'failed', 'lost')),
        created_at TEXT NOT NULL, finished_at TEXT, seed INTEGER NOT NULL, config TEXT NOT NULL, config_hash TEXT NOT NULL,
        data_hash TEXT NOT NULL, identity TEXT NOT NULL, precision TEXT NOT NULL, version TEXT NOT NULL, source_commit TEXT,
        threads INTEGER NOT NULL, cpu TEXT NOT NULL, blas TEXT NOT NULL, blas_kernel TEXT NOT NULL, engine_path TEXT NOT NULL, command TEXT NOT NULL,
        exit_reason TEXT, last_step INTEGER, peak_memory_bytes INTEGER, sweep_id INTEGER, trial INTEGER
    ) STRICT;
    CREATE TABLE run_attempt (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, attempt INTEGER NOT NULL, host TEXT NOT NULL, pid INTEGER NOT NULL,
        started_at TEXT NOT NULL, heartbeat_at TEXT NOT NULL, ended_at TEXT, from_step INTEGER NOT NULL, PRIMARY KEY (run_id, attempt)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE run_phase (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, attempt INTEGER NOT NULL, phase TEXT NOT NULL,
        wall_seconds REAL NOT NULL, cpu_seconds REAL NOT NULL, PRIMARY KEY (run_id, attempt, phase)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE run_parameter (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, path TEXT NOT NULL, value ANY, PRIMARY KEY (run_id, path)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX run_parameter_value ON run_parameter (path, value);
    CREATE TABLE layer (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, layer INTEGER NOT NULL, kind TEXT NOT NULL, inputs INTEGER NOT NULL,
        outputs INTEGER NOT NULL, activation TEXT NOT NULL, normalization TEXT NOT NULL, parameter_count INTEGER NOT NULL,
        PRIMARY KEY (run_id, layer)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE training_step (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, step INTEGER NOT NULL, epoch INTEGER NOT NULL, loss REAL,
        regularization_loss REAL, accuracy REAL, learning_rate REAL NOT NULL, gradient_norm REAL, PRIMARY KEY (run_id, step)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE evaluation (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, step INTEGER NOT NULL, split TEXT NOT NULL, mode TEXT NOT NULL,
        loss REAL, accuracy REAL, example_count INTEGER NOT NULL, PRIMARY KEY (run_id, step, split, mode)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE activation_statistic (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, step INTEGER NOT NULL, layer INTEGER NOT NULL, site TEXT NOT NULL,
        mean REAL, standard_deviation REAL, minimum REAL, maximum REAL, zero_fraction REAL, saturated_fraction REAL,
        dead_unit_fraction REAL, gradient_norm REAL, nonfinite_count INTEGER NOT NULL, PRIMARY KEY (run_id, step, layer, site)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE activation_percentile (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, step INTEGER NOT NULL, layer INTEGER NOT NULL, site TEXT NOT NULL,
        percentile REAL NOT NULL, value REAL, PRIMARY KEY (run_id, step, layer, site, percentile)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE parameter_statistic (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, step INTEGER NOT NULL, layer INTEGER NOT NULL,
        parameter TEXT NOT NULL, gradient_norm REAL, weight_norm REAL, update_norm REAL, update_ratio REAL,
        nonfinite_count INTEGER NOT NULL, PRIMARY KEY (run_id, step, layer, parameter)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE normalization_statistic (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, step INTEGER NOT NULL, layer INTEGER NOT NULL,
        batch_mean_norm REAL, running_mean_norm REAL, mean_gap REAL, batch_variance_mean REAL, running_variance_mean REAL,
        variance_gap REAL, gamma_mean REAL, gamma_minimum REAL, gamma_maximum REAL, beta_mean REAL, beta_minimum REAL, beta_maximum REAL,
        PRIMARY KEY (run_id, step, layer)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE tag (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, tag TEXT NOT NULL, PRIMARY KEY (run_id, tag)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE note (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, written_at TEXT NOT NULL, text TEXT NOT NULL,
        PRIMARY KEY (run_id, written_at)
    ) STRICT, WITHOUT ROWID;

    CREATE VIEW final_accuracy AS
        SELECT run_id, name, split, mode, max(step) AS step, loss, accuracy
        FROM evaluation JOIN run ON run.id = run_id GROUP BY run_id, split, mode;
    CREATE VIEW loss_by_step AS
        SELECT run_id, name, step, loss, accuracy FROM training_step JOIN run ON run.id = run_id;
    CREATE VIEW last_hidden_percentile AS
        SELECT run_id, name, step, percentile, value FROM activation_percentile AS p JOIN run ON run.id = run_id
        WHERE site = 'preactivation' AND layer = (SELECT max(layer) - 1 FROM layer WHERE layer.run_id = p.run_id);
    CREATE VIEW weight_gradient_norm AS
        SELECT run_id, name, step, layer, gradient_norm FROM parameter_statistic JOIN run ON run.id = run_id WHERE parameter = 'weight';
    CREATE VIEW dead_unit AS
        SELECT run_id, name, step, layer, dead_unit_fraction FROM activation_statistic JOIN run ON run.id = run_id
        WHERE site = 'activation';
    CREATE VIEW run_summary AS
        SELECT id AS run_id, uuid, name, status, seed, precision,
            (SELECT CASE json_valid(value) WHEN 1 THEN 'per layer' ELSE value END FROM run_parameter
             WHERE run_id = run.id AND path IN ('model.normalization.kind', 'model.normalization')) AS normalization,
            last_step,
            (SELECT loss FROM training_step WHERE run_id = run.id ORDER BY step LIMIT 1) AS first_loss,
            (SELECT loss FROM training_step WHERE run_id = run.id ORDER BY step DESC LIMIT 1) AS final_loss,
            (SELECT accuracy FROM final_accuracy AS f WHERE f.run_id = run.id AND split = 'train' AND mode = 'running') AS train_accuracy,
            (SELECT accuracy FROM final_accuracy AS f WHERE f.run_id = run.id AND split = 'validation' AND mode = 'running')
                AS validation_accuracy,
            (SELECT max(accuracy) FROM evaluation AS e WHERE e.run_id = run.id AND split = 'validation' AND mode = 'running')
                AS best_validation_accuracy,
            (SELECT accuracy FROM final_accuracy AS f WHERE f.run_id = run.id AND split = 'test' AND mode = 'running') AS test_accuracy,
            (SELECT max(accuracy) FROM evaluation AS e WHERE e.run_id = run.id AND split = 'test' AND mode = 'running')
                AS best_test_accuracy,
            (SELECT loss FROM final_accuracy AS f WHERE f.run_id = run.id AND split = 'test' AND mode = 'running') AS test_loss,
            (SELECT sum(wall_seconds) FROM run_phase WHERE run_id = run.id AND phase = 'train') AS train_seconds,
            last_step / (SELECT sum(wall_seconds) FROM run_phase WHERE run_id = run.id AND phase = 'train') AS steps_per_second
        FROM run;
    """

private let schemaVersion2 = """
    CREATE INDEX run_identity ON run (identity);
    ALTER TABLE parameter_statistic ADD COLUMN gradient_cosine REAL;
    CREATE TABLE sweep (
        id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, name TEXT NOT NULL, definition TEXT NOT NULL
    ) STRICT;
    CREATE TABLE sweep_value (
        sweep_id INTEGER NOT NULL REFERENCES sweep (id) ON DELETE CASCADE, trial INTEGER NOT NULL, axis TEXT NOT NULL, label TEXT,
        value ANY, PRIMARY KEY (sweep_id, trial, axis)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE probe_percentile (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, step INTEGER NOT NULL, mode TEXT NOT NULL, layer INTEGER NOT NULL,
        unit INTEGER NOT NULL, percentile REAL NOT NULL, value REAL, PRIMARY KEY (run_id, step, mode, layer, unit, percentile)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE histogram (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, step INTEGER NOT NULL, layer INTEGER NOT NULL, site TEXT NOT NULL,
        counts TEXT NOT NULL, PRIMARY KEY (run_id, step, layer, site)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE unit_vector (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, step INTEGER NOT NULL, layer INTEGER NOT NULL,
        quantity TEXT NOT NULL, "values" TEXT NOT NULL, PRIMARY KEY (run_id, step, layer, quantity)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE representation_statistic (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, step INTEGER NOT NULL, layer INTEGER NOT NULL, site TEXT NOT NULL,
        mean_cosine REAL, stable_rank REAL, participation_ratio REAL, effective_rank INTEGER NOT NULL, isometry_gap REAL,
        PRIMARY KEY (run_id, step, layer, site)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE landscape (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, step INTEGER NOT NULL, step_size REAL NOT NULL, loss REAL,
        gradient_distance REAL, gradient_cosine REAL, smoothness REAL, PRIMARY KEY (run_id, step, step_size)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE covariate_shift (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, step INTEGER NOT NULL, layer INTEGER NOT NULL,
        gradient_distance REAL, gradient_cosine REAL, PRIMARY KEY (run_id, step, layer)
    ) STRICT, WITHOUT ROWID;

    CREATE VIEW normalization_by_run AS
        SELECT run_id, CASE json_valid(value) WHEN 1 THEN 'per layer' ELSE value END AS normalization FROM run_parameter
        WHERE path IN ('model.normalization.kind', 'model.normalization');
    DROP VIEW run_summary;
    CREATE VIEW run_summary AS
        SELECT id AS run_id, uuid, name, status, seed, precision,
            (SELECT normalization FROM normalization_by_run WHERE run_id = run.id) AS normalization, last_step,
            (SELECT loss FROM training_step WHERE run_id = run.id ORDER BY step LIMIT 1) AS first_loss,
            (SELECT loss FROM training_step WHERE run_id = run.id ORDER BY step DESC LIMIT 1) AS final_loss,
            (SELECT accuracy FROM evaluation WHERE run_id = run.id AND split = 'train' AND mode = 'running' ORDER BY step DESC LIMIT 1) AS train_accuracy,
            (SELECT accuracy FROM evaluation WHERE run_id = run.id AND split = 'validation' AND mode = 'running' ORDER BY step DESC LIMIT 1)
                AS validation_accuracy,
            (SELECT max(accuracy) FROM evaluation WHERE run_id = run.id AND split = 'validation' AND mode = 'running') AS best_validation_accuracy,
            (SELECT accuracy FROM evaluation WHERE run_id = run.id AND split = 'test' AND mode = 'running' ORDER BY step DESC LIMIT 1) AS test_accuracy,
            (SELECT max(accuracy) FROM evaluation WHERE run_id = run.id AND split = 'test' AND mode = 'running') AS best_test_accuracy,
            (SELECT loss FROM evaluation WHERE run_id = run.id AND split = 'test' AND mode = 'running' ORDER BY step DESC LIMIT 1) AS test_loss,
            (SELECT sum(wall_seconds) FROM run_phase WHERE run_id = run.id AND phase = 'train') AS train_seconds,
            last_step / (SELECT sum(wall_seconds) FROM run_phase WHERE run_id = run.id AND phase = 'train') AS steps_per_second
        FROM run;
    CREATE VIEW final_test_accuracy AS
        SELECT run.id AS run_id, name, seed, status, normalization, (
            SELECT accuracy FROM evaluation WHERE run_id = run.id AND split = 'test' AND mode = 'running' ORDER BY step DESC LIMIT 1
        ) AS test_accuracy
        FROM run JOIN normalization_by_run ON run_id = run.id;
    CREATE VIEW batch_norm_gain AS
        SELECT a.run_id, b.run_id AS plain_run_id, a.name, a.seed, a.test_accuracy, b.test_accuracy AS plain_test_accuracy,
            a.test_accuracy - b.test_accuracy AS gain
        FROM final_test_accuracy AS a JOIN final_test_accuracy AS b
            ON a.seed = b.seed AND a.normalization <> 'none' AND b.normalization = 'none'
        WHERE NOT EXISTS (
            SELECT 1 FROM run_parameter AS p LEFT JOIN run_parameter AS q ON q.run_id = b.run_id AND q.path = p.path
            WHERE p.run_id = a.run_id AND p.value IS NOT q.value AND p.path NOT LIKE 'model.normalization%' AND p.path NOT IN ('name', 'tags')
                AND p.path NOT LIKE 'logging.%');
    CREATE VIEW best_learning_rate AS
        SELECT normalization, learning_rate, max(mean_test_accuracy) AS mean_test_accuracy, run_count FROM (
            SELECT normalization, p.value AS learning_rate, avg(coalesce(test_accuracy, 0)) AS mean_test_accuracy, count(*) AS run_count
            FROM final_test_accuracy AS f JOIN run_parameter AS p ON p.run_id = f.run_id AND p.path = 'optimizer.learning_rate'
            WHERE status IN ('finished', 'diverged') GROUP BY normalization, p.value)
        GROUP BY normalization;
    CREATE VIEW accuracy_over_seeds AS
        SELECT name, normalization, count(*) AS run_count, avg(test_accuracy) AS mean_test_accuracy,
            CASE WHEN count(test_accuracy) > 1 THEN sqrt(max(0, (sum(test_accuracy * test_accuracy) - sum(test_accuracy) * avg(test_accuracy))
                / (count(test_accuracy) - 1))) END AS standard_deviation, min(test_accuracy) AS minimum, max(test_accuracy) AS maximum
        FROM final_test_accuracy WHERE status = 'finished' GROUP BY name, normalization;
    CREATE VIEW steps_to_accuracy AS
        SELECT run_id, name, threshold, (
            SELECT min(step) FROM evaluation AS e WHERE e.run_id = run.id AND split = 'test' AND mode = 'running' AND accuracy >= threshold
        ) AS step
        FROM (SELECT id AS run_id, id, name FROM run) AS run,
            (SELECT 0.5 AS threshold UNION ALL SELECT 0.8 UNION ALL SELECT 0.9 UNION ALL SELECT 0.95 UNION ALL SELECT 0.98);
    CREATE VIEW gradient_factor AS
        SELECT g.run_id, g.step, g.layer, g.gradient_norm, g.gradient_norm / above.gradient_norm AS factor
        FROM activation_statistic AS g JOIN activation_statistic AS above
            ON above.run_id = g.run_id AND above.step = g.step AND above.layer = g.layer + 1 AND above.site = 'preactivation'
        WHERE g.site = 'preactivation';
    CREATE VIEW mode_gap AS
        SELECT a.run_id, a.step, a.split, a.loss AS running_loss, b.loss AS batch_loss, a.loss - b.loss AS loss_gap,
            a.accuracy AS running_accuracy, b.accuracy AS batch_accuracy, b.accuracy - a.accuracy AS accuracy_gap
        FROM evaluation AS a JOIN evaluation AS b ON b.run_id = a.run_id AND b.step = a.step AND b.split = a.split AND b.mode = 'batch'
        WHERE a.mode = 'running';
    """

// A trial's run is found by its identity, so that a run that is there already serves every sweep that asks for it.
private let schemaVersion3 = """
    CREATE TABLE sweep_trial (
        sweep_id INTEGER NOT NULL REFERENCES sweep (id) ON DELETE CASCADE, trial INTEGER NOT NULL, identity TEXT NOT NULL,
        PRIMARY KEY (sweep_id, trial)
    ) STRICT, WITHOUT ROWID;
    CREATE VIEW sweep_run AS
        SELECT t.sweep_id, t.trial, t.identity, run.id AS run_id, run.status
        FROM sweep_trial AS t LEFT JOIN run ON run.id = (
            SELECT id FROM run AS r WHERE r.identity = t.identity ORDER BY r.status IN ('finished', 'diverged') DESC, r.id DESC LIMIT 1);
    CREATE VIEW sweep_summary AS
        SELECT r.sweep_id, sweep.name AS sweep, r.trial,
            (SELECT json_group_object(axis, coalesce(label, value)) FROM sweep_value AS v WHERE v.sweep_id = r.sweep_id AND v.trial = r.trial)
                AS settings,
            r.run_id, r.status, s.seed, s.normalization, s.last_step, s.first_loss, s.final_loss, s.train_accuracy, s.validation_accuracy,
            s.best_validation_accuracy, s.test_accuracy, s.best_test_accuracy, s.test_loss, s.train_seconds
        FROM sweep_run AS r JOIN sweep ON sweep.id = r.sweep_id LEFT JOIN run_summary AS s ON s.run_id = r.run_id;
    """
