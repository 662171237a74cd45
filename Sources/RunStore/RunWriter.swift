import Foundation
import GRDB

extension ResultsFile {
    /// Records the start of a run, in one transaction, and returns what writes its metrics.
    /// - Parameters:
    ///   - isOnlyOne: whether no other run may have the same identity.
    ///   - onCommit: called on the writer's thread with the last step whose rows are on disk.
    /// - Throws: with `isOnlyOne`, if another process has begun a run of the same identity.
    package func beginRun(
        _ run: RunRecord, isOnlyOne: Bool = false, trial: TrialReference? = nil, attempt: AttemptRecord,
        parameters: [(path: String, value: SQLValue)], layers: [LayerRecord], tags: [String],
        onCommit: @escaping @Sendable (Int) -> Void = { _ in }
    ) throws(ResultsError) -> RunWriter {
        let runID = try write { database in
            if isOnlyOne,
                let other = try String.fetchOne(
                    database, sql: "SELECT uuid FROM run WHERE identity = ?", arguments: [run.identity])
            {
                throw ResultsError(
                    "run \(other) of the same identity was begun by another process in this moment; see bnexp show "
                        + "\(other)",
                    cause: .busyRun)
            }
            try database.execute(
                sql: """
                    INSERT INTO run (uuid, name, status, created_at, seed, config, config_hash, data_hash, identity, precision, version,
                        source_commit, threads, cpu, blas, blas_kernel, engine_path, command, sweep_id, trial)
                    VALUES (?, ?, 'running', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    run.uuid, run.name, timestamp(run.createdAt), run.seed, run.config, run.configHash, run.dataHash,
                    run.identity, run.precision,
                    run.version, run.sourceCommit, run.threads, run.cpu, run.blas, run.blasKernel, run.enginePath,
                    run.command,
                    trial?.sweepID, trial?.trial,
                ])
            let runID = database.lastInsertedRowID
            let start = timestamp(attempt.startedAt)
            try database.execute(
                sql: "INSERT INTO run_attempt VALUES (?, 1, ?, ?, ?, ?, NULL, 0)",
                arguments: [runID, attempt.host, attempt.pid, start, start])
            for (path, value) in parameters {
                try database.execute(
                    sql: "INSERT INTO run_parameter VALUES (?, ?, ?)", arguments: [runID, path, value.databaseValue])
            }
            for layer in layers {
                try database.execute(
                    sql: "INSERT INTO layer VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    arguments: [
                        runID, layer.layer, layer.kind, layer.inputs, layer.outputs, layer.activation,
                        layer.normalization,
                        layer.parameterCount,
                    ])
            }
            for tag in Set(tags) {
                try database.execute(sql: "INSERT INTO tag VALUES (?, ?)", arguments: [runID, tag])
            }
            return runID
        }
        return RunWriter(file: self, runID: runID, attempt: 1, onCommit: onCommit)
    }
}

/// Writes one run's metrics on a thread of its own.
///
/// Rows go through a bounded queue; whoever appends to a full one waits, so that a slow disk delays a run and never
/// loses rows. All that is queued is written in one transaction. An error of the writer is thrown by the next call.
package final class RunWriter: @unchecked Sendable {
    // Sound because every stored variable is read and written with `condition` locked.

    package let runID: Int64
    private let attempt: Int
    private let file: ResultsFile
    private let onCommit: @Sendable (Int) -> Void
    private let condition = NSCondition()
    private var queue: [MetricRows] = []
    private var isWriting = false
    private var isStopped = false
    private var error: ResultsError?
    private var isFlushing = false
    private let capacity = 64
    /// Steps that are worth a transaction of their own; fewer wait up to `gatheringSeconds` for more.
    private let batchCount = 16
    private let gatheringSeconds = 0.05
    private let heartbeatSeconds = 10.0

    init(file: ResultsFile, runID: Int64, attempt: Int, onCommit: @escaping @Sendable (Int) -> Void) {
        self.file = file
        self.runID = runID
        self.attempt = attempt
        self.onCommit = onCommit
        let thread = Thread { [self] in work() }
        thread.name = "bnexp results"
        thread.start()
    }

    /// Queues the rows of one step; waits while the queue is full.
    package func append(_ rows: MetricRows) throws(ResultsError) {
        condition.lock()
        defer { condition.unlock() }
        while queue.count >= capacity && error == nil { condition.wait() }
        if let error { throw error }
        queue.append(rows)
        // The first wakes the writer, which then gathers more for a moment; see `work`.
        if queue.count == 1 || queue.count == batchCount { condition.broadcast() }
    }

    /// Waits until every row is committed.
    package func flush() throws(ResultsError) {
        condition.lock()
        defer { condition.unlock() }
        isFlushing = true
        defer { isFlushing = false }
        condition.broadcast()
        while (!queue.isEmpty || isWriting) && error == nil { condition.wait() }
        if let error { throw error }
    }

    /// Commits every row, then how the run ended, and stops the thread.
    package func finish(
        status: RunStatus, exitReason: String?, lastStep: Int, peakMemoryBytes: Int, phases: [PhaseRecord]
    ) throws(ResultsError) {
        defer { stop() }
        // A run that failed because rows could not be written is marked all the same, if the file takes that.
        do { try flush() } catch { if status != .failed { throw error } }
        try file.write { [runID, attempt] database in
            let now = timestamp()
            try database.execute(
                sql: """
                    UPDATE run SET status = ?, finished_at = ?, exit_reason = ?, last_step = ?, peak_memory_bytes = ? WHERE id = ?
                    """, arguments: [status.rawValue, now, exitReason, lastStep, peakMemoryBytes, runID])
            try database.execute(
                sql: "UPDATE run_attempt SET heartbeat_at = ?, ended_at = ? WHERE run_id = ? AND attempt = ?",
                arguments: [now, now, runID, attempt])
            for phase in phases {
                try database.execute(
                    sql: "INSERT INTO run_phase VALUES (?, ?, ?, ?, ?)",
                    arguments: [runID, attempt, phase.phase.rawValue, phase.wallSeconds, phase.cpuSeconds])
            }
        }
    }

    private func stop() {
        condition.lock()
        isStopped = true
        condition.broadcast()
        condition.unlock()
    }

    private func work() {
        var lastHeartbeat = Date()
        while true {
            condition.lock()
            while queue.isEmpty && !isStopped && Date().timeIntervalSince(lastHeartbeat) < heartbeatSeconds {
                _ = condition.wait(until: lastHeartbeat.addingTimeInterval(heartbeatSeconds))
            }
            let deadline = Date(timeIntervalSinceNow: gatheringSeconds)
            while !queue.isEmpty, queue.count < batchCount, !isStopped, !isFlushing, Date() < deadline {
                _ = condition.wait(until: deadline)
            }
            let batch = queue
            if batch.isEmpty && isStopped {
                condition.unlock()
                return
            }
            isWriting = true
            queue.removeAll(keepingCapacity: true)
            condition.broadcast()
            condition.unlock()

            var failure: ResultsError?
            do {
                try file.write { [runID, attempt] database in
                    for rows in batch { try rows.insert(runID: runID, into: database) }
                    if Date().timeIntervalSince(lastHeartbeat) >= heartbeatSeconds {
                        lastHeartbeat = Date()
                        try database.execute(
                            sql: "UPDATE run_attempt SET heartbeat_at = ? WHERE run_id = ? AND attempt = ?",
                            arguments: [timestamp(lastHeartbeat), runID, attempt])
                    }
                }
                if let last = batch.last { onCommit(last.step) }
            } catch {
                failure = error
            }
            condition.lock()
            isWriting = false
            if let failure { error = failure }
            condition.broadcast()
            condition.unlock()
            if failure != nil { return }
        }
    }
}
