import Foundation
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

func csvLine(_ fields: [String]) -> String { fields.map(csvField).joined(separator: ",") + "\r\n" }

private func csvField(_ text: String) -> String {
    let needsQuotes = text.utf8.contains { "\",\r\n".utf8.contains($0) }
    return needsQuotes ? "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : text
}

func jsonObject(_ columns: [String], _ row: [SQLValue]) -> String {
    "{" + zip(columns, row).map { "\(quoted($0)): \($1.json)" }.joined(separator: ", ") + "}"
}
