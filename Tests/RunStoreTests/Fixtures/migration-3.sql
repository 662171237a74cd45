CREATE TABLE sweep_trial (
    sweep_id INTEGER NOT NULL REFERENCES sweep (id) ON DELETE CASCADE, trial INTEGER NOT NULL,
        identity TEXT NOT NULL,
    PRIMARY KEY (sweep_id, trial)
) STRICT, WITHOUT ROWID;
