import GRDB
import Support

/// A column of a run's measurements side by side: a column of a table, of the rows with these keys.
package struct MeasuredColumn: Sendable {
    package let table: String
    /// The columns of the table's key but run and step, with their values.
    package let keys: [(column: String, value: SQLValue)]
    package let column: String
    /// The name in wide tables: `loss`, `test_accuracy.running`, `activation.1.preactivation.p15`.
    package let wideName: String
}

/// What a run has measured at a step.
package struct MeasuredRow: Sendable {
    package let step: Int
    /// When, in seconds since 1970; nil where that was not recorded.
    package let time: Double?
    /// A value for each column, NULL where there is none.
    package let values: [SQLValue]
}

extension ResultsFile {
    /// Hands a run's metrics to `body` as one wide table, a row for each step that any table has, in the order of
    /// steps.
    ///
    /// Every measured column of every key has a column of its own; those without any value are left out. Tables are
    /// read side by side with a cursor each, so that memory holds one row, however long the run.
    /// - Parameter tables: whose columns; empty for those of all tables.
    package func forEachStep(
        of run: RunReference, tables names: [String], start: ([MeasuredColumn]) throws -> Void,
        _ body: (MeasuredRow) throws -> Void
    ) throws {
        try reading { database in
            let known = try database.runTables().filter(\.hasStep)
            for name in names where !known.contains(where: { $0.name == name }) {
                throw ResultsError(
                    "no table \"\(name)\" with steps in \(path); expected one of "
                        + "\(known.map(\.name).joined(separator: ", "))",
                    cause: .request)
            }
            var columns: [MeasuredColumn] = []
            let sources = try known.filter { names.isEmpty || names.contains($0.name) }.map {
                try WideSource($0, schema, run: run, database, &columns)
            }
            var clock = try StepClock(run, database)
            try start(columns)
            while let step = sources.compactMap(\.step).min() {
                var values = [SQLValue](repeating: .null, count: columns.count)
                for source in sources { try source.fill(&values, with: step) }
                try body(MeasuredRow(step: step, time: clock.time(ofStep: step), values: values))
            }
        }
    }
}

/// When the steps of a run were measured, read in the order of steps.
private struct StepClock {
    private let rows: RowCursor?
    private var next: (step: Int, time: Double?)?

    init(_ run: RunReference, _ database: Database) throws {
        // Files of an earlier schema that are only read have no times. Of a step that two attempts have passed, the
        // later one has the rows.
        rows =
            try database.tableExists("step_time")
            ? Row.fetchCursor(
                database,
                sql: """
                    SELECT step, \(sqlSeconds("max(at)")) AS time FROM step_time WHERE run_id = ?
                    GROUP BY step ORDER BY step
                    """, arguments: [run.id]) : nil
        try advance()
    }

    private mutating func advance() throws {
        next = try rows?.next().map { (step: try $0.checked("step"), time: try $0.checked("time")) }
    }

    /// - Parameter step: greater than that of the call before.
    mutating func time(ofStep step: Int) throws -> Double? {
        while let next, next.step < step { try advance() }
        guard let next, next.step == step else { return nil }
        return next.time
    }
}

/// One table's part of the wide table: where the values of each of its keys go.
private final class WideSource {
    private let keyCount: Int
    private var places: [[DatabaseValue]: [Int?]] = [:]
    private let rows: RowCursor
    private var next: Row?
    /// The step of the next row; nil after the last row.
    private(set) var step: Int?

    /// Appends the table's columns to `columns`.
    init(
        _ table: RunTable, _ schema: Schema, run: RunReference, _ database: Database, _ columns: inout [MeasuredColumn]
    ) throws {
        let keyColumns = table.keyColumns.filter { $0 != "run_id" && $0 != "step" }
        let valueColumns = table.columns.filter { !table.keyColumns.contains($0) }
        keyCount = keyColumns.count
        let keys = keyColumns.map(quotedForSQL)
        let counts = valueColumns.map { "count(\(quotedForSQL($0)))" }
        let grouping =
            keys.isEmpty ? "" : "GROUP BY \(keys.joined(separator: ", ")) ORDER BY \(keys.joined(separator: ", "))"
        let groups = try Row.fetchCursor(
            database,
            sql:
                "SELECT \((keys + counts).joined(separator: ", ")) FROM \(table.quotedName) WHERE run_id = ? "
                + "\(grouping)",
            arguments: [run.id])
        while let group = try groups.next() {
            let values = Array(group.databaseValues)
            let key = Array(values.prefix(keys.count))
            places[key] = zip(valueColumns, values.dropFirst(keys.count)).map { column, count in
                guard count != 0.databaseValue else { return nil }
                let named = Array(zip(keyColumns, key.map(SQLValue.init)))
                columns.append(
                    MeasuredColumn(
                        table: table.name, keys: named.map { (column: $0, value: $1) }, column: column,
                        wideName: schema.wideName(table: table.name, keys: named, column: column)))
                return columns.count - 1
            }
        }
        rows = try Row.fetchCursor(
            database,
            sql:
                "SELECT step, \((keys + valueColumns.map(quotedForSQL)).joined(separator: ", ")) FROM \(table.quotedName) "
                + "WHERE run_id = ? ORDER BY step",
            arguments: [run.id])
        try advance()
    }

    private func advance() throws {
        next = try rows.next()?.copy()
        step = try next?.checked("step")
    }

    /// Puts the values of all rows of a step where they belong.
    func fill(_ row: inout [SQLValue], with step: Int) throws {
        while let current = next, self.step == step {
            let values = Array(current.databaseValues)
            for (place, value) in zip(places[Array(values[1..<1 + keyCount])] ?? [], values[(1 + keyCount)...]) {
                if let place { row[place] = SQLValue(value) }
            }
            try advance()
        }
    }
}

extension Schema {
    /// Returns the name of a column of the wide table: `loss`, `test_accuracy.running`, `weight.0.gradient_norm`,
    /// `activation.1.preactivation.mean`, `activation.1.preactivation.p15`, as its table declares it; of a table that
    /// declares nothing its name, its keys and the column.
    func wideName(table: String, keys: [(column: String, value: SQLValue)], column: String) -> String {
        guard let form = self.table(named: table)?.wideName else {
            return ([table] + keys.map(\.value.keyText) + [column]).joined(separator: ".")
        }
        return keys.reduce(form.replacing("{column}", with: column)) {
            $0.replacing("{\($1.column)}", with: $1.value.keyText)
        }
    }
}

extension SQLValue {
    /// The value of a key as part of a name: 15 rather than 15.0.
    package var keyText: String {
        switch self {
        case .number(let number): Int(exactly: number).map { "\($0)" } ?? "\(number)"
        case .integer(let number): "\(number)"
        case .text(let text): text
        case .null: ""
        }
    }
}
