import GRDB
import Support

extension ResultsFile {
    /// Hands a run's metrics to `body` as one wide table, a row for each step that any table has, in the order of
    /// steps.
    ///
    /// Every measured column of every key has a column of its own, named as the declaration of its table says; those
    /// without any value are left out. Tables are read side by side with a cursor each, so that memory holds one row,
    /// however long the run.
    /// - Parameter tables: whose columns; empty for those of all tables.
    package func forEachStep(
        of run: RunReference, tables names: [String], start: ([String]) throws -> Void,
        _ body: ([SQLValue]) throws -> Void
    ) throws {
        try reading { database in
            let known = try database.runTables().filter(\.hasStep)
            for name in names where !known.contains(where: { $0.name == name }) {
                throw ResultsError(
                    "no table \"\(name)\" with steps in \(path); expected one of "
                        + "\(known.map(\.name).joined(separator: ", "))",
                    cause: .request)
            }
            var columns = ["step"]
            let sources = try known.filter { names.isEmpty || names.contains($0.name) }.map {
                try WideSource($0, schema, run: run, database, &columns)
            }
            try start(columns)
            while let step = sources.compactMap(\.step).min() {
                var row = [SQLValue](repeating: .null, count: columns.count)
                row[0] = .integer(step)
                for source in sources { try source.fill(&row, with: step) }
                try body(row)
            }
        }
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
    init(_ table: RunTable, _ schema: Schema, run: RunReference, _ database: Database, _ columns: inout [String]) throws
    {
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
                columns.append(
                    schema.wideName(
                        table: table.name, keys: Array(zip(keyColumns, key.map { $0.wideText })), column: column))
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
    func wideName(table: String, keys: [(column: String, text: String)], column: String) -> String {
        guard let form = self.table(named: table)?.wideName else {
            return ([table] + keys.map(\.text) + [column]).joined(separator: ".")
        }
        return keys.reduce(form.replacing("{column}", with: column)) {
            $0.replacing("{\($1.column)}", with: $1.text)
        }
    }
}

extension DatabaseValue {
    /// The value of a key as part of a name: 15 rather than 15.0.
    fileprivate var wideText: String {
        switch storage {
        case .double(let number): Int(exactly: number).map { "\($0)" } ?? "\(number)"
        case .int64(let number): "\(number)"
        case .string(let text): text
        case .null, .blob: ""
        }
    }
}
