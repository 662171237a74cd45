import Foundation
import GRDB
import Support

/// What one check of a results file found.
package struct Finding: Equatable, Sendable {
    package var check: String
    package var found: String
    /// What to do about it; nil if nothing is wrong.
    package var remedy: String?

    package init(check: String, found: String, remedy: String? = nil) {
        self.check = check
        self.found = found
        self.remedy = remedy
    }

    package var isProblem: Bool { remedy != nil }
}

/// Checks a results file without changing it, as a list of findings; every check gives at least one.
/// - Parameters:
///   - isQuick: whether to leave out the slowest parts, the comparison of indexes with their tables and of runs with
///     their hashes.
///   - isCopy: whether it is a copy that is only read, so that it needs no log.
///   - compareWithConfigs: checks what only those who know configs can.
/// - Throws: `ResultsError` where there is no such file.
package func examine(
    _ path: String, schema: Schema, isQuick: Bool, isCopy: Bool = false,
    compareWithConfigs: @escaping (ResultsFile) throws -> [Finding] = { _ in [] }
) throws(ResultsError) -> [Finding] {
    let file: ResultsFile
    do {
        file = try ResultsFile(reading: path, schema: schema)
    } catch {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory.boolValue else {
            throw error
        }
        let isReadable = access(path, R_OK) == 0
        return [
            Finding(
                check: "file", found: error.message,
                remedy: isReadable
                    ? "restore the file from a copy, or name another one with --db"
                    : "run as its owner, or make it readable: chmod +r \(quotedForShell(path))")
        ]
    }
    let examination = Examination(file: file, isQuick: isQuick, isCopy: isCopy)
    let checks: [(name: String, check: () throws -> [Finding])] = [
        ("file", examination.version), ("integrity", examination.integrity), ("foreign_key", examination.foreignKeys),
        ("schema", examination.schema), ("orphan", examination.orphans), ("journal", examination.journalMode),
        ("write_ahead_log", examination.writeAheadLog),
        ("sqlite", examination.library), ("process", examination.processes), ("last_step", examination.lastSteps),
        ("config", { try compareWithConfigs(file) }),
        ("content", examination.contents),
        ("checkpoint", examination.checkpoints),
        ("file_system", examination.fileSystem),
    ]
    return checks.flatMap { name, check in
        do {
            return try check()
        } catch {
            // A damaged file may fail any check; the others still tell something.
            return [Finding(check: name, found: ResultsError(error, path: path).message, remedy: damageRemedy(path))]
        }
    }
}

private func damageRemedy(_ path: String) -> String {
    "save what can be read: sqlite3 '\(path)' .recover | sqlite3 recovered.sqlite; or restore a copy"
}

private struct Examination {
    let file: ResultsFile
    let isQuick: Bool
    let isCopy: Bool

    private func fetch(_ sql: String) throws -> [Row] { try file.database.read { try Row.fetchAll($0, sql: sql) } }
    private func tables() throws -> [RunTable] { try file.database.read { try $0.runTables() } }

    /// Reports the schema version; files of other applications and newer versions were refused when they were opened.
    func version() throws -> [Finding] {
        let version: Int = try fetch("PRAGMA user_version").first?[0] ?? 0
        let upgrade =
            version < file.schema.version ? "; the next command that writes brings it to \(file.schema.version)" : ""
        return [Finding(check: "file", found: "a results file of bnexp, schema version \(version)\(upgrade)")]
    }

    /// Compares the tables with those that bnexp makes: a file that another program changed may lack some, or let their
    /// columns hold values of any type.
    func schema() throws -> [Finding] {
        let sql = """
            SELECT l.name AS table_name, l.strict, c.name, c.type, c."notnull", c.pk
            FROM pragma_table_list AS l JOIN pragma_table_info(l.name) AS c WHERE l.schema = 'main' AND l.type = 'table'
            """
        let version: Int = try fetch("PRAGMA user_version").first?[0] ?? 0
        let expected = try DatabaseQueue().inDatabase { database in
            try ResultsFile.migrate(database, to: file.schema, version: version)
            return try Row.fetchAll(database, sql: sql)
        }
        let found = Set(try fetch(sql))
        let missing = expected.filter { !found.contains($0) }
        if let row = missing.first {
            return [
                Finding(
                    check: "schema",
                    found:
                        "\(missing.count) columns are missing or of another kind, the first \(row[2] as String) of "
                        + "table \(row[0] as String)",
                    remedy: "restore a copy; what is left can be read: sqlite3 '\(file.path)' .dump")
            ]
        }
        guard try version < file.schema.version || file.database.read({ try View.areCurrent(in: $0) }) else {
            return [
                Finding(
                    check: "schema", found: "views are missing or of another version",
                    remedy: "the next command that writes makes them, such as bnexp reap")
            ]
        }
        return [Finding(check: "schema", found: "every table is as bnexp makes it")]
    }

