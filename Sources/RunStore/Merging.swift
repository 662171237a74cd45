import Foundation
import GRDB
import Support

/// What became of the runs of one file that was merged into another.
package struct MergeSummary: Equatable, Sendable {
    /// How many runs the target did not hold.
    package var added = 0
    /// The number of runs of which the source held more than the target.
    package var replaced = 0
    /// The number of runs of which the target holds as much or more.
    package var kept = 0

    package init(added: Int = 0, replaced: Int = 0, kept: Int = 0) {
        self.added = added
        self.replaced = replaced
        self.kept = kept
    }
}

extension ResultsFile {
    /// Adds the runs of another results file, in one transaction; merging it again changes nothing.
    ///
    /// Runs are the same if their uuids are. Of a run in both files the copy with more is kept, whole: one that
    /// ended by itself before one that did not, then the higher last step, then the newer heartbeat. Runs get numbers
    /// of this file; a replaced run keeps its number. Every table with a column `run_id` is copied; sweeps are joined
    /// by their uuids.
    package func merge(from source: String) throws(ResultsError) -> MergeSummary {
        let sourceFile = try ResultsFile(reading: source, schema: schema)
        func location(_ path: String) -> String {
            URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
        }
        guard location(sourceFile.path) != location(path) else {
            throw ResultsError(
                "\(source) is the file that is merged into; name another results file", cause: .request)
        }
        try sourceFile.requireNewestSchema()
        // Read-only, so that a source is not changed, nor made where it vanished.
        let place = location(sourceFile.path).addingPercentEncoding(withAllowedCharacters: .urlPathAllowed)
        let address = "file:\(place ?? source)?mode=ro"
        return try writeWithoutTransaction { database in
            try database.execute(sql: "ATTACH ? AS source", arguments: [address])
            let result = Result {
                var summary = MergeSummary()
                try database.inTransaction(.immediate) {
                    summary = try Merge(database, path: resolvedPath).run()
                    return .commit
                }
                return summary
            }
            try database.execute(sql: "DETACH source")
            return try result.get()
        }
    }

    private func requireNewestSchema() throws(ResultsError) {
        let version = try onFile(path) { try database.read { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 } }
        guard version < schema.version else { return }
        throw ResultsError(
            "\(path) has schema version \(version), older than this bnexp's \(schema.version); bring it up to date "
                + "first, with a command that "
                + "writes to it: bnexp reap --db \(path)")
    }
}

/// Copies the runs of the attached schema `source` into `main`.
private struct Merge {
    private let database: Database
    /// The target's path, with links resolved.
    private let path: String
    private let runColumns: [String]
    private let runTables: [RunTable]
    private let sweepTables: [RunTable]

    init(_ database: Database, path: String) throws {
        self.database = database
        self.path = path
        let tables = try database.tables(ofType: "table")
        runColumns = tables.first { $0.name == "run" }?.columns ?? []
        runTables = tables.filter { $0.columns.contains("run_id") }
        sweepTables = tables.filter {
            $0.columns.contains("sweep_id") && $0.name != "run" && !$0.columns.contains("run_id")
        }
    }

    func run() throws -> MergeSummary {
        try requireRoom()
        let sweeps = try mergeSweeps()
        var summary = MergeSummary()
        for row in try Row.fetchAll(database, sql: "SELECT id, uuid, sweep_id FROM source.run ORDER BY id") {
            let id: Int64 = try row.checked("id")
            let sweep = (try row.checked("sweep_id") as Int64?).map { sweeps[$0] ?? $0 }
            guard
                let existing = try Int64.fetchOne(
                    database, sql: "SELECT id FROM main.run WHERE uuid = ?",
                    arguments: [try row.checked("uuid") as String])
            else {
                let next = try Int64.fetchOne(database, sql: "SELECT coalesce(max(id), 0) + 1 FROM main.run") ?? 1
                try copyRun(id, as: next, sweep: sweep)
                summary.added += 1
                continue
            }
            if try database.processAtWork(onRun: existing, in: path) == nil,
                try Completeness(ofRun: existing, in: "main", database)
                    < Completeness(ofRun: id, in: "source", database)
            {
                try database.execute(sql: "DELETE FROM main.run WHERE id = ?", arguments: [existing])
                try copyRun(id, as: existing, sweep: sweep)
                summary.replaced += 1
            } else {
                summary.kept += 1
            }
        }
        return summary
    }

