import Foundation
import GRDB
import Support
import Synchronization

/// Writes one run's metrics on a thread of its own, which ends with `finish`, or when the writer goes away.
///
/// Rows go through a bounded queue; whoever appends to a full one waits, so that a slow disk delays a run and never
/// loses rows. All that is queued is written in one transaction. An error of the writer is thrown by the next call.
package final class RunWriter: Sendable {
    package let runID: Int64
    let file: ResultsFile
    let attempt: Int
    /// Shows other processes that this one works on the run, until it ends however it ends.
    private let lock: ByteLock?
    private let recordedStep: Int?
    let patience: Patience
    private let queue = RowQueue()
    private let differences = Differences()

    /// - Parameter recordedStep: the highest step of which an earlier attempt left rows. Up to it rows are compared
    ///   with those.
    /// - Parameter earlierSeconds: how long earlier attempts trained until the step from which this one goes on.
    init(
        file: ResultsFile, runID: Int64, attempt: Int, lock: ByteLock?, recordedStep: Int? = nil,
        earlierSeconds: Double = 0, onCommit: @escaping @Sendable (Int) -> Void,
        note: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.file = file
        let patience = Patience.unlimited(note: note)
        self.patience = patience
        self.runID = runID
        self.attempt = attempt
        self.lock = lock
        self.recordedStep = recordedStep
        let work = OnlyOnce { [queue, differences] in
            var lastHeartbeat = MonotonicCondition.now
            while let batch = queue.next(beat: lastHeartbeat + heartbeatSeconds) {
                let result = Result { () throws(ResultsError) in
                    try file.write(patience: patience) { database in
                        try database.requireAttempt(attempt, atRun: runID, in: file.path)
                        for rows in batch {
                            try rows.insertTime(
                                runID: runID, attempt: attempt, after: earlierSeconds, into: database)
                            let isAgain = recordedStep.map { rows.step <= $0 } ?? false
                            guard let table = try rows.insert(runID: runID, into: database, again: isAgain) else {
                                continue
                            }
                            differences.note(table, step: rows.step)
                        }
                        guard MonotonicCondition.now - lastHeartbeat >= heartbeatSeconds else { return }
                        lastHeartbeat = MonotonicCondition.now
                        try database.execute(
                            sql: "UPDATE run_attempt SET heartbeat_at = ? WHERE run_id = ? AND attempt = ?",
                            arguments: [timestamp(), runID, attempt])
                    }
                }
                if case .success = result, let last = batch.last { onCommit(last.step) }
                queue.note(result)
            }
        }
        let thread = Thread { [queue] in
            work.run()
            queue.end()
        }
        thread.name = "bnexp results"
        thread.start()
    }

    deinit { queue.stop() }

    /// Queues the rows of one step; waits while the queue is full.
    package func append(_ rows: MetricRows) throws(ResultsError) { try queue.append(rows) }

    /// Waits until every row is committed.
    package func flush() throws(ResultsError) { try queue.flush() }

    /// Where rows that were measured again had other values than an earlier attempt recorded; nil if nowhere.
    package var difference: String? { differences.description }

    /// Commits every row, then how the run ended, and returns when both are on the disk and the thread has ended.
    ///
    /// A run that has ended by itself gets the hash of what it holds. If it lacks rows it is marked failed.
    /// - Parameters:
    ///   - rowCounts: how many rows the run must have in each table; nil where that is not known.
    ///   - forgetsCheckpoints: whether its checkpoints no longer count, as those of a run that lacks rows.
    /// - Returns: the checkpoints that no longer count.
    /// - Throws: `ResultsError` also if the run lacks rows.
    @discardableResult
    package func finish(
        status: RunStatus, exitReason: String?, lastStep: Int, peakMemoryBytes: Int, phases: [PhaseRecord],
        expecting rowCounts: [(table: String, rows: Int)]? = nil, forgettingCheckpoints forgetsCheckpoints: Bool = false
    ) throws(ResultsError) -> [CheckpointRecord] {
        defer { queue.stop() }
        // A run that failed because rows could not be written is marked all the same, if the file takes that.
        do { try flush() } catch { if status != .failed { throw error } }
        let hasEnded = status == .finished || status == .diverged
        var status = status, exitReason = exitReason
        var lack: String?
        let forgotten = try file.writeDurably(patience: patience) { [runID, attempt, recordedStep, file] database in
            try database.requireAttempt(attempt, atRun: runID, in: file.path)
            var hash: String?
            if hasEnded {
                if let recordedStep, recordedStep > lastStep { try removeRows(after: lastStep, in: database) }
                let content = try RunContent(
                    ofRun: runID, in: database, schema: file.schema, tables: file.runTables(in: database))
                hash = content.hash
                lack = rowCounts?.first { content.rowCount(of: $0.table) != $0.rows }.map {
                    "\($0.table) has \(content.rowCount(of: $0.table)) rows, expected \($0.rows)"
                }
            }
            if let lack {
                status = .failed
                exitReason = lack
            }
            let now = timestamp()
            try database.executeKept(
                sql: """
                    UPDATE run SET status = ?, finished_at = ?, exit_reason = ?, last_step = ?, peak_memory_bytes = ?,
                        content_hash = ?
                    WHERE id = ?
                    """,
                arguments: [
                    status.rawValue, now, exitReason, lastStep, peakMemoryBytes, lack == nil ? hash : nil, runID,
                ])
            try database.executeKept(
                sql: "UPDATE run_attempt SET heartbeat_at = ?, ended_at = ? WHERE run_id = ? AND attempt = ?",
                arguments: [now, now, runID, attempt])
            for phase in phases {
                try database.executeKept(
                    sql: "INSERT INTO run_phase VALUES (?, ?, ?, ?, ?)",
                    arguments: [runID, attempt, phase.phase.rawValue, phase.wallSeconds, phase.cpuSeconds])
            }
            return forgetsCheckpoints || lack != nil ? try forgetCheckpoints(in: database) : []
        }
        try file.requireSameFile()
        guard let lack else { return forgotten }
        throw ResultsError(
            "\(file.path): run \(runID) has not all rows that it measured: \(lack). Another program has changed the "
                + "file; bnexp doctor checks the rest, and --if-exists resume measures again what is missing")
    }

    /// Removes what an earlier attempt measured beyond the end.
    private func removeRows(after step: Int, in database: Database) throws {
        for table in file.schema.tables {
            try database.execute(
                sql: "DELETE FROM \(quotedForSQL(table.name)) WHERE run_id = ? AND step > ?", arguments: [runID, step])
        }
    }
}

