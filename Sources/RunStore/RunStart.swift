import Foundation
import GRDB

extension ResultsFile {
    /// Takes the lock that shows other processes that this one works on a run; nil where there are no locks.
    /// - Throws: `ResultsError` if another process has it.
    func lockRun(_ id: Int64) throws(ResultsError) -> ByteLock? {
        switch ByteLock.take(id, of: resolvedPath) {
        case .taken(let lock): return lock
        case .unavailable: return nil
        case .refused(let error): throw error
        case .held:
            throw ResultsError(
                "run \(id) in \(path) is being worked on by another process; wait for it, or stop it first",
                cause: .busyRun)
        }
    }

    /// Records the start of a run, in one transaction, and returns what writes its metrics.
    /// - Parameters:
    ///   - isOnlyOne: whether no other run may have the same identity.
    ///   - classes: what the data call each class.
    ///   - onCommit: called on the writer's thread with the last step whose rows are on disk.
    /// - Throws: `ResultsError` if `isOnlyOne` is true and another process has begun a run of the same identity.
    package func beginRun(
        _ run: RunRecord, isOnlyOne: Bool = false, trial: TrialReference? = nil, attempt: AttemptRecord,
        parameters: [(path: String, value: SQLValue)], layers: [LayerRecord], classes: [String] = [],
        tags: [String],
        onCommit: @escaping @Sendable (Int) -> Void = { _ in }, note: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(ResultsError) -> RunWriter {
        let (runID, lock) = try write { database in
            if isOnlyOne,
                let other = try String.fetchOne(
                    database, sql: "SELECT uuid FROM run WHERE identity = ?", arguments: [run.identity])
            {
                throw ResultsError(
                    "another process has just started run \(other), which has the same identity; see bnexp show "
                        + "\(other)",
                    cause: .busyRun)
            }
            try database.executeKept(
                sql: """
                    INSERT INTO run (uuid, name, status, created_at, seed, config, config_hash, data_hash, identity, precision,
                        version, source_commit, threads, cpu, blas, blas_kernel, engine_path, command, sweep_id, trial,
                        steps_per_epoch, sqlite_version)
                    VALUES (?, ?, 'running', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, sqlite_version())
                    """,
                arguments: [
                    run.uuid, run.name, timestamp(run.createdAt), run.seed, run.config, run.configHash, run.dataHash,
                    run.identity, run.precision,
                    run.version, run.sourceCommit, run.threads, run.cpu, run.blas, run.blasKernel, run.enginePath,
                    run.command,
                    trial?.sweepID, trial?.trial, run.stepsPerEpoch,
                ])
            let runID = database.lastInsertedRowID
            let start = timestamp(attempt.startedAt)
            try database.executeKept(
                sql: """
                    INSERT INTO run_attempt
                        (run_id, attempt, host, pid, started_at, heartbeat_at, from_step, boot_id, process_started)
                    VALUES (?, 1, ?, ?, ?, ?, 0, ?, ?)
                    """,
                arguments: [
                    runID, attempt.host, attempt.pid, start, start, attempt.bootID, attempt.processStarted,
                ])
            try database.insert(parameters, ofRun: runID)
            for layer in layers {
                try database.executeKept(
                    sql: "INSERT INTO layer VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    arguments: [
                        runID, layer.layer, layer.kind, layer.inputs, layer.outputs, layer.activation,
                        layer.normalization, layer.parameterCount, layer.isScaleInvariant,
                    ])
            }
            for (number, name) in classes.enumerated() {
                try database.executeKept(sql: "INSERT INTO class VALUES (?, ?, ?)", arguments: [runID, number, name])
            }
            for tag in Set(tags) {
                try database.executeKept(sql: "INSERT INTO tag VALUES (?, ?)", arguments: [runID, tag])
            }
            return (runID, try lockRun(runID))
        }
        return RunWriter(file: self, runID: runID, attempt: 1, lock: lock, onCommit: onCommit, note: note)
    }
}
