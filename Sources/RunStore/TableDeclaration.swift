import Support

/// What is declared of a table of measurements, but for how its rows are read.
package struct TableDeclaration: Sendable {
    package let name: String
    /// The schema version in which the table came.
    package let since: Int
    package let documentation: String
    package let columns: [ColumnDeclaration]
    let wideName: String?
    package let plots: [MetricPlot]

    package func hasKey(_ name: String) -> Bool { columns.contains { $0.isKey && $0.name == name } }

    /// The statements that bring a file of the version before to `version`, as far as this table is concerned.
    func migration(to version: Int) -> [String] {
        if version == since { return [creation] }
        return columns.filter { $0.since == version }.map {
            "ALTER TABLE \(quotedForSQL(name)) ADD COLUMN \($0.definition);"
        }
    }

    /// WITHOUT ROWID keeps the rows of a run together in the order of their steps, so that one run's curve is one range
    /// of the file.
    private var creation: String {
        let keys = ["run_id"] + columns.filter(\.isKey).map { quotedForSQL($0.name) }
        let lines =
            ["run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE"]
            + columns.filter { $0.since == since }.map(\.definition)
            + ["PRIMARY KEY (\(keys.joined(separator: ", ")))"]
        return "CREATE TABLE \(name) (\n    \(lines.joined(separator: ",\n    "))\n) STRICT, WITHOUT ROWID;"
    }

    /// The table's section of docs/results.md.
    package var markdown: String {
        let rows = [("run_id", "`run.id`")] + columns.map { ($0.name, $0.documentation) }
        return """
            ### `\(name)`

            \(documentation)

            | column | meaning |
            |---|---|
            \(rows.map { "| `\($0)` | \($1) |" }.joined(separator: "\n"))
            """
    }
}

/// What is declared of a column of a table of measurements.
package struct ColumnDeclaration: Sendable {
    package let name: String
    /// The schema version in which the column came.
    package internal(set) var since: Int
    package let documentation: String
    package let isKey: Bool
    /// The type in SQL, such as `REAL NOT NULL`.
    let type: String

    fileprivate var definition: String { "\(quotedForSQL(name)) \(type)" }
}
