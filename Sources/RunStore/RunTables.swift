/// The statements that bring a file of the version before to a version, as far as tables are concerned that are not of
/// measurements.
///
/// What a released version executes is never edited.
let runTableMigrations: [Int: String] = [
    1: version1, 2: version2, 3: version3, 5: version5, 6: version6, 7: version7, 9: version9,
]

private let version1 = """
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
    """

private let version2 = """
    CREATE INDEX run_identity ON run (identity);
    CREATE TABLE sweep (
        id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, name TEXT NOT NULL, definition TEXT NOT NULL
    ) STRICT;
    CREATE TABLE sweep_value (
        sweep_id INTEGER NOT NULL REFERENCES sweep (id) ON DELETE CASCADE, trial INTEGER NOT NULL,
            axis TEXT NOT NULL, label TEXT,
        value ANY, PRIMARY KEY (sweep_id, trial, axis)
    ) STRICT, WITHOUT ROWID;
    """

// The run of a trial is found by its identity, so that a run that exists already serves every sweep that asks for it.
private let version3 = """
    CREATE TABLE sweep_trial (
        sweep_id INTEGER NOT NULL REFERENCES sweep (id) ON DELETE CASCADE, trial INTEGER NOT NULL,
            identity TEXT NOT NULL,
        PRIMARY KEY (sweep_id, trial)
    ) STRICT, WITHOUT ROWID;
    """

// What accidents are recognized by: the checkpoints that count, the process that works on a run, what a finished run
// holds.
private let version5 = """
    CREATE TABLE checkpoint (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, step INTEGER NOT NULL, path TEXT NOT NULL,
        sha256 TEXT NOT NULL, bytes INTEGER NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('step', 'best')),
        PRIMARY KEY (run_id, step, kind)
    ) STRICT;
    ALTER TABLE run ADD COLUMN content_hash TEXT;
    ALTER TABLE run ADD COLUMN sqlite_version TEXT;
    ALTER TABLE run_attempt ADD COLUMN boot_id TEXT;
    ALTER TABLE run_attempt ADD COLUMN process_started INTEGER;
    """

// What the data call the classes whose numbers the other tables have.
private let version6 = """
    CREATE TABLE class (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, class INTEGER NOT NULL, name TEXT NOT NULL,
        PRIMARY KEY (run_id, class)
    ) STRICT, WITHOUT ROWID;
    """

// How long training took up to what was measured, beside the tables whose bits are the same every time.
private let version7 = """
    CREATE TABLE step_time (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, attempt INTEGER NOT NULL, step INTEGER NOT NULL,
        train_seconds REAL NOT NULL, at TEXT NOT NULL, PRIMARY KEY (run_id, step, attempt)
    ) STRICT, WITHOUT ROWID;
    ALTER TABLE run ADD COLUMN steps_per_epoch INTEGER;
    """

// Whether a layer's weight has a direction alone, so that angles and effective learning rates say how it moves.
private let version9 = """
    ALTER TABLE layer ADD COLUMN scale_invariant INTEGER;
    """
