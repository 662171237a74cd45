import GRDB

/// The rows of some runs in every table.
///
/// A statement works on runs with numbers one after the other, whose rows lie together in every table; a list of runs
/// in it would have SQLite keep the keys of all their rows first.
struct RunRows {
    /// Numbers that follow each other; nil for every run of the file.
    private let ranges: [ClosedRange<Int>]?
    private let runCount: Int

    init(of ids: [Int], in database: Database) throws {
        runCount = ids.count
        if try Int.fetchOne(database, sql: "SELECT count(*) FROM run") == ids.count {
            ranges = nil
            return
        }
        ranges = ids.sorted().reduce(into: []) { ranges, id in
            if let last = ranges.last, last.upperBound + 1 == id {
                ranges[ranges.count - 1] = last.lowerBound...id
            } else {
                ranges.append(id...id)
            }
        }
    }

    /// Returns how many rows each table has, `run` first; tables without any are left out.
    func count(in database: Database) throws -> [(table: String, count: Int)] {
        try counts(in: database) { table, condition, range in
            let statement = try database.cachedStatement(sql: "SELECT count(*) FROM \(table)\(condition)")
            return try Int.fetchOne(statement, arguments: range) ?? 0
        }
    }

    /// Deletes the rows, and returns how many each table had.
    func delete(in database: Database) throws -> [(table: String, count: Int)] {
        try counts(in: database) { table, condition, range in
            try database.cachedStatement(sql: "DELETE FROM \(table)\(condition)").execute(arguments: range)
            return database.changesCount
        }
    }

    /// - Parameter body: works on the rows of a table that meet a condition, and returns their number.
    private func counts(
        in database: Database, _ body: (_ table: String, _ condition: String, StatementArguments) throws -> Int
    ) throws -> [(table: String, count: Int)] {
        guard runCount > 0 else { return [] }
        // What refers to a run goes first.
        var counts = try database.runTables().map { table in
            (table: table.name, count: try count(of: table.quotedName, "run_id", body))
        }
        counts.append((table: "run", count: try count(of: "run", "id", body)))
        return ([counts[counts.count - 1]] + counts.dropLast()).filter { $0.count > 0 }
    }

    private func count(
        of table: String, _ column: String, _ body: (String, String, StatementArguments) throws -> Int
    ) throws -> Int {
        guard let ranges else { return try body(table, "", []) }
        return try ranges.reduce(0) {
            $0 + (try body(table, " WHERE \(column) BETWEEN ? AND ?", [$1.lowerBound, $1.upperBound]))
        }
    }
}
