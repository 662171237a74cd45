import Foundation
import GRDB

/// The seconds without a heartbeat, twelve beats, after which a run on another machine counts as lost.
package let defaultHeartbeatAge = 120.0

/// A run that is marked running though no process works on it.
package struct LostRun: Equatable, Sendable {
    package var run: RunReference
    package var host: String
    package var pid: Int
    /// When the run last gave a sign of life.
    package var heartbeatAt: String
    /// The highest step of the run's rows; nil if it has none.
    package var lastStep: Int?
    /// Why the process is believed to be gone.
    package var reason: String
}

extension ResultsFile {
    /// Returns the runs that are marked running though no process works on them; see `AttemptProcess.reasonGone`.
    ///
    /// A run gives a heartbeat about every 10 s.
    package func lostRuns(heartbeatAge: Double) throws(ResultsError) -> [LostRun] {
        try onFile(path) { try database.read { try lostRuns(heartbeatAge: heartbeatAge, in: $0) } }
    }

    /// Marks the runs that `lostRuns` finds as `lost`, finished at their last heartbeat, and returns them.
    package func reap(heartbeatAge: Double) throws(ResultsError) -> [LostRun] {
        try write { database in
            let lost = try lostRuns(heartbeatAge: heartbeatAge, in: database)
            for run in lost { try markLost(Int64(run.run.id), heartbeatAt: run.heartbeatAt, in: database) }
            return lost
        }
    }

    /// Marks all runs that are marked running as `lost`: for the copy of a file, whose runs no process works on.
    package func endAttempts() throws(ResultsError) {
        try write { database in
            for process in try database.newestAttempts(where: "status = 'running'") {
                try markLost(process.runID, heartbeatAt: process.heartbeatAt, in: database)
            }
        }
    }

    private func markLost(_ id: Int64, heartbeatAt: String, in database: Database) throws {
        try database.execute(
            sql:
                "UPDATE run SET status = 'lost', exit_reason = 'its process is gone', finished_at = ?, "
                + "last_step = ? WHERE id = ?",
            arguments: [heartbeatAt, try database.highestStep(ofRun: id), id])
    }

    private func lostRuns(heartbeatAge: Double, in database: Database) throws -> [LostRun] {
        try database.newestAttempts(where: "status = 'running'").compactMap { process in
            guard let reason = process.reasonGone(in: resolvedPath, heartbeatAge: heartbeatAge) else { return nil }
            guard
                let row = try Row.fetchOne(
                    database, sql: "SELECT uuid, name FROM run WHERE id = ?", arguments: [process.runID])
            else { return nil }
            return LostRun(
                run: RunReference(
                    id: Int(process.runID), uuid: try row.checkedUUID(), name: try row.checked("name")),
                host: process.host, pid: process.pid, heartbeatAt: process.heartbeatAt,
                lastStep: try database.highestStep(ofRun: process.runID), reason: reason)
        }
    }
}
