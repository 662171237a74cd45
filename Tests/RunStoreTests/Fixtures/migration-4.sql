CREATE TABLE confusion (
    run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    "step" INTEGER NOT NULL,
    "split" TEXT NOT NULL,
    "target" INTEGER NOT NULL,
    "predicted" INTEGER NOT NULL,
    "count" INTEGER NOT NULL,
    PRIMARY KEY (run_id, "step", "split", "target", "predicted")
) STRICT, WITHOUT ROWID;
