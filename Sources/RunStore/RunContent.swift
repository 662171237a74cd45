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

    /// - Parameters:
    ///   - attached: the attached database that holds the run.
    ///   - known: its tables, for whoever reads many runs.
    init(
        ofRun id: Int64, in database: Database, of attached: String = "main", schema: Schema,
        tables known: [RunTable]? = nil
    ) throws {
        let names = Set(schema.tables.map(\.name) + ["class", "layer"])
        tables = try (known ?? database.runTables(in: attached)).filter { names.contains($0.name) }.sorted {
            $0.name < $1.name
        }
        .compactMap {
            try RunContent.table($0, ofRun: id, in: database, of: attached)
        }
    }

    private static func table(
        _ table: RunTable, ofRun id: Int64, in database: Database, of attached: String
    ) throws -> Table? {
        let columns = table.columns.filter { $0 != "run_id" }
        let statement = try database.cachedStatement(
            sql: """
                SELECT \(columns.map(quotedForSQL).joined(separator: ", ")) FROM \(attached).\(table.quotedName)
                WHERE run_id = ? ORDER BY \(table.keyColumns.map(quotedForSQL).joined(separator: ", "))
                """)
        statement.arguments = [id]
        let hash = HashedRows(columns: columns)
        var count = 0
        // Without a row object for each of what may be millions of rows.
        while try step(statement, in: database) {
            count += 1
            hash.add(statement.sqliteStatement)
        }
        return count == 0 ? nil : Table(name: table.name, rowCount: count, hash: hash.hexadecimalDigest())
    }
}

/// Rows on their way to a hash, which takes their bytes in blocks.
///
/// A value is its column's name, a byte for the type, and the value: numbers as 8 bytes, the least significant first,
/// texts with their length before them. NULL is left out, and a line feed ends the row.
private final class HashedRows {
    private let hash = SHA256()
    /// The names of the columns one after the other, each with one byte more for the type.
    private let names: UnsafeMutableRawBufferPointer
    private let nameEnds: [Int]
    private let block: UnsafeMutableRawBufferPointer
    /// How much of the block is filled.
    private var count = 0
    /// How many bytes a row of numbers has at most.
    private let rowSize: Int

    init(columns: [String]) {
        let bytes: [UInt8] = columns.flatMap { Array($0.utf8) + [0] }
        names = .allocate(byteCount: max(1, bytes.count), alignment: 1)
        names.copyBytes(from: bytes)
        nameEnds = columns.reduce(into: []) { $0.append(($0.last ?? 0) + $1.utf8.count + 1) }
        rowSize = bytes.count + 8 * columns.count + 1
        block = .allocate(byteCount: max(1 << 16, 2 * rowSize), alignment: 8)
    }

    deinit {
        names.deallocate()
        block.deallocate()
    }

    func add(_ row: SQLiteStatement) {
        if count + rowSize > block.count { flush() }
        // Both have room for a row of numbers: `rowSize`.
        guard let names = names.baseAddress, let block = block.baseAddress else { return }
        var place = count, nameStart = 0
        for column in nameEnds.indices {
            let nameEnd = nameEnds[column]
            defer { nameStart = nameEnd }
            let type = sqlite3_column_type(row, Int32(column)), bits: UInt64
            var text = UnsafeRawBufferPointer(start: nil, count: 0)
            switch type {
            case SQLITE_INTEGER: bits = UInt64(bitPattern: sqlite3_column_int64(row, Int32(column)))
            case SQLITE_FLOAT: bits = sqlite3_column_double(row, Int32(column)).bitPattern
            case SQLITE_NULL: continue
            default:
                // SQLite documentation, "Result Values From A Query": the pointer first, then the length.
                let start = sqlite3_column_blob(row, Int32(column))
                text = UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(row, Int32(column))))
                bits = UInt64(text.count)
            }
            (block + place).copyMemory(from: names + nameStart, byteCount: nameEnd - nameStart)
            place += nameEnd - nameStart
            block.storeBytes(of: UInt8(truncatingIfNeeded: type), toByteOffset: place - 1, as: UInt8.self)
            block.storeBytes(of: bits.littleEndian, toByteOffset: place, as: UInt64.self)
            place += 8
            if text.count > 0 { place = add(text, at: place) }
        }
        block.storeBytes(of: 0x0A, toByteOffset: place, as: UInt8.self)
        count = place + 1
    }

    /// Adds a text where the row's bytes end so far, and returns where they end then: with room for the rest of a row.
    private func add(_ text: UnsafeRawBufferPointer, at place: Int) -> Int {
        count = place
        if count + text.count + rowSize > block.count { flush() }
        guard text.count + rowSize <= block.count else {
            hash.update(text)
            return 0
        }
        UnsafeMutableRawBufferPointer(rebasing: block[count...]).copyMemory(from: text)
        return count + text.count
    }

    private func flush() {
        hash.update(UnsafeRawBufferPointer(rebasing: block[..<count]))
        count = 0
    }

    func hexadecimalDigest() -> String {
        flush()
        return hash.hexadecimalDigest()
    }
}

extension ResultsFile {
    /// Returns what a run holds in the tables that are the same bits for the same config and seed.
    package func content(ofRun id: Int64) throws(ResultsError) -> RunContent { try content(ofRun: id, tables: nil) }

    /// - Parameter tables: those of the file, for whoever reads many runs.
    func content(ofRun id: Int64, tables: [RunTable]?) throws(ResultsError) -> RunContent {
        try onFile(path) { try database.read { try RunContent(ofRun: id, in: $0, schema: schema, tables: tables) } }
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
