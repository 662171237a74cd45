import Foundation
import GRDB
import Support

/// A run that the results file holds already.
package struct ExistingRun: Sendable {
    package let id: Int64
    package let uuid: String
    package let status: RunStatus
    /// The resolved config, JSON.
    package let config: String
    /// Of the newest attempt.
    package let attempt: Int
    package let host: String
    package let pid: Int
    package let heartbeatAt: Date
}

extension ResultsFile {
    /// The runs of one identity, the newest first.
    package func runs(identity: String) throws(ResultsError) -> [ExistingRun] {
        try onFile(path) {
            try database.read { database in
                try Row.fetchAll(
                    database,
                    sql: """
                        SELECT id, uuid, status, config, attempt, host, pid, heartbeat_at FROM run JOIN run_attempt AS a ON run_id = id
                        WHERE identity = ? AND attempt = (SELECT max(attempt) FROM run_attempt WHERE run_id = a.run_id) ORDER BY id DESC
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

    /// The evaluations of a run before a step, in the order of steps.
    package func evaluations(ofRun id: Int64, before step: Int) throws(ResultsError) -> [EvaluationRecord] {
        try onFile(path) {
            try database.read { database in
                try Row.fetchAll(
                    database,
                    sql:
                        "SELECT step, split, mode, loss, accuracy, example_count FROM evaluation WHERE run_id = ? AND "
                        + "step < ? ORDER BY step",
                    arguments: [id, step]
                ).map { row in
                    EvaluationRecord(
                        step: row["step"], split: row["split"], mode: row["mode"], loss: row["loss"] ?? .nan,
                        accuracy: row["accuracy"],
                        exampleCount: row["example_count"])
                }
            }
        }
    }

    /// Takes up a run at `step`: rows from there on are removed, for they will be measured again, and a new attempt is
    /// recorded.
    /// - Throws: if another process has taken it up since `run` was read.
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
                    "run \(run.uuid) was taken up by another process in this moment; see bnexp show \(run.uuid)",
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
                sql: "INSERT INTO run_attempt VALUES (?, ?, ?, ?, ?, ?, NULL, ?)",
                arguments: [run.id, number, attempt.host, attempt.pid, start, start, step])
        }
        return RunWriter(file: self, runID: run.id, attempt: number, onCommit: onCommit)
    }
}

extension ResultsFile {
    /// The tables of runs that are the same bits for the same config and seed: all but those of time, process and
    /// machine.
    package func reproducibleTables() throws(ResultsError) -> [String] {
        try onFile(path) {
            try database.read { database in
                try database.runTables().map(\.name).filter { !["run_attempt", "run_phase", "note"].contains($0) }
                    .sorted()
            }
        }
    }

    /// The resolved config that a run was started with, JSON with absolute paths.
    package func config(ofRun id: Int) throws(ResultsError) -> String {
        guard
            case .text(let config)? = try query("SELECT config FROM run WHERE id = ?", [.integer(id)]).rows.first?.first
        else {
            throw ResultsError("\(path) has no run \(id)", cause: .request)
        }
        return config
    }
}

/// The moment that `timestamp` wrote.
func moment(_ text: String) -> Date {
    let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    do { return try style.parse(text) } catch { return .distantPast }
}
