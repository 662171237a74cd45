import GRDB

/// Rows of any tables of measurements that were measured at one step.
package struct MetricRows: Sendable {
    package let step: Int
    private var batches: [any RowBatch] = []

    package init(step: Int) { self.step = step }

    package mutating func append<Row: MetricRow>(_ row: Row) { append(contentsOf: [row]) }

    package mutating func append<Row: MetricRow>(contentsOf rows: [Row]) {
        if !rows.isEmpty { batches.append(Batch(rows: rows)) }
    }

    /// The rows of one table, in the order in which they were appended.
    package func rows<Row: MetricRow>(of _: Row.Type) -> [Row] {
        batches.compactMap { ($0 as? Batch<Row>)?.rows }.flatMap { $0 }
    }

    /// Inserts every row, with statements that the connection keeps prepared.
    func insert(runID: Int64, into database: Database) throws {
        for batch in batches { try batch.insert(runID: runID, into: database) }
    }
}

private protocol RowBatch: Sendable {
    func insert(runID: Int64, into database: Database) throws
}

private struct Batch<Row: MetricRow>: RowBatch {
    let rows: [Row]

    func insert(runID: Int64, into database: Database) throws {
        let table = Row.table
        let statement = try database.cachedStatement(sql: table.insertion)
        let run = runID.databaseValue
        for row in rows {
            // The type chooses the initializer that does not look up the type of every value.
            let arguments: StatementArguments = .init([run] + table.readers.map { $0(row).databaseValue })
            try statement.execute(arguments: arguments)
        }
    }
}
