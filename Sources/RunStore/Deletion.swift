import Foundation
import GRDB
import Support

/// What deleting runs takes away.
package struct DeletionSummary: Equatable, Sendable {
    /// The runs that go: those that are still there.
    package var runs: [RunReference]
    /// How many rows of each table go; tables without any are left out, and `run` is first.
    package var rowCounts: [(table: String, count: Int)]
    /// The folders in the default place that hold checkpoints of the runs; deletion leaves them.
    package var checkpointFolders: [String]
    /// The sweeps that go: those that were named, and those of which no run is left.
    package var sweeps: [SweepReference] = []

    package static func == (a: DeletionSummary, b: DeletionSummary) -> Bool {
        a.runs == b.runs && a.rowCounts.elementsEqual(b.rowCounts, by: ==) && a.checkpointFolders == b.checkpointFolders
            && a.sweeps == b.sweeps
    }
}

extension ResultsFile {
    /// The folder in which runs of this file keep their checkpoints unless their configs say otherwise; it has a folder
    /// for each uuid.
    package var checkpointsFolder: String { "\(resolvedPath).checkpoints" }

    /// Whether a path names a file that belongs to this results file, also one that does not exist yet: the file itself,
    /// what SQLite and bnexp keep beside it, and checkpoints in the default place.
    package func owns(_ path: String) -> Bool {
        let place = withLinksResolved(path)
        return place == resolvedPath || partEnds.contains { place == resolvedPath + $0 }
            || place.hasPrefix(checkpointsFolder + "/")
    }

    /// Returns the data files that runs name.
    package func dataFiles() throws(ResultsError) -> [String] {
        try query(
            """
            SELECT DISTINCT tree.value FROM run, json_tree(CASE WHEN json_valid(config) THEN config ELSE '{}' END, '$.data') AS tree
            WHERE tree.key = 'file'
            """
        ).rows.compactMap { $0[0].text }
    }

    /// Returns the files of all checkpoints that count.
    package func checkpointFiles() throws(ResultsError) -> [String] {
        try onFile(path) {
            try database.read { database in
                guard try database.tableExists("checkpoint") else { return [] }
                return try String.fetchAll(database, sql: "SELECT path FROM checkpoint")
            }
        }
    }

    /// What `delete` would take away.
    package func summarizeDeletion(of runs: [RunReference], with sweeps: [SweepReference] = []) throws(ResultsError)
        -> DeletionSummary
    {
        try onFile(path) { try database.read { try summarizeDeletion(of: runs, with: sweeps, in: $0) } }
    }

    /// Returns the runs of a sweep that trials of other sweeps ask for too.
    package func runsShared(by sweep: SweepReference) throws(ResultsError) -> [RunReference] {
        try references(
            where: """
                (sweep_id = ?1 OR identity IN (SELECT identity FROM sweep_trial WHERE sweep_id = ?1))
                    AND identity IN (SELECT identity FROM sweep_trial WHERE sweep_id <> ?1)
                """, [.integer(sweep.id)])
    }

    /// Returns the runs that trials of a sweep ask for and that it did not make.
    package func runsAdopted(by sweep: SweepReference) throws(ResultsError) -> [RunReference] {
        try references(
            where: """
                sweep_id IS NOT ?1 AND identity IN (SELECT identity FROM sweep_trial WHERE sweep_id = ?1)
                """, [.integer(sweep.id)])
    }

    /// Deletes runs with all their rows, in one transaction, and sweeps of which no run is left.
    ///
    /// - Parameter sweeps: sweeps that go too, whether there are runs of them or not.
    /// - Throws: `ResultsError` where a process is still working on one of them; then nothing is deleted.
    package func delete(_ runs: [RunReference], with sweeps: [SweepReference] = []) throws(ResultsError)
        -> DeletionSummary
    {
        try write { database in
            let summary = try summarizeDeletion(of: runs, with: sweeps, in: database)
            for run in summary.runs {
                guard let process = try database.processAtWork(onRun: Int64(run.id), in: resolvedPath) else { continue }
                throw ResultsError(
                    "run \(run.id) (\(run.name)) is running, \(process) works on it; stop that first, with kill -INT",
                    cause: .busyRun)
            }
            // Rows of the other tables follow by their foreign keys.
            for run in summary.runs { try database.execute(sql: "DELETE FROM run WHERE id = ?", arguments: [run.id]) }
            for sweep in summary.sweeps {
                // A later sweep may get the number.
                try database.execute(
                    sql: "UPDATE run SET sweep_id = NULL, trial = NULL WHERE sweep_id = ?", arguments: [sweep.id])
                try database.execute(sql: "DELETE FROM sweep WHERE id = ?", arguments: [sweep.id])
            }
            return summary
        }
    }

    /// Gives the space of deleted rows back to the file system; the file is written anew, which needs as much space
    /// again.
    /// - Returns: the file's size in bytes before and after.
    package func vacuum() throws(ResultsError) -> (before: Int, after: Int) {
        try writeWithoutTransaction { database in
            func size() throws -> Int {
                try Int.fetchOne(
                    database, sql: "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size") ?? 0
            }
            let before = try size()
            try database.execute(sql: "VACUUM")
            // The smaller file is in the write-ahead log until it is folded in.
            try database.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            return (before, try size())
        }
    }

