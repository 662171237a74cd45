import Foundation
import GRDB
import Support
import Synchronization

/// A results file: one SQLite database that holds the runs of any number of processes.
///
/// Source of the pragmas: SQLite documentation, "Write-Ahead Logging": readers do not wait for the writer, and with
/// `synchronous = NORMAL` a transaction that was committed survives every crash of the process, and the file every
/// crash of the machine.
package final class ResultsFile: Sendable {
    package let path: String
    let database: Connection
    private let writableDatabase: DatabaseQueue?
    let log: WriteAheadLog?
    /// The file that was opened, as the system numbers it: another one may get its name.
    private let identity: FileIdentity?
    /// What whoever reads the file should know: rows that may be missing.
    package let note: String?
    /// Whether it is read without its log and without locks, for nothing can be written beside it.
    let isReadAsItIs: Bool
    package let schema: Schema
    private let knownTables = Mutex<(schemaVersion: Int, tables: [RunTable])?>(nil)

    /// The absolute path with the links in it resolved, so that files beside it are the same under every name.
    var resolvedPath: String { withLinksResolved(path) }

    /// Opens a file for writing, creating and migrating it where needed.
    ///
    /// Remakes the views whose text is not that of this bnexp.
    /// - Throws: `ResultsError` if the path is a directory, not writable, not an SQLite file, another application's or
    ///   of a newer schema.
    package init(writing path: String, schema: Schema) throws(ResultsError) {
        try SQLiteLibrary.check()
        let path = try ResultsFile.plain(path)
        self.path = path
        self.schema = schema
        note = nil
        isReadAsItIs = false
        try ResultsFile.checkPlace(path)
        let log = WriteAheadLog(path: withLinksResolved(path))
        self.log = log
        var configuration = ResultsFile.configuration
        configuration.prepareDatabase { database in
            try ResultsFile.useWriteAheadLog(database)
            try database.execute(sql: "PRAGMA synchronous = NORMAL")
            log.watch(database)
        }
        let queue = try onFile(path) {
            // What another application or a newer version made is not touched, not even its journal mode.
            if FileManager.default.fileExists(atPath: path) {
                try ResultsFile.openForReading(path).0.read { try ResultsFile.checkOwnership($0, schema, path: path) }
            }
            return try DatabaseQueue(path: path, configuration: configuration)
        }
        try onFile(path) {
            // Two processes may open a file at once: the first takes the write lock, the second then finds the work
            // done.
            try queue.inDatabase { database in
                // Nothing is written where nothing is to be done: a process that is stopped may hold the lock.
                let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
                if version == schema.version, try View.areCurrent(in: database) { return }
                try log.whileAlone(database) {
                    try database.inTransaction(.immediate) {
                        try ResultsFile.checkOwnership(database, schema, path: path)
                        try ResultsFile.migrate(database, to: schema)
                        try View.remake(in: database)
                        return .commit
                    }
                }
            }
        }
        writableDatabase = queue
        database = Connection(queue, isWritable: true)
        identity = FileIdentity(path)
    }

    /// Opens an existing file for reading only, also while runs are writing to it, and also where nothing can be
    /// written.
    package init(reading path: String, schema: Schema) throws(ResultsError) {
        try SQLiteLibrary.check()
        let path = try ResultsFile.plain(path)
        self.path = path
        self.schema = schema
        guard try ResultsFile.isThere(path) else {
            throw ResultsError(
                "there is no results file \(path); name one with --db or the environment variable BNEXP_DB, or make "
                    + "one with bnexp run"
            )
        }
        guard access(path, R_OK) == 0 else {
            throw ResultsError("\(path) may not be read; run as its owner, or change its permissions (chmod +r)")
        }
        let queue: DatabaseQueue
        (queue, isReadAsItIs, note) = try onFile(path) {
            let (queue, isReadAsItIs, note) = try ResultsFile.openForReading(path)
            try queue.read { database in
                try ResultsFile.checkOwnership(database, schema, path: path)
                if try Int.fetchOne(database, sql: "PRAGMA user_version") == 0 {
                    throw ResultsError("\(path) holds no runs yet")
                }
            }
            try queue.inDatabase { try View.shadow(in: $0) }
            return (queue, isReadAsItIs, note)
        }
        database = Connection(queue, isWritable: false)
        writableDatabase = nil
        log = nil
        identity = FileIdentity(path)
    }

    /// Closes the file, which moves what is left in the write-ahead log into it.
    ///
    /// The file is closed too when the last reference to it goes away.
    package func close() throws(ResultsError) { try onFile(path) { try database.close() } }

    /// Runs `body`, which may throw errors of its own, on a view of the file that does not change meanwhile.
    func reading<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try describingErrors(of: path) { try database.read(body) }
    }

    /// Runs `body` in one transaction of the writing connection.
    ///
    /// - Parameter patience: what is done while another program locks the file.
    func write<Result>(
        patience: Patience = .aMinute, _ body: (Database) throws -> Result
    ) throws(ResultsError) -> Result {
        try patience.wait { () throws(ResultsError) in
            try writeWithoutTransaction { try $0.transaction(.immediate, body) }
        }
    }

    /// Runs `body` in one transaction that is on the disk, with all that was committed before, when this returns.
    func writeDurably<Result>(
        patience: Patience = .aMinute, _ body: (Database) throws -> Result
    ) throws(ResultsError) -> Result {
        try write(patience: patience, with: "synchronous = FULL", then: "synchronous = NORMAL", body)
    }

    /// Runs `body` in one transaction in which nothing is done for foreign keys, which takes a third of the time where
    /// rows are many: `body` itself leaves no row without the run or the sweep that it belongs to.
    func writeWithoutForeignKeys<Result>(_ body: (Database) throws -> Result) throws(ResultsError) -> Result {
        try write(patience: .aMinute, with: "foreign_keys = OFF", then: "foreign_keys = ON", body)
    }

    /// - Parameters:
    ///   - setting: a pragma that can be set outside of transactions only.
    ///   - usual: what it is set to afterwards.
    private func write<Result>(
        patience: Patience, with setting: String, then usual: String, _ body: (Database) throws -> Result
    ) throws(ResultsError) -> Result {
        try patience.wait { () throws(ResultsError) in
            try writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA \(setting)")
                let result = Swift.Result { try database.transaction(.immediate, body) }
                try database.execute(sql: "PRAGMA \(usual)")
                return try result.get()
            }
        }
    }

    /// Runs `body` on the writing connection outside of a transaction, for statements that cannot be part of one.
    func writeWithoutTransaction<Result>(_ body: (Database) throws -> Result) throws(ResultsError) -> Result {
        guard let writableDatabase, let log else { preconditionFailure("\(path) was opened for reading") }
        return try onFile(path) {
            try writableDatabase.inDatabase { database in try log.whileAlone(database) { try body(database) } }
        }
    }

    /// Returns every table with a column `run_id`, looked up again where the schema has changed.
    func runTables(in database: Database) throws -> [RunTable] {
        let version = try Int.fetchOne(database.cachedStatement(sql: "PRAGMA schema_version")) ?? 0
        if let known = knownTables.withLock({ $0 }), known.schemaVersion == version { return known.tables }
        let tables = try database.runTables()
        knownTables.withLock { $0 = (version, tables) }
        return tables
    }

    /// Whether the file still has its name: that another one may have got, or none.
    package var hasItsName: Bool { FileIdentity(path) == identity }

    /// Says that the file was moved, replaced or deleted since it was opened, if it was: its rows are elsewhere then.
    ///
    /// What the log has, which did not move with the file, is folded in first.
    func requireSameFile() throws(ResultsError) {
        guard !hasItsName else { return }
        try writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        throw ResultsError(
            "\(path) was moved, replaced or deleted while it was written; what was recorded is in the file that had "
                + "the name before, if it still exists")
    }

    /// Opens a read-only connection.
    ///
    /// A process that was killed while it made the file leaves a transaction that only a writing connection can roll
    /// back, so one does. Where not even the log's shared memory can be made, as in a read-only folder or on a full
    /// disk, the file is read as it is.
    private static func openForReading(_ path: String) throws -> (DatabaseQueue, isReadAsItIs: Bool, note: String?) {
        var reading = configuration
        reading.readonly = true
        func open(_ path: String) throws -> DatabaseQueue {
            let queue = try DatabaseQueue(path: path, configuration: reading)
            _ = try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_master") }
            return queue
        }
        do {
            return (try open(path), false, nil)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_READONLY && access(path, W_OK) == 0 {
            do {
                _ = try DatabaseQueue(path: path, configuration: configuration).read {
                    try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_master")
                }
                return (try open(path), false, nil)
            } catch let error as DatabaseError where isObstacle(error) {
                return try openAsItIs(path, error, open)
            }
        } catch let error as DatabaseError where isObstacle(error) {
            return try openAsItIs(path, error, open)
        }
    }

    private static func isObstacle(_ error: DatabaseError) -> Bool {
        [.SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_PERM].contains(error.resultCode)
    }

    private static func openAsItIs(
        _ path: String, _ error: DatabaseError, _ open: (String) throws -> DatabaseQueue
    ) throws -> (DatabaseQueue, isReadAsItIs: Bool, note: String?) {
        guard let place = withLinksResolved(path).addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) else {
            throw error
        }
        var status = stat()
        let hasLog = stat(withLinksResolved(path) + "-wal", &status) == 0 && status.st_size > 0
        let note =
            "\(path) is read without its log, for nothing can be written beside it; the newest rows may be missing"
        return (try open("file:\(place)?immutable=1"), true, hasLog ? note : nil)
    }

    /// Returns the path in a form that names a file: SQLite would take `:memory:` and `file:` addresses for databases
    /// that leave nothing behind.
    private static func plain(_ path: String) throws(ResultsError) -> String {
        if path.isEmpty {
            throw ResultsError(
                "the results file's name is empty; name one with --db or the environment variable BNEXP_DB")
        }
        return path.hasPrefix(":") || path.hasPrefix("file:") ? "./" + path : path
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.foreignKeysEnabled = true
        configuration.prepareDatabase { try StatisticFunctions.add(to: $0) }
        return configuration
    }

    /// Switches to a write-ahead log.
    ///
    /// Of two connections that change a new file's journal in the same moment each would wait for the other, so SQLite
    /// refuses one at once, without the busy timeout; a moment later the work is done.
    private static func useWriteAheadLog(_ database: Database) throws {
        for attempt in 1... {
            do {
                return try database.execute(sql: "PRAGMA journal_mode = WAL")
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY && attempt < 100 {
                Thread.sleep(forTimeInterval: 0.02)
            }
        }
    }

    /// - Parameter newest: the version to bring the file to; the newest one unless another is given.
    static func migrate(_ database: Database, to schema: Schema, version newest: Int? = nil) throws {
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        let newest = newest ?? schema.version
        guard version < newest else { return }
        // An older bnexp finds here what it need not do.
        try database.execute(sql: "CREATE TABLE IF NOT EXISTS grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
        for next in version + 1...newest {
            try database.execute(sql: schema.migration(to: next))
            try database.execute(sql: "INSERT INTO grdb_migrations VALUES (?)", arguments: ["v\(next)"])
        }
        try database.execute(
            sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(newest)")
    }

    /// Whether there is a file; what is no regular file is refused, for opening a pipe would wait for ever.
    private static func isThere(_ path: String) throws(ResultsError) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { return false }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return true
        case S_IFDIR:
            throw ResultsError(
                "\(path) is a directory; name a results file with --db, such as \(path)/results.sqlite")
        default: throw ResultsError("\(path) is no regular file; name a results file with --db")
        }
    }

    private static func checkPlace(_ path: String) throws(ResultsError) {
        let manager = FileManager.default
        if let other = resultsFile(ofWhichIsPart: path) {
            throw ResultsError("\(path) is a name that belongs to the results file \(other); name another with --db")
        }
        if URL(fileURLWithPath: path).lastPathComponent.utf8.count > 240 {
            throw ResultsError(
                "\(path) has a name of more than 240 bytes, so that its log and its checkpoints could not be named "
                    + "after it; name another file with --db")
        }
        if try isThere(path) {
            if let count = FileIdentity(path)?.linkCount, count > 1 {
                throw ResultsError(
                    "\(path) has \(count) names (hard links), under each of which SQLite would keep another log, so "
                        + "that writing would damage it; copy the file, or use symbolic links")
            }
            if !manager.isWritableFile(atPath: path) {
                throw ResultsError(
                    "\(path) is read-only; change its permissions, or name another results file with --db")
            }
        }
        try checkLeftovers(of: path)
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard manager.fileExists(atPath: folder) else {
            throw ResultsError(
                "\(path) cannot be made, for the folder \(folder) does not exist; make it, or name another file with "
                    + "--db"
            )
        }
        guard manager.isWritableFile(atPath: folder) else {
            throw ResultsError(
                "\(path) cannot be written, for the folder \(folder) is read-only; name another file with --db")
        }
    }

    /// Refuses a name whose log or journal is a file that SQLite did not write, for SQLite would remove it.
    private static func checkLeftovers(of path: String) throws(ResultsError) {
        let magics: [String: [[UInt8]]] = [
            "-wal": [[0x37, 0x7F, 0x06]], "-journal": [[0xD9, 0xD5, 0x05, 0xF9], [0, 0, 0, 0]],
        ]
        for (end, beginnings) in magics {
            let beginning = Support.beginning(of: path + end, byteCount: 4)
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: path + end, isDirectory: &isFolder)
            guard isFolder.boolValue || !beginning.isEmpty && !beginnings.contains(where: beginning.starts) else {
                continue
            }
            guard !isFolder.boolValue else {
                throw ResultsError(
                    "\(path)\(end) is in the way, a folder where SQLite has a file of its own; move it, or name another "
                        + "results file with --db")
            }
            throw ResultsError(
                "\(path)\(end) is in the way, a file that SQLite would take for its own and remove; move it, or name "
                    + "another results file with --db")
        }
    }

    private static func checkOwnership(_ database: Database, _ schema: Schema, path: String) throws {
        let application = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let tableCount = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
        guard application == applicationID || (application == 0 && tableCount == 0) else {
            throw ResultsError(
                "\(path) is an SQLite file of another application; name a results file of bnexp with --db")
        }
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard version <= schema.version else {
            throw ResultsError(
                "\(path) has schema version \(version), made by a newer bnexp; this one knows versions up to "
                    + "\(schema.version). "
                    + "Use the newer bnexp, or name another file with --db")
        }
    }
}

/// What tells a file from another one that gets its name.
private struct FileIdentity: Equatable {
    let device: UInt64
    let number: UInt64
    let linkCount: Int

    /// - Returns: nil if there is no such file.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        number = UInt64(status.st_ino)
        linkCount = Int(status.st_nlink)
    }

    static func == (a: FileIdentity, b: FileIdentity) -> Bool { a.device == b.device && a.number == b.number }
}

/// Returns a moment as the results file stores it: ISO 8601, UTC, milliseconds.
package func timestamp(_ date: Date = Date()) -> String {
    date.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true).timeZone(separator: .omitted))
}
