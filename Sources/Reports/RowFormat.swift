import RunStore
import Support

/// A format that writes rows one at a time, so that tables of any length pass through.
package enum RowFormat: String, CaseIterable, Sendable {
    /// RFC 4180, with a header line; NULL is an empty field.
    case csv
    /// JSON Lines: an object a row, keys in the order of the columns.
    case jsonl

    /// What stands before the first row.
    package func header(_ columns: [String]) -> String {
        switch self {
        case .csv: csvLine(columns)
        case .jsonl: ""
        }
    }

    package func line(_ columns: [String], _ row: [SQLValue]) -> String {
        switch self {
        case .csv: csvLine(row.map(\.exact))
        case .jsonl: jsonObject(columns, row) + "\n"
        }
    }
}

func csvLine(_ fields: [String]) -> String { fields.map(quotedForCSV).joined(separator: ",") + "\r\n" }

func jsonObject(_ columns: [String], _ row: [SQLValue]) -> String {
    "{" + zip(columns, row).map { "\(quotedForJSON($0)): \($1.json)" }.joined(separator: ", ") + "}"
}
