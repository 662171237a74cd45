import Foundation
import GRDB
import Support
import Synchronization

/// What became of the runs of one file that was merged into another.
package struct MergeSummary: Equatable, Sendable {
    /// How many runs the target did not hold.
    package var added = 0
    /// The number of runs of which the source held more than the target.
    package var replaced = 0
    /// The number of runs of which the target holds as much or more.
    package var kept = 0
    /// The uuids of runs that have ended in both files and are not the same there; the target keeps its own.
    package var differing: [String] = []
    /// The uuids of runs of the source that do not hold what they had when they ended.
    package var damaged: [String] = []
    /// The numbers in the source of the runs that were added or replaced; no part of what makes summaries equal.
    package var copied: Set<Int> = []
    /// A sweep of which only some trials have runs among those that were chosen.
    package struct SweepPart: Equatable, Sendable {
        package let name: String
        package let copiedCount: Int
        package let trialCount: Int
    }
    package var sweepParts: [SweepPart] = []

    package init(added: Int = 0, replaced: Int = 0, kept: Int = 0) {
        self.added = added
        self.replaced = replaced
        self.kept = kept
    }

    package static func == (a: MergeSummary, b: MergeSummary) -> Bool {
        (a.added, a.replaced, a.kept) == (b.added, b.replaced, b.kept) && a.differing == b.differing
            && a.damaged == b.damaged && a.sweepParts == b.sweepParts
    }
}

extension ResultsFile {
    /// Adds the runs of another results file, which is only read, each whole or not at all; merging it again changes
    /// nothing.
    ///
    /// Runs are the same if their uuids are. Of a run in both files the copy with more is kept, whole: one that
    /// ended by itself before one that did not, then the one with more rows, then the newer heartbeat. Tags, notes and
    /// sweeps of both are kept. Runs get numbers of this file; a replaced run keeps its number. Every table with a column
    /// `run_id` is copied, as far as the source has it; sweeps are joined by their uuids.
    ///
    /// - Parameter chosen: the runs of the source to add, with the sweeps that they belong to; nil for everything.
    package func merge(from source: String, runs chosen: [RunReference]? = nil) throws(ResultsError) -> MergeSummary {
        let sourceFile = try ResultsFile(reading: source, schema: schema)
        guard sourceFile.resolvedPath != resolvedPath else {
            throw ResultsError(
                "\(source) is the file that is merged into; name another results file", cause: .request)
        }
        let runs = if let chosen { chosen } else { try sourceFile.allRuns() }
        let ids = runs.map { Int64($0.id) }
        let wanted = chosen == nil ? nil : ids
        // Read-only, so that a source is not changed, nor made where it vanished.
        let place = sourceFile.resolvedPath.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed)
        let address = "file:\(place ?? source)?\(sourceFile.isReadAsItIs ? "immutable=1" : "mode=ro")"
        try writeWithoutTransaction { database in
            try database.execute(sql: "ATTACH ? AS source", arguments: [address])
            try database.execute(sql: "PRAGMA main.cache_size = \(-Merge.cacheSize)")
            log?.pagesToFold = 8 * WriteAheadLog.usualPagesToFold
        }
        let result = Result { () throws(ResultsError) in
            var summary = MergeSummary()
            let (merge, sweeps) = try write { database in
                let merge = try Merge(database, path: resolvedPath, schema: schema)
                try merge.requireRoom(database)
                let sweeps = try merge.mergeSweeps(of: wanted, database)
                if let wanted {
                    summary.sweepParts = try merge.leaveOutTrials(of: sweeps, exceptOf: wanted, database)
                }
                return (merge, sweeps)
            }
            let check = try ContentCheck(of: sourceFile)
            try mergeRuns(ids, of: source, merge, sweeps: sweeps, check, &summary)
            summary.damaged = try check.finish()
            return summary
        }
        try writeWithoutTransaction { database in
            log?.pagesToFold = WriteAheadLog.usualPagesToFold
            try database.execute(sql: "PRAGMA main.cache_size = -2000; DETACH source")
        }
        return try result.get()
    }

    /// Merges runs one after the other, many small ones in a transaction.
    ///
    /// One that fails leaves those before it.
    private func mergeRuns(
        _ ids: [Int64], of source: String, _ merge: Merge, sweeps: [Int64: Int64], _ check: ContentCheck,
        _ summary: inout MergeSummary
    ) throws(ResultsError) {
        var left = ids[...]
        while let first = left.first {
            var current = first, failure: (any Error)?
            let (summaryBefore, leftBefore) = (summary, left)
            func mergeSome(_ database: Database) throws -> (MergeSummary, ArraySlice<Int64>) {
                // A transaction that waits in vain is begun again.
                var summary = summaryBefore, left = leftBefore
                failure = nil
                let before = database.totalChangesCount
                while let id = left.first, database.totalChangesCount - before < Merge.transactionSize {
                    current = id
                    do {
                        try database.inSavepoint {
                            try merge.merge(id, sweeps: sweeps, &summary, database, check)
                            return .commit
                        }
                    } catch {
                        guard database.isInsideTransaction else { throw error }
                        failure = error
                        break
                    }
                    left.removeFirst()
                }
                return (summary, left)
            }
            do throws(ResultsError) {
                (summary, left) = try writeWithoutForeignKeys(mergeSome)
                if let failure { throw failure as? ResultsError ?? ResultsError(failure, path: path) }
            } catch {
                throw ResultsError(
                    "\(error.message) (while copying run \(current) of \(source))", cause: error.cause)
            }
        }
    }
}

