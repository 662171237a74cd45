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
    /// The number of the newest attempt.
    package let attempt: Int
    /// The process that works on the run, by its name and machine; nil if none does.
    package let processAtWork: String?
}

extension ResultsFile {
    /// Returns the runs of one identity, the newest first.
    package func runs(identity: String) throws(ResultsError) -> [ExistingRun] {
        try onFile(path) {
            try database.read { database in
                try Row.fetchAll(
                    database,
                    sql: """
                        SELECT id, uuid, status, config,
                            (SELECT max(attempt) FROM run_attempt WHERE run_id = run.id) AS attempt
                        FROM run WHERE identity = ? ORDER BY id DESC
                        """, arguments: [identity]
                ).map { row in
                    let id: Int64 = try row.checked("id")
                    return ExistingRun(
                        id: id, uuid: try row.checkedUUID(),
                        status: RunStatus(rawValue: try row.checked("status")) ?? .lost,
                        config: try row.checked("config"), attempt: try row.checked("attempt"),
                        processAtWork: try database.processAtWork(onRun: id, in: resolvedPath))
                }
            }
        }
    }

    /// Records a new attempt at a run, which goes on from `step`.
    ///
    /// Rows from there on stay, and are compared with those that are measured again.
    /// - Parameter extension: what the run becomes, if it goes on beyond its end. What it measured at its last step,
    ///   which is no longer the last one, is removed.
    /// - Throws: `ResultsError` if another process has resumed the run since `run` was read.
    package func resumeRun(
        _ run: ExistingRun, attempt: AttemptRecord, fromStep step: Int, extension: RunExtension? = nil,
        onCommit: @escaping @Sendable (Int) -> Void = { _ in }, note: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(ResultsError) -> RunWriter {
        let number = run.attempt + 1
        let lock = try lockRun(run.id)
        let (recordedStep, earlierSeconds) = try write { database in
            let newest = try Int.fetchOne(
                database, sql: "SELECT max(attempt) FROM run_attempt WHERE run_id = ?", arguments: [run.id])
            guard newest == run.attempt else {
                throw ResultsError(
                    "another process has just resumed run \(run.uuid); see bnexp show \(run.uuid)",
                    cause: .busyRun)
            }
            try database.execute(
                sql: """
                    UPDATE run SET status = 'running', finished_at = NULL, exit_reason = NULL, content_hash = NULL
                    WHERE id = ?
                    """, arguments: [run.id])
            if let `extension` { try `extension`.apply(to: run.id, in: database) }
            let start = timestamp(attempt.startedAt)
            try database.execute(
                sql: """
                    INSERT INTO run_attempt
                        (run_id, attempt, host, pid, started_at, heartbeat_at, from_step, boot_id, process_started)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    run.id, number, attempt.host, attempt.pid, start, start, step, attempt.bootID,
                    attempt.processStarted,
                ])
            return (
                try database.highestStep(ofRun: run.id),
                try Double.fetchOne(
                    database,
                    sql: """
                        SELECT train_seconds FROM step_time WHERE run_id = ? AND step <= ?
                        ORDER BY attempt DESC, step DESC LIMIT 1
                        """, arguments: [run.id, step]) ?? 0
            )
        }
        return RunWriter(
            file: self, runID: run.id, attempt: number, lock: lock, recordedStep: recordedStep,
            earlierSeconds: earlierSeconds, onCommit: onCommit, note: note)
    }
}

/// A run that has ended and gets more steps: what its row and its parameters become.
package struct RunExtension: Sendable {
    let name: String
    let config: String
    let configHash: String
    let identity: String
    let parameters: [(path: String, value: SQLValue)]
    let lastStep: Int

    /// - Parameter lastStep: the step at which the run ended.
    package init(_ run: RunRecord, parameters: [(path: String, value: SQLValue)], lastStep: Int) {
        name = run.name
        config = run.config
        configHash = run.configHash
        identity = run.identity
        self.parameters = parameters
        self.lastStep = lastStep
    }

    fileprivate func apply(to run: Int64, in database: Database) throws {
        for table in try database.runTables() where table.hasStep {
            try database.execute(
                sql: "DELETE FROM \(table.quotedName) WHERE run_id = ? AND step >= ?", arguments: [run, lastStep])
        }
        try database.execute(
            sql: "UPDATE run SET name = ?, config = ?, config_hash = ?, identity = ? WHERE id = ?",
            arguments: [name, config, configHash, identity, run])
        try database.execute(sql: "DELETE FROM run_parameter WHERE run_id = ?", arguments: [run])
        try database.insert(parameters, ofRun: run)
    }
}

extension Database {
    /// Records the leaves of a run's resolved config.
    func insert(_ parameters: [(path: String, value: SQLValue)], ofRun run: Int64) throws {
        for (path, value) in parameters {
            try executeKept(
                sql: "INSERT INTO run_parameter VALUES (?, ?, ?)", arguments: [run, path, value.databaseValue])
        }
    }
}

extension ResultsFile {
    /// Returns the newest runs that have not ended, the newest first.
    package func unendedRuns(newest count: Int) throws(ResultsError) -> [(
        id: Int64, uuid: String, status: String, lastStep: Int?
    )] {
        try onFile(path) {
            try database.read { database in
                try Row.fetchAll(
                    database,
                    sql: """
                        SELECT id, uuid, status, last_step FROM run WHERE status NOT IN ('finished', 'diverged')
                        ORDER BY id DESC LIMIT ?
                        """, arguments: [count]
                ).map {
                    (
                        try $0.checked("id"), try $0.checkedUUID(), try $0.checked("status"),
                        try $0.checked("last_step")
                    )
                }
            }
        }
    }

    /// Returns the leaves of a run's resolved config by their paths.
    package func parameters(ofRun id: Int64) throws(ResultsError) -> [String: SQLValue] {
        let rows = try query("SELECT path, value FROM run_parameter WHERE run_id = ?", [.integer(Int(id))]).rows
        return Dictionary(rows.compactMap { row in row[0].text.map { ($0, row[1]) } }, uniquingKeysWith: { $1 })
    }
}

extension ResultsFile {
    /// Returns the tables of runs that hold the same bits for the same config and seed: all but those of time, process
    /// and machine.
    package func reproducibleTables() throws(ResultsError) -> [String] {
        try onFile(path) {
            try database.read { database in
                try database.runTables().map(\.name).filter {
                    !["run_attempt", "run_phase", "step_time", "checkpoint", "note"].contains($0)
                }
                .sorted()
            }
        }
    }

    /// Returns the resolved config that a run was started with, as JSON with absolute paths.
    package func config(ofRun id: Int) throws(ResultsError) -> String { try text("config", ofRun: id) }

    /// Returns the status of a run.
    package func status(ofRun id: Int) throws(ResultsError) -> RunStatus {
        RunStatus(rawValue: try text("status", ofRun: id)) ?? .lost
    }

    /// Returns a run's rows in a table, without the run's number, in the order of their keys.
    package func measurements(in table: String, ofRun id: Int) throws(ResultsError) -> QueryResult {
        var result = QueryResult(columns: [], rows: [])
        try onFile(path) {
            try forEachRow(
                of: table, runs: [RunReference(id: id, uuid: "", name: "")],
                start: { result.columns = Array($0.dropFirst()) }, { result.rows.append(Array($0.dropFirst())) })
        }
        return result
    }

    /// Returns how many updates a run has made; 0 where that is not recorded.
    package func lastStep(ofRun id: Int64) throws(ResultsError) -> Int {
        let rows = try query("SELECT last_step FROM run WHERE id = ?", [.integer(Int(id))]).rows
        if case .integer(let step)? = rows.first?.first { return step }
        return 0
    }

    /// Returns the number of the sweep that a run is a trial of; nil for others.
    package func sweep(ofRun id: Int64) throws(ResultsError) -> Int? {
        let rows = try query("SELECT sweep_id FROM run WHERE id = ?", [.integer(Int(id))]).rows
        if case .integer(let sweep)? = rows.first?.first { return sweep }
        return nil
    }

    /// Returns the SHA-256 of the data that a run was trained on.
    package func dataHash(ofRun id: Int) throws(ResultsError) -> String { try text("data_hash", ofRun: id) }

    private func text(_ column: String, ofRun id: Int) throws(ResultsError) -> String {
        guard
            case .text(let text)? = try query("SELECT \(column) FROM run WHERE id = ?", [.integer(id)]).rows.first?
                .first
        else {
            throw ResultsError("\(path) has no run \(id)", cause: .request)
        }
        return text
    }
}
