import RunStore
import Support

/// A format of tables that is written row by row, so that the length of a table does not matter.
package enum RowFormat: String, CaseIterable, Sendable {
    /// CSV (RFC 4180) with a header line; NULL is an empty field.
    case csv
    /// JSON Lines: an object for each row, with keys in the order of the columns.
    case jsonl

    /// Returns the text before the first row.
    package func header(_ columns: [String]) -> String {
        switch self {
        case .csv: csvLine(columns)
        case .jsonl: ""
        }
    }

    /// Returns the line of a row.
    package func line(_ columns: [String], _ row: [SQLValue]) -> String {
        switch self {
        case .csv: csvLine(row.map(\.exact))
        case .jsonl: jsonObject(columns, row) + "\n"
        }
    }
}

/// Returns the line of a CSV file that has these fields.
func csvLine(_ fields: [String]) -> String { fields.map(quotedForCSV).joined(separator: ",") + "\r\n" }

/// Returns a row as a JSON object, on one line.
func jsonObject(_ columns: [String], _ row: [SQLValue]) -> String {
    "{" + zip(columns, row).map { "\(quotedForJSON($0)): \($1.json)" }.joined(separator: ", ") + "}"
}
