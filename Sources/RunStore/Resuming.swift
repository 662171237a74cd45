import Foundation
import GRDB
import Support

/// A run that the results file already holds.
package struct ExistingRun: Sendable {
    package let id: Int64
    package let uuid: String
    package let status: RunStatus
    /// The resolved config as JSON.
    package let config: String
    /// The number of the newest attempt; the properties below are of that attempt.
    package let attempt: Int
    package let host: String
    package let pid: Int
    package let heartbeatAt: Date
}

extension ResultsFile {
    /// Returns the runs of one identity, the newest first.
    package func runs(identity: String) throws(ResultsError) -> [ExistingRun] {
        try onFile(path) {
            try database.read { database in
                try Row.fetchAll(
                    database,
                    sql: """
                        SELECT id, uuid, status, config, attempt, host, pid, heartbeat_at
                        FROM run JOIN run_attempt AS a ON run_id = id
                        WHERE identity = ?
                            AND attempt = (SELECT max(attempt) FROM run_attempt WHERE run_id = a.run_id)
                        ORDER BY id DESC
                        """, arguments: [identity]
                ).map { row in
                    ExistingRun(
                        id: row["id"], uuid: row["uuid"], status: RunStatus(rawValue: row["status"]) ?? .lost,
                        config: row["config"],
                        attempt: row["attempt"], host: row["host"], pid: row["pid"],
                        heartbeatAt: moment(row["heartbeat_at"]))
                }
            }
        }
    }

    /// Resumes a run at `step`: removes its rows from there on, for they will be measured again, and records a new
    /// attempt.
    /// - Throws: `ResultsError` if another process has resumed the run since `run` was read.
    package func resumeRun(
        _ run: ExistingRun, attempt: AttemptRecord, fromStep step: Int,
        onCommit: @escaping @Sendable (Int) -> Void = { _ in }
    ) throws(ResultsError) -> RunWriter {
        let number = run.attempt + 1
        try write { database in
            let newest = try Int.fetchOne(
                database, sql: "SELECT max(attempt) FROM run_attempt WHERE run_id = ?", arguments: [run.id])
            guard newest == run.attempt else {
                throw ResultsError(
                    "another process has just resumed run \(run.uuid); see bnexp show \(run.uuid)",
                    cause: .busyRun)
            }
            for table in try database.runTables() where table.hasStep {
                try database.execute(
                    sql: "DELETE FROM \(table.quotedName) WHERE run_id = ? AND step >= ?", arguments: [run.id, step])
            }
            try database.execute(
                sql: "UPDATE run SET status = 'running', finished_at = NULL, exit_reason = NULL WHERE id = ?",
                arguments: [run.id])
            let start = timestamp(attempt.startedAt)
            try database.execute(
                sql: """
                    INSERT INTO run_attempt (run_id, attempt, host, pid, started_at, heartbeat_at, from_step)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [run.id, number, attempt.host, attempt.pid, start, start, step])
        }
        return RunWriter(file: self, runID: run.id, attempt: number, onCommit: onCommit)
    }
}

extension ResultsFile {
    /// Returns the tables of runs that hold the same bits for the same config and seed: all but those of time, process
    /// and machine.
    package func reproducibleTables() throws(ResultsError) -> [String] {
        try onFile(path) {
            try database.read { database in
                try database.runTables().map(\.name).filter { !["run_attempt", "run_phase", "checkpoint", "note"].contains($0) }
                    .sorted()
            }
        }
    }

    /// Returns the resolved config that a run was started with, as JSON with absolute paths.
    package func config(ofRun id: Int) throws(ResultsError) -> String {
        guard
            case .text(let config)? = try query("SELECT config FROM run WHERE id = ?", [.integer(id)]).rows.first?.first
        else {
            throw ResultsError("\(path) has no run \(id)", cause: .request)
        }
        return config
    }
}

/// Returns the moment that `timestamp` wrote.
func moment(_ text: String) -> Date {
    let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    do { return try style.parse(text) } catch { return .distantPast }
}
