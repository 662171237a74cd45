import Reports
import Support

/// Prints a table on standard output, for people or as JSON.
///
/// - Parameter remedy: how columns can be seen for which a terminal is too narrow.
func show(_ table: Table, json: Bool, remedy: String = "--json shows all") {
    printData(text(of: table, json: json, remedy: remedy), terminator: "")
}

/// Returns a table as it is printed on standard output: fitted to the width of a terminal, elsewhere complete.
func text(of table: Table, json: Bool, remedy: String = "--json shows all") -> String {
    json
        ? table.json()
        : table.text(
            width: lineWidth(standardOutput), color: terminalHasColor(standardOutput), remedy: remedy)
}

/// Prints a table on standard output in a form.
func show(_ table: Table, as format: TableFormat, remedy: String = "--json shows all") {
    if format == .text { return show(table, json: false, remedy: remedy) }
    printData(table.text(as: format), terminator: "")
}

/// Prints tables on standard output as one JSON object, which has a list of rows for each name.
func showJSON(_ tables: [(name: String, table: Table)]) { printData(json(of: tables), terminator: "") }

/// Returns tables as one JSON object, which has a list of rows for each name.
func json(of tables: [(name: String, table: Table)]) -> String {
    "{\n" + tables.map { "\(quotedForJSON($0.name)): \($0.table.json())" }.joined(separator: ",\n") + "}\n"
}
