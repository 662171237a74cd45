import Foundation
import GRDB
import Support

/// What deleting runs takes away.
package struct DeletionSummary: Equatable, Sendable {
    /// How many rows of each table go; tables without any are left out, and `run` is first.
    package var rowCounts: [(table: String, count: Int)]
    /// The folders in the default place that hold checkpoints of the runs; deletion leaves them.
    package var checkpointFolders: [String]
    /// The sweeps that go: those that were named, and those of which no run is left.
    package var sweeps: [SweepReference] = []

    package static func == (a: DeletionSummary, b: DeletionSummary) -> Bool {
        a.rowCounts.elementsEqual(b.rowCounts, by: ==) && a.checkpointFolders == b.checkpointFolders
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

    /// Deletes runs with all their rows, in one transaction, and sweeps of which no run is left.
    ///
    /// - Parameter sweeps: sweeps that go too, whether there are runs of them or not.
    /// - Throws: `ResultsError` where a process is still working on one of them; then nothing is deleted.
    package func delete(_ runs: [RunReference], with sweeps: [SweepReference] = []) throws(ResultsError)
        -> DeletionSummary
    {
        try write { database in
            for run in runs {
                guard let process = try database.processAtWork(onRun: Int64(run.id), in: resolvedPath) else { continue }
                throw ResultsError(
                    "run \(run.id) (\(run.name)) is running, \(process) works on it; stop that first, with kill -INT",
                    cause: .busyRun)
            }
            let summary = try summarizeDeletion(of: runs, with: sweeps, in: database)
            // Rows of the other tables follow by their foreign keys.
            for run in runs { try database.execute(sql: "DELETE FROM run WHERE id = ?", arguments: [run.id]) }
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
        let list = runs.map { "\($0.id)" }.joined(separator: ", ")
        var counts = [("run", runs.count)]
        for table in try database.runTables() {
            let count =
                try Int.fetchOne(database, sql: "SELECT count(*) FROM \(table.quotedName) WHERE run_id IN (\(list))")
                ?? 0
            if count > 0 { counts.append((table.name, count)) }
        }
        let sweeps = try sweepsThatGo(with: list, or: sweeps, in: database)
        if !sweeps.isEmpty {
            counts.append(("sweep", sweeps.count))
            let numbers = sweeps.map { "\($0.id)" }.joined(separator: ", ")
            for table in ["sweep_trial", "sweep_value"] {
                let sql = "SELECT count(*) FROM \(table) WHERE sweep_id IN (\(numbers))"
                counts.append((table, try Int.fetchOne(database, sql: sql) ?? 0))
            }
        }
        let folders = runs.map { "\(checkpointsFolder)/\($0.uuid)" }.filter {
            FileManager.default.fileExists(atPath: $0)
        }
        return DeletionSummary(rowCounts: counts, checkpointFolders: folders, sweeps: sweeps)
    }

    /// Returns named sweeps, and those that lose their last run.
    ///
    /// - Parameter list: the numbers of the runs that go, with commas between them.
    private func sweepsThatGo(with list: String, or named: [SweepReference], in database: Database) throws
        -> [SweepReference]
    {
        guard try database.tableExists("sweep_trial") else { return [] }
        let own =
            "(r.sweep_id = sweep.id OR r.identity IN (SELECT identity FROM sweep_trial WHERE sweep_id = sweep.id))"
        return try Row.fetchAll(
            database,
            sql: """
                SELECT id, uuid, name FROM sweep WHERE id IN (\(named.map { "\($0.id)" }.joined(separator: ", ")))
                    OR (EXISTS (SELECT 1 FROM run AS r WHERE r.id IN (\(list)) AND \(own))
                        AND NOT EXISTS (SELECT 1 FROM run AS r WHERE r.id NOT IN (\(list)) AND \(own)))
                ORDER BY id
                """
        ).map { SweepReference(id: try $0.checked("id"), uuid: try $0.checked("uuid"), name: try $0.checked("name")) }
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
