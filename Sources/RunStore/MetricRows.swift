import Foundation
import GRDB

/// Rows of any tables of measurements that were measured at one step.
package struct MetricRows: Sendable {
    package let step: Int
    private var time: (trainSeconds: Double, at: Date)?
    private var batches: [any RowBatch] = []

    package init(step: Int) { self.step = step }

    /// Notes that the step is reached now.
    ///
    /// - Parameter seconds: that this process trained until then, without measuring and evaluating.
    package mutating func noteTime(trainSeconds seconds: Double) { time = (seconds, Date()) }

    package mutating func append<Row: MetricRow>(_ row: Row) { append(contentsOf: [row]) }

    package mutating func append<Row: MetricRow>(contentsOf rows: [Row]) {
        if !rows.isEmpty { batches.append(Batch(rows: rows)) }
    }

    /// The rows of one table, in the order in which they were appended.
    package func rows<Row: MetricRow>(of _: Row.Type) -> [Row] {
        batches.compactMap { ($0 as? Batch<Row>)?.rows }.flatMap { $0 }
    }

    /// Inserts every row, with statements that the connection keeps prepared.
    ///
    /// - Parameter isAgain: whether the rows may be there already, because an earlier attempt measured them.
    /// - Returns: the table of the first row that was there with other values, which it has replaced.
    @discardableResult
    func insert(runID: Int64, into database: Database, again isAgain: Bool) throws -> String? {
        var different: String?
        for batch in batches {
            if isAgain {
                let table = try batch.insertAgain(runID: runID, into: database)
                different = different ?? table
            } else {
                try batch.insert(runID: runID, into: database)
            }
        }
        return different
    }

    /// Inserts when the step was measured, and how long training took until then.
    ///
    /// - Parameter earlier: seconds that earlier attempts trained.
    func insertTime(runID: Int64, attempt: Int, after earlier: Double, into database: Database) throws {
        guard let time else { return }
        let statement = try database.cachedStatement(sql: "INSERT OR REPLACE INTO step_time VALUES (?, ?, ?, ?, ?)")
        try statement.execute(arguments: [runID, attempt, step, earlier + time.trainSeconds, timestamp(time.at)])
    }
}

private protocol RowBatch: Sendable {
    func insert(runID: Int64, into database: Database) throws
    /// Leaves rows that are there with the same values; returns the table's name if some had others.
    func insertAgain(runID: Int64, into database: Database) throws -> String?
}

private struct Batch<Row: MetricRow>: RowBatch {
    let rows: [Row]

    func insert(runID: Int64, into database: Database) throws {
        let table = Row.table
        let statement = try database.cachedStatement(sql: table.insertion)
        for row in rows {
            try execute(statement, in: database, first: runID, count: table.readers.count) { table.readers[$0](row) }
        }
    }

    func insertAgain(runID: Int64, into database: Database) throws -> String? {
        let table = Row.table
        let selection = try database.cachedStatement(sql: table.selection)
        let replacement = try database.cachedStatement(sql: table.replacement)
        let run = runID.databaseValue
        var different: String?
        for row in rows {
            let values = table.readers.map { $0(row).databaseValue }
            let keys: StatementArguments = .init(
                [run] + zip(values, table.declaration.columns).filter(\.1.isKey).map(\.0))
            let before = try GRDB.Row.fetchOne(selection, arguments: keys).map { Array($0.databaseValues) }
            if before == values { continue }
            if before != nil { different = table.declaration.name }
            let arguments: StatementArguments = .init([run] + values)
            try replacement.execute(arguments: arguments)
        }
        return different
    }
}
