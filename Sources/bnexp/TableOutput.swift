import Reports
import Support

/// Prints a table on standard output, for people or as JSON.
func show(_ table: Table, json: Bool) {
    printData(json ? table.json() : table.text(color: terminalHasColor(standardOutput)), terminator: "")
}

/// Prints a table on standard output in a form.
func show(_ table: Table, as format: TableFormat) {
    printData(table.text(as: format, color: terminalHasColor(standardOutput)), terminator: "")
}

/// Prints tables on standard output as one JSON object, which has a list of rows for each name.
func showJSON(_ tables: [(name: String, table: Table)]) {
    printData("{\n" + tables.map { "\(quotedForJSON($0.name)): \($0.table.json())" }.joined(separator: ",\n") + "}")
}
