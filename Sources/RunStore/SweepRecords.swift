import Foundation
import GRDB
import Support

/// A sweep as the results file keeps it: one row of `sweep`, and rows of `sweep_trial` and `sweep_value`.
package struct SweepRecord: Sendable {
    package var uuid: String
    package var name: String
    /// The sweep file as JSON.
    package var definition: String
    package var trials: [SweepTrialRecord]

    package init(uuid: String, name: String, definition: String, trials: [SweepTrialRecord]) {
        self.uuid = uuid
        self.name = name
        self.definition = definition
        self.trials = trials
    }
}

package struct SweepTrialRecord: Sendable {
    package var trial: Int
    package var identity: String
    package var values: [SweepValueRecord]

    package init(trial: Int, identity: String, values: [SweepValueRecord]) {
        self.trial = trial
        self.identity = identity
        self.values = values
    }
}

package struct SweepValueRecord: Sendable {
    package var axis: String
    package var label: String?
    package var value: SQLValue

    package init(axis: String, label: String?, value: SQLValue) {
        self.axis = axis
        self.label = label
        self.value = value
    }
}

/// The trial that a run is started for.
package struct TrialReference: Sendable {
    package var sweepID: Int64
    package var trial: Int

    package init(sweepID: Int64, trial: Int) {
        self.sweepID = sweepID
        self.trial = trial
    }
}

/// How far the run of an identity has come.
package struct RunState: Sendable {
    package let id: Int
    package let uuid: String
    package let status: RunStatus
    /// The number of updates made; nil until the run has ended.
    package let lastStep: Int?
    package let reason: String?
    package var hasEnded: Bool { status == .finished || status == .diverged }
}

extension ResultsFile {
    /// Adds a sweep, or the trials that it lacks, in one transaction.
    /// - Returns: the sweep's number in this file.
    package func recordSweep(_ sweep: SweepRecord) throws(ResultsError) -> Int64 {
        try write { database in
            try database.execute(
                sql: "INSERT OR IGNORE INTO sweep (uuid, name, definition) VALUES (?, ?, ?)",
                arguments: [sweep.uuid, sweep.name, sweep.definition])
            guard
                let id = try Int64.fetchOne(
                    database, sql: "SELECT id FROM sweep WHERE uuid = ?", arguments: [sweep.uuid])
            else {
                throw ResultsError("\(path): the sweep \(sweep.name) could not be recorded")
            }
            let trialStatement = try database.cachedStatement(sql: "INSERT OR IGNORE INTO sweep_trial VALUES (?, ?, ?)")
            let valueStatement = try database.cachedStatement(
                sql: "INSERT OR IGNORE INTO sweep_value VALUES (?, ?, ?, ?, ?)")
            for trial in sweep.trials {
                try trialStatement.execute(arguments: [id, trial.trial, trial.identity])
                for value in trial.values {
                    try valueStatement.execute(arguments: [
                        id, trial.trial, value.axis, value.label, value.value.databaseValue,
                    ])
                }
            }
            return id
        }
    }

    /// Returns a sweep with one of its trials, as another file can record it.
    package func record(of sweep: SweepReference, trial: Int) throws(ResultsError) -> SweepRecord {
        let arguments: [SQLValue] = [.integer(sweep.id), .integer(trial)]
        let definition = try query("SELECT definition FROM sweep WHERE id = ?", [.integer(sweep.id)]).rows.first?[0]
        let identity = try query("SELECT identity FROM sweep_trial WHERE sweep_id = ? AND trial = ?", arguments).rows
            .first?[0]
        let values = try query("SELECT axis, label, value FROM sweep_value WHERE sweep_id = ? AND trial = ?", arguments)
            .rows.map {
                SweepValueRecord(axis: $0[0].text ?? "", label: $0[1].text, value: $0[2])
            }
        var record = SweepRecord(uuid: sweep.uuid, name: sweep.name, definition: definition?.text ?? "", trials: [])
        if let identity = identity?.text {
            record.trials = [SweepTrialRecord(trial: trial, identity: identity, values: values)]
        }
        return record
    }

    /// Returns the sweeps of a name, the newest first, each with its definition, JSON.
    package func sweeps(named name: String) throws(ResultsError) -> [(sweep: SweepReference, definition: String)] {
        try query("SELECT id, uuid, name, definition FROM sweep WHERE name = ? ORDER BY id DESC", [.text(name)]).rows
            .compactMap { row in
                guard case .integer(let id) = row[0], let uuid = row[1].text, let name = row[2].text else { return nil }
                return (SweepReference(id: id, uuid: uuid, name: name), row[3].text ?? "")
            }
    }

    /// Checks that a run is the one that a trial asks for.
    package func requireTrial(_ reference: TrialReference, identity: String) throws(ResultsError) {
        let found = try query(
            "SELECT identity FROM sweep_trial WHERE sweep_id = ? AND trial = ?",
            [.integer(Int(reference.sweepID)), .integer(reference.trial)])
        guard let row = found.rows.first else {
            let count = try query(
                "SELECT trial FROM sweep_trial WHERE sweep_id = ?", [.integer(Int(reference.sweepID))]
            ).rows.count
            throw ResultsError(
                "the sweep has no trial \(reference.trial) in \(path), which knows \(count) trials of it",
                cause: .request)
        }
        guard row[0] == .text(identity) else {
            throw ResultsError(
                "this config, or its data, is not that of trial \(reference.trial); leave out --sweep and --trial, or "
                    + "print the lines again with bnexp sweep --expand",
                cause: .request)
        }
    }

    /// Counts the runs of some identities that have ended and were started with another `logging` than this JSON.
    package func runCount(identities: [String], withLoggingOtherThan logging: String) throws(ResultsError) -> Int {
        try onFile(path) {
            try database.read { database in
                try Int.fetchOne(
                    database,
                    sql: """
                        SELECT count(*) FROM run
                        WHERE identity IN (SELECT value FROM json_each(?)) AND status IN ('finished', 'diverged')
                            AND json_extract(config, '$.logging') IS NOT json(?)
                        """, arguments: [jsonList(identities), logging]) ?? 0
            }
        }
    }

    /// Returns the run of each of some identities that the view `sweep_run` shows.
    package func runStates(identities: [String]) throws(ResultsError) -> [String: RunState] {
        return try onFile(path) {
            try database.read { database in
                let rows = try Row.fetchCursor(
                    database,
                    sql: """
                        SELECT identity, id, uuid, status, last_step, exit_reason FROM run
                        WHERE identity IN (SELECT value FROM json_each(?))
                        ORDER BY status IN ('finished', 'diverged'), id
                        """, arguments: [jsonList(identities)])
                var states: [String: RunState] = [:]
                while let row = try rows.next() {
                    states[try row.checked("identity")] = RunState(
                        id: try row.checked("id"), uuid: try row.checkedUUID(),
                        status: RunStatus(rawValue: try row.checked("status")) ?? .lost,
                        lastStep: try row.checked("last_step"), reason: try row.checked("exit_reason"))
                }
                return states
            }
        }
    }
}

/// Returns identities, which are hexadecimal digits, as a JSON list.
private func jsonList(_ identities: [String]) -> String {
    "[" + identities.map { "\"\($0)\"" }.joined(separator: ",") + "]"
}
