import Foundation
import GRDB
import GRDBSQLite

/// Folds the write-ahead log into the file, and lets one process of bnexp at a time write or fold.
///
/// SQLite up to 3.51.2 can lose commits where one connection folds the log while another begins it anew (SQLite
/// documentation, "Write-Ahead Logging", section "The WAL-reset bug"). So SQLite's own folding is switched off, and
/// transactions and folding exclude each other by a lock between processes. What SQLite does when the last connection
/// closes it does alone, under a lock of its own.
final class WriteAheadLog: @unchecked Sendable {
    // Sound because it is used on the queue of its connection only.
    private let path: String
    /// The pages of the log after the last commit, as SQLite counts them.
    private var pages: Int32 = 0
    private var foldedPages: Int32 = 0

    /// - Parameter path: of the results file, with links resolved.
    init(path: String) { self.path = path }

    /// The byte of the lock file that stands for writing; runs have the bytes of their numbers.
    private static let lockedByte: Int64 = 1 << 62
    /// How long the log gets before it is folded, which waits for the disk: SQLite's own measure, about 4 MB.
    static let usualPagesToFold: Int32 = 1000
    var pagesToFold = usualPagesToFold

    /// Takes note of the commits of a connection, in place of SQLite's own folding.
    func watch(_ database: Database) {
        sqlite3_wal_hook(
            database.sqliteConnection,
            { context, _, _, pages in
                if let context { Unmanaged<WriteAheadLog>.fromOpaque(context).takeUnretainedValue().pages = pages }
                return SQLITE_OK
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Waits for the lock as long as SQLite waits for its own; a process that is stopped may hold it.
    ///
    /// - Returns: nil where there are no locks; SQLite's own exclude writers from each other, as they always do.
    private func takeLock() throws(ResultsError) -> ByteLock? {
        let end = MonotonicCondition.now + 10
        while true {
            switch ByteLock.take(WriteAheadLog.lockedByte, of: path) {
            case .taken(let lock): return lock
            case .unavailable: return nil
            case .refused(let error): throw error
            case .held:
                guard MonotonicCondition.now < end else {
                    throw ResultsError("\(path) is locked by another process of bnexp", cause: .locked)
                }
                usleep(1000)
            }
        }
    }

    /// Runs `body`, which writes, while no other process of bnexp writes or folds; then folds the log if it is long.
    func whileAlone<Result>(_ database: Database, _ body: () throws -> Result) throws -> Result {
        let lock = try takeLock()
        defer { withExtendedLifetime(lock) {} }
        let result = try body()
        if pages < foldedPages { foldedPages = 0 }
        if pages - foldedPages >= pagesToFold {
            // Passive: it waits for nobody. What a reader still needs stays in the log.
            sqlite3_wal_checkpoint_v2(database.sqliteConnection, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
            foldedPages = pages
        }
        return result
    }
}

/// The SQLite library that bnexp runs with.
package enum SQLiteLibrary {
    package static let version = String(cString: sqlite3_libversion())
    private static let number = Int(sqlite3_libversion_number())

    /// Whether it can lose commits where a process folds the log while another writes; see `WriteAheadLog`.
    static let hasResetBug =
        number < 3_051_003 && !(3_050_007..<3_051_000).contains(number) && !(3_044_006..<3_045_000).contains(number)

    /// Refuses a library that cannot read the tables of bnexp, which are STRICT.
    static func check() throws(ResultsError) {
        guard number < 3_037_000 else { return }
        throw ResultsError(
            "the SQLite library is version \(version); bnexp needs 3.37 or newer, for its tables are STRICT")
    }
}