    /// Refuses a source with rows of runs for which `main` has no table or column, for they would be lost.
    private func requireRoom() throws {
        for table in try database.runTables(in: "source") {
            let columns = runTables.first { $0.name == table.name }?.columns ?? []
            let missing = table.columns.filter { !columns.contains($0) }
            let condition = missing.map { "\(quotedForSQL($0)) IS NOT NULL" }.joined(separator: " OR ")
            guard !missing.isEmpty,
                try Bool.fetchOne(
                    database,
                    sql: "SELECT EXISTS (SELECT 1 FROM source.\(table.quotedName) WHERE \(condition))") == true
            else { continue }
            let what = columns.isEmpty ? "the table" : "the columns \(missing.joined(separator: ", ")) of"
            throw ResultsError(
                "the file has rows in \(what) \(table.name), which the results file that it is merged into lacks, so "
                    + "that they would be lost; merge with the bnexp that wrote them, or drop them first",
                cause: .request)
        }
    }

    private func copyRun(_ source: Int64, as target: Int64, sweep: Int64?) throws {
        try copy("run", runColumns, where: "id", source, replacing: ["id": target, "sweep_id": sweep])
        for table in runTables {
            let change =
                table.columns.contains("sweep_id") ? ["run_id": target, "sweep_id": sweep] : ["run_id": target]
            try copy(table.name, table.columns, where: "run_id", source, replacing: change)
        }
    }

    /// Adds sweeps and their values that `main` lacks.
    /// - Returns: the number in `main` of each sweep of `source`.
    private func mergeSweeps() throws -> [Int64: Int64] {
        guard let sweep = try database.tables(ofType: "table").first(where: { $0.name == "sweep" }) else { return [:] }
        var numbers: [Int64: Int64] = [:]
        for row in try Row.fetchAll(database, sql: "SELECT id, uuid FROM source.sweep ORDER BY id") {
            let id: Int64 = try row.checked("id")
            if let existing = try Int64.fetchOne(
                database, sql: "SELECT id FROM main.sweep WHERE uuid = ?",
                arguments: [try row.checked("uuid") as String])
            {
                numbers[id] = existing
            } else {
                let next = try Int64.fetchOne(database, sql: "SELECT coalesce(max(id), 0) + 1 FROM main.sweep") ?? 1
                try copy("sweep", sweep.columns, where: "id", id, replacing: ["id": next])
                numbers[id] = next
            }
            for table in sweepTables {
                try copy(
                    table.name, table.columns, where: "sweep_id", id, replacing: ["sweep_id": numbers[id]],
                    onConflict: "OR IGNORE")
            }
        }
        return numbers
    }

    /// Copies the rows of a table whose column `key` is `value`, with other values in some columns.
    private func copy(
        _ table: String, _ columns: [String], where key: String, _ value: Int64, replacing changes: [String: Int64?],
        onConflict: String = ""
    ) throws {
        let changed = columns.filter { changes[$0] != nil }
        let values = columns.map { column in changed.contains(column) ? "?" : quotedForSQL(column) }
        let statement = try database.cachedStatement(
            sql: """
                INSERT \(onConflict) INTO main.\(quotedForSQL(table)) (\(columns.map(quotedForSQL).joined(separator: ", ")))
                SELECT \(values.joined(separator: ", ")) FROM source.\(quotedForSQL(table)) WHERE \(quotedForSQL(key)) = ?
                """)
        let arguments: [(any DatabaseValueConvertible)?] = changed.map { changes[$0] ?? nil } + [value]
        try statement.execute(arguments: StatementArguments(arguments))
    }
}

/// How much of a run a file holds.
private struct Completeness: Comparable {
    private let hasEnded: Bool
    private let lastStep: Int
    private let heartbeatAt: String

    init(ofRun id: Int64, in schema: String, _ database: Database) throws {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT status IN ('finished', 'diverged') AS has_ended, last_step,
                    (SELECT max(heartbeat_at) FROM \(schema).run_attempt WHERE run_id = run.id) AS heartbeat_at
                FROM \(schema).run WHERE id = ?
                """, arguments: [id])
        hasEnded = try row?.checked("has_ended") ?? false
        let recorded: Int? = try row?.checked("last_step")
        lastStep = try recorded ?? database.highestStep(ofRun: id, in: schema) ?? -1
        heartbeatAt = try row?.checked("heartbeat_at") ?? ""
    }

    static func < (a: Completeness, b: Completeness) -> Bool {
        if a.hasEnded != b.hasEnded { return b.hasEnded }
        return (a.lastStep, a.heartbeatAt) < (b.lastStep, b.heartbeatAt)
    }
}