/// What measuring again found that differs from what an earlier attempt recorded.
private final class Differences: Sendable {
    private let found = Mutex((count: 0, first: ""))

    func note(_ table: String, step: Int) {
        found.withLock { found in
            if found.count == 0 { found.first = "\(table) at step \(step)" }
            found.count += 1
        }
    }

    var description: String? {
        found.withLock { $0.count == 0 ? nil : "\($0.count) of the steps that were measured again, first \($0.first)" }
    }
}

extension Database {
    /// Refuses to write for an attempt that is no longer the run's, as after the process slept and another went on.
    func requireAttempt(_ attempt: Int, atRun id: Int64, in path: String) throws {
        // Asked at every commit.
        let isOwn = try cachedStatement(
            sql: """
                SELECT status = 'running' AND (SELECT max(attempt) FROM run_attempt WHERE run_id = run.id) = ?
                FROM run WHERE id = ?
                """)
        if try Bool.fetchOne(isOwn, arguments: [attempt, id]) == true { return }
        let newest = try newestAttempts(where: "run.id = ?", [id]).first
        let status = try String.fetchOne(self, sql: "SELECT status FROM run WHERE id = ?", arguments: [id])
        let reason =
            if let newest, newest.attempt != attempt {
                "\(newest.description) has gone on with it"
            } else if let status {
                "it was marked \(status), as bnexp reap does with runs that give no sign of life"
            } else {
                "it was deleted"
            }
        throw ResultsError(
            "\(path): this process has lost run \(id): \(reason). Nothing more is written; --if-exists resume goes on "
                + "with a run that nobody works on", cause: .busyRun)
    }
}

/// The seconds between two heartbeats of a run.
private let heartbeatSeconds = 10.0

/// A body that is let go of once it has run, so that a thread that ends holds nothing that it captured.
private final class OnlyOnce: @unchecked Sendable {
    // Sound because only the thread that is given it touches it.
    private var body: (() -> Void)?

    init(_ body: @escaping () -> Void) { self.body = body }

    func run() {
        let body = body
        self.body = nil
        body?()
    }
}
