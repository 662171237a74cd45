import Foundation
import GRDB
import Support

/// What deleting runs takes away.
package struct DeletionSummary: Equatable, Sendable {
    /// How many rows of each table go; tables without any are left out, and `run` is first.
    package var rowCounts: [(table: String, count: Int)]
    /// The folders in the default place that hold checkpoints of the runs; deletion leaves them.
    package var checkpointFolders: [String]

    package static func == (a: DeletionSummary, b: DeletionSummary) -> Bool {
        a.rowCounts.elementsEqual(b.rowCounts, by: ==) && a.checkpointFolders == b.checkpointFolders
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
    package func summarizeDeletion(of runs: [RunReference]) throws(ResultsError) -> DeletionSummary {
        try onFile(path) { try database.read { try summarizeDeletion(of: runs, in: $0) } }
    }

    /// Deletes runs with all their rows, in one transaction.
    /// - Throws: `ResultsError` where a process is still working on one of them; then nothing is deleted.
    package func delete(_ runs: [RunReference]) throws(ResultsError) -> DeletionSummary {
        try write { database in
            for run in runs {
                guard let process = try database.processAtWork(onRun: Int64(run.id), in: resolvedPath) else { continue }
                throw ResultsError(
                    "run \(run.id) (\(run.name)) is running, \(process) works on it; stop that first, with kill -INT",
                    cause: .busyRun)
            }
            let summary = try summarizeDeletion(of: runs, in: database)
            // Rows of the other tables follow by their foreign keys.
            for run in runs { try database.execute(sql: "DELETE FROM run WHERE id = ?", arguments: [run.id]) }
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

    private func summarizeDeletion(of runs: [RunReference], in database: Database) throws -> DeletionSummary {
        let list = runs.map { "\($0.id)" }.joined(separator: ", ")
        var counts = [("run", runs.count)]
        for table in try database.runTables() {
            let count =
                try Int.fetchOne(database, sql: "SELECT count(*) FROM \(table.quotedName) WHERE run_id IN (\(list))")
                ?? 0
            if count > 0 { counts.append((table.name, count)) }
        }
        let folders = runs.map { "\(checkpointsFolder)/\($0.uuid)" }.filter {
            FileManager.default.fileExists(atPath: $0)
        }
        return DeletionSummary(rowCounts: counts, checkpointFolders: folders)
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