    func integrity() throws -> [Finding] {
        let messages = try fetch(isQuick ? "PRAGMA quick_check(5)" : "PRAGMA integrity_check(5)").map {
            try $0.checked(at: 0) as String
        }
        if messages == ["ok"] {
            return [
                Finding(check: "integrity", found: isQuick ? "all pages are sound" : "all pages and indexes are sound")
            ]
        }
        return [Finding(check: "integrity", found: messages.joined(separator: "; "), remedy: damageRemedy(file.path))]
    }

    func foreignKeys() throws -> [Finding] {
        let rows = try fetch(
            "SELECT \"table\", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2 ORDER BY 1")
        if rows.isEmpty { return [Finding(check: "foreign_key", found: "every reference has its row")] }
        return try rows.map { row in
            let table: String = try row.checked(at: 0), parent: String = try row.checked(at: 1),
                count: Int = try row.checked(at: 2)
            return Finding(
                check: "foreign_key", found: "\(count) rows of \(table) refer to rows of \(parent) that are not there",
                remedy: table == "run" ? damageRemedy(file.path) : deletionOfOrphans(table))
        }
    }

    /// Finds rows of runs that do not exist, also in tables that declare no foreign key.
    func orphans() throws -> [Finding] {
        let findings = try tables().compactMap { table -> Finding? in
            let count: Int =
                try fetch("SELECT count(*) FROM \(table.quotedName) WHERE run_id NOT IN (SELECT id FROM run)").first?[0]
                ?? 0
            if count == 0 { return nil }
            return Finding(
                check: "orphan", found: "\(count) rows of \(table.name) belong to no run",
                remedy: deletionOfOrphans(table.name))
        }
        return findings.isEmpty ? [Finding(check: "orphan", found: "every row belongs to a run")] : findings
    }

    private func deletionOfOrphans(_ table: String) -> String {
        "delete them: sqlite3 '\(file.path)' 'DELETE FROM \(table) WHERE run_id NOT IN (SELECT id FROM run)'"
    }

    func journalMode() throws -> [Finding] {
        if file.isReadAsItIs {
            return [Finding(check: "journal", found: "not seen: nothing can be written beside the file")]
        }
        let mode: String = try fetch("PRAGMA journal_mode").first?[0] ?? ""
        if mode == "wal" {
            return [
                Finding(check: "journal", found: "write-ahead log, readers and the writer do not wait for each other")
            ]
        }
        if isCopy, mode == "delete" {
            return [
                Finding(check: "journal", found: "no write-ahead log, as in every copy of a shard, which is only read")
            ]
        }
        return [
            Finding(
                check: "journal",
                found: "journal mode is \(mode), expected wal: readers and the writer wait for each other",
                remedy: "the next command that writes sets it, such as bnexp reap")
        ]
    }

    /// SQLite folds the log into the file at 1,000 pages, about 4 MB; one transaction of a run is far smaller.
    func writeAheadLog() throws -> [Finding] {
        let log = file.path + "-wal"
        let size =
            FileManager.default.fileExists(atPath: log)
            ? try FileManager.default.attributesOfItem(atPath: log)[.size] as? Int ?? 0 : 0
        let megabytes = (Double(size) / 1e6).formatted(.number.precision(.fractionLength(0...1)).grouping(.never))
        guard size > 64_000_000 else {
            return [Finding(check: "write_ahead_log", found: "\(megabytes) MB are not yet folded into the file")]
        }
        return [
            Finding(
                check: "write_ahead_log",
                found:
                    "\(file.path)-wal has \(megabytes) MB: a program that reads for long keeps it from being folded in",
                remedy:
                    "end programs that have the file open, then sqlite3 '\(file.path)' 'PRAGMA "
                    + "wal_checkpoint(TRUNCATE)'"
            )
        ]
    }

