import GRDB

/// "bnxp" in ASCII: marks an SQLite file as a results file of bnexp (`PRAGMA application_id`).
let applicationID: Int32 = 0x626E_7870

/// The number of the newest migration (`PRAGMA user_version`).
let schemaVersion = 1

/// All migrations, in order. A released one is never edited.
var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("v1") { database in
        try database.execute(sql: schemaVersion1)
        try database.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = 1")
    }
    return migrator
}

// Columns of a metric table stand in the order of its primary key, then the values. WITHOUT ROWID keeps the rows of a run together, so
// that one run's curve is one range of the file.
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
