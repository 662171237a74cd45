import Support

/// A row of a table of measurements: a type whose table is declared once, for everything that has to do with it.
///
/// The type stands beside the code that measures it:
///
///     struct DeadUnitRow: MetricRow {
///         let step, layer: Int
///         let deadUnitFraction: Double?
///
///         static let table = MetricTable<Self>(
///             "dead_unit", since: 4, "Units that are 0 on every row of the batch.",
///             [
///                 .key("step", "t") { $0.step },
///                 .key("layer", "from 0") { $0.layer },
///                 .value("dead_unit_fraction", "share of the layer's units") { $0.deadUnitFraction },
///             ])
///     }
package protocol MetricRow: Sendable {
    static var table: MetricTable<Self> { get }
}

extension MetricRow {
    package static var tableName: String { table.declaration.name }
}

/// The declaration of a table of measurements, from which come its SQL, its documentation, the names of its columns in
/// wide exports and the metrics that `bnexp plot` draws.
///
/// Every table begins with the column `run_id`, which is not declared; its primary key is `run_id` and the columns that
/// are declared as keys.
package struct MetricTable<Row: Sendable>: Sendable {
    package let declaration: TableDeclaration
    let readers: [@Sendable (Row) -> SQLValue]
    let insertion: String
    /// Inserts a row in place of the one with the same key.
    let replacement: String
    /// Selects the values of the row with a key.
    let selection: String

    /// - Parameters:
    ///   - version: the schema version in which the table came. A table with a version that no released bnexp had is
    ///     added to existing files when they are opened for writing.
    ///   - columns: the keys, then the values; those of a later version at the end.
    ///   - wideName: how the columns are called in a wide export: a text in which `{column}` stands for the column and
    ///     `{key}` for the value of a key. Without it `table.key.column`, with every key.
    package init(
        _ name: String, since version: Int, _ documentation: String, _ columns: [MetricColumn<Row>],
        wideName: String? = nil, plots: [MetricPlot] = []
    ) {
        declaration = TableDeclaration(
            name: name, since: version, documentation: documentation,
            columns: columns.map { column in
                var declaration = column.declaration
                declaration.since = max(declaration.since, version)
                return declaration
            }, wideName: wideName, plots: plots)
        readers = columns.map(\.read)
        let names = ["run_id"] + columns.map(\.declaration.name)
        let rest = """
            INTO \(quotedForSQL(name)) (\(names.map(quotedForSQL).joined(separator: ", ")))
            VALUES (\(names.map { _ in "?" }.joined(separator: ", ")))
            """
        insertion = "INSERT " + rest
        replacement = "INSERT OR REPLACE " + rest
        let keys = ["run_id"] + columns.filter(\.declaration.isKey).map(\.declaration.name)
        selection = """
            SELECT \(columns.map { quotedForSQL($0.declaration.name) }.joined(separator: ", ")) FROM \(quotedForSQL(name))
            WHERE \(keys.map { quotedForSQL($0) + " = ?" }.joined(separator: " AND "))
            """
    }
}

/// A column of a table of measurements.
///
/// Its SQL type is that of the value that is read: an optional one may be NULL.
package struct MetricColumn<Row: Sendable>: Sendable {
    let declaration: ColumnDeclaration
    let read: @Sendable (Row) -> SQLValue

    /// A column of the primary key.
    package static func key<Value: ColumnValue>(
        _ name: String, _ documentation: String, _ read: @escaping @Sendable (Row) -> Value
    ) -> MetricColumn {
        MetricColumn(name, since: 0, documentation, isKey: true, read)
    }

    /// A column that is not of the primary key.
    /// - Parameters:
    ///   - version: the schema version in which the column came; left out for columns as old as their table.
    ///   - documentation: what it is, with formula and unit.
    package static func value<Value: ColumnValue>(
        _ name: String, since version: Int = 0, _ documentation: String,
        _ read: @escaping @Sendable (Row) -> Value
    ) -> MetricColumn {
        MetricColumn(name, since: version, documentation, isKey: false, read)
    }

    private init<Value: ColumnValue>(
        _ name: String, since version: Int, _ documentation: String, isKey: Bool,
        _ read: @escaping @Sendable (Row) -> Value
    ) {
        declaration = ColumnDeclaration(
            name: name, since: version, documentation: documentation, isKey: isKey,
            type: Value.columnType)
        self.read = { read($0).columnValue }
    }
}

/// A type whose values a column can hold: Int, Double, String, and optional ones of these.
package protocol ColumnValue: SendableMetatype {
    static var columnType: String { get }
    var columnValue: SQLValue { get }
}

extension Int: ColumnValue {
    package static var columnType: String { "INTEGER NOT NULL" }
    package var columnValue: SQLValue { .integer(self) }
}

extension Double: ColumnValue {
    package static var columnType: String { "REAL NOT NULL" }
    /// Not-a-number is NULL, infinity is itself.
    package var columnValue: SQLValue { isNaN ? .null : .number(self) }
}

extension String: ColumnValue {
    package static var columnType: String { "TEXT NOT NULL" }
    package var columnValue: SQLValue { .text(self) }
}

extension Optional: ColumnValue where Wrapped: ColumnValue {
    package static var columnType: String { Wrapped.columnType.replacing(" NOT NULL", with: "") }
    package var columnValue: SQLValue { self?.columnValue ?? .null }
}

/// Something that `bnexp plot` draws over the steps: a column of a table of measurements, of some of its rows.
package struct MetricPlot: Sendable {
    /// What the column holds for a step.
    package enum Form: Sendable {
        case number
        /// A loss, whose unit depends on what the run minimizes.
        case loss
        /// A number between two others, as expressions over all rows of a step and layer.
        case band(low: String, high: String)
        /// A JSON list of counts, which is drawn as a heat map.
        case counts
    }

    package let name: String
    /// The name of the axis.
    package let label: String
    /// The column, or an expression.
    package let column: String
    package let form: Form
    /// The condition in SQL that rows must meet.
    package let condition: String
    /// The key that the lines of a run differ in, beside or in place of the layer.
    package let lines: String?

    package init(
        _ name: String, _ label: String, column: String, _ form: Form = .number, where condition: String = "true",
        lines: String? = nil
    ) {
        self.lines = lines
        self.name = name
        self.label = label
        self.column = column
        self.form = form
        self.condition = condition
    }
}
