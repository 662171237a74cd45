import Foundation
import GRDB

/// Writes one run's metrics on a thread of its own, which ends with `finish`, or when the writer goes away.
///
/// Rows go through a bounded queue; whoever appends to a full one waits, so that a slow disk delays a run and never
/// loses rows. All that is queued is written in one transaction. An error of the writer is thrown by the next call.
package final class RunWriter: Sendable {
    package let runID: Int64
    private let attempt: Int
    private let file: ResultsFile
    private let queue = RowQueue()

    init(file: ResultsFile, runID: Int64, attempt: Int, onCommit: @escaping @Sendable (Int) -> Void) {
        self.file = file
        self.runID = runID
        self.attempt = attempt
        let work = OnlyOnce { [queue] in
            var lastHeartbeat = Date()
            while let batch = queue.next(beat: lastHeartbeat.addingTimeInterval(heartbeatSeconds)) {
                let result = Result { () throws(ResultsError) in
                    try file.write { database in
                        for rows in batch { try rows.insert(runID: runID, into: database) }
                        guard Date().timeIntervalSince(lastHeartbeat) >= heartbeatSeconds else { return }
                        lastHeartbeat = Date()
                        try database.execute(
                            sql: "UPDATE run_attempt SET heartbeat_at = ? WHERE run_id = ? AND attempt = ?",
                            arguments: [timestamp(lastHeartbeat), runID, attempt])
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

    /// Commits every row, then how the run ended, and returns when the thread has ended.
    package func finish(
        status: RunStatus, exitReason: String?, lastStep: Int, peakMemoryBytes: Int, phases: [PhaseRecord]
    ) throws(ResultsError) {
        defer { queue.stop() }
        // A run that failed because rows could not be written is marked all the same, if the file takes that.
        do { try flush() } catch { if status != .failed { throw error } }
        try file.write { [runID, attempt] database in
            let now = timestamp()
            try database.execute(
                sql: """
                    UPDATE run SET status = ?, finished_at = ?, exit_reason = ?, last_step = ?, peak_memory_bytes = ?
                    WHERE id = ?
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
