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
    /// Returns the runs that are marked running though their process is gone: on this machine the newest attempt's
    /// process does not exist; on another one its heartbeat is older than `heartbeatAge` seconds.
    ///
    /// A run gives a heartbeat about every 10 s.
    package func lostRuns(heartbeatAge: Double) throws(ResultsError) -> [LostRun] {
        try onFile(path) { try database.read { try $0.lostRuns(heartbeatAge: heartbeatAge) } }
    }

    /// Marks the runs that `lostRuns` finds as `lost`, finished at their last heartbeat, and returns them.
    package func reap(heartbeatAge: Double) throws(ResultsError) -> [LostRun] {
        try write { database in
            let lost = try database.lostRuns(heartbeatAge: heartbeatAge)
            for run in lost {
                try database.execute(
                    sql:
                        "UPDATE run SET status = 'lost', exit_reason = 'its process is gone', finished_at = ?, "
                        + "last_step = ? WHERE id = ?",
                    arguments: [run.heartbeatAt, run.lastStep, run.run.id])
            }
            return lost
        }
    }
}

extension Database {
    func lostRuns(heartbeatAge: Double) throws -> [LostRun] {
        let now = Date()
        let running = try Row.fetchAll(
            self,
            sql: """
                SELECT id, uuid, name, host, pid, heartbeat_at
                FROM run JOIN (SELECT run_id, max(attempt), host, pid, heartbeat_at FROM run_attempt GROUP BY run_id)
                    ON run_id = id
                WHERE status = 'running' ORDER BY id
                """)
        let here = thisHost
        return try running.compactMap { row in
            let host: String = try row.checked("host"), pid: Int = try row.checked("pid"),
                heartbeat: String = try row.checked("heartbeat_at")
            let reason: String
            if host == here {
                if isProcessAlive(pid) { return nil }
                reason = "process \(pid) is gone"
            } else {
                // Times are text of one form, so that their order is that of the moments.
                if heartbeat >= timestamp(now.addingTimeInterval(-heartbeatAge)) { return nil }
                reason = "no heartbeat from \(host) for more than \(heartbeatAge.formatted(.number.grouping(.never))) s"
            }
            let id: Int64 = try row.checked("id")
            return LostRun(
                run: RunReference(id: Int(id), uuid: try row.checked("uuid"), name: try row.checked("name")),
                host: host, pid: pid,
                heartbeatAt: heartbeat,
                lastStep: try highestStep(ofRun: id), reason: reason)
        }
    }
}
