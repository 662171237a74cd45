import GRDB
import GRDBSQLite

// Statements that run for each of many rows: without a row object for what they return, nor a list of arguments for
// what they take.

/// Goes to the next row; false after the last one.
func step(_ statement: Statement, in database: Database) throws -> Bool {
    switch sqlite3_step(statement.sqliteStatement) {
    case SQLITE_ROW: return true
    case SQLITE_DONE:
        sqlite3_reset(statement.sqliteStatement)
        return false
    default: throw failure(of: statement, in: database)
    }
}

/// Hands over the values of each row that is left.
func readRows(of statement: Statement, in database: Database, _ body: ([SQLValue]) throws -> Void) throws {
    defer { sqlite3_reset(statement.sqliteStatement) }
    let columns = 0..<sqlite3_column_count(statement.sqliteStatement)
    while try step(statement, in: database) {
        try body(columns.map { SQLValue(column: $0, of: statement.sqliteStatement) })
    }
}

extension SQLValue {
    /// The value of a column of the row that a statement is at.
    fileprivate init(column: CInt, of row: SQLiteStatement) {
        switch sqlite3_column_type(row, column) {
        case SQLITE_NULL: self = .null
        case SQLITE_INTEGER: self = .integer(Int(sqlite3_column_int64(row, column)))
        case SQLITE_FLOAT: self = .number(sqlite3_column_double(row, column))
        case SQLITE_TEXT:
            // SQLite documentation, "Result Values From A Query": the pointer first, then the length.
            let start = sqlite3_column_text(row, column)
            let bytes = UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(row, column)))
            self = .text(String(decoding: bytes, as: UTF8.self))
        default: self.init(DatabaseValue(sqliteStatement: row, index: column))
        }
    }
}

/// Executes a statement that returns no row, with values for all of its parameters.
///
/// - Parameters:
///   - first: of the first parameter.
///   - count: how many others follow.
///   - value: of each of the others, from 0.
func execute(
    _ statement: Statement, in database: Database, first: Int64, count: Int, value: (Int) -> SQLValue
) throws {
    let row = statement.sqliteStatement
    // A statement that failed is ready again after this; whatever it was bound to is bound anew.
    sqlite3_reset(row)
    var code = sqlite3_bind_int64(row, 1, first)
    for index in 0..<count where code == SQLITE_OK {
        let parameter = Int32(index + 2)
        code =
            switch value(index) {
            case .null: sqlite3_bind_null(row, parameter)
            case .integer(let number): sqlite3_bind_int64(row, parameter, Int64(number))
            case .number(let number): sqlite3_bind_double(row, parameter, number)
            case .text(let text): bind(text, to: parameter, of: row)
            }
    }
    guard code == SQLITE_OK else { throw failure(of: statement, in: database) }
    _ = try step(statement, in: database)
}

/// SQLite copies the text, which is terminated by its length: it may contain zeros.
private func bind(_ text: String, to parameter: Int32, of row: SQLiteStatement) -> CInt {
    let copying = unsafeBitCast(OpaquePointer(bitPattern: -1), to: sqlite3_destructor_type.self)
    var text = text
    return text.withUTF8 { bytes in
        bytes.withMemoryRebound(to: CChar.self) {
            // An empty text has no address; none would be NULL.
            guard let start = $0.baseAddress else { return sqlite3_bind_text(row, parameter, "", 0, copying) }
            return sqlite3_bind_text(row, parameter, start, Int32($0.count), copying)
        }
    }
}

private func failure(of statement: Statement, in database: Database) -> DatabaseError {
    let error = DatabaseError(
        resultCode: ResultCode(rawValue: sqlite3_extended_errcode(database.sqliteConnection)),
        message: database.lastErrorMessage, sql: statement.sql)
    sqlite3_reset(statement.sqliteStatement)
    return error
}
