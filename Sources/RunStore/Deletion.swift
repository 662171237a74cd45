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

    /// Whether a path names a file that belongs to this results file, also one that does not exist yet: the file
    /// itself, what SQLite and bnexp keep beside it, and checkpoints in the default place.
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
        try onFile(path) {
            try database.read { database in
                try summarizeDeletion(of: runs, with: sweeps, in: database) {
                    try RunRows(of: $0.map(\.id), in: database).count(in: database)
                }
            }
        }
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
        // Tables of others may name runs in other columns, which only the foreign keys know.
        let areOurs = try query(
            """
            SELECT 1 FROM sqlite_master AS m JOIN pragma_foreign_key_list(m.name) AS f
            WHERE m.type = 'table' AND f."table" IN ('run', 'sweep') AND f."from" NOT IN ('run_id', 'sweep_id')
            """
        ).rows.isEmpty
        func delete(_ database: Database) throws -> DeletionSummary {
            let summary = try summarizeDeletion(of: runs, with: sweeps, in: database) {
                try refuseWork(on: $0, in: database)
                return try RunRows(of: $0.map(\.id), in: database).delete(in: database)
            }
            for sweep in summary.sweeps {
                // A later sweep may get the number.
                try database.execute(
                    sql: "UPDATE run SET sweep_id = NULL, trial = NULL WHERE sweep_id = ?", arguments: [sweep.id])
                for table in try database.tables(ofType: "table")
                where table.columns.contains("sweep_id") && table.name != "run" && !table.columns.contains("run_id") {
                    let sql = "DELETE FROM \(table.quotedName) WHERE sweep_id = ?"
                    try database.execute(sql: sql, arguments: [sweep.id])
                }
                try database.execute(sql: "DELETE FROM sweep WHERE id = ?", arguments: [sweep.id])
            }
            return summary
        }
        return try areOurs ? writeWithoutForeignKeys(delete) : write(delete)
    }

    private func refuseWork(on runs: [RunReference], in database: Database) throws {
        let names = Dictionary(uniqueKeysWithValues: runs.map { (Int64($0.id), $0.name) })
        for process in try database.newestAttempts(where: "status = 'running'") {
            guard let name = names[process.runID],
                process.reasonGone(in: resolvedPath, heartbeatAge: defaultHeartbeatAge) == nil
            else { continue }
            throw ResultsError(
                "run \(process.runID) (\(name)) is running, \(process.description) works on it; stop that first, with "
                    + "kill -INT", cause: .busyRun)
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

    /// - Parameter rowCounts: counts the rows of runs in every table, and may take them away.
    private func summarizeDeletion(
        of runs: [RunReference], with sweeps: [SweepReference], in database: Database,
        rowCounts: ([RunReference]) throws -> [(table: String, count: Int)]
    ) throws -> DeletionSummary {
        // Another process may have deleted some meanwhile, and given their numbers to new ones.
        let uuids = try Row.fetchAll(
            database, sql: "SELECT id, uuid FROM run WHERE id IN (SELECT value FROM json_each(?))",
            arguments: [runs.map(\.id).sqlList.databaseValue]
        ).reduce(into: [Int: String]()) { $0[try $1.checked(at: 0)] = try $1.checked(at: 1) }
        let runs = runs.filter { uuids[$0.id] == $0.uuid }
        let sweeps = try sweepsThatGo(with: runs.map(\.id).sqlList.databaseValue, or: sweeps, in: database)
        var counts = try rowCounts(runs)
        if !sweeps.isEmpty {
            counts.append(("sweep", sweeps.count))
            for table in ["sweep_trial", "sweep_value"] {
                let sql = "SELECT count(*) FROM \(table) WHERE sweep_id IN (SELECT value FROM json_each(?))"
                let numbers = sweeps.map(\.id).sqlList.databaseValue
                counts.append((table, try Int.fetchOne(database, sql: sql, arguments: [numbers]) ?? 0))
            }
        }
        let folders = Set((try? FileManager.default.contentsOfDirectory(atPath: checkpointsFolder)) ?? [])
        return DeletionSummary(
            runs: runs, rowCounts: counts,
            checkpointFolders: runs.filter { folders.contains($0.uuid) }.map { "\(checkpointsFolder)/\($0.uuid)" },
            sweeps: sweeps)
    }

    /// Returns named sweeps, and those that lose their last run.
    ///
    /// - Parameter runs: the numbers of the runs that go, a `sqlList`.
    private func sweepsThatGo(with runs: DatabaseValue, or named: [SweepReference], in database: Database) throws
        -> [SweepReference]
    {
        guard try database.tableExists("sweep_trial") else { return [] }
        /// The sweeps that made runs or whose trials ask for them; every run and every trial is looked at once.
        func sweeps(of condition: String) -> String {
            """
            SELECT sweep_id FROM run WHERE \(condition)
            UNION SELECT t.sweep_id FROM sweep_trial AS t CROSS JOIN run ON run.identity = t.identity WHERE \(condition)
            """
        }
        return try Row.fetchAll(
            database,
            sql: """
                WITH going AS MATERIALIZED (SELECT value FROM json_each(?1))
                SELECT id, uuid, name FROM sweep WHERE uuid IN (SELECT value FROM json_each(?2))
                    OR (id IN (\(sweeps(of: "run.id IN going")))
                        AND id NOT IN (SELECT sweep_id FROM (\(sweeps(of: "run.id NOT IN going")))
                            WHERE sweep_id IS NOT NULL))
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
        guard try labels(other).isSubset(of: labels(self)) else { return "it has tags or notes that \(path) lacks" }
        func checkpoints(_ file: ResultsFile) throws(ResultsError) -> Set<String> {
            var found: Set<String> = []
            for run in try file.allRuns() {
                let folder = "\(file.checkpointsFolder)/\(run.uuid)"
                for record in try file.checkpoints(ofRun: Int64(run.id))
                where !record.places(besideResults: folder).isEmpty { found.insert(record.sha256) }
            }
            return found
        }
        let isComplete = try checkpoints(other).isSubset(of: checkpoints(self))
        return isComplete ? nil : "it has checkpoints that \(path) lacks"
    }

    /// Has `make` write a results file in the place of another, if there is one, which with all that belongs to it is
    /// set aside meanwhile: where `make` fails it comes back.
    package static func replacing<Result>(_ path: String, _ make: () throws -> Result) throws -> Result {
        let manager = FileManager.default, aside = path + ".replaced"
        guard manager.fileExists(atPath: path) else { return try make() }
        let parts = ([""] + partEnds).filter { manager.fileExists(atPath: path + $0) }
        try onFile(path) { for end in parts { try manager.moveItem(atPath: path + end, toPath: aside + end) } }
        do {
            let result = try make()
            try onFile(path) { for end in parts { try manager.removeItem(atPath: aside + end) } }
            return result
        } catch {
            for end in parts {
                try? manager.removeItem(atPath: path + end)
                try? manager.moveItem(atPath: aside + end, toPath: path + end)
            }
            throw error
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
    let beginning = Support.beginning(of: path, byteCount: 16)
    return status.st_size == 0 || beginning == Data("SQLite format 3\0".utf8)
}