    private func summarizeDeletion(of runs: [RunReference], with sweeps: [SweepReference], in database: Database)
        throws -> DeletionSummary
    {
        // Another process may have deleted some meanwhile, and given their numbers to new ones.
        let runs = try runs.filter { run in
            try String.fetchOne(database, sql: "SELECT uuid FROM run WHERE id = ?", arguments: [run.id]) == run.uuid
        }
        let ids = runs.map(\.id).sqlList.databaseValue
        var counts = runs.isEmpty ? [] : [("run", runs.count)]
        for table in try database.runTables() {
            let sql = "SELECT count(*) FROM \(table.quotedName) WHERE run_id IN (SELECT value FROM json_each(?))"
            let count = try Int.fetchOne(database, sql: sql, arguments: [ids]) ?? 0
            if count > 0 { counts.append((table.name, count)) }
        }
        let sweeps = try sweepsThatGo(with: ids, or: sweeps, in: database)
        if !sweeps.isEmpty {
            counts.append(("sweep", sweeps.count))
            for table in ["sweep_trial", "sweep_value"] {
                let sql = "SELECT count(*) FROM \(table) WHERE sweep_id IN (SELECT value FROM json_each(?))"
                let numbers = sweeps.map(\.id).sqlList.databaseValue
                counts.append((table, try Int.fetchOne(database, sql: sql, arguments: [numbers]) ?? 0))
            }
        }
        let folders = runs.map { "\(checkpointsFolder)/\($0.uuid)" }.filter {
            FileManager.default.fileExists(atPath: $0)
        }
        return DeletionSummary(runs: runs, rowCounts: counts, checkpointFolders: folders, sweeps: sweeps)
    }

    /// Returns named sweeps, and those that lose their last run.
    ///
    /// - Parameter runs: the numbers of the runs that go, a `sqlList`.
    private func sweepsThatGo(with runs: DatabaseValue, or named: [SweepReference], in database: Database) throws
        -> [SweepReference]
    {
        guard try database.tableExists("sweep_trial") else { return [] }
        let own =
            "(r.sweep_id = sweep.id OR r.identity IN (SELECT identity FROM sweep_trial WHERE sweep_id = sweep.id))"
        return try Row.fetchAll(
            database,
            sql: """
                WITH going AS (SELECT value FROM json_each(?1))
                SELECT id, uuid, name FROM sweep WHERE uuid IN (SELECT value FROM json_each(?2))
                    OR (EXISTS (SELECT 1 FROM run AS r WHERE r.id IN going AND \(own))
                        AND NOT EXISTS (SELECT 1 FROM run AS r WHERE r.id NOT IN going AND \(own)))
                ORDER BY id
                """, arguments: [runs, "[" + named.map { "\"\($0.uuid)\"" }.joined(separator: ",") + "]"]
        ).map { SweepReference(id: try $0.checked("id"), uuid: try $0.checked("uuid"), name: try $0.checked("name")) }
    }
}

extension ResultsFile {
    /// Says why something would be lost without another results file that this one does not have; nil if nothing would.
    package func lack(against other: ResultsFile) throws(ResultsError) -> String? {
        if other.resolvedPath == resolvedPath { return "it is the file itself" }
        func runs(_ file: ResultsFile) throws(ResultsError) -> [String: SQLValue] {
            let rows = try file.query("SELECT uuid, coalesce(last_step, -1) FROM run WHERE status <> 'running'").rows
            return Dictionary(rows.map { ($0[0].text ?? "", $0[1]) }, uniquingKeysWith: { first, _ in first })
        }
        func labels(_ file: ResultsFile) throws(ResultsError) -> Set<[SQLValue]> {
            let rows = try file.query(
                """
                SELECT uuid, tag, NULL FROM tag JOIN run ON id = run_id
                UNION ALL SELECT uuid, text, written_at FROM note JOIN run ON id = run_id
                """
            ).rows
            return Set(rows)
        }
        let own = try runs(self), others = try runs(other)
        if try other.allRuns().count != others.count { return "a run of it is running" }
        for (uuid, step) in others.sorted(by: { $0.key < $1.key }) where own[uuid] != step {
            return own[uuid] == nil
                ? "it has run \(uuid), which \(path) lacks" : "its run \(uuid) has another number of steps"
        }
        return try labels(other).isSubset(of: labels(self)) ? nil : "it has tags or notes that \(path) lacks"
    }

    /// Removes a results file with all that belongs to it.
    package static func remove(_ path: String) throws(ResultsError) {
        try onFile(path) {
            for end in [""] + partEnds where FileManager.default.fileExists(atPath: path + end) {
                try FileManager.default.removeItem(atPath: path + end)
            }
        }
    }
}

/// What the names of files and folders that belong to a results file end with, after its own name.
private let partEnds = ["-wal", "-shm", "-journal", ".lock", ".checkpoints"]

/// Returns the database that a name belongs to as its log, its lock or its folder of checkpoints; nil if there is none.
///
/// SQLite takes or removes what it finds under such a name.
package func resultsFile(ofWhichIsPart path: String) -> String? {
    let place = withLinksResolved(path)
    let stems = partEnds.filter(place.hasSuffix).map { String(place.dropLast($0.count)) }
    return stems.first { isDatabase($0) }
}

private func isDatabase(_ path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
    let beginning = FileHandle(forReadingAtPath: path)?.readData(ofLength: 16)
    return status.st_size == 0 || beginning == Data("SQLite format 3\0".utf8)
}