/// Compares runs with the hash that they got when they ended, on a thread beside the one that copies them.
private final class ContentCheck: Sendable {
    private let file: ResultsFile
    private let tables: [RunTable]
    private let queue = DispatchQueue(label: "bnexp compares rows")
    private let result = Mutex<Result<[String], ResultsError>>(.success([]))

    init(of file: ResultsFile) throws(ResultsError) {
        self.file = file
        tables = try onFile(file.path) { try file.database.read { try $0.runTables() } }
    }

    func begin(_ id: Int64) {
        queue.async {
            guard case .success(let damaged) = self.result.withLock({ $0 }) else { return }
            let next = Result { () throws(ResultsError) in
                guard let recorded = try self.file.recordedContentHash(ofRun: id),
                    try self.file.content(ofRun: id, tables: self.tables).hash != recorded
                else { return damaged }
                let uuid = try self.file.query("SELECT uuid FROM run WHERE id = ?", [.integer(Int(id))]).rows.first
                return damaged + [uuid?[0].text ?? ""]
            }
            self.result.withLock { $0 = next }
        }
    }

    /// Waits for the comparisons, and returns the uuids of the runs that do not hold what they had.
    func finish() throws(ResultsError) -> [String] {
        queue.sync {}
        return try result.withLock { $0 }.get()
    }
}

/// Copies the runs of the attached schema `source` into `main`.
private struct Merge {
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
            ? "UNION SELECT sweep_id FROM source.sweep_trial WHERE identity IN (SELECT identity FROM source.run WHERE id "
                + "IN (\(chosen)))" : ""
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

/// How much of a run a file holds.
private struct Completeness: Comparable {
    let hasEnded: Bool
    private let rowCount: Int
    private let heartbeatAt: String

    init(ofRun id: Int64, in schema: String, _ database: Database) throws {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT status IN ('finished', 'diverged') AS has_ended,
                    (SELECT max(heartbeat_at) FROM \(schema).run_attempt WHERE run_id = run.id) AS heartbeat_at
                FROM \(schema).run WHERE id = ?
                """, arguments: [id])
        hasEnded = try row?.checked("has_ended") ?? false
        heartbeatAt = try row?.checked("heartbeat_at") ?? ""
        rowCount = try database.runTables(in: schema).filter(\.hasStep).reduce(0) { sum, table in
            let count = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM \(schema).\(table.quotedName) WHERE run_id = ?", arguments: [id])
            return sum + (count ?? 0)
        }
    }

    static func < (a: Completeness, b: Completeness) -> Bool {
        if a.hasEnded != b.hasEnded { return b.hasEnded }
        // Of two that have ended with as many rows none is fuller.
        return (a.rowCount, a.hasEnded ? "" : a.heartbeatAt) < (b.rowCount, b.hasEnded ? "" : b.heartbeatAt)
    }
}