    func library() throws -> [Finding] {
        let warning =
            SQLiteLibrary.hasResetBug
            ? "; it has the WAL-reset bug, which bnexp avoids by a lock: let no other program write to the file while "
                + "bnexp does" : ""
        return [Finding(check: "sqlite", found: "SQLite \(SQLiteLibrary.version)\(warning)")]
    }

    /// Compares every run that has ended with the hash that it got then.
    func contents() throws -> [Finding] {
        guard !isQuick,
            try file.database.read({ try $0.columns(in: "run") }).contains(where: { $0.name == "content_hash" })
        else { return [] }
        let runs = try fetch("SELECT id, name, content_hash FROM run WHERE content_hash IS NOT NULL ORDER BY id")
        let tables = try tables()
        let findings = try runs.compactMap { row -> Finding? in
            let id: Int64 = try row.checked("id"), name: String = try row.checked("name")
            let recorded: String = try row.checked("content_hash")
            guard try file.content(ofRun: id, tables: tables).hash != recorded else { return nil }
            return Finding(
                check: "content", found: "run \(id) (\(name)) does not hold the rows that it had when it ended",
                remedy: "bnexp verify \(id) says where; restore a copy, or delete the run and repeat it")
        }
        return findings.isEmpty
            ? [Finding(check: "content", found: "all \(runs.count) runs that have ended hold what they had then")]
            : findings
    }

    func processes() throws -> [Finding] {
        if isCopy {
            return [Finding(check: "process", found: "runs that are marked running were so when the copy was made")]
        }
        let lost = try file.lostRuns(heartbeatAge: defaultHeartbeatAge)
        if lost.isEmpty {
            return [Finding(check: "process", found: "every run that is marked running has its process")]
        }
        return lost.map {
            Finding(
                check: "process", found: "run \($0.run.id) (\($0.run.name)) is marked running, but \($0.reason)",
                remedy: "bnexp reap")
        }
    }

    func lastSteps() throws -> [Finding] {
        let findings = try tables().filter(\.hasStep).flatMap { table in
            try fetch(
                """
                SELECT id, name, last_step, max(step) FROM run JOIN \(table.quotedName) ON run_id = id
                WHERE status IN ('finished', 'diverged') AND last_step IS NOT NULL GROUP BY id HAVING max(step) > last_step
                """
            ).map { row in
                let id: Int = try row.checked(at: 0), name: String = try row.checked(at: 1),
                    last: Int = try row.checked(at: 2), highest: Int = try row.checked(at: 3)
                return Finding(
                    check: "last_step",
                    found:
                        "run \(id) (\(name)) ended at step \(last), but \(table.name) has rows up to step \(highest)",
                    remedy: "bnexp verify \(id) tells whether they are right; or delete the run and repeat it")
            }
        }
        return findings.isEmpty
            ? [Finding(check: "last_step", found: "no run has rows beyond its last step")] : findings
    }

    func checkpoints() throws -> [Finding] {
        let folder = file.checkpointsFolder
        guard FileManager.default.fileExists(atPath: folder) else {
            return [Finding(check: "checkpoint", found: "no folder \(folder)")]
        }
        let uuids = Set(try fetch("SELECT uuid FROM run").map { try $0.checked(at: 0) as String })
        let strangers = try FileManager.default.contentsOfDirectory(atPath: folder).filter { !uuids.contains($0) }
            .sorted()
        if strangers.isEmpty { return [Finding(check: "checkpoint", found: "every folder in \(folder) is of a run")] }
        return strangers.map {
            Finding(
                check: "checkpoint", found: "\(folder)/\($0) is of no run in this file",
                remedy: "if it is not needed: rm -r '\(folder)/\($0)'")
        }
    }

    func fileSystem() throws -> [Finding] {
        guard let system = FileSystem(ofExisting: file.path) else {
            return [Finding(check: "file_system", found: "this system does not tell its type; it must be a local disk")]
        }
        guard system.isShared, !isCopy else {
            return [Finding(check: "file_system", found: "\(system.type), mounted at \(system.mountPoint)")]
        }
        return [
            Finding(
                check: "file_system",
                found: "\(system.type), mounted at \(system.mountPoint): a write-ahead log needs a local disk",
                remedy: "give each machine a results file on its own disk and join them with bnexp merge")
        ]
    }
}
