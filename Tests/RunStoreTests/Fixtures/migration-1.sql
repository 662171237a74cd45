CREATE TABLE run (
    id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('running', 'finished', 'diverged', 'interrupted', 'failed', 'lost')),
    created_at TEXT NOT NULL, finished_at TEXT, seed INTEGER NOT NULL, config TEXT NOT NULL,
        config_hash TEXT NOT NULL,
    data_hash TEXT NOT NULL, identity TEXT NOT NULL, precision TEXT NOT NULL, version TEXT NOT NULL,
        source_commit TEXT,
    threads INTEGER NOT NULL, cpu TEXT NOT NULL, blas TEXT NOT NULL, blas_kernel TEXT NOT NULL,
        engine_path TEXT NOT NULL, command TEXT NOT NULL,
    exit_reason TEXT, last_step INTEGER, peak_memory_bytes INTEGER, sweep_id INTEGER, trial INTEGER
) STRICT;
CREATE TABLE run_attempt (
    run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, attempt INTEGER NOT NULL, host TEXT NOT NULL,
        pid INTEGER NOT NULL,
    started_at TEXT NOT NULL, heartbeat_at TEXT NOT NULL, ended_at TEXT, from_step INTEGER NOT NULL,
        PRIMARY KEY (run_id, attempt)
) STRICT, WITHOUT ROWID;
CREATE TABLE run_phase (
    run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, attempt INTEGER NOT NULL, phase TEXT NOT NULL,
    wall_seconds REAL NOT NULL, cpu_seconds REAL NOT NULL, PRIMARY KEY (run_id, attempt, phase)
) STRICT, WITHOUT ROWID;
CREATE TABLE run_parameter (
    run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, path TEXT NOT NULL, value ANY,
        PRIMARY KEY (run_id, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_parameter_value ON run_parameter (path, value);
CREATE TABLE layer (
    run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, layer INTEGER NOT NULL, kind TEXT NOT NULL,
        inputs INTEGER NOT NULL,
    outputs INTEGER NOT NULL, activation TEXT NOT NULL, normalization TEXT NOT NULL,
        parameter_count INTEGER NOT NULL,
    PRIMARY KEY (run_id, layer)
) STRICT, WITHOUT ROWID;
CREATE TABLE tag (
    run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, tag TEXT NOT NULL, PRIMARY KEY (run_id, tag)
) STRICT, WITHOUT ROWID;
CREATE TABLE note (
    run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, written_at TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (run_id, written_at)
) STRICT, WITHOUT ROWID;
CREATE TABLE training_step (
    run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    "step" INTEGER NOT NULL,
    "epoch" INTEGER NOT NULL,
    "loss" REAL,
    "regularization_loss" REAL,
    "accuracy" REAL,
    "learning_rate" REAL NOT NULL,
    "gradient_norm" REAL,
    PRIMARY KEY (run_id, "step")
) STRICT, WITHOUT ROWID;
CREATE TABLE evaluation (
    run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    "step" INTEGER NOT NULL,
    "split" TEXT NOT NULL,
    "mode" TEXT NOT NULL,
    "loss" REAL,
    "accuracy" REAL,
    "example_count" INTEGER NOT NULL,
    PRIMARY KEY (run_id, "step", "split", "mode")
) STRICT, WITHOUT ROWID;
CREATE TABLE activation_statistic (
    run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    "step" INTEGER NOT NULL,
    "layer" INTEGER NOT NULL,
    "site" TEXT NOT NULL,
    "mean" REAL,
    "standard_deviation" REAL,
    "minimum" REAL,
    "maximum" REAL,
    "zero_fraction" REAL,
    "saturated_fraction" REAL,
    "dead_unit_fraction" REAL,
    "gradient_norm" REAL,
    "nonfinite_count" INTEGER NOT NULL,
    PRIMARY KEY (run_id, "step", "layer", "site")
) STRICT, WITHOUT ROWID;
CREATE TABLE activation_percentile (
    run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    "step" INTEGER NOT NULL,
    "layer" INTEGER NOT NULL,
    "site" TEXT NOT NULL,
    "percentile" REAL NOT NULL,
    "value" REAL,
    PRIMARY KEY (run_id, "step", "layer", "site", "percentile")
) STRICT, WITHOUT ROWID;
CREATE TABLE parameter_statistic (
    run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    "step" INTEGER NOT NULL,
    "layer" INTEGER NOT NULL,
    "parameter" TEXT NOT NULL,
    "gradient_norm" REAL,
    "weight_norm" REAL,
    "update_norm" REAL,
    "update_ratio" REAL,
    "nonfinite_count" INTEGER NOT NULL,
    PRIMARY KEY (run_id, "step", "layer", "parameter")
) STRICT, WITHOUT ROWID;
CREATE TABLE normalization_statistic (
    run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    "step" INTEGER NOT NULL,
    "layer" INTEGER NOT NULL,
    "batch_mean_norm" REAL,
    "running_mean_norm" REAL,
    "mean_gap" REAL,
    "batch_variance_mean" REAL,
    "running_variance_mean" REAL,
    "variance_gap" REAL,
    "gamma_mean" REAL,
    "gamma_minimum" REAL,
    "gamma_maximum" REAL,
    "beta_mean" REAL,
    "beta_minimum" REAL,
    "beta_maximum" REAL,
    PRIMARY KEY (run_id, "step", "layer")
) STRICT, WITHOUT ROWID;
