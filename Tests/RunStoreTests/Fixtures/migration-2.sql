CREATE INDEX run_identity ON run (identity);
CREATE TABLE sweep (
    id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, name TEXT NOT NULL, definition TEXT NOT NULL
) STRICT;
CREATE TABLE sweep_value (
    sweep_id INTEGER NOT NULL REFERENCES sweep (id) ON DELETE CASCADE, trial INTEGER NOT NULL,
        axis TEXT NOT NULL, label TEXT,
    value ANY, PRIMARY KEY (sweep_id, trial, axis)
) STRICT, WITHOUT ROWID;
ALTER TABLE "parameter_statistic" ADD COLUMN "gradient_cosine" REAL;
CREATE TABLE probe_percentile (
    run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    "step" INTEGER NOT NULL,
    "mode" TEXT NOT NULL,
    "layer" INTEGER NOT NULL,
    "unit" INTEGER NOT NULL,
    "percentile" REAL NOT NULL,
    "value" REAL,
    PRIMARY KEY (run_id, "step", "mode", "layer", "unit", "percentile")
) STRICT, WITHOUT ROWID;
CREATE TABLE representation_statistic (
    run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    "step" INTEGER NOT NULL,
    "layer" INTEGER NOT NULL,
    "site" TEXT NOT NULL,
    "mean_cosine" REAL,
    "stable_rank" REAL,
    "participation_ratio" REAL,
    "effective_rank" INTEGER NOT NULL,
    "isometry_gap" REAL,
    PRIMARY KEY (run_id, "step", "layer", "site")
) STRICT, WITHOUT ROWID;
CREATE TABLE landscape (
    run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    "step" INTEGER NOT NULL,
    "step_size" REAL NOT NULL,
    "loss" REAL,
    "gradient_distance" REAL,
    "gradient_cosine" REAL,
    "smoothness" REAL,
    PRIMARY KEY (run_id, "step", "step_size")
) STRICT, WITHOUT ROWID;
CREATE TABLE covariate_shift (
    run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    "step" INTEGER NOT NULL,
    "layer" INTEGER NOT NULL,
    "gradient_distance" REAL,
    "gradient_cosine" REAL,
    PRIMARY KEY (run_id, "step", "layer")
) STRICT, WITHOUT ROWID;
CREATE TABLE histogram (
    run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    "step" INTEGER NOT NULL,
    "layer" INTEGER NOT NULL,
    "site" TEXT NOT NULL,
    "counts" TEXT NOT NULL,
    PRIMARY KEY (run_id, "step", "layer", "site")
) STRICT, WITHOUT ROWID;
CREATE TABLE unit_vector (
    run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    "step" INTEGER NOT NULL,
    "layer" INTEGER NOT NULL,
    "quantity" TEXT NOT NULL,
    "values" TEXT NOT NULL,
    PRIMARY KEY (run_id, "step", "layer", "quantity")
) STRICT, WITHOUT ROWID;
