import Foundation
import GRDB
import GRDBSQLite
import Support

extension ResultsFile {
    /// Runs one SELECT of a stranger: it may read this file's tables and nothing else, for a while.
    ///
    /// SQLite's authorizer refuses everything but reading and calling functions, so that no other file is attached and
    /// no setting changed.
    /// - Parameters:
    ///   - seconds: after which it is stopped.
    ///   - limit: the number of rows after which it is stopped; 16 MB are a limit too, and 1 MB for one value.
    /// - Returns: the rows, and whether there were more.
    package func ask(_ sql: String, seconds: Double, limit: Int) throws(ResultsError) -> (QueryResult, isCut: Bool) {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.prepareDatabase { database in
            try StatisticFunctions.add(to: database)
            try View.shadow(in: database)
        }
        return try onFile(path) {
            try DatabaseQueue(path: resolvedPath, configuration: configuration).inDatabase { database in
                try answer(sql, seconds: seconds, limit: limit, on: database.sqliteConnection)
            }
        }
    }

    private func answer(_ sql: String, seconds: Double, limit: Int, on connection: OpaquePointer?) throws
        -> (QueryResult, isCut: Bool)
    {
        func failure(_ text: String) -> ResultsError {
            ResultsError("\(text); the statement was: \(sql)", cause: .request)
        }
        /// What SQLite says of the last call that failed.
        func message() -> String {
            let text = String(cString: sqlite3_errmsg(connection))
            return text.hasPrefix("not authorized") ? "only a SELECT of the tables of this file is answered" : text
        }
        sqlite3_busy_timeout(connection, 2000)
        sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, 1_000_000)
        sqlite3_set_authorizer(
            connection,
            { _, action, _, name, _, _ in
                switch action {
                case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE: return SQLITE_OK
                case SQLITE_FUNCTION:
                    let denied = ["load_extension", "fts3_tokenizer"]
                    return name.map { denied.contains(String(cString: $0).lowercased()) } == false
                        ? SQLITE_OK : SQLITE_DENY
                default: return SQLITE_DENY
                }
            }, nil)
        defer {
            sqlite3_set_authorizer(connection, nil, nil)
            sqlite3_progress_handler(connection, 0, nil, nil)
        }
        let deadline = Deadline(after: seconds)
        sqlite3_progress_handler(
            connection, 10_000,
            { $0.map { Unmanaged<Deadline>.fromOpaque($0).takeUnretainedValue().hasPassed } == true ? 1 : 0 },
            Unmanaged.passUnretained(deadline).toOpaque())
        var statement: OpaquePointer?
        defer { sqlite3_finalize(statement) }
        guard sqlite3_prepare_v2(connection, sql, -1, &statement, nil) == SQLITE_OK else { throw failure(message()) }
        guard let statement, let first = sqlite3_sql(statement).map({ String(cString: $0) }),
            sql.dropFirst(first.count).allSatisfy({ $0.isWhitespace || $0 == ";" })
        else {
            throw failure("expected one SELECT statement")
        }
        guard sqlite3_stmt_readonly(statement) != 0 else {
            throw failure("only a SELECT of the tables of this file is answered")
        }
        var result = QueryResult(
            columns: (0..<sqlite3_column_count(statement)).map { String(cString: sqlite3_column_name(statement, $0)) },
            rows: [])
        var byteCount = 0
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_DONE: return withExtendedLifetime(deadline) { (result, false) }
            case SQLITE_INTERRUPT:
                throw failure(
                    "it was stopped after \(JSON.shortest(seconds)) s; ask for less, or use bnexp sql, which has no "
                        + "limit"
                )
            case SQLITE_ROW:
                for column in result.columns.indices {
                    byteCount += Int(sqlite3_column_bytes(statement, Int32(column)))
                }
                if result.rows.count == limit || byteCount > 16_000_000 { return (result, true) }
                result.rows.append(
                    result.columns.indices.map { SQLValue(DatabaseValue(sqliteStatement: statement, index: Int32($0))) }
                )
            default: throw failure(message())
            }
        }
    }
}

/// When a statement must have ended.
private final class Deadline {
    private let end: Double

    init(after seconds: Double) { end = MonotonicCondition.now + seconds }

    var hasPassed: Bool { MonotonicCondition.now > end }
}
