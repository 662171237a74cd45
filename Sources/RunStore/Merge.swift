import GRDB
import Support

/// Copies the runs of the attached schema `source` into `main`.
struct Merge {
    /// In KiB: room for the pages of a transaction.
    static let cacheSize = 32_000
    /// A transaction ends after the run that brings it to so many rows.
    static let transactionSize = 100_000

    /// The target's path, with links resolved.
    private let path: String
    private let schema: Schema
    private let runColumns: [String]
    private let runTables: [RunTable]
    /// Those of which the source has rows.
    private let filledTables: [RunTable]
    private let sweepTables: [RunTable]

    init(_ database: Database, path: String, schema: Schema) throws {
        self.path = path
        self.schema = schema
        // A source of an earlier schema lacks tables and columns, whose values are then NULL.
        let source = try database.tables(ofType: "table", in: "source")
        let tables = try database.tables(ofType: "table").compactMap { table -> RunTable? in
            guard let other = source.first(where: { $0.name == table.name }) else { return nil }
            var common = table
            common.columns = table.columns.filter(other.columns.contains)
            return common
        }
        runColumns = tables.first { $0.name == "run" }?.columns ?? []
        runTables = tables.filter { $0.columns.contains("run_id") }
        filledTables = try runTables.filter {
            try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM source.\($0.quotedName))") == true
        }
        sweepTables = tables.filter {
            $0.columns.contains("sweep_id") && $0.name != "run" && !$0.columns.contains("run_id")
        }
    }

    /// Merges the run that has a number in the source.
    func merge(
        _ id: Int64, sweeps: [Int64: Int64], _ summary: inout MergeSummary, _ database: Database, _ check: ContentCheck
    ) throws {
        guard
            let row = try Row.fetchOne(
                database, sql: "SELECT uuid, sweep_id FROM source.run WHERE id = ?", arguments: [id])
        else { return }
        let uuid = try row.checkedUUID()
        let sweep = (try row.checked("sweep_id") as Int64?).map { sweeps[$0] ?? $0 }
        guard
            let existing = try Int64.fetchOne(
                database, sql: "SELECT id FROM main.run WHERE uuid = ?", arguments: [uuid])
        else {
            let next = try Int64.fetchOne(database, sql: "SELECT coalesce(max(id), 0) + 1 FROM main.run") ?? 1
            check.begin(id)
            try copyRun(id, as: next, sweep: sweep, database)
            summary.copied.insert(Int(id))
            summary.added += 1
            return
        }
        let isSame = try hasEndedTheSame(existing, id, database)
        if !isSame, try database.processAtWork(onRun: existing, in: path) == nil,
            try Completeness(ofRun: existing, in: "main", database) < Completeness(ofRun: id, in: "source", database)
        {
            let labels = try Labels(ofRun: existing, database)
            check.begin(id)
            _ = try RunRows(of: [Int(existing)], in: database).delete(in: database)
            try copyRun(id, as: existing, sweep: sweep, database)
            summary.copied.insert(Int(id))
            try labels.add(toRun: existing, database)
            summary.replaced += 1
            return
        }
        summary.kept += 1
        if !isSame, try hasEnded(existing, "main", database), try hasEnded(id, "source", database),
            try isDifferent(existing, id, database)
        {
            summary.differing.append(uuid)
        }
        for table in ["tag", "note"] {
            let columns = table == "tag" ? ["run_id", "tag"] : ["run_id", "written_at", "text"]
            try copy(
                table, columns, where: "run_id", id, replacing: ["run_id": existing], onConflict: "OR IGNORE", database)
        }
        if let sweep, runColumns.contains("trial") {
            try database.execute(
                sql: """
                    UPDATE main.run SET sweep_id = ?, trial = (SELECT trial FROM source.run WHERE id = ?)
                    WHERE id = ? AND sweep_id IS NULL
                    """, arguments: [sweep, id, existing])
        }
    }

    /// Whether two copies of a run have ended with the same rows, as far as their hashes tell without reading them.
    private func hasEndedTheSame(_ own: Int64, _ other: Int64, _ database: Database) throws -> Bool {
        guard let hash = try recordedHash(own, "main", database) else { return false }
        return try hash == recordedHash(other, "source", database)
    }

    /// The hash that a run got when it ended; nil for runs of earlier versions and those that have not ended.
    private func recordedHash(_ id: Int64, _ schema: String, _ database: Database) throws -> String? {
        guard runColumns.contains("content_hash") else { return nil }
        return try String.fetchOne(
            database, sql: "SELECT content_hash FROM \(schema).run WHERE id = ?", arguments: [id])
    }

    private func hasEnded(_ id: Int64, _ schema: String, _ database: Database) throws -> Bool {
        try Bool.fetchOne(
            database, sql: "SELECT status IN ('finished', 'diverged') FROM \(schema).run WHERE id = ?", arguments: [id])
            ?? false
    }

    /// Whether two copies of a run that has ended hold other rows.
    private func isDifferent(_ own: Int64, _ other: Int64, _ database: Database) throws -> Bool {
        if let a = try recordedHash(own, "main", database), let b = try recordedHash(other, "source", database) {
            return a != b
        }
        return try RunContent(ofRun: own, in: database, schema: schema)
            != RunContent(ofRun: other, in: database, of: "source", schema: schema)
    }

    /// Refuses a source with rows of runs for which `main` has no table or column, for they would be lost.
    func requireRoom(_ database: Database) throws {
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

    private func copyRun(_ source: Int64, as target: Int64, sweep: Int64?, _ database: Database) throws {
        try copy("run", runColumns, where: "id", source, replacing: ["id": target, "sweep_id": sweep], database)
        for table in filledTables {
            let change =
                table.columns.contains("sweep_id") ? ["run_id": target, "sweep_id": sweep] : ["run_id": target]
            try copy(table.name, table.columns, where: "run_id", source, replacing: change, database)
        }
    }

    /// Adds sweeps and their values that `main` lacks.
    ///
    /// - Parameter runs: the runs of `source` whose sweeps are wanted; nil for all sweeps.
    /// - Returns: the number in `main` of each sweep of `source`.
    func mergeSweeps(of runs: [Int64]?, _ database: Database) throws -> [Int64: Int64] {
        guard let sweep = try database.tables(ofType: "table", in: "source").first(where: { $0.name == "sweep" }) else {
            return [:]
        }
        var numbers: [Int64: Int64] = [:]
        let list = (runs ?? []).map { Int($0) }.sqlList.databaseValue, chosen = "SELECT value FROM json_each(?1)"
        let served =
            sweepTables.contains { $0.name == "sweep_trial" }
            ? "UNION SELECT sweep_id FROM source.sweep_trial WHERE identity IN (SELECT identity FROM source.run WHERE "
                + "id IN (\(chosen)))" : ""
        let condition =
            runs == nil
            ? "" : "WHERE id IN (SELECT sweep_id FROM source.run WHERE id IN (\(chosen)) \(served))"
        for row in try Row.fetchAll(
            database, sql: "SELECT id, uuid FROM source.sweep \(condition) ORDER BY id",
            arguments: runs == nil ? [] : [list])
        {
            let id: Int64 = try row.checked("id")
            if let existing = try Int64.fetchOne(
                database, sql: "SELECT id FROM main.sweep WHERE uuid = ?",
                arguments: [try row.checked("uuid") as String])
            {
                numbers[id] = existing
            } else {
                let next = try Int64.fetchOne(database, sql: "SELECT coalesce(max(id), 0) + 1 FROM main.sweep") ?? 1
                try copy("sweep", sweep.columns, where: "id", id, replacing: ["id": next], database)
                numbers[id] = next
            }
            for table in sweepTables {
                try copy(
                    table.name, table.columns, where: "sweep_id", id, replacing: ["sweep_id": numbers[id]],
                    onConflict: "OR IGNORE", database)
            }
        }
        return numbers
    }

    /// Takes the trials out again whose runs were not chosen, for their runs would seem to be missing.
    ///
    /// - Parameters:
    ///   - runs: the chosen runs of `source`.
    ///   - sweeps: the number in `main` of each sweep of `source`.
    /// - Returns: how many trials of each sweep are left.
    func leaveOutTrials(of sweeps: [Int64: Int64], exceptOf runs: [Int64], _ database: Database) throws
        -> [MergeSummary.SweepPart]
    {
        guard sweepTables.contains(where: { $0.name == "sweep_trial" }) else { return [] }
        let list = runs.map { Int($0) }.sqlList.databaseValue
        return try sweeps.sorted { $0.value < $1.value }.compactMap { source, target in
            let trials = try Int.fetchAll(
                database,
                sql: """
                    SELECT trial FROM source.sweep_trial AS t WHERE sweep_id = ?1
                        AND EXISTS (SELECT 1 FROM source.run WHERE identity = t.identity)
                        AND NOT EXISTS (SELECT 1 FROM main.run WHERE identity = t.identity)
                        AND NOT EXISTS (SELECT 1 FROM source.run WHERE identity = t.identity
                            AND id IN (SELECT value FROM json_each(?2)))
                    """, arguments: [source, list])
            guard !trials.isEmpty else { return nil }
            let all = "SELECT count(*) FROM main.sweep_trial WHERE sweep_id = ?"
            let trialCount = try Int.fetchOne(database, sql: all, arguments: [target]) ?? 0
            for table in ["sweep_value", "sweep_trial"] {
                try database.execute(
                    sql: "DELETE FROM main.\(table) WHERE sweep_id = ? AND trial IN (SELECT value FROM json_each(?))",
                    arguments: [target, trials.sqlList.databaseValue])
            }
            let name = try String.fetchOne(
                database, sql: "SELECT name FROM main.sweep WHERE id = ?", arguments: [target])
            return MergeSummary.SweepPart(
                name: name ?? "", copiedCount: trialCount - trials.count, trialCount: trialCount)
        }
    }

    /// Copies the rows of a table whose column `key` is `value`, with other values in some columns.
    private func copy(
        _ table: String, _ columns: [String], where key: String, _ value: Int64, replacing changes: [String: Int64?],
        onConflict: String = "", _ database: Database
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

/// The tags and notes of a run, which outlive a replaced copy.
private struct Labels {
    private let tags: [String]
    private let notes: [(writtenAt: String, text: String)]

    init(ofRun id: Int64, _ database: Database) throws {
        tags = try String.fetchAll(database, sql: "SELECT tag FROM main.tag WHERE run_id = ?", arguments: [id])
        notes = try Row.fetchAll(
            database, sql: "SELECT written_at, text FROM main.note WHERE run_id = ?", arguments: [id]
        ).map { (try $0.checked("written_at"), try $0.checked("text")) }
    }

    func add(toRun id: Int64, _ database: Database) throws {
        for tag in tags {
            try database.execute(
                sql: "INSERT OR IGNORE INTO main.tag (run_id, tag) VALUES (?, ?)", arguments: [id, tag])
        }
        for note in notes {
            try database.execute(
                sql: "INSERT OR IGNORE INTO main.note (run_id, written_at, text) VALUES (?, ?, ?)",
                arguments: [id, note.writtenAt, note.text])
        }
    }
}
