import GRDB
import GRDBSQLite
import Support

/// What a run holds in the tables that are the same bits for the same config and seed: those of measurements, and
/// `layer`.
package struct RunContent: Equatable, Sendable {
    package struct Table: Equatable, Sendable {
        package let name: String
        package let rowCount: Int
        /// SHA-256 of the rows in the order of their keys.
        ///
        /// A value is hashed with the name of its column, and NULL is
        /// left out, so that a column which a later version adds changes nothing.
        package let hash: String
    }
    /// The tables that have rows, in the order of their names.
    package let tables: [Table]
    /// SHA-256 of all of them: `run.content_hash`.
    package var hash: String { SHA256.hexadecimal(tables.map { "\($0.name) \($0.hash)\n" }.joined()) }

    package func rowCount(of table: String) -> Int { tables.first { $0.name == table }?.rowCount ?? 0 }

    /// - Parameter attached: the attached database that holds the run.
    init(ofRun id: Int64, in database: Database, of attached: String = "main", schema: Schema) throws {
        let names = Set(schema.tables.map(\.name) + ["class", "layer"])
        tables = try database.runTables(in: attached).filter { names.contains($0.name) }.sorted { $0.name < $1.name }
            .compactMap {
                try RunContent.table($0, ofRun: id, in: database, of: attached)
            }
    }

    private static func table(
        _ table: RunTable, ofRun id: Int64, in database: Database, of attached: String
    ) throws -> Table? {
        let columns = table.columns.filter { $0 != "run_id" }
        let statement = try database.makeStatement(
            sql: """
                SELECT \(columns.map(quotedForSQL).joined(separator: ", ")) FROM \(attached).\(table.quotedName)
                WHERE run_id = ? ORDER BY \(table.keyColumns.map(quotedForSQL).joined(separator: ", "))
                """)
        statement.arguments = [id]
        let hash = SHA256()
        let names = columns.map { Array($0.utf8) }
        var count = 0
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1 << 17)
        // Without a row object for each of what may be millions of rows.
        while try step(statement, in: database) {
            count += 1
            for (index, name) in names.enumerated() {
                append(name, statement.sqliteStatement, Int32(index), to: &bytes)
            }
            bytes.append(0x0A)
            guard bytes.count > 1 << 16 else { continue }
            bytes.withUnsafeBytes(hash.update)
            bytes.removeAll(keepingCapacity: true)
        }
        guard count > 0 else { return nil }
        bytes.withUnsafeBytes(hash.update)
        return Table(name: table.name, rowCount: count, hash: hash.hexadecimalDigest())
    }
}

/// Goes to the next row; false after the last one.
private func step(_ statement: Statement, in database: Database) throws -> Bool {
    switch sqlite3_step(statement.sqliteStatement) {
    case SQLITE_ROW: return true
    case SQLITE_DONE:
        sqlite3_reset(statement.sqliteStatement)
        return false
    default:
        throw DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_errcode(database.sqliteConnection)),
            message: database.lastErrorMessage,
            sql: statement.sql)
    }
}

/// Appends the name of a row's column, a byte for the type, and the value: numbers as 8 bytes, the least significant
/// first, texts with their length before them.
///
/// NULL is left out.
private func append(_ name: [UInt8], _ row: SQLiteStatement, _ column: Int32, to bytes: inout [UInt8]) {
    func append(_ type: UInt8, _ bits: UInt64) {
        bytes += name
        bytes.append(type)
        withUnsafeBytes(of: bits.littleEndian) { bytes.append(contentsOf: $0) }
    }
    switch sqlite3_column_type(row, column) {
    case SQLITE_INTEGER: append(1, UInt64(bitPattern: sqlite3_column_int64(row, column)))
    case SQLITE_FLOAT: append(2, sqlite3_column_double(row, column).bitPattern)
    case SQLITE_NULL: break
    case let type:
        // SQLite documentation, "Result Values From A Query": the pointer first, then the length.
        let start = sqlite3_column_blob(row, column), count = Int(sqlite3_column_bytes(row, column))
        append(type == SQLITE_TEXT ? 3 : 4, UInt64(count))
        bytes.append(contentsOf: UnsafeRawBufferPointer(start: start, count: count))
    }
}

extension ResultsFile {
    /// Returns what a run holds in the tables that are the same bits for the same config and seed.
    package func content(ofRun id: Int64) throws(ResultsError) -> RunContent {
        try onFile(path) { try database.read { try RunContent(ofRun: id, in: $0, schema: schema) } }
    }

    /// Returns the hash that a run got when it ended; nil for runs of earlier versions and those that have not ended.
    package func recordedContentHash(ofRun id: Int64) throws(ResultsError) -> String? {
        try onFile(path) {
            try database.read { database in
                guard try database.columns(in: "run").contains(where: { $0.name == "content_hash" }) else { return nil }
                return try String.fetchOne(database, sql: "SELECT content_hash FROM run WHERE id = ?", arguments: [id])
            }
        }
    }

    /// Returns the highest step of a run's measurements; nil if it has none.
    package func highestStep(ofRun id: Int64) throws(ResultsError) -> Int? {
        try onFile(path) { try database.read { try $0.highestStep(ofRun: id) } }
    }

    /// How many rows of measurements a run has at a step and after it.
    package func rowCount(ofRun id: Int64, from step: Int) throws(ResultsError) -> Int {
        try onFile(path) {
            try database.read { database in
                try schema.tables.reduce(0) { sum, table in
                    let count =
                        try database.tableExists(table.name)
                        ? Int.fetchOne(
                            database,
                            sql: "SELECT count(*) FROM \(quotedForSQL(table.name)) WHERE run_id = ? AND step >= ?",
                            arguments: [id, step]) ?? 0 : 0
                    return sum + count
                }
            }
        }
    }

    /// Returns the steps before `limit` at which a run has rows in a table of measurements, in ascending order.
    package func steps(ofRun id: Int64, in table: String, before limit: Int) throws(ResultsError) -> [Int] {
        try onFile(path) {
            try database.read { database in
                try Int.fetchAll(
                    database,
                    sql: """
                        SELECT DISTINCT step FROM \(quotedForSQL(table)) WHERE run_id = ? AND step < ? ORDER BY step
                        """, arguments: [id, limit])
            }
        }
    }
}
